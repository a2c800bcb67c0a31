"""What a thread opens for a coroutine, and closes again whatever becomes of that."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class Closes(Protocol):
    """Something that is held open."""

    def close(self) -> None:
        """Let go of it."""
        ...


Held = TypeVar("Held", bound=Closes)


class Hold(Generic[Held]):
    """Something that is open, and work on it that may go on when nobody waits for it any more."""

    def __init__(self, opened: Held) -> None:
        self.opened = opened
        self._work: asyncio.Future[Any] | None = None  # only asked whether it is done

    async def run(self, work: Callable[[Held], T]) -> T:
        """Work on it, on a thread; one at a time. A cancelled caller does not wait for the end."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.run_in_executor(None, work, self.opened)
        self._work = future
        return await asyncio.shield(future)

    def close(self) -> None:
        """Let go of it, at the end of what is under way: its descriptor may be another's then."""
        if self._work is None or self._work.done():
            self.opened.close()
        else:
            self._work.add_done_callback(lambda _: self.opened.close())


@asynccontextmanager
async def held(open_it: Callable[[], Held]) -> AsyncGenerator[Hold[Held]]:
    """Open something on a thread, and close it at the end, also when that comes before."""
    future: asyncio.Future[Held] = asyncio.get_running_loop().run_in_executor(None, open_it)
    try:
        opened = await asyncio.shield(future)
    except asyncio.CancelledError:
        future.add_done_callback(_close)
        raise
    hold = Hold(opened)
    try:
        yield hold
    finally:
        hold.close()


def _close(future: asyncio.Future[Held]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().close()

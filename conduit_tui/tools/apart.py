"""Work that may keep a loop busy, on a loop of its own: what a server sends is read there.

A buffer of 64 KB holds 10,000 chunks or 2,600 interim answers. They are read without a pause, for
0.6 s at worst, in which a screen on the same loop would answer no key.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")


async def run_apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a thread with a loop of its own. A cancelled caller waits for its end."""
    apart = _Apart(work)
    Thread(target=apart.run, name="apart", daemon=True).start()
    future = asyncio.wrap_future(apart.outcome)
    future.add_done_callback(_look_at)
    try:
        await asyncio.wait((future,))
    except asyncio.CancelledError:
        apart.cancel()
        await asyncio.wait((future,))
        raise
    return future.result()


class _Apart(Generic[T]):
    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self.outcome: Future[T] = Future()
        self.outcome.set_running_or_notify_cancel()
        self._work = work
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._is_cancelled = False

    def run(self) -> None:
        """For the thread."""
        try:
            self.outcome.set_result(asyncio.run(self._main()))
        except BaseException as error:
            self.outcome.set_exception(error)

    def cancel(self) -> None:
        """For any other thread."""
        self._is_cancelled = True  # before the loop is looked at: `_main` does it the other way
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # it is closed: the work has ended
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> T:
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if self._is_cancelled:
            raise asyncio.CancelledError
        return await self._work()


def _look_at(future: asyncio.Future[Any]) -> None:
    """Keep an error that nobody waits for any more from being called forgotten."""
    if not future.cancelled():
        future.exception()

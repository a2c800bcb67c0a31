"""One running send, edit or regenerate: its events, and what waits behind it."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from conduit_tui.core.events import Event, TurnEnded
from conduit_tui.core.message import Attachment, new_id
from conduit_tui.core.params import ParamChanges, ParamValue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that will be sent when the turn before it is done; `params` are for it alone."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    params: ParamChanges = field(default_factory=dict[str, ParamValue])


class Turn:
    """A handle on a running turn, which goes on whether its events are read or not.

    `last_id` is the newest message of the turn: its draft grows below it, under `draft_id` while it
    does, and a queued message continues there. Turns with one `group_id` were asked for at once:
    the first of them that begins is looked at.
    """

    def __init__(self, session_id: str, last_id: str | None, beside: "Turn | None" = None) -> None:
        self.id = new_id()
        self.group_id = beside.group_id if beside else self.id
        self.session_id = session_id
        self.last_id = last_id
        self.draft_id: str | None = None
        self.queued: list[QueuedMessage] = []
        self.is_running = True
        self._task: asyncio.Task[None] | None = None
        self._has_begun = asyncio.Event()
        self._events: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self._is_abandoned = False

    async def events(self) -> AsyncGenerator[Event, None]:
        """Everything the turn yields from its beginning; TurnEnded is the last. One reader.

        Raises what went wrong unforeseen inside the turn.
        """
        try:
            while True:
                event = await self._events.get()
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, TurnEnded):
                    return
        finally:
            self._is_abandoned = True

    def publish(self, event: Event) -> None:
        """Hand an event to the reader; without one it is dropped."""
        if isinstance(event, TurnEnded):
            self.is_running = False
        self._hand_over(event)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin the turn's one task."""
        self._task = asyncio.create_task(self._run(work), name=f"turn {self.id[:8]}")
        return self._task

    async def cancel(self) -> None:
        """Stop the turn and wait until what it had received is kept."""
        if self._task is None or self._task.done():
            return
        await self._has_begun.wait()  # a task cancelled before its first step would save nothing
        self._task.cancel()
        await self.wait()

    async def wait(self) -> None:
        """Wait until the turn has ended and everything of it is stored."""
        if self._task is None:
            return
        await asyncio.wait({self._task})  # giving up waiting must not cancel what is waited for
        if not self._task.cancelled():
            self._task.exception()  # the reader raises it

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._has_begun.set()
        try:
            await work
        except asyncio.CancelledError:
            self.publish(TurnEnded("interrupted"))
        except Exception as error:
            self.is_running = False
            self._hand_over(error)
            raise

    def _hand_over(self, item: Event | Exception) -> None:
        if not self._is_abandoned:
            self._events.put_nowait(item)


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end even if the caller is cancelled meanwhile; the cancellation follows then."""
    task = asyncio.ensure_future(work)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancellation = error
    if cancellation is not None:
        task.exception()  # looked at, so that it is not reported as lost
        raise cancellation
    return task.result()

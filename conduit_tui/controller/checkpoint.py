"""Saves a growing draft a few times a second, so that a crash loses next to nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from conduit_tui.core.events import StreamEvent

INTERVAL_SECONDS = 0.25

Save = Callable[[Sequence[StreamEvent]], Awaitable[None]]


class Checkpoint:
    """Gathers stream events and hands them to `save` at most four times a second.

    One task waits for events, sleeps for the interval and saves what came; a stream that
    stalls is saved as far as it went.
    """

    def __init__(self, save: Save, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._save = save
        self._interval_seconds = interval_seconds
        self._pending: list[StreamEvent] = []
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="checkpoint")

    def add(self, event: StreamEvent) -> None:
        """Take in an event; it is saved soon."""
        self._pending.append(event)
        self._arrived.set()

    async def aclose(self) -> None:
        """Stop saving. A save that is under way is let finish; what is pending is dropped."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(self._interval_seconds)
            self._arrived.clear()
            events, self._pending = self._pending, []
            await self._save(events)

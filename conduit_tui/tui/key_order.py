"""Lets one key be dealt with to the end before the next one is looked at.

Textual gives a key to the focused widget, whose bindings, like the screen's, act only after the
key has gone up through the queue of every ancestor. Letters that come in the same packet do not
wait: over a slow line `x Backspace y` becomes nothing of the kind, and `i` followed by a word
runs the word as keys of NORMAL.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event

PATIENCE_SECONDS = 1.0
"""After so long the key before is taken for lost: its widget may have been removed."""


class KeyOrder:
    """Hands events to `deliver` one after the other.

    Behind each event a call travels the same way, from queue to queue up to the app; when it
    arrives there, everything has been dealt with.
    """

    def __init__(self, app: App[None], deliver: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Event] = deque()
        self._under_way: Event | None = None
        self._since = 0.0
        self._is_held = False
        self._nothing_under_way = asyncio.Event()
        self._nothing_under_way.set()

    async def take(self, event: Event) -> None:
        """Deliver an event now, or when those before it have been dealt with."""
        self._waiting.append(event)
        if self._is_held:
            return
        if self._under_way is None or time.monotonic() > self._since + PATIENCE_SECONDS:
            await self._deliver_next()

    async def hold(self) -> None:
        """Let events wait from now on; returns when the one under way has been dealt with."""
        self._is_held = True
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._nothing_under_way.wait()
        except TimeoutError:
            self._under_way = None  # lost, as in `take`

    async def release(self) -> None:
        """Deliver what waited."""
        self._is_held = False
        if self._waiting and self._under_way is None:
            await self._deliver_next()

    async def _deliver_next(self) -> None:
        event = self._under_way = self._waiting.popleft()
        self._since = time.monotonic()
        self._nothing_under_way.clear()
        first = self._app.focused or self._app.screen
        await self._deliver(event)
        self._follow(event, first)

    def _follow(self, event: Event, node: DOMNode | None) -> None:
        """Go up behind an event; a node that is being removed is passed over."""
        while node is not None and node is not self._app:
            if node.call_later(self._follow, event, node.parent):
                return
            node = node.parent
        self._app.call_later(self._arrived, event)

    async def _arrived(self, event: Event) -> None:
        if event is not self._under_way:
            return
        self._under_way = None
        self._nothing_under_way.set()
        if self._waiting and not self._is_held:
            await self._deliver_next()

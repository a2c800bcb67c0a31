"""Replies that ended while one was elsewhere, until they come on view; also after a restart."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from typing import Protocol, cast

from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session

KEY = "unseen_replies"
"""Under which they are remembered: a JSON object of sessions, each with the ids of its replies."""
MOST_SESSIONS = 200
"""Of so many sessions they are remembered, those with the newest."""


class Memory(Protocol):
    """Remembers texts by a key. Every method may raise StorageError."""

    async def recall(self, key: str) -> str | None:
        """What was remembered last."""
        ...

    async def remember(self, key: str, value: str) -> None:
        """Remember a text instead of the one before."""
        ...


class Unseen:
    """The messages with a dot, by session. `changed` is called with the session of a change."""

    def __init__(self, changed: Callable[[str], None] = lambda _: None) -> None:
        self._ids: dict[str, set[str]] = {}
        self._changed = changed

    @property
    def sessions(self) -> frozenset[str]:
        """The ids of the sessions that hold any."""
        return frozenset(self._ids)

    def of(self, session: Session) -> frozenset[str]:
        """The ids of those in a session."""
        return self.within(session.id)

    def within(self, session_id: str) -> frozenset[str]:
        """The ids of those in the session of an id."""
        return frozenset(self._ids.get(session_id, ()))

    def add(self, session: Session, message_id: str) -> None:
        """Take note of a reply that nobody saw end."""
        self._ids.setdefault(session.id, set()).add(message_id)
        self._changed(session.id)

    def take(self, ids: Mapping[str, Collection[str]]) -> None:
        """Take in what was remembered from before this program started."""
        for session_id, replies in ids.items():
            if replies:
                self._ids.setdefault(session_id, set()).update(replies)

    def saw(self, session: Session, on_view: Collection[str]) -> None:
        """Take the dots from what is on view, or out of sight."""
        waiting = self._ids.get(session.id)
        if waiting is None:
            return
        gone = {each for each in waiting if each in on_view or not _may_be_seen(session, each)}
        if not gone:
            return
        waiting -= gone
        if not waiting:
            del self._ids[session.id]
        self._changed(session.id)


class KeptUnseen:
    """Remembers the dots of a program for the next one.

    Only the session that changed is written anew, so that two instances at work in different
    sessions keep each other's. What cannot be stored is worth no notice.
    """

    def __init__(self, memory: Memory, unseen: Unseen) -> None:
        self._memory = memory
        self._unseen = unseen
        self._lock = asyncio.Lock()

    async def load(self) -> bool:
        """Take in what was remembered; return whether there is any."""
        kept = await self._kept()
        self._unseen.take(kept)
        return bool(kept)

    async def keep(self, session_id: str) -> None:
        """Remember those of one session as they are now."""
        async with self._lock:
            kept = await self._kept()
            kept.pop(session_id, None)  # the newest stand last
            if ids := self._unseen.within(session_id):
                kept[session_id] = sorted(ids)
            newest = list(kept.items())[-MOST_SESSIONS:]
            try:
                await self._memory.remember(KEY, json.dumps(dict(newest)))
            except StorageError:
                return

    async def _kept(self) -> dict[str, list[str]]:
        try:
            found = cast("object", json.loads(await self._memory.recall(KEY) or "{}"))
        except (StorageError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {key: _texts(value) for key, value in cast("dict[str, object]", found).items()}


def _texts(value: object) -> list[str]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def _may_be_seen(session: Session, message_id: str) -> bool:
    """Whether a message is there; of a session that is not whole yet nobody knows."""
    if message_id not in session:
        return not session.is_whole
    return session.is_visible(message_id)

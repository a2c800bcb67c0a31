"""The switch of the response cache, and what it came to in this run."""

from dataclasses import dataclass
from typing import Protocol

from conduit_tui.core.kept_reply import KeptReplies, KeptReply


class StoresReplies(Protocol):
    """The kept replies of the file. Every method may raise StorageError."""

    async def load(self, key: str) -> KeptReply | None:
        """The reply to a request."""
        ...

    async def save(self, key: str, reply: KeptReply) -> None:
        """Keep a reply."""
        ...

    async def counts(self) -> KeptReplies:
        """How many there are."""
        ...

    async def wipe(self) -> None:
        """Remove all."""
        ...


@dataclass(frozen=True, slots=True)
class CacheReport:
    """Hits and misses of this run, and what is kept in the file."""

    is_on: bool
    hits: int
    misses: int
    kept: KeptReplies


class ReplyCache:
    """Keeps replies while it is on; providers are wrapped around it once and for all."""

    def __init__(self, store: StoresReplies, *, is_on: bool = False) -> None:
        self.is_on = is_on
        self._store = store
        self._hits = 0
        self._misses = 0

    async def find(self, key: str) -> KeptReply | None:
        """The reply to a request; counts whether there is one."""
        reply = None
        try:
            reply = await self._store.load(key)
        finally:
            self._hits += reply is not None
            self._misses += reply is None
        return reply

    async def keep(self, key: str, reply: KeptReply) -> None:
        """Keep the reply to a request."""
        await self._store.save(key, reply)

    async def report(self) -> CacheReport:
        """What it came to so far."""
        return CacheReport(self.is_on, self._hits, self._misses, await self._store.counts())

    async def wipe(self) -> None:
        """Remove every kept reply, of earlier runs too."""
        await self._store.wipe()

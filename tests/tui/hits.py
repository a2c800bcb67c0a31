"""Searches the sessions of a stage as plainly as can be, for screens that show hits."""

import asyncio
import re
from collections.abc import AsyncGenerator

from conduit_tui.core.hit import Hit
from conduit_tui.core.message import Message
from conduit_tui.core.query import Query
from conduit_tui.core.session import Session
from tests.conftest import until
from tests.tui.stage import Stage


def hit_of(session: Session, message: Message, query: Query) -> Hit:
    """What a search says of a message."""
    mark = session.mark(message.id)
    words = "|".join(map(re.escape, query.words))
    found = re.finditer(words, message.text, re.IGNORECASE) if words else ()
    return Hit(
        session.id,
        session.title,
        message.id,
        message.role,
        message.model,
        message.created_at,
        mark.starred_at is not None,
        mark.label,
        message.text,
        tuple(each.span() for each in found),
    )


class Searching:
    """Searches whole sessions, one batch each. `asked` are the queries, `closed` those let go of.

    A query of a word in `gates` waits for its event first.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.asked: list[str] = []
        self.closed: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self._readings: list[asyncio.Future[list[Session]]] = []

    async def search(self, query: Query, limit: int) -> AsyncGenerator[tuple[Hit, ...], None]:
        """Yield what matches."""
        words = " ".join(query.words)
        self.asked.append(words)
        is_whole = False
        try:
            if gate := self.gates.get(words):
                await until(gate)
            for session in await self._sessions():
                if query.session.lower() in session.title.lower():
                    newest = reversed(list(session.visible()))
                    yield tuple(
                        hit_of(session, each, query)
                        for each in newest
                        if query.matches(each, session.mark(each.id))
                    )[:limit]
            is_whole = True
        finally:
            if not is_whole:
                self.closed.append(words)

    async def _sessions(self) -> list[Session]:
        """Read to the end even when cancelled: a connection cut off half open stays so."""
        self._readings.append(asyncio.ensure_future(self._read()))
        return await asyncio.shield(self._readings[-1])

    async def aclose(self) -> None:
        """Wait for what is still being read."""
        await asyncio.gather(*self._readings)

    async def _read(self) -> list[Session]:
        async with self._stage.store() as store:
            found = [await store.load(each.id) for each in await store.summaries()]
        return [each for each in found if each is not None]

"""Searching the messages of all sessions, the newest first, a step at a time.

A message is found if everything holds: it has each of the query's words (`core/wording.py` says
when) in what `core/searched_text.py` looks at; it meets the filters; and it is in sight: neither it
nor anything above it is absent, and its session is not in the trash. Newest means committed last.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

from conduit_tui.core.excerpt import excerpt
from conduit_tui.core.folding import composed, fold
from conduit_tui.core.hit import Hit
from conduit_tui.core.message import Role
from conduit_tui.core.query import Query
from conduit_tui.core.wording import words_of
from conduit_tui.storage import message_index
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.fields import decode_time, plain
from conduit_tui.storage.search_plan import Density, Place, candidates, place_of
from conduit_tui.storage.search_sight import Sight

_FIRST_SECONDS = 0.015
_LONGEST_SECONDS = 0.2
_FIRST_RANGE = 1000

_HIT = """
SELECT m.id, m.session_id, sessions.title, m.role, m.model, m.created_at, m.error, marks.label,
  marks.starred_at
FROM messages m JOIN sessions ON sessions.id = m.session_id
LEFT JOIN marks ON marks.message_id = m.id
WHERE m.seq = :seq
"""


class Search:
    """One search under way. `step` goes on where the last step ended, until it `is_done`."""

    def __init__(self, database: Database, query: Query) -> None:
        self.is_done = False
        self._database = database
        self._query = query
        self._words = words_of(map(plain, query.words))
        self._density = Density(self._words)
        self._place: Place | None = None
        self._sight = Sight()
        self._seconds = _FIRST_SECONDS
        self._range = _FIRST_RANGE

    async def step(self, most: int) -> tuple[Hit, ...]:
        """Return the next hits, at most so many; maybe none. Raises StorageError.

        A step is short, the first one most of all. Cancelling it cuts it short.
        """
        return await self._database.search(lambda sql: tuple(self._step(sql, most)))

    def _step(self, sql: Sql, most: int) -> list[Hit]:
        until = time.monotonic() + self._seconds
        self._seconds = min(2 * self._seconds, _LONGEST_SECONDS)
        place = self._place = self._place or self._begin(sql)
        found: list[Hit] = []
        while not self.is_done and len(found) < most and time.monotonic() < until:
            floor = place.below - self._range if place.is_long else place.floor
            for seq in self._seqs(sql, place, floor):
                place.below = seq
                if (hit := self._look_at(sql, seq)) is not None:
                    found.append(hit)
                    if len(found) == most:
                        break
                if time.monotonic() > until:
                    break
            else:
                place.below = max(floor, place.floor)
                self._range *= 4
            self.is_done = place.below <= place.floor
        return found

    def _begin(self, sql: Sql) -> Place:
        self._sight.begin(sql)
        return place_of(sql, self._query)

    def _seqs(self, sql: Sql, place: Place, floor: int) -> Iterator[int]:
        with closing(candidates(sql, place, self._density, floor)) as rows:
            for (seq,) in rows:
                sql.check_wanted()
                yield seq

    def _look_at(self, sql: Sql, seq: int) -> Hit | None:
        """Return a candidate as a hit, if it is one."""
        row = sql.run("SELECT session_id, text, parts FROM messages WHERE seq = :seq", seq=seq)
        if (found_row := row.fetchone()) is None:
            return None
        session_id, text, parts = found_row
        if not self._sight.has(sql, session_id, seq):
            return None
        text = composed(message_index.words(text, parts))
        found = self._density.places(fold(text)) if self._words else [0]
        if None in found:
            return None
        return self._hit(sql, seq, text, min(cast("list[int]", found)))

    def _hit(self, sql: Sql, seq: int, text: str, folded_at: int) -> Hit | None:
        row: tuple[Any, ...] = sql.run(_HIT, seq=seq).fetchone()
        message_id, session_id, title, role, model, created_at, error, label, starred_at = row
        if self._query.label and self._query.label.lower() not in (label or "").lower():
            return None
        line, spans = excerpt(
            text if text.strip() else error or "",
            self._words,
            folded_at,
            is_markdown=role == "assistant",
        )
        return Hit(
            session_id=session_id,
            session_title=title,
            message_id=message_id,
            role=cast("Role", role),
            model=model,
            created_at=decode_time(created_at),
            is_starred=starred_at is not None,
            label=label,
            excerpt=line,
            spans=spans,
        )

"""Where a search looks: which messages it takes into its hands, the newest first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conduit_tui.core.query import Query
from conduit_tui.core.wording import Word
from conduit_tui.storage.connection import Sql, SqlValue
from conduit_tui.storage.fields import encode_time, to_json
from conduit_tui.storage.search_text import match, terms

_FEW_MESSAGES = 20_000
"""Of sessions with no more all are looked at, and the index is not asked."""

_ENOUGH = 100
_SPARSE = 1 / 20


class Density:
    """How many of the messages looked at have each word, and so what the index is best asked.

    To ask for a word that most messages have, by all of its letters, takes long before the first is
    named; to look at all that begins alike takes long where few of them have the word.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._terms = [terms(word) for word in words]
        self._held = [0] * len(words)
        self._looked = 0
        self._is_sparse = [False] * len(words)

    def places(self, folded: str) -> list[int | None]:
        """Return where each word stands first in a folded text, or None; and keep count."""
        spans = [word.find(folded) for word in self._words]
        self._looked += 1
        for number, span in enumerate(spans):
            self._held[number] += span is not None
        return [None if span is None else span[0] for span in spans]

    def expression(self) -> str:
        """Return what to ask the index next; empty: it cannot help."""
        if self._looked >= _ENOUGH:
            self._is_sparse = [held < _SPARSE * self._looked for held in self._held]
            self._held, self._looked = [0] * len(self._words), 0
        conditions = (
            condition
            for each, is_sparse in zip(self._terms, self._is_sparse, strict=True)
            for condition in (each.fine if is_sparse else each.coarse)
        )
        return match(conditions)


@dataclass(slots=True)
class Place:
    """Where a search is: `below` that message, down to `floor`, and among which messages.

    `is_long`: in ranges, as nobody knows how far away the next one is.
    """

    below: int
    floor: int
    is_long: bool
    asks_index: bool
    source: str
    where: tuple[str, ...]
    values: dict[str, SqlValue] = field(default_factory=dict[str, SqlValue])


def place_of(sql: Sql, query: Query) -> Place:
    """Return where a search begins."""
    where, values = _filters(query)
    source, is_long, asks_index = "messages m", True, True
    if query.statuses and "complete" not in query.statuses and not query.words:
        source, is_long = "messages m INDEXED BY messages_cut_short", False
        where.append("m.status <> 'complete'")
    if query.session:
        ids, count = _sessions(sql, query.session)
        values["sessions"] = to_json(list[str](ids))
        where.append("m.session_id IN (SELECT value FROM json_each(:sessions))")
        if count <= _FEW_MESSAGES:
            source, is_long, asks_index = "messages m INDEXED BY messages_by_session", False, False
    if query.is_starred or query.label:
        # Not the other way round: marks are few.
        source, is_long, asks_index = "marks CROSS JOIN messages m", False, False
        where.append("m.id = marks.message_id")
        where.extend(["marks.starred_at IS NOT NULL"] * query.is_starred)
        where.extend(["marks.label IS NOT NULL"] * bool(query.label))
    newest = sql.value("SELECT max(seq) FROM messages")
    below, floor = int(newest or 0) + 1, 1
    if query.before is not None:
        below = _bound(sql, "max", "<", query.before, 0) + 1
    if query.after is not None:
        floor = _bound(sql, "min", ">=", query.after, below)
    return Place(below, floor, is_long, asks_index, source, tuple(where), values)


def candidates(sql: Sql, place: Place, density: Density, floor: int) -> sqlite3.Cursor:
    """Return rows of the `seq` of messages that may be found, below a place down to `floor`."""
    values = place.values | {"below": place.below, "floor": max(floor, place.floor)}
    expression = density.expression() if place.asks_index else ""
    seq, source, where = "m.seq", place.source, list(place.where)
    if expression:
        seq, source = "message_index.rowid", "message_index"
        values["match"] = expression
        if where:  # only then is anything of the message needed
            source = "message_index CROSS JOIN messages m ON m.seq = message_index.rowid"
        where.append("message_index MATCH :match")
    where += [f"{seq} < :below", f"{seq} >= :floor"]
    return sql.run(
        f"SELECT {seq} FROM {source} WHERE {' AND '.join(where)} ORDER BY {seq} DESC", **values
    )


def _bound(sql: Sql, which: str, than: str, at: datetime, otherwise: int) -> int:
    """Return the first or last `seq` on one side of a time: the two need not grow together.

    The `+` has SQLite read the index on times; for a bare `max(seq)` it would walk the messages.
    """
    found = sql.value(
        f"SELECT {which}(+seq) FROM messages WHERE created_at {than} :at", at=encode_time(at)
    )
    return otherwise if found is None else int(found)


def _filters(query: Query) -> tuple[list[str], dict[str, SqlValue]]:
    where: list[str] = []
    values: dict[str, SqlValue] = {}
    if query.roles:
        where.append("m.role IN (SELECT value FROM json_each(:roles))")
        values["roles"] = to_json(list[str](query.roles))
    if query.statuses:
        names = {f"status{number}": each for number, each in enumerate(query.statuses)}
        where.append(f"m.status IN ({', '.join(f':{name}' for name in names)})")
        values.update(names)
    if query.model:
        where.append("instr(lower(m.model), :model)")
        values["model"] = query.model.lower()
    if query.before is not None:
        where.append("m.created_at < :before")
        values["before"] = encode_time(query.before)
    if query.after is not None:
        where.append("m.created_at >= :after")
        values["after"] = encode_time(query.after)
    return where, values


def _sessions(sql: Sql, part: str) -> tuple[list[str], int]:
    """Return the sessions with a part in their title, or whose id begins so; and their messages."""
    folded = part.casefold()
    ids: list[str] = []
    count = 0
    for session_id, title, messages in sql.run("SELECT id, title, message_count FROM sessions"):
        if folded in title.casefold() or session_id.startswith(folded):
            ids.append(session_id)
            count += messages
    return ids, count

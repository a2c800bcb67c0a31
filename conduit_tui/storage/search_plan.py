"""Where a search looks: which messages it takes into its hands, the newest first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from conduit_tui.core.query import Query
from conduit_tui.core.wording import Word
from conduit_tui.storage import search_bounds
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
    where: list[str] = field(default_factory=list[str])
    values: dict[str, SqlValue] = field(default_factory=dict[str, SqlValue])
    source: str = "messages m"
    is_long: bool = True
    asks_index: bool = True


def place_of(sql: Sql, query: Query) -> Place:
    """Return where a search begins."""
    place = Place(*search_bounds.bounds(sql, query.before, query.after))
    _filter(place, query)
    if query.statuses and "complete" not in query.statuses and not query.words:
        place.where.append("m.status <> 'complete'")
        place.source, place.is_long = "messages m INDEXED BY messages_cut_short", False
    if query.session:
        _among_sessions(place, *_sessions(sql, query.session))
    if query.is_starred or query.label:
        _among_marked(place, query)
    return place


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


def _filter(place: Place, query: Query) -> None:
    where, values = place.where, place.values
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


def _among_marked(place: Place, query: Query) -> None:
    """Look at what is marked and at nothing else: that is little."""
    place.source, place.is_long, place.asks_index = "marks CROSS JOIN messages m", False, False
    place.where.append("m.id = marks.message_id")
    if query.is_starred:
        place.where.append("marks.starred_at IS NOT NULL")
    if query.label:
        place.where.append("marks.label IS NOT NULL")


def _among_sessions(place: Place, ids: list[str], messages: int) -> None:
    place.where.append("m.session_id IN (SELECT value FROM json_each(:sessions))")
    place.values["sessions"] = to_json(list[str](ids))
    if messages <= _FEW_MESSAGES:
        place.source = "messages m INDEXED BY messages_by_session"
        place.is_long = place.asks_index = False


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

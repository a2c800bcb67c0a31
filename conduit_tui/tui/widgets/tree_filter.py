"""The filter of the tree: which messages it leaves, and where it lights them."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from conduit_tui.core.clean import clean_line
from conduit_tui.core.marks import Mark
from conduit_tui.core.message import Message
from conduit_tui.core.query import Query, parse_query
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import LiveNode, TreeRows

BEFORE_MATCH = 16
"""Characters of a text that are shown before a match far inside."""


class TreeFilter:
    """What is left of a tree by what a person filters by; an empty text leaves everything.

    `matches` are the rows that match; of a filter that leaves everything there are none.
    """

    def __init__(self) -> None:
        self.matches: list[int] = []
        self._query = Query()
        self._rows = TreeRows()
        self._light: re.Pattern[str] | None = None
        self._revealed: set[str] = set()

    @property
    def is_on(self) -> bool:
        """Whether anything is filtered."""
        return not self._query.is_empty

    def apply(self, text: str, rows: TreeRows, session: Session, now: datetime) -> None:
        """Find what matches in a tree; `now` is an aware time in the person's zone."""
        query = parse_query(text, now)
        among: Iterable[int] = range(len(rows))
        if rows is self._rows and self._query.words and _narrows(query, self._query):
            among = self.matches
        if query != self._query:
            self._revealed.clear()
        self._query, self._rows, self._light = query, rows, _lights(query)
        self.matches = (
            [] if query.is_empty else [at for at in among if _matches(rows, at, session, query)]
        )

    def shown(self) -> set[int]:
        """The rows that match or were asked for, and the forks that lead to them.

        A fork comes with the sibling through which a match is reached; otherwise its lanes would
        hang in the air.
        """
        rows = self._rows
        wanted = {rows.index[each] for each in self._revealed if each in rows.index}
        wanted.update(self.matches)
        kept: set[int] = set(wanted)
        walked: set[int] = set()
        for row in wanted:
            _keep_forks_above(rows, row, kept, walked)
        return kept

    def reveal(self, message_ids: Iterable[str]) -> None:
        """Show messages that do not match, until something else is typed."""
        self._revealed.update(message_ids)

    def nearest(self, row: int) -> int:
        """A row itself if it matches, else the next match below it, else the last one."""
        if not self.matches:
            return row
        return self.matches[min(bisect_left(self.matches, row), len(self.matches) - 1)]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words looked for stand in a text."""
        return [found.span() for found in self._light.finditer(text)] if self._light else []

    def excerpt(self, words: str, text: str, room: int) -> str:
        """The first words of a message, or what is around the first match if that is farther in."""
        if self._light is None or self._light.search(words[:room]):
            return words
        found = self._light.search(text)
        if found is None:
            return words
        begin = max(0, found.start() - min(BEFORE_MATCH, room // 2))
        begin = text.find(" ", begin, found.start()) + 1 or begin
        return "…" + " ".join(clean_line(text[begin : found.end() + 2 * room]).split())


def _matches(rows: TreeRows, row: int, session: Session, query: Query) -> bool:
    if live := rows.live.get(row):
        return _matches_live(live, query)
    message = session[rows.ids[row]]
    mark = session.mark(message.id)
    return query.matches(message, mark, _more(message, mark) if query.words else "")


def _matches_live(live: LiveNode, query: Query) -> bool:
    label = live.label.casefold()
    return (
        all(word.casefold() in label for word in query.words)
        and query.model.casefold() in label
        and query.roles in ((), ("assistant",))
        and not (query.statuses or query.label or query.is_starred or query.before)
    )


def _more(message: Message, mark: Mark) -> str:
    """What a message may be known by besides its text."""
    names = (*(call.name for call in message.tool_calls), *(p.name for p in message.attachments))
    return "\n".join(
        (*names, message.model or "", message.error or "", mark.label or "", mark.note)
    )


def _narrows(query: Query, other: Query) -> bool:
    """Whether all that matches a query matches the other one too."""
    if replace(query, words=()) != replace(other, words=()):
        return False
    words = [word.casefold() for word in query.words]
    return all(any(old.casefold() in word for word in words) for old in other.words)


def _lights(query: Query) -> re.Pattern[str] | None:
    words = sorted(filter(None, query.words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None


def _keep_forks_above(rows: TreeRows, row: int, kept: set[int], walked: set[int]) -> None:
    """Walk up until somebody has been there, so that all matches together cost one pass."""
    while row not in walked and (above := rows.parents[row]) >= 0:
        walked.add(row)
        if above in rows.forks:
            kept.update((above, row))
        row = above
    if rows.parents[row] < 0 and rows.lanes[row]:  # one of several first messages
        kept.add(row)

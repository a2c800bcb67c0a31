"""Which rows of a tree in plain text stand for themselves, and which runs are folded."""

from collections.abc import Iterator
from dataclasses import dataclass

from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import TreeRows

FEWEST_FOLDED = 6
"""Rows that are worth a fold."""


@dataclass(frozen=True, slots=True)
class Run:
    """Rows that are folded into one, the `end` excluded."""

    start: int
    end: int

    def turns(self, rows: TreeRows, session: Session) -> int:
        """How many messages of the person's are in it."""
        return sum(session[rows.ids[row]].role == "user" for row in range(self.start, self.end))


def folded(rows: TreeRows, session: Session) -> Iterator[int | Run]:
    """Yield the rows in order, long runs of messages without anything special as one.

    Special is where a line begins, ends or forks, where one is, where the model changes, what is
    marked, and what did not end well.
    """
    start = 0
    for row in range(len(rows) + 1):
        if row < len(rows) and not _is_special(rows, session, row):
            continue
        if row - start >= FEWEST_FOLDED:
            yield Run(start, row)
        else:
            yield from range(start, row)
        if row < len(rows):
            yield row
        start = row + 1


def _is_special(rows: TreeRows, session: Session, row: int) -> bool:
    parent, message = rows.parents[row], session[rows.ids[row]]
    is_beginning = parent < 0 or parent in rows.forks
    is_end = rows.first_child(row) is None
    return (
        is_beginning
        or is_end
        or row == rows.here
        or row in rows.forks
        or bool(rows.models[row])
        or message.id in session.marks
        or message.status != "complete"
    )

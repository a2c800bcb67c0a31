"""Steps through the rows of the tree: to a parent, a first child, the next fork, the next star."""

from collections.abc import Callable, Collection, Iterator
from typing import Literal, TypeAlias

from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import TreeRows

Step: TypeAlias = Literal["parent", "child", "fork", "star"]
Direction: TypeAlias = Literal[-1, 1]


def step(
    rows: TreeRows, session: Session, from_id: str | None, what: Step, direction: Direction
) -> str | None:
    """Return the message that a step from one leads to, or None where there is none.

    Forks and stars are looked for in the order of the rows, and not from the other end again.
    """
    row = _row_of(rows, session, from_id)
    match what:
        case "parent":
            found = rows.parents[row] if row > 0 else None
            return None if found is None or found < 0 else rows.ids[found]
        case "child":
            child = rows.first_child(row) if row >= 0 else None
            return None if child is None else rows.ids[child]
        case "fork":
            forks = _forks(rows)
            return _next(rows, row, direction, lambda at: at in forks)
        case "star":
            stars = {id_ for id_, mark in session.marks.items() if mark.starred_at is not None}
            return _next(rows, row, direction, lambda at: rows.ids[at] in stars)


def _row_of(rows: TreeRows, session: Session, message_id: str | None) -> int:
    """The row of a message, of one without a row (a tool's) that of the one above it."""
    while message_id is not None and message_id not in rows.index:
        message = session.get(message_id)
        message_id = message.predecessor_id if message else None
    return rows.here if message_id is None else rows.index[message_id]


def _forks(rows: TreeRows) -> Collection[int]:
    """The rows below which the tree forks; where it does so above all rows, the first one too."""
    has_roots = sum(1 for parent in rows.parents if parent < 0) > 1
    return rows.forks | {0} if has_roots else rows.forks


def _next(
    rows: TreeRows, row: int, direction: Direction, is_one: Callable[[int], bool]
) -> str | None:
    return next((rows.ids[at] for at in _from(row, len(rows), direction) if is_one(at)), None)


def _from(row: int, count: int, direction: Direction) -> Iterator[int]:
    return iter(range(row + direction, count if direction == 1 else -1, direction))

"""Between which messages those of a time are. Copies and clocks that were set may be out of order.

Both are exact, and found where it is quick: near the end of the messages, or where few messages are
on the other side, in the index on times.
"""

from datetime import datetime

from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import encode_time

_NEAR = 20_000

# The `+` has SQLite take the rows it was told to take; for a bare `max(seq)` it walks all messages.
_LAST_BEFORE = (
    "SELECT max(+seq) FROM (SELECT seq, created_at FROM messages ORDER BY seq DESC LIMIT :near)"
    " WHERE created_at < :at",
    "SELECT max(+seq) FROM messages WHERE created_at < :at",
)
_FIRST_AFTER = (
    "SELECT min(+seq) FROM (SELECT seq, created_at FROM messages ORDER BY seq LIMIT :near)"
    " WHERE created_at >= :at",
    "SELECT min(+seq) FROM messages WHERE created_at >= :at",
)


def bounds(sql: Sql, before: datetime | None, after: datetime | None) -> tuple[int, int]:
    """Return a `seq` that all messages of a time are below, and the first that one may have."""
    newest = sql.value("SELECT max(seq) FROM messages") if before is None else None
    if before is not None:
        newest = _first_found(sql, _LAST_BEFORE, before)
    below = int(newest or 0) + 1
    if after is None:
        return below, 1
    oldest = _first_found(sql, _FIRST_AFTER, after)
    return below, below if oldest is None else oldest


def _first_found(sql: Sql, statements: tuple[str, ...], at: datetime) -> int | None:
    for statement in statements:
        found = sql.run(statement, at=encode_time(at), near=_NEAR).fetchone()[0]
        if found is not None:
            return int(found)
    return None

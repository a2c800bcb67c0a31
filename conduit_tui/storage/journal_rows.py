"""The journal of a session's structure as rows; each function runs inside a transaction."""

from typing import cast

from conduit_tui.core.journal import Entry, Kind
from conduit_tui.storage.change_codec import decode_changes, encode_changes
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import decode_time, encode_time

_SELECT = """
SELECT id, created_at, kind, words, changes, inverse, of_id FROM journal
WHERE session_id = :session_id ORDER BY seq DESC LIMIT :rows
"""


def insert(sql: Sql, session_id: str, entry: Entry) -> None:
    """Add a step; one that is there already changes nothing."""
    sql.run(
        "INSERT INTO journal (id, session_id, created_at, kind, words, changes, inverse, of_id)"
        " VALUES (:id, :session_id, :at, :kind, :words, :changes, :inverse, :of)"
        " ON CONFLICT (id) DO NOTHING",
        id=entry.id,
        session_id=session_id,
        at=encode_time(entry.at),
        kind=entry.kind,
        words=entry.words,
        changes=encode_changes(entry.changes),
        inverse=encode_changes(entry.inverse),
        of=entry.of,
    )


def select(sql: Sql, session_id: str, limit: int) -> list[Entry]:
    """Return the last steps of a session, the oldest first."""
    rows = sql.run(_SELECT, session_id=session_id, rows=limit).fetchall()
    return [
        Entry(
            id=entry_id,
            at=decode_time(at),
            kind=cast("Kind", kind),
            words=words,
            changes=decode_changes(changes),
            inverse=decode_changes(inverse),
            of=of,
        )
        for entry_id, at, kind, words, changes, inverse, of in reversed(rows)
    ]

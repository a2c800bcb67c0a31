"""What tools did to files, as rows; inside a transaction of the caller."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from conduit_tui.core.file_change import FileChange, FileContents
from conduit_tui.storage import blobs
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import LONG_AGO, encode_time, plain, readable_time, to_json

MOST_LISTED = 1_000


def add(
    sql: Sql,
    session_id: str,
    message_id: str | None,
    path: str,
    contents: FileContents,
    changed_at: datetime,
) -> None:
    """Keep a change by a call of a message, and both contents."""
    sql.run(
        "INSERT INTO file_changes"
        " (session_id, message_id, path, before_sha256, after_sha256, changed_at)"
        " VALUES (:session_id, :message_id, :path, :before, :after, :at)",
        session_id=session_id,
        message_id=message_id,
        path=plain(path),
        before=None if contents.before is None else blobs.put(sql, contents.before),
        after=blobs.put(sql, contents.after),
        at=encode_time(changed_at),
    )


def load(sql: Sql, session_id: str) -> tuple[FileChange, ...]:
    """The last changes of a session, the newest first."""
    return tuple(_changes(sql, session_id))


def contents(sql: Sql, change_id: int) -> FileContents | None:
    """Both contents of a change."""
    row = sql.run(
        "SELECT before_sha256 IS NULL, b.data, a.data FROM file_changes c"
        " LEFT JOIN blobs b ON b.sha256 = c.before_sha256"
        " LEFT JOIN blobs a ON a.sha256 = c.after_sha256 WHERE c.seq = :id",
        id=change_id,
    ).fetchone()
    if row is None or row[2] is None or (row[1] is None and not row[0]):
        return None
    return FileContents(None if row[0] else bytes(row[1]), bytes(row[2]))


def set_reverted(sql: Sql, change_id: int, at: datetime | None) -> None:
    """Remember when a change was taken back."""
    sql.run(
        "UPDATE file_changes SET reverted_at = :at WHERE seq = :id",
        at=None if at is None else encode_time(at),
        id=change_id,
    )


def contents_of_session(sql: Sql, session_id: str) -> list[str]:
    """Which bytes the changes of a session refer to, by their SHA-256."""
    rows = sql.run(
        "SELECT before_sha256 FROM file_changes WHERE session_id = :id AND before_sha256 NOT NULL"
        " UNION SELECT after_sha256 FROM file_changes WHERE session_id = :id",
        id=session_id,
    )
    return [str(sha256) for (sha256,) in rows]


def erase_of_messages(sql: Sql, session_id: str, message_ids: Sequence[str]) -> list[str]:
    """Forget what calls of messages did; returns which bytes that referred to, by SHA-256."""
    rows = sql.run(
        "DELETE FROM file_changes WHERE session_id = :session_id"
        " AND message_id IN (SELECT value FROM json_each(:ids))"
        " RETURNING before_sha256, after_sha256",
        session_id=session_id,
        ids=to_json(list(message_ids)),
    )
    return [str(sha256) for row in rows.fetchall() for sha256 in row if sha256 is not None]


def _changes(sql: Sql, session_id: str) -> Iterator[FileChange]:
    rows = sql.run(
        "SELECT seq, path, changed_at, before_sha256, after_sha256 FROM file_changes"
        " WHERE session_id = :session_id ORDER BY seq DESC LIMIT :most",
        session_id=session_id,
        most=MOST_LISTED,
    )
    for seq, path, at, before, after in rows:
        changed_at = readable_time(at) or LONG_AGO
        was = None if before is None else str(before)
        yield FileChange(int(seq), str(path), changed_at, was, str(after))

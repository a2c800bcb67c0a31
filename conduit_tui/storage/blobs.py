"""Bytes of attachments and of files that tools changed, each kept once whoever refers to it."""

import hashlib
from collections.abc import Iterable, Sequence

from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import to_json

_REFERRERS = (
    *("message_blobs.sha256", "prompt_attachments.sha256"),
    *("file_changes.before_sha256", "file_changes.after_sha256"),
)


def put(sql: Sql, data: bytes) -> str:
    """Keep bytes and return their SHA-256, which finds them again."""
    sha256 = hashlib.sha256(data).hexdigest()
    sql.run(
        "INSERT INTO blobs (sha256, data) VALUES (:sha256, :data) ON CONFLICT (sha256) DO NOTHING",
        sha256=sha256,
        data=data,
    )
    return sha256


def of_session(sql: Sql, session_id: str, above_seq: int = 0) -> dict[str, bytes]:
    """Return the bytes of a session's messages by SHA-256; only of those after `above_seq`."""
    rows = sql.run(
        "SELECT sha256, data FROM blobs WHERE sha256 IN (SELECT b.sha256 FROM messages m"
        " JOIN message_blobs b ON b.message_seq = m.seq"
        " WHERE m.session_id = :session_id AND m.seq > :above_seq)",
        session_id=session_id,
        above_seq=above_seq,
    )
    return dict(rows)


def of_messages(sql: Sql, seqs: Sequence[int]) -> dict[str, bytes]:
    """Return the bytes of some messages, by their seq, by SHA-256."""
    rows = sql.run(
        "SELECT sha256, data FROM blobs WHERE sha256 IN (SELECT sha256 FROM message_blobs"
        " WHERE message_seq IN (SELECT value FROM json_each(:seqs)))",
        seqs=to_json(list(seqs)),
    )
    return dict(rows)


def sweep(sql: Sql, candidates: Iterable[str]) -> None:
    """Erase those of the bytes that nothing refers to any more."""
    used = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {column.split('.')[0]} WHERE {column} = :sha256)"
        for column in _REFERRERS
    )
    for sha256 in candidates:
        sql.run(f"DELETE FROM blobs WHERE sha256 = :sha256{used}", sha256=sha256)

"""Removing sessions and messages for good, with every word of theirs; inside a transaction."""

from collections.abc import Collection, Sequence

from conduit_tui.core.errors import StorageError
from conduit_tui.storage import blobs, file_change_rows, journal_rows, message_index, prompts
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import to_json


def erase_session(sql: Sql, session_id: str) -> None:
    """Remove a session with everything but what it counted on the odometer.

    Kept replies go with it, all of them.
    """
    rows = sql.run(
        "SELECT DISTINCT b.sha256 FROM messages m JOIN message_blobs b ON b.message_seq = m.seq"
        " WHERE m.session_id = :id",
        id=session_id,
    )
    candidates = [sha256 for (sha256,) in rows]
    candidates += file_change_rows.contents_of_session(sql, session_id)
    prompts.erase(sql, session_id)
    sql.run(
        "DELETE FROM prompt_history WHERE text IN"
        " (SELECT text FROM messages WHERE session_id = :id AND role = 'user')",
        id=session_id,
    )
    sql.run(
        "DELETE FROM message_blobs WHERE message_seq IN"
        " (SELECT seq FROM messages WHERE session_id = :id)",
        id=session_id,
    )
    message_index.remove(sql, "SELECT seq FROM messages WHERE session_id = :id", id=session_id)
    sql.run("DELETE FROM messages WHERE session_id = :id", id=session_id)
    sql.run("DELETE FROM sessions WHERE id = :id", id=session_id)
    sql.run("DELETE FROM cached_replies")  # whose words they hold is not known
    blobs.sweep(sql, candidates)


def erase_messages(
    sql: Sql, session_id: str, message_ids: Sequence[str], quotes: Collection[str] = ()
) -> None:
    """Remove messages with all that belongs to them but what they counted on the odometer.

    What their calls wrote to files is among that: it can be taken back no more.

    Kept replies go too, all of them, and what the journal holds of them; `quotes` are words of
    theirs that it and the title may have. Raises StorageError if something else hangs on them.
    """
    gone = {"ids": to_json(list(message_ids)), "session_id": session_id}
    chosen = (
        "SELECT seq FROM messages WHERE session_id = :session_id"
        " AND id IN (SELECT value FROM json_each(:ids))"
    )
    rows = sql.run(
        f"SELECT DISTINCT sha256 FROM message_blobs WHERE message_seq IN ({chosen})", **gone
    )
    candidates = [sha256 for (sha256,) in rows]
    candidates += file_change_rows.erase_of_messages(sql, session_id, message_ids)
    left = sql.value(
        "SELECT 1 FROM messages WHERE session_id = :session_id"
        f" AND predecessor_seq IN ({chosen}) AND seq NOT IN ({chosen})",
        **gone,
    )
    if left is not None:
        raise StorageError(
            "Another instance wrote below what was to be erased; nothing was. Look at it again, "
            "and erase it then."
        )
    sql.execute("PRAGMA defer_foreign_keys = ON")  # parents may go before their children
    journal_rows.forget(sql, session_id, set(message_ids), quotes)
    sql.run(
        "DELETE FROM prompt_history WHERE text IN"
        f" (SELECT text FROM messages WHERE role = 'user' AND seq IN ({chosen}))",
        **gone,
    )
    sql.run(f"DELETE FROM message_blobs WHERE message_seq IN ({chosen})", **gone)
    message_index.remove(sql, chosen, **gone)
    erased = sql.run(f"DELETE FROM messages WHERE seq IN ({chosen})", **gone).rowcount
    sql.run(
        "UPDATE sessions SET message_count = message_count - :erased WHERE id = :id",
        erased=erased,
        id=session_id,
    )
    sql.run("DELETE FROM cached_replies")  # whose words they hold is not known
    blobs.sweep(sql, candidates)

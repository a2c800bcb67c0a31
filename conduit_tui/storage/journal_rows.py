"""The journal of a session's structure as rows; each function runs inside a transaction."""

from collections.abc import Collection
from typing import cast

from conduit_tui.core.change import touches, without
from conduit_tui.core.journal import Entry, Kind
from conduit_tui.storage.change_codec import decode_changes, encode_changes
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import LONG_AGO, encode_time, plain, readable_time

ERASED = "(erased)"
"""What stands in the words of a step for words that were erased."""

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


def forget(sql: Sql, session_id: str, gone: Collection[str], quotes: Collection[str]) -> None:
    """Take out of the steps what they hold of erased messages: notes, labels, and their words.

    `quotes` are words of theirs as steps and titles have them.
    """
    quotes = {plain(quote) for quote in quotes}
    found = sql.run(
        "SELECT seq, words, changes, inverse FROM journal WHERE session_id = :session_id",
        session_id=session_id,
    ).fetchall()
    for seq, words, changes, inverse in found:
        before = decode_changes(changes), decode_changes(inverse)
        after = without(before[0], gone, quotes), without(before[1], gone, quotes)
        is_of_them = any(touches(each, gone) for each in before)
        if is_of_them or before != after or any(quote in words for quote in quotes):
            sql.run(
                "UPDATE journal SET words = :words, changes = :changes, inverse = :inverse"
                " WHERE seq = :seq",
                words=_without_quotes(words, is_of_them, quotes),
                changes=encode_changes(after[0]),
                inverse=encode_changes(after[1]),
                seq=seq,
            )


def select(sql: Sql, session_id: str, limit: int) -> list[Entry]:
    """Return the last steps of a session, the oldest first.

    What cannot be read of a step is left out: one without a readable inverse is never undone.
    """
    rows = sql.run(_SELECT, session_id=session_id, rows=limit).fetchall()
    return [
        Entry(
            id=entry_id,
            at=readable_time(at) or LONG_AGO,
            kind=cast("Kind", kind),
            words=str(words),
            changes=decode_changes(changes),
            inverse=decode_changes(inverse),
            of=of,
        )
        for entry_id, at, kind, words, changes, inverse, of in reversed(rows)
    ]


def _without_quotes(words: str, is_of_them: bool, quotes: Collection[str]) -> str:
    at = min((words.find(sign) for sign in "\"'" if sign in words), default=-1)
    if at < 0 or not (is_of_them or any(quote in words for quote in quotes)):
        return words
    return f"{words[:at].rstrip(': ')} {ERASED}"

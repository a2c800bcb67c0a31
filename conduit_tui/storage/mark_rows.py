"""What stands on messages, and which are out of sight, as rows; inside a caller's transaction.

`apply` does to the rows what `core/change.py` does to a session in memory.
"""

from datetime import UTC, datetime, timedelta
from typing import assert_never, cast

from conduit_tui.core.change import Changes, SetAbsence, SetLeaf, SetMark, SetTitle
from conduit_tui.core.marks import Absence, Mark, Why
from conduit_tui.core.session import Session
from conduit_tui.storage.connection import Sql, SqlValue
from conduit_tui.storage.fields import LONG_AGO, encode_time, readable_time

_TO_BE_SEEN = "label IS NOT NULL OR starred_at IS NOT NULL OR note <> '' OR absent IS NOT NULL"
"""What the index for it has, in the same words: most rows tell only of a visit."""


def apply(sql: Sql, session_id: str, changes: Changes) -> None:
    """Make changes to the rows of a session, in their order.

    A change to a message that is not there any more is left out.
    """
    for change in changes:
        match change:
            case SetAbsence(message_id, absence):
                why = None if absence is None else absence.why
                since = None if absence is None else encode_time(absence.since)
                _set(sql, session_id, message_id, absent=why, absent_since=since)
            case SetMark(message_id, mark):
                _set_mark(sql, session_id, message_id, mark)
            case SetLeaf(leaf_id):
                move_leaf(sql, session_id, leaf_id)
            case SetTitle(title, is_manual):
                sql.run(
                    "UPDATE sessions SET title = :title, title_is_manual = :manual WHERE id = :id",
                    title=title,
                    manual=is_manual,
                    id=session_id,
                )
            case _:
                assert_never(change)


def move_leaf(sql: Sql, session_id: str, leaf_id: str | None) -> None:
    """Remember where in the tree a person is, and that they were at the leaf before.

    They do not go to a message that is not there any more.
    """
    now = datetime.now(UTC)
    left = sql.value("SELECT leaf_id FROM sessions WHERE id = :id", id=session_id)
    if isinstance(left, str):
        _set(sql, session_id, left, visited_at=encode_time(now))
    if leaf_id is not None:
        if sql.value("SELECT 1 FROM messages WHERE id = :id", id=leaf_id) is None:
            return
        after = encode_time(now + timedelta(microseconds=1))
        _set(sql, session_id, leaf_id, visited_at=after)
    sql.run("UPDATE sessions SET leaf_id = :leaf WHERE id = :id", leaf=leaf_id, id=session_id)


def load(sql: Sql, session: Session) -> None:
    """Bring a session its marks, and what is out of sight; what cannot be read is left out."""
    rows = sql.run(
        "SELECT message_id, label, starred_at, note, absent, absent_since FROM marks"
        f" WHERE session_id = :id AND ({_TO_BE_SEEN})",
        id=session.id,
    )
    for message_id, label, starred_at, note, absent, since in rows:
        session.set_mark(
            message_id, Mark(_text(label), readable_time(starred_at), _text(note) or "")
        )
        why, gone_at = cast("Why", absent), readable_time(since) or LONG_AGO
        absence = None if absent is None else Absence(why, gone_at)
        session.set_absence(message_id, absence)


def out_of_sight(sql: Sql, session_id: str) -> frozenset[int]:
    """Return the `seq` of every message of a session that is absent or below one that is."""
    rows = sql.run(
        """
        WITH RECURSIVE hidden (seq) AS (
          SELECT m.seq FROM marks JOIN messages m ON m.id = marks.message_id
          WHERE marks.session_id = :id AND marks.absent IS NOT NULL
          UNION
          SELECT m.seq FROM messages m JOIN hidden ON m.predecessor_seq = hidden.seq
        )
        SELECT seq FROM hidden
        """,
        id=session_id,
    )
    return frozenset(seq for (seq,) in rows)


def visits(sql: Sql, session_id: str) -> list[str]:
    """The messages that once were the leaf, the last one first."""
    rows = sql.run(
        "SELECT message_id FROM marks WHERE session_id = :id AND visited_at IS NOT NULL"
        " ORDER BY visited_at DESC",
        id=session_id,
    )
    return [message_id for (message_id,) in rows]


def starred_leaf(sql: Sql, session_id: str, leaf_id: str | None) -> str | None:
    """The starred message in sight with nothing below it, the one starred last, if there is one.

    None if the leaf was written after that star: who went on elsewhere finds what they wrote.
    """
    found = sql.value(
        """
        SELECT marks.message_id FROM marks JOIN messages m ON m.id = marks.message_id
        WHERE marks.session_id = :id AND marks.starred_at IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM messages below LEFT JOIN marks its ON its.message_id = below.id
            WHERE below.predecessor_seq = m.seq AND its.absent IS NULL)
          AND NOT EXISTS (
            WITH RECURSIVE up (seq) AS (
              SELECT m.seq
              UNION SELECT above.predecessor_seq FROM messages above JOIN up ON above.seq = up.seq
              WHERE above.predecessor_seq IS NOT NULL
            )
            SELECT 1 FROM marks its JOIN messages gone ON gone.id = its.message_id
            WHERE its.session_id = :id AND its.absent IS NOT NULL AND gone.seq IN up)
          AND marks.starred_at >= coalesce(
            (SELECT created_at FROM messages WHERE id = :leaf_id), '')
        ORDER BY marks.starred_at DESC LIMIT 1
        """,
        id=session_id,
        leaf_id=leaf_id,
    )
    return None if found is None else str(found)


def _set_mark(sql: Sql, session_id: str, message_id: str, mark: Mark) -> None:
    if mark.label is not None:  # another instance may have given it to another message
        sql.run(
            "UPDATE marks SET label = NULL"
            " WHERE session_id = :id AND label = :label AND message_id <> :message_id",
            id=session_id,
            label=mark.label,
            message_id=message_id,
        )
    starred_at = None if mark.starred_at is None else encode_time(mark.starred_at)
    _set(sql, session_id, message_id, label=mark.label, starred_at=starred_at, note=mark.note)


def _set(sql: Sql, session_id: str, message_id: str, **columns: SqlValue) -> None:
    sql.run(
        "INSERT INTO marks (message_id, session_id)"
        " SELECT id, session_id FROM messages WHERE id = :message_id AND session_id = :session_id"
        " ON CONFLICT (message_id) DO NOTHING",
        message_id=message_id,
        session_id=session_id,
    )
    values = ", ".join(f"{name} = :{name}" for name in columns)
    sql.run(
        f"UPDATE marks SET {values} WHERE message_id = :message_id AND session_id = :session_id",
        message_id=message_id,
        session_id=session_id,
        **columns,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

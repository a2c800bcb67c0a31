"""Sessions as rows, and back; each function runs inside a transaction of its caller."""

from collections.abc import Sequence
from datetime import datetime

from conduit_tui.core.errors import PlaceErased, StorageError
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.summary import SessionSummary
from conduit_tui.storage import (
    journal_rows,
    mark_rows,
    message_index,
    message_rows,
    odometer,
    rule_rows,
)
from conduit_tui.storage.codec import decode_params, encode_params
from conduit_tui.storage.connection import Sql, SqlValue
from conduit_tui.storage.fields import decode_time, encode_time, from_json, strings, to_json

_SUMMARIES = """
SELECT id, title, updated_at, message_count, pinned, deleted_at, created_at FROM sessions
WHERE (deleted_at IS NOT NULL) = :deleted
  AND (message_count > 0 OR id IN (SELECT session_id FROM prompt_drafts))
ORDER BY pinned DESC, updated_at DESC, rowid DESC
LIMIT :rows
"""


def insert(sql: Sql, session: Session, created_at: datetime) -> None:
    """Add a session without its messages; one that is there already stays as it is."""
    at = encode_time(created_at)
    sql.run(
        "INSERT INTO sessions (id, title, title_is_manual, leaf_id, system_prompt, model, tools,"
        " skills, has_read_files, params, created_at, updated_at) VALUES (:id, :title,"
        " :title_is_manual, :leaf_id, :system_prompt, :model, :tools, :skills, :has_read_files,"
        " :params, :created_at, :updated_at)"
        " ON CONFLICT (id) DO NOTHING",
        id=session.id,
        title=session.title,
        title_is_manual=session.title_is_manual,
        leaf_id=session.leaf_id,
        system_prompt=session.system_prompt,
        model=session.model,
        tools=encode_tools(session.tools),
        skills=encode_tools(session.skills) if session.skills else None,
        has_read_files=session.has_read_files,
        params=encode_own_params(session.params),
        created_at=at,
        updated_at=at,
    )


def load(sql: Sql, session_id: str, *, at_star: bool) -> Session | None:
    """Return a session at its leaf and none of its messages; `is_whole` is False.

    With `at_star` the leaf is the starred one, if there is one and nothing was written elsewhere
    since. Where the leaf is not known any more, it is the newest message. There is none where all
    was pruned.
    """
    row = sql.run(
        "SELECT title, leaf_id, system_prompt, model, tools, title_is_manual, params, skills,"
        " has_read_files FROM sessions WHERE id = :id",
        id=session_id,
    ).fetchone()
    if row is None:
        return None
    title, leaf_id, system_prompt, model, tools, is_manual, params, skills, has_read = row
    starred = mark_rows.starred_leaf(sql, session_id, leaf_id) if at_star else None
    session = Session(
        session_id,
        title,
        starred or _leaf(sql, session_id, leaf_id),
        system_prompt,
        model,
        _decode_tools(tools),
        bool(is_manual),
        params=None if params is None else decode_params(params),
        is_whole=False,
    )
    session.skills = _decode_tools(skills) or ()
    session.has_read_files = bool(has_read)
    session.rules = rule_rows.load(sql, session_id)
    mark_rows.load(sql, session)
    return session


def is_short(sql: Sql, session_id: str, most: int) -> bool:
    """Whether a session has at most so many messages."""
    count = sql.value("SELECT message_count FROM sessions WHERE id = :id", id=session_id)
    return isinstance(count, int) and count <= most


def load_end(sql: Sql, session: Session, depth: int) -> None:
    """Bring a session the last `depth` messages of its line, and the siblings of those."""
    if session.leaf_id is not None:
        for message in message_rows.select_end(sql, session.id, session.leaf_id, depth):
            session.add(message)
    session.visit(session.nearest_visible(session.leaf_id))


def _leaf(sql: Sql, session_id: str, leaf_id: str | None) -> str | None:
    known = sql.value(
        "SELECT id FROM messages WHERE id = :id AND session_id = :session_id",
        id=leaf_id,
        session_id=session_id,
    )
    newest = "SELECT id FROM messages WHERE session_id = :id ORDER BY seq DESC LIMIT 1"
    pruned = "SELECT 1 FROM marks WHERE session_id = :id AND absent IS NOT NULL"
    if leaf_id is None and sql.value(pruned, id=session_id):
        return None
    found = known or sql.value(newest, id=session_id)
    return None if found is None else str(found)


def commit(sql: Sql, message: Message, *, take_leaf: bool | None, host: str | None = None) -> None:
    """Add a message with all that belongs to it; one that is there already changes nothing.

    `take_leaf` says whether the leaf moves to it, None: if it was at the predecessor. `host` is
    the server that its generation was asked of.
    """
    if sql.value("SELECT 1 FROM messages WHERE id = :id", id=message.id) is None:
        seq = message_rows.insert(sql, message, _predecessor_seq(sql, message))
        message_index.add(sql, seq)
        _move_on(sql, message, take_leaf=take_leaf)
        odometer.record(sql, message, host)
    sql.run("DELETE FROM drafts WHERE message_id = :id", id=message.id)


def record(sql: Sql, session_id: str, entry: Entry, added: Sequence[Message]) -> None:
    """Add copied messages, make the changes of a step, and note it in the journal."""
    require(sql, session_id)
    for message in added:
        commit(sql, message, take_leaf=False)
    mark_rows.apply(sql, session_id, entry.changes)
    journal_rows.insert(sql, session_id, entry)


def summaries(sql: Sql, *, deleted: bool, limit: int | None) -> tuple[SessionSummary, ...]:
    """Return sessions that hold anything: pinned ones, then the newest first."""
    rows = sql.run(_SUMMARIES, deleted=deleted, rows=-1 if limit is None else limit)
    return tuple(
        SessionSummary(
            id=session_id,
            title=title,
            updated_at=decode_time(updated_at),
            message_count=message_count,
            pinned=bool(pinned),
            deleted_at=None if deleted_at is None else decode_time(deleted_at),
            created_at=decode_time(created_at),
        )
        for session_id, title, updated_at, message_count, pinned, deleted_at, created_at in rows
    )


def change(sql: Sql, session_id: str, column: str, value: SqlValue) -> None:
    """Set one column of a session."""
    sql.run(f"UPDATE sessions SET {column} = :value WHERE id = :id", value=value, id=session_id)


def set_title(sql: Sql, session_id: str, title: str, *, manual: bool) -> bool:
    """Set the title; one that a person chose is only replaced by a person. Whether it was set."""
    changed = sql.run(
        "UPDATE sessions SET title = :title, title_is_manual = :manual"
        " WHERE id = :id AND (:manual OR NOT title_is_manual)",
        title=title,
        manual=manual,
        id=session_id,
    )
    return bool(changed.rowcount)


def encode_tools(names: tuple[str, ...] | None) -> str | None:
    """Return names of tools as JSON; None stays None."""
    return None if names is None else to_json(list(names))


def encode_own_params(params: Params | None) -> str | None:
    """Return a session's own params as JSON; None, for the usual ones, stays None."""
    return None if params is None else encode_params(params) or "{}"


def require(sql: Sql, session_id: str) -> None:
    """Raise StorageError if there is no such session."""
    if sql.value("SELECT 1 FROM sessions WHERE id = :id", id=session_id) is None:
        raise StorageError(
            f"Session {session_id!r} is not in the history; it may have been erased by another "
            "instance. Start a new session."
        )


def _predecessor_seq(sql: Sql, message: Message) -> int | None:
    require(sql, message.session_id)
    if message.predecessor_id is None:
        return None
    seq = sql.value(
        "SELECT seq FROM messages WHERE id = :id AND session_id = :session_id",
        id=message.predecessor_id,
        session_id=message.session_id,
    )
    if not isinstance(seq, int):
        raise PlaceErased(
            f"Message {message.id!r} answers {message.predecessor_id!r}, which is not in its "
            "session; it was not saved. Open the session again."
        )
    return seq


def _move_on(sql: Sql, message: Message, *, take_leaf: bool | None) -> None:
    """A reply on a branch that was left must not steal the view: the leaf has to be its place."""
    sql.run(
        "UPDATE sessions SET message_count = message_count + 1,"
        " updated_at = max(updated_at, :created_at) WHERE id = :id",
        created_at=encode_time(message.created_at),
        id=message.session_id,
    )
    if take_leaf is False:
        return
    goes_on = sql.run(
        "UPDATE sessions SET leaf_id = :leaf_id WHERE id = :id AND leaf_id IS :predecessor_id",
        leaf_id=message.id,
        id=message.session_id,
        predecessor_id=message.predecessor_id,
    ).rowcount
    if take_leaf and not goes_on:
        mark_rows.move_leaf(sql, message.session_id, message.id)


def _decode_tools(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else strings(from_json(text))

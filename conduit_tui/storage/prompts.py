"""What a person typed: the unsent draft of each session's prompt, and what was sent before."""

from conduit_tui.core.message import Attachment
from conduit_tui.storage import blobs
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import from_json, to_json

HISTORY_ROWS = 1000
"""Prompts that are remembered; older ones are let go."""


def save(sql: Sql, session_id: str, text: str, attachments: tuple[Attachment, ...]) -> None:
    """Replace the unsent draft of a session; an empty one is no draft."""
    before = _blobs_of(sql, session_id)
    sql.run("DELETE FROM prompt_drafts WHERE session_id = :session_id", session_id=session_id)
    if text or attachments:
        sql.run(
            "INSERT INTO prompt_drafts (session_id, text) VALUES (:session_id, :text)",
            session_id=session_id,
            text=text,
        )
    for position, attachment in enumerate(attachments):
        _add_attachment(sql, session_id, position, attachment)
    blobs.sweep(sql, before)


def load(sql: Sql, session_id: str) -> tuple[str, tuple[Attachment, ...]]:
    """Return the unsent draft of a session."""
    text = sql.value(
        "SELECT text FROM prompt_drafts WHERE session_id = :session_id", session_id=session_id
    )
    rows = sql.run(
        "SELECT a.media_type, b.data, a.name, a.provider_data FROM prompt_attachments a"
        " JOIN blobs b ON b.sha256 = a.sha256 WHERE a.session_id = :session_id"
        " ORDER BY a.position",
        session_id=session_id,
    )
    attachments = tuple(
        Attachment(media_type, data, name, None if raw is None else from_json(raw))
        for media_type, data, name, raw in rows
    )
    return str(text or ""), attachments


def erase(sql: Sql, session_id: str) -> None:
    """Remove the unsent draft of a session."""
    save(sql, session_id, "", ())


def add_history(sql: Sql, text: str) -> None:
    """Remember a prompt that was sent, unless it is the one before again."""
    sql.run(
        "INSERT INTO prompt_history (text) SELECT :text WHERE :text IS NOT"
        " (SELECT text FROM prompt_history ORDER BY seq DESC LIMIT 1)",
        text=text,
    )
    sql.run(
        "DELETE FROM prompt_history WHERE seq <= (SELECT max(seq) FROM prompt_history) - :rows",
        rows=HISTORY_ROWS,
    )


def history(sql: Sql, limit: int) -> tuple[str, ...]:
    """Return the last prompts that were sent, newest last."""
    rows = sql.run("SELECT text FROM prompt_history ORDER BY seq DESC LIMIT :limit", limit=limit)
    return tuple(text for (text,) in rows)[::-1]


def _add_attachment(sql: Sql, session_id: str, position: int, part: Attachment) -> None:
    sql.run(
        "INSERT INTO prompt_attachments"
        " (session_id, position, media_type, name, provider_data, sha256)"
        " VALUES (:session_id, :position, :media_type, :name, :provider_data, :sha256)",
        session_id=session_id,
        position=position,
        media_type=part.media_type,
        name=part.name,
        provider_data=None if part.provider_data is None else to_json(part.provider_data),
        sha256=blobs.put(sql, part.data),
    )


def _blobs_of(sql: Sql, session_id: str) -> list[str]:
    rows = sql.run(
        "SELECT sha256 FROM prompt_attachments WHERE session_id = :session_id",
        session_id=session_id,
    )
    return [sha256 for (sha256,) in rows]

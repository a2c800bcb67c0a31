"""Replies that are being streamed, as rows that are only appended, so a crash loses little.

A draft belongs to a process. When the message is committed its rows go in the same transaction;
what a dead process left behind is an orphan, to be committed as interrupted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conduit_tui.core.events import StreamEvent
from conduit_tui.core.params import Params
from conduit_tui.storage.codec import decode_params, encode_params
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.event_codec import decode_events, encode_events
from conduit_tui.storage.fields import decode_time, encode_time
from conduit_tui.storage.owner import is_alive, is_here, process_owner

__all__ = ["DraftHeader", "DraftStore", "OrphanedDraft", "process_owner"]

ABANDONED_AFTER = timedelta(hours=1)
"""Silence after which a draft of another host counts as an orphan: its process cannot be asked,
and no stream stays silent that long."""


@dataclass(frozen=True, slots=True)
class DraftHeader:
    """What is known of a reply before its first event. `started_at` is an aware UTC time."""

    message_id: str
    session_id: str
    predecessor_id: str
    provider: str
    model: str
    params: Params
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OrphanedDraft:
    """What a process that is gone had received of a reply."""

    header: DraftHeader
    events: tuple[StreamEvent, ...]


class DraftStore:
    """Keeps the drafts of one process, named by `owner`; see `process_owner`."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    async def open(self, draft_header: DraftHeader) -> None:
        """Begin a draft. Raises StorageError if its session is not stored."""
        await self._database.write(lambda sql: _insert(sql, draft_header, self._owner))

    async def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        """Add what arrived since; of a draft that is committed, nothing is kept."""
        at = datetime.now(UTC)
        if events:
            await self._database.write(lambda sql: _append(sql, message_id, events, at))

    async def orphans(self) -> tuple[OrphanedDraft, ...]:
        """Return the drafts whose process is gone; those of live instances are left alone."""
        now = datetime.now(UTC)
        return await self._database.read(lambda sql: _orphans(sql, self._owner, now))


def _insert(sql: Sql, header: DraftHeader, owner: str) -> None:
    sql.run(
        "INSERT INTO drafts"
        " (message_id, session_id, predecessor_id, provider, model, params, started_at, owner)"
        " VALUES (:message_id, :session_id, :predecessor_id, :provider, :model, :params,"
        " :started_at, :owner) ON CONFLICT (message_id) DO NOTHING",
        message_id=header.message_id,
        session_id=header.session_id,
        predecessor_id=header.predecessor_id,
        provider=header.provider,
        model=header.model,
        params=encode_params(header.params),
        started_at=encode_time(header.started_at),
        owner=owner,
    )


def _append(sql: Sql, message_id: str, events: Sequence[StreamEvent], at: datetime) -> None:
    sql.run(
        "INSERT INTO draft_deltas (message_id, appended_at, events) SELECT :id, :at, :events"
        " WHERE EXISTS (SELECT 1 FROM drafts WHERE message_id = :id)",
        id=message_id,
        at=encode_time(at),
        events=encode_events(events),
    )


def _orphans(sql: Sql, own: str, now: datetime) -> tuple[OrphanedDraft, ...]:
    rows = sql.run(
        "SELECT d.message_id, d.session_id, d.predecessor_id, d.provider, d.model, d.params,"
        " d.started_at, d.owner, coalesce((SELECT max(appended_at) FROM draft_deltas x"
        " WHERE x.message_id = d.message_id), d.started_at)"
        " FROM drafts d ORDER BY d.rowid"
    )
    return tuple(
        OrphanedDraft(_header(row), _events(sql, row[0]))
        for row in rows.fetchall()
        if row[7] != own and _is_orphaned(row[7], decode_time(row[8]), now)
    )


def _is_orphaned(owner: str, last_at: datetime, now: datetime) -> bool:
    if is_here(owner):
        return not is_alive(owner)
    return now - last_at > ABANDONED_AFTER


def _header(row: Sequence[str]) -> DraftHeader:
    message_id, session_id, predecessor_id, provider, model, params, started_at, *_ = row
    return DraftHeader(
        message_id=message_id,
        session_id=session_id,
        predecessor_id=predecessor_id,
        provider=provider,
        model=model,
        params=decode_params(params),
        started_at=decode_time(started_at),
    )


def _events(sql: Sql, message_id: str) -> tuple[StreamEvent, ...]:
    rows = sql.run(
        "SELECT events FROM draft_deltas WHERE message_id = :id ORDER BY seq", id=message_id
    )
    return tuple(event for (events,) in rows for event in decode_events(events))

"""Replies kept to be given again, by the key of their request."""

import logging

from conduit_tui.core.events import GenerationStopped
from conduit_tui.core.kept_reply import KeptReplies, KeptReply
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.event_codec import decode_events, encode_events
from conduit_tui.storage.fields import decode_time, encode_time, plain

log = logging.getLogger(__name__)

MOST_BYTES = 200 * 1000 * 1000
"""All replies together; beyond it the oldest go."""

# Summed up from the index alone: the rows are as long as replies.
_BEYOND = """
DELETE FROM cached_replies WHERE rowid IN (
  SELECT rowid FROM (
    SELECT rowid, sum(size_bytes) OVER (ORDER BY recorded_at DESC, rowid DESC) AS total
    FROM cached_replies)
  WHERE total > :most_bytes)
"""


class ResponseCache:
    """Reads and writes kept replies. Every method may raise StorageError.

    `most_bytes` bounds them all together; a larger single reply is not kept.
    """

    def __init__(self, database: Database, most_bytes: int = MOST_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes

    async def load(self, key: str) -> KeptReply | None:
        """Return the reply to a request and count the hit.

        One that cannot be read is removed, and is none.
        """
        return await self._database.write(lambda sql: _load(sql, key))

    async def save(self, key: str, reply: KeptReply) -> None:
        """Keep a reply in place of an earlier one; the oldest go where there are too many.

        One that cannot be written down is not kept.
        """

        def save(sql: Sql) -> None:
            try:
                events = plain(encode_events(reply.events))
            except (ValueError, RecursionError) as error:
                log.warning("a reply cannot be written down: %s", type(error).__name__)
                return
            size_bytes = len(events.encode())
            sql.run("DELETE FROM cached_replies WHERE key = :key", key=key)
            if size_bytes > self._most_bytes:
                return
            sql.run(
                "INSERT INTO cached_replies (key, provider, model, recorded_at, size_bytes, events)"
                " VALUES (:key, :provider, :model, :recorded_at, :size_bytes, :events)",
                key=key,
                provider=reply.provider,
                model=reply.model,
                recorded_at=encode_time(reply.recorded_at),
                size_bytes=size_bytes,
                events=events,
            )
            sql.run(_BEYOND, most_bytes=self._most_bytes)

        await self._database.write(save)

    async def counts(self) -> KeptReplies:
        """How many replies there are, and how large they are."""

        def count(sql: Sql) -> KeptReplies:
            row = sql.run(
                "SELECT count(*), coalesce(sum(size_bytes), 0), coalesce(sum(hits), 0)"
                " FROM cached_replies"
            ).fetchone()
            return KeptReplies(*map(int, row))

        return await self._database.read(count)

    async def wipe(self) -> None:
        """Remove all of them, their words from the file too."""
        await self._database.write(lambda sql: sql.run("DELETE FROM cached_replies"))
        await self._database.forget_erased()


def _load(sql: Sql, key: str) -> KeptReply | None:
    # As bytes: text that is no UTF-8 any more would fail in the driver, not here.
    row = sql.run(
        "SELECT provider, model, recorded_at, CAST(events AS BLOB) FROM cached_replies"
        " WHERE key = :key",
        key=key,
    ).fetchone()
    if row is None:
        return None
    try:
        reply = _reply(*row)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("a kept reply cannot be read and is removed: %s", type(error).__name__)
        sql.run("DELETE FROM cached_replies WHERE key = :key", key=key)
        return None
    sql.run("UPDATE cached_replies SET hits = hits + 1 WHERE key = :key", key=key)
    return reply


def _reply(provider: str, model: str, recorded_at: str, events: bytes) -> KeptReply:
    decoded = decode_events(events.decode())
    if not any(isinstance(event, GenerationStopped) for event in decoded):
        raise ValueError("expected an end")
    at = decode_time(recorded_at)
    if at.tzinfo is None:
        raise ValueError("expected an aware time")
    return KeptReply(provider, model, at, decoded)

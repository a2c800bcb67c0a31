"""Messages as rows, and back."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeAlias, cast

from conduit_tui.core.json import Json
from conduit_tui.core.message import Message, Role, Status
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.storage import blobs
from conduit_tui.storage.codec import (
    decode_params,
    decode_parts,
    decode_usage,
    encode_params,
    encode_parts,
    encode_usage,
)
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import decode_time, encode_time, from_json, to_json

SeqMessage: TypeAlias = tuple[int, Message]

_INSERT = """
INSERT INTO messages
  (id, session_id, predecessor_seq, role, status, created_at, provider, model, usage, cost_usd,
   duration_seconds, stop, size_characters, newlines, error, params, provider_data, parts, text,
   copy_of)
VALUES
  (:id, :session_id, :predecessor_seq, :role, :status, :created_at, :provider, :model, :usage,
   :cost_usd, :duration_seconds, :stop, :size_characters, :newlines, :error, :params,
   :provider_data, :parts, :text, :copy_of)
"""

_SELECT = """
SELECT m.seq, m.id, m.session_id, above.id, m.role, m.status, m.created_at, m.provider, m.model,
  m.usage, m.cost_usd, m.duration_seconds, m.stop, m.error, m.params, m.provider_data, m.parts,
  m.text, m.copy_of
FROM messages m LEFT JOIN messages above ON above.seq = m.predecessor_seq
"""

_AFTER = f"{_SELECT} WHERE m.session_id = :session_id AND m.seq > :above_seq ORDER BY m.seq"

# The depth is bounded inside the recursion: a LIMIT outside would walk the whole path.
_END = f"""
WITH RECURSIVE line (seq, predecessor_seq, depth) AS (
  SELECT seq, predecessor_seq, 1 FROM messages WHERE id = :leaf_id AND session_id = :session_id
  UNION
  SELECT m.seq, m.predecessor_seq, line.depth + 1 FROM messages m
  JOIN line ON m.seq = line.predecessor_seq WHERE line.depth < :depth
)
{_SELECT}
WHERE m.seq IN (
  SELECT seq FROM line
  UNION SELECT s.seq FROM messages s JOIN line ON s.predecessor_seq IS line.predecessor_seq
  WHERE s.session_id = :session_id
)
ORDER BY m.seq
"""


def insert(sql: Sql, message: Message, predecessor_seq: int | None) -> int:
    """Add a message, and the bytes of its attachments; return its `seq`."""
    kept: list[str] = []

    def keep(data: bytes) -> str:
        kept.append(blobs.put(sql, data))
        return kept[-1]

    text, parts = encode_parts(message.parts, keep)
    cursor = sql.run(
        _INSERT,
        id=message.id,
        session_id=message.session_id,
        predecessor_seq=predecessor_seq,
        role=message.role,
        status=message.status,
        created_at=encode_time(message.created_at),
        provider=message.provider,
        model=message.model,
        usage=None if message.usage is None else to_json(encode_usage(message.usage)),
        cost_usd=None if message.cost_usd is None else str(message.cost_usd),
        duration_seconds=message.duration_seconds,
        stop=message.stop,
        size_characters=len(text),
        newlines=text.count("\n"),
        error=message.error,
        params=encode_params(message.params),
        provider_data=None if message.provider_data is None else to_json(message.provider_data),
        parts=parts,
        text=text,
        copy_of=message.copy_of,
    )
    seq = int(cursor.lastrowid or 0)
    for sha256 in dict.fromkeys(kept):
        sql.run(
            "INSERT INTO message_blobs (message_seq, sha256) VALUES (:seq, :sha256)",
            seq=seq,
            sha256=sha256,
        )
    return seq


def select(sql: Sql, session_id: str, above_seq: int = 0) -> Iterator[SeqMessage]:
    """Return the messages of a session that were committed after `above_seq`, in that order."""
    decoder = _Decoder(blobs.of_session(sql, session_id, above_seq))
    for row in sql.run(_AFTER, session_id=session_id, above_seq=above_seq):
        yield row[0], decoder.message(row)


def select_end(sql: Sql, session_id: str, leaf_id: str, depth: int) -> list[Message]:
    """Return a message, up to `depth` - 1 of those above it, and the siblings of all of them.

    They come in the order of commits.
    """
    rows = sql.run(_END, session_id=session_id, leaf_id=leaf_id, depth=depth).fetchall()
    decoder = _Decoder(blobs.of_messages(sql, [row[0] for row in rows]))
    return [decoder.message(row) for row in rows]


def ids_with(sql: Sql, digits: str, most: int) -> list[tuple[str, str]]:
    """Return messages whose id begins with digits in lower case, and the session of each.

    Sessions in the trash are left out.
    """
    rows = sql.run(
        "SELECT m.id, m.session_id FROM messages m JOIN sessions s ON s.id = m.session_id"
        " WHERE m.id >= :digits AND m.id < :digits || 'g' AND s.deleted_at IS NULL"
        " ORDER BY m.id LIMIT :most",
        digits=digits,
        most=most,
    )
    return [(str(message_id), str(session_id)) for message_id, session_id in rows]


class _Decoder:
    """Makes messages of rows. What many have in common is one object: a long session is small."""

    def __init__(self, data: dict[str, bytes]) -> None:
        self._data = data
        self._params: dict[str | None, Params] = {}
        self._texts: dict[str | None, str | None] = {}

    def message(self, row: tuple[Any, ...]) -> Message:
        """Return the message of a row of `_SELECT`; the database holds what `insert` wrote."""
        (_, message_id, session_id, predecessor_id, role, status, created_at, *rest) = row
        (provider, model, usage, cost_usd, duration_seconds, stop, error, *long) = rest
        (params, provider_data, parts, text, copy_of) = long
        return Message(
            id=self._shared(message_id),
            session_id=self._shared(session_id),
            predecessor_id=self._shared(predecessor_id),
            role=cast("Role", self._shared(role)),
            parts=decode_parts(text, parts, self._data.__getitem__),
            created_at=decode_time(created_at),
            provider=self._shared(provider),
            model=self._shared(model),
            params=self._decode_params(params),
            usage=_decode_usage(usage),
            cost_usd=None if cost_usd is None else Decimal(cost_usd),
            duration_seconds=duration_seconds,
            stop=self._shared(stop),
            status=cast("Status", self._shared(status)),
            error=error,
            provider_data=_decode_json(provider_data),
            copy_of=copy_of,
        )

    def _shared(self, text: Any) -> Any:
        """Return a short text as the one object that stands for it everywhere in the session."""
        return self._texts.setdefault(text, text)

    def _decode_params(self, text: str | None) -> Params:
        if text not in self._params:
            self._params[text] = decode_params(text)
        return self._params[text]


def _decode_usage(text: str | None) -> Usage | None:
    return None if text is None else decode_usage(from_json(text))


def _decode_json(text: str | None) -> Json:
    return None if text is None else from_json(text)

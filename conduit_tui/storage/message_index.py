"""The index of words over all messages: put in, taken out, and forgotten.

It is kept by the writer in the transaction that adds or erases a message. Triggers cannot do it:
with `trusted_schema=OFF` they may not touch a virtual table.
"""

from conduit_tui.core.searched_text import searched
from conduit_tui.storage.codec import decode_parts
from conduit_tui.storage.connection import Sql, SqlValue
from conduit_tui.storage.search_text import index_text

_PAGES_AT_ONCE = 500
_NOTHING_MERGED = 2
"""Changes that a merge counts when there was nothing to do."""


def prepare(sql: Sql) -> None:
    """Let statements on a connection ask for what stands in the index for a message."""
    sql.create_function("indexed_words", 2, _indexed_words, deterministic=True)


def add(sql: Sql, seq: int) -> None:
    """Put a message into the index."""
    sql.run(
        "INSERT INTO message_index (rowid, words)"
        " SELECT seq, indexed_words(text, parts) FROM messages WHERE seq = :seq",
        seq=seq,
    )


def remove(sql: Sql, chosen: str, **values: SqlValue) -> None:
    """Take messages out of the index, which still are in `messages`.

    `chosen` is a statement that returns their `seq`, with its `values`.
    """
    sql.run(
        "INSERT INTO message_index (message_index, rowid, words)"
        " SELECT 'delete', seq, indexed_words(text, parts) FROM messages"
        f" WHERE seq IN ({chosen})",
        **values,
    )


def forget_some(sql: Sql) -> bool:
    """Rewrite a part of the index without what was taken out; return whether there is more."""
    before = sql.total_changes
    sql.run(
        "INSERT INTO message_index (message_index, rank) VALUES ('merge', :pages)",
        pages=-_PAGES_AT_ONCE,
    )
    return sql.total_changes - before >= _NOTHING_MERGED


def words(text: str, parts: str) -> str:
    """Return what a search looks at, of a message as it is stored."""
    return searched(decode_parts(text, parts, lambda _: b""))


def _indexed_words(text: str, parts: str) -> str:
    return index_text(words(text, parts))

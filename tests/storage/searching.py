"""Stores to search in, and what a search would find if it looked at everything."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from conduit_tui.core.folding import composed, fold
from conduit_tui.core.hit import Hit
from conduit_tui.core.message import Message
from conduit_tui.core.query import Query, parse_query
from conduit_tui.core.searched_text import searched
from conduit_tui.core.session import Session
from conduit_tui.core.wording import first, words_of
from conduit_tui.storage.fields import plain
from conduit_tui.storage.sessions import SessionStore


def query(text: str) -> Query:
    """What a person in Greenwich typed."""
    return parse_query(text, datetime.now(UTC))


async def hits(store: SessionStore, wanted: Query | str, most: int = 1000) -> list[Hit]:
    """Everything that is found, in its order."""
    search = store.search(query(wanted) if isinstance(wanted, str) else wanted)
    found: list[Hit] = []
    while not search.is_done and len(found) < most:
        found.extend(await search.step(most - len(found)))
    return found


async def ids(store: SessionStore, wanted: Query | str, most: int = 1000) -> list[str]:
    """The messages that are found, in their order."""
    return [hit.message_id for hit in await hits(store, wanted, most)]


def has_words(message: Message, wanted: Query) -> bool:
    """Whether a message has all words of a query, by their definition alone."""
    text = fold(composed(plain(searched(message.parts))))
    return first(words_of(map(plain, wanted.words)), text) is not None


def expected(sessions: Sequence[Session], wanted: Query, order: Sequence[str]) -> list[str]:
    """The messages that are to be found, of sessions that are not in the trash, newest first."""
    fields: dict[str, Any] = {"words": (), "session": ""}
    filters = Query(**{**_fields(wanted), **fields})
    found = {
        message.id
        for session in sessions
        if wanted.session.casefold() in session.title.casefold()
        for message in session.visible()
        if filters.matches(message, session.mark(message.id)) and has_words(message, wanted)
    }
    return [message_id for message_id in reversed(order) if message_id in found]


def _fields(wanted: Query) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in Query.__dataclass_fields__}

"""Searching everything that was ever said, while somebody types."""

from collections.abc import AsyncGenerator

from conduit_tui.core.hit import Hit
from conduit_tui.core.query import Query
from conduit_tui.storage.sessions import SessionStore

MOST_HITS = 200


class Searching:
    """Searches every message of every branch of every session that is saved and in sight."""

    def __init__(self, store: SessionStore) -> None:
        self._store = store

    async def search(
        self, query: Query, limit: int = MOST_HITS
    ) -> AsyncGenerator[tuple[Hit, ...], None]:
        """Yield what is found in batches, the newest first; in all at most `limit` hits.

        An empty query finds the newest messages. The first batch comes as soon as there is
        anything to show. Cancelling who waits for a batch interrupts the search within
        milliseconds; between batches nothing runs. Raises StorageError.
        """
        search = self._store.search(query)
        while limit > 0 and not search.is_done:
            if hits := await search.step(limit):
                limit -= len(hits)
                yield hits

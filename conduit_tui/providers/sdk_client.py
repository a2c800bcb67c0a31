"""What the official clients of several vendors are held to; each is opened in a file of its own."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from conduit_tui.core.endpoint import Endpoint

CONNECT_SECONDS = 10.0

LIST_SECONDS = 10.0
"""How long a list of models is waited for: somebody looks at an empty picker meanwhile."""

LINGER_SECONDS = 5.0
"""How long usage and sources are waited for after a finish reason, and `[DONE]`."""

MOST_PAGES = 20
"""Pages of a list of models that are read; a server that never comes to an end is left."""

Client = TypeVar("Client")


class Connection(Generic[Client]):
    """The client of one endpoint, opened when it is first needed. Wires may share it."""

    def __init__(
        self,
        endpoint: Endpoint,
        opened: Callable[[Endpoint], Client],
        closed: Callable[[Client], Awaitable[None]],
    ) -> None:
        self._endpoint = endpoint
        self._opened, self._closed = opened, closed
        self._client: Client | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> Client:
        """Return the client; the first time the SDK is imported, in a thread."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)
            return self._client

    def _open(self) -> Client:
        """Open it with the collector at rest: walking through what an SDK brings costs up to 0.4 s.

        It stays for good, so the collector need not look at it later either.
        """
        collects = gc.isenabled()
        gc.disable()
        try:
            client = self._opened(self._endpoint)
            gc.freeze()
        finally:
            if collects:
                gc.enable()
        return client

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await self._closed(client)


def keep_out_of_the_log(*names: str) -> None:
    """Silence loggers that, at the levels of --debug, write down whole conversations."""
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)


def header_names(lines: str) -> Iterable[str]:
    """The names in an environment variable of header lines, which a client would add by itself."""
    pairs = (line.partition(":") for line in lines.split("\n"))
    return [name.strip() for name, colon, _ in pairs if colon]

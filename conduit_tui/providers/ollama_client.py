"""The official `ollama` client, held to one host and to the settings of one endpoint.

By itself the client reads host and key from the environment, follows redirects to any host, waits
for ever, drops the ids of tool calls and unknown fields, and dies of a broken line with what came
before it in hand. So requests are made through the client's own connection pool, and what comes
is read as bytes.
"""

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.addresses import is_loopback
from conduit_tui.providers.sdk_client import CONNECT_SECONDS, Connection, keep_out_of_the_log

if TYPE_CHECKING:
    from httpx import AsyncClient, Response

LOADING_FACTOR = 5
"""How many times `idle_seconds` the first byte may take: a large model is loaded before it."""

MOST_ERROR_BYTES = 1_000_000
MOST_ANSWER_BYTES = 32_000_000
_OTHER_WIRES = re.compile(r"/(?:v1|api)/*$")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read whole."""

    status_code: int
    headers: Mapping[str, str]
    text: str


class AnswerRefused(Exception):
    """A server did not answer with success."""

    def __init__(self, response: Answer) -> None:
        super().__init__()
        self.response = response
        self.status_code = response.status_code


def server_url(base_url: str) -> str:
    """Return where a server is: its base URL without the path of one of its wires."""
    return _OTHER_WIRES.sub("", base_url.rstrip("/"))


def open_client(endpoint: Endpoint) -> "AsyncClient":
    """Return the client's connections. Slow (imports the SDK): call it in a thread."""
    import httpx
    from ollama import AsyncClient

    keep_out_of_the_log("httpx", "httpcore")
    base_url = server_url(endpoint.base_url)
    sdk: Any = AsyncClient(  # its keyword arguments have no types
        host=base_url,
        follow_redirects=False,
        timeout=httpx.Timeout(endpoint.idle_seconds, connect=CONNECT_SECONDS),
        # a proxy for the web cannot reach a server on this machine
        trust_env=not is_loopback(base_url),
        # and without TLS, reading the certificates would be 20 ms of CPU for nothing
        verify=not (is_loopback(base_url) and base_url.startswith("http://")),
    )
    # the SDK has no other way to the bytes of a stream; its version is bound for this
    connections: httpx.AsyncClient = sdk._client
    # it may be OLLAMA_API_KEY, meant for another host; ours goes along with each request
    connections.headers.pop("authorization", None)
    return connections


class OllamaServer:
    """Requests to one server. The connections are opened with the first one."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = Connection(endpoint, open_client, lambda client: client.aclose())

    @asynccontextmanager
    async def stream(
        self, path: str, body: Json, seconds: float
    ) -> AsyncGenerator[AsyncGenerator[bytes, None], None]:
        """Post a body; inside, the bytes of the answer as they arrive. Leaving closes the socket.

        The server may be silent for as long as `seconds`. Raises AnswerRefused.
        """
        async with self._asked("POST", path, body, seconds) as response:
            # httpx declares an iterator where it has a generator
            yield cast("AsyncGenerator[bytes, None]", response.aiter_bytes())

    async def ask(self, path: str, body: Json, seconds: float) -> Json:
        """Post a body (get, without one) and return the JSON value that comes.

        Raises AnswerRefused, and ValueError for anything that is no JSON.
        """
        method = "GET" if body is None else "POST"
        async with self._asked(method, path, body, seconds) as response:
            return cast("Json", json.loads(await _read(response, MOST_ANSWER_BYTES)))

    async def open(self) -> "AsyncClient":
        """Open the connections, which takes a while the first time."""
        return await self._connection.open()

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()

    @asynccontextmanager
    async def _asked(
        self, method: str, path: str, body: Json, seconds: float
    ) -> AsyncGenerator["Response", None]:
        client = await self.open()
        import httpx  # loaded by now

        key = self._endpoint.api_key
        async with client.stream(
            method,
            f"{server_url(self._endpoint.base_url)}{path}",
            content=None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8"),
            headers={"Authorization": f"Bearer {key.reveal()}"} if key else None,
            timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
        ) as response:
            if not response.is_success:
                text = (await _read(response, MOST_ERROR_BYTES)).decode("utf-8", "replace")
                raise AnswerRefused(Answer(response.status_code, response.headers, text))
            yield response


async def _read(response: "Response", most_bytes: int) -> bytes:
    """The body as far as it is of use: what is too long is cut."""
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size >= most_bytes:
            break
    return b"".join(pieces)[:most_bytes]

"""The official `google-genai` client, held to one host and to the settings of one endpoint.

By itself the client takes keys, a project, another service (Vertex AI) and base URLs from the
environment, warns about them on stderr, follows redirects with the key in hand, waits without
end, and silently prefers aiohttp where that is installed. With an HTTP client of ours in its
hands it does none of this. It never learns the key: that is put into each request on its way.

The SDK hides the bytes of a stream behind pydantic models that refuse what they do not know, so
three of its private names are used here (`_api_client`, `_build_request`, `_async_request`);
pyproject.toml bounds its version, and tests hold it to them.
"""

import json
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.addresses import is_loopback
from conduit_tui.providers.sdk_client import CONNECT_SECONDS, Connection, keep_out_of_the_log

if TYPE_CHECKING:
    import httpx2

DEFAULT_VERSION = "v1beta"
"""What the vendor's documentation of generateContent says throughout; the SDK's own is v1."""

_KEY_HEADER = "x-goog-api-key"
_VERSION = re.compile(r"/(v\d+(?:alpha|beta)?\d*)(?:/openai)?/*$")
_NEVER_SENT = "not-the-key"


class Refused(Exception):
    """A server did not answer with success. `response` is what it said, all of it."""

    def __init__(self, response: "httpx2.Response") -> None:
        super().__init__()
        self.response = response
        self.status_code = response.status_code


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """The SDK's client and the connections under it."""

    sdk: Any
    http: "httpx2.AsyncClient"

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()


def server_and_version(base_url: str) -> tuple[str, str]:
    """Part a base URL from the version of the API that may stand at its end.

    `/v1beta/openai`, the address of the chat wire on the same server, is understood as well.
    """
    found = _VERSION.search(base_url)
    return (base_url[: found.start()], found[1]) if found else (base_url, DEFAULT_VERSION)


def open_client(endpoint: Endpoint) -> GoogleClient:
    """Return a client. Slow (imports the SDK, reads certificates): call it in a thread."""
    import httpx2
    from google import genai
    from google.genai.types import HttpOptions

    _keep_out_of_the_log()
    server, version = server_and_version(endpoint.base_url)
    http = _http_client(endpoint)
    # without a second client and a word on TLS the SDK builds contexts that nobody uses
    unused = httpx2.Client(transport=httpx2.MockTransport(_refuse_to_send))
    sdk = genai.Client(
        vertexai=False,
        api_key=_NEVER_SENT,
        http_options=HttpOptions(
            base_url=server,
            api_version=version,
            httpx_client=unused,
            httpx_async_client=http,
            async_client_args={"ssl": False},
        ),
    )
    return GoogleClient(sdk, http)


def connection_to(endpoint: Endpoint) -> Connection[GoogleClient]:
    """What keeps the client of an endpoint."""
    return Connection(endpoint, open_client, lambda client: client.aclose())


@asynccontextmanager
async def post_for_stream(
    client: GoogleClient, path: str, body: dict[str, Json]
) -> AsyncGenerator[AsyncGenerator[bytes, None], None]:
    """Post a body; inside, the bytes of the answer as they arrive. Leaving closes the socket.

    Raises Refused, and what httpx2 raises.
    """
    api = client.sdk._api_client
    request = api._build_request("post", path, dict(body))
    answer = await api._async_request(request, stream=True)
    response: httpx2.Response = answer.response_stream
    try:
        yield response.aiter_bytes()
    finally:
        await response.aclose()


async def ask_json(
    client: GoogleClient, path: str, seconds: float, body: dict[str, Json] | None = None
) -> Json:
    """Get a JSON value, or post a body for one; raises Refused, ValueError for anything else."""
    api = client.sdk._api_client
    request = api._build_request("get" if body is None else "post", path, dict(body or {}))
    request.timeout = seconds
    answer = await api._async_request(request, stream=False)
    return cast("Json", json.loads(answer.response_stream[0]))


def _http_client(endpoint: Endpoint) -> "httpx2.AsyncClient":
    import httpx2

    patience = httpx2.Timeout(endpoint.idle_seconds, connect=CONNECT_SECONDS).as_dict()
    host = httpx2.URL(endpoint.base_url).host
    key = endpoint.api_key.reveal() if endpoint.api_key else ""

    async def prepare(request: httpx2.Request) -> None:
        request.headers.pop(_KEY_HEADER, None)
        if key and request.url.host == host:
            request.headers[_KEY_HEADER] = key
        given: dict[str, float | None] = request.extensions.get("timeout", {})
        if given.get("read") is None:  # the SDK says that it would wait for ever
            request.extensions["timeout"] = patience

    async def check(response: httpx2.Response) -> None:
        if not response.is_success:
            await response.aread()
            raise Refused(response)
        response.status_code = 200  # the SDK takes no other for an answer

    return httpx2.AsyncClient(
        follow_redirects=False,
        # a proxy for the web cannot reach a server on this machine
        trust_env=not is_loopback(endpoint.base_url),
        event_hooks={"request": [prepare], "response": [check]},
    )


def _refuse_to_send(_request: object) -> Any:
    raise AssertionError("requests go through the asynchronous client")


def _keep_out_of_the_log() -> None:
    """These warn of keys in the environment, and at lower levels log whole conversations."""
    logging.getLogger("google_genai").setLevel(logging.ERROR)
    keep_out_of_the_log("google.genai", "httpx2", "httpcore2")

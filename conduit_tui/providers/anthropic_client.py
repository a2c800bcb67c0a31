"""The official `anthropic` client, held to one host and to the settings of one endpoint.

By itself the client looks for a key, a token, a profile on disk and further headers in the
environment, sends them to whatever host it is pointed at, retries without a word, follows
redirects and reports spans to a tracer. Not so here.
"""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.addresses import is_anthropic_host, is_loopback
from conduit_tui.providers.sdk_client import (
    CONNECT_SECONDS,
    Connection,
    header_names,
    keep_out_of_the_log,
)
from conduit_tui.providers.shapes import as_object, as_text

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic, Omit

OLDER_VERSION = "2023-06-01"
"""The version of the API that every server of this wire knows, and that takes a temperature.

https://platform.claude.com/docs/en/api/versioning: 2026-10-21, which the client sends by itself,
answers 400 to temperature, top_p and top_k.
"""

_SAMPLING = frozenset({"temperature", "top_p", "top_k"})
_INTERLEAVED = "interleaved-thinking-2025-05-14"
_NO_KEY = "none"

Headers = Mapping[str, "str | Omit"]


def open_client(endpoint: Endpoint) -> "AsyncAnthropic":
    """Return a client. Slow (imports the SDK, reads certificates): call it in a thread."""
    import httpx2
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

    keep_out_of_the_log("anthropic", "httpx2", "httpcore2")
    base_url = root(endpoint.base_url)
    timeout = httpx2.Timeout(endpoint.idle_seconds, connect=CONNECT_SECONDS)
    return AsyncAnthropic(
        # given in any case: without one it looks for tokens and profiles
        api_key=endpoint.api_key.reveal() if endpoint.api_key else _NO_KEY,
        webhook_key="",
        base_url=base_url,
        max_retries=0,
        timeout=timeout,
        open_telemetry=False,
        default_headers=None if is_anthropic_host(base_url) else _strangers_headers(),
        http_client=DefaultAsyncHttpxClient(
            base_url=base_url,
            timeout=timeout,
            follow_redirects=False,
            # a proxy for the web cannot reach a server on this machine
            trust_env=not is_loopback(base_url),
        ),
    )


def connection_to(endpoint: Endpoint) -> "Connection[AsyncAnthropic]":
    """What keeps the client of an endpoint."""
    return Connection(endpoint, open_client, lambda client: client.close())


def root(base_url: str) -> str:
    """The base URL without the `/v1` that every path begins with; many people write it."""
    return base_url.rstrip("/").removesuffix("/v1")


@asynccontextmanager
async def post_for_stream(
    client: "AsyncAnthropic", endpoint: Endpoint, path: str, body: Mapping[str, Json]
) -> AsyncGenerator[AsyncGenerator[bytes, None], None]:
    """Post a body; inside, the bytes of the answer as they arrive. Leaving closes the socket."""
    from anthropic import AsyncStream

    async with await client.post(
        path,
        cast_to=object,
        body=body,
        options={"headers": _headers(endpoint, body)},
        stream=True,
        stream_cls=AsyncStream[object],
    ) as stream:
        yield stream.response.aiter_bytes()


async def post_for_json(
    client: "AsyncAnthropic",
    endpoint: Endpoint,
    path: str,
    body: Mapping[str, Json],
    seconds: float,
) -> Json:
    """Post a body, and return the JSON value of the answer; raises ValueError for anything else."""
    import httpx2

    answer = await client.post(
        path,
        cast_to=httpx2.Response,
        body=body,
        options={"headers": _headers(endpoint, body), "timeout": seconds},
    )
    return cast("Json", answer.json())


async def get_json(
    client: "AsyncAnthropic",
    endpoint: Endpoint,
    path: str,
    query: Mapping[str, str],
    seconds: float,
) -> Json:
    """Get a JSON value within some seconds; raises ValueError for anything else."""
    import httpx2

    answer = await client.get(
        path,
        cast_to=httpx2.Response,
        options={"headers": _headers(endpoint, {}), "params": query, "timeout": seconds},
    )
    return cast("Json", answer.json())


def _headers(endpoint: Endpoint, body: Mapping[str, Json]) -> Headers:
    """Said with every request, so that this key is sent or none, whatever the client holds.

    The key goes in both places. The client's own `Authorization` is new, and many servers of this
    wire know `x-api-key` alone; others know only the former. Anthropic takes either.
    """
    from anthropic import omit

    key = endpoint.api_key.reveal() if endpoint.api_key else ""
    headers: dict[str, str | Omit] = {
        "Authorization": f"Bearer {key}" if key else omit,
        "X-Api-Key": key or omit,
    }
    if body.keys() & _SAMPLING or not is_anthropic_host(endpoint.base_url):
        headers["anthropic-version"] = OLDER_VERSION
    if body.get("tools") and as_text(as_object(body.get("thinking")).get("type")) == "enabled":
        headers["anthropic-beta"] = _INTERLEAVED
    return headers


def _strangers_headers() -> dict[str, str]:
    """Take back every header the client would add from its own environment variable."""
    from anthropic import omit

    # the client takes `omit` here, though its annotation says str
    return dict.fromkeys(header_names(os.environ.get("ANTHROPIC_CUSTOM_HEADERS", "")), omit)  # pyright: ignore[reportReturnType]

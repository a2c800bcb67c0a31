"""The official `openai` client, held to one host and to the settings of one endpoint.

By itself the client reads the key, organization, project and further headers of OpenAI's own
service from the environment and sends them to whatever host it is pointed at; it retries without
a word and follows redirects, with the conversation in hand, to any host. Not so here.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlsplit

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.addresses import is_azure_host, is_loopback, is_openai_host
from conduit_tui.providers.sdk_client import (
    CONNECT_SECONDS,
    Connection,
    header_names,
    keep_out_of_the_log,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI, Omit

_NO_KEY = "none"
_BEGIN_OF_A_TOKEN = "eyJ"
"""What a JSON Web Token begins with, as `az account get-access-token` prints it."""


def open_client(endpoint: Endpoint) -> "AsyncOpenAI":
    """Return a client. Slow (imports the SDK, reads certificates): call it in a thread."""
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    keep_out_of_the_log("openai", "httpx2", "httpcore2")
    timeout = httpx2.Timeout(endpoint.idle_seconds, connect=CONNECT_SECONDS)
    parts = urlsplit(endpoint.base_url)  # Azure's may end in `?api-version=...`
    base_url = parts._replace(query="", fragment="").geturl()
    return AsyncOpenAI(
        api_key=endpoint.api_key.reveal() if endpoint.api_key else _NO_KEY,
        admin_api_key="",
        webhook_secret="",
        base_url=base_url,
        default_query=dict(parse_qsl(parts.query)),
        max_retries=0,
        timeout=timeout,
        default_headers=None if is_openai_host(endpoint.base_url) else _strangers_headers(),
        http_client=DefaultAsyncHttpxClient(
            base_url=base_url,
            timeout=timeout,
            follow_redirects=False,
            # a proxy for the web cannot reach a server on this machine
            trust_env=not is_loopback(endpoint.base_url),
        ),
    )


class OpenAIConnection(Connection["AsyncOpenAI"]):
    """What keeps the client of an endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint, open_client, lambda client: client.close())


@asynccontextmanager
async def post_for_stream(
    client: "AsyncOpenAI", endpoint: Endpoint, path: str, body: object
) -> AsyncGenerator[AsyncGenerator[bytes, None], None]:
    """Post a body; inside, the bytes of the answer as they arrive. Leaving closes the socket.

    This is what `client.chat.completions.create` comes to. That itself would first import every
    resource of the API, half as much again as the client (0.5 s of CPU on top of 1.1 s).
    """
    from openai import AsyncStream

    async with await client.post(
        path,
        cast_to=object,
        body=body,
        options={"headers": authorization(endpoint)},
        stream=True,
        stream_cls=AsyncStream[object],
    ) as stream:
        yield stream.response.aiter_bytes()


async def get_json(client: "AsyncOpenAI", endpoint: Endpoint, path: str, seconds: float) -> Json:
    """Get a JSON value within some seconds; raises ValueError for anything else."""
    import httpx2

    answer = await client.get(
        path,
        cast_to=httpx2.Response,
        options={"headers": authorization(endpoint), "timeout": seconds},
    )
    return cast("Json", answer.json())


def authorization(endpoint: Endpoint) -> dict[str, "str | Omit"]:
    """Said with every request, so that this key is sent or none, whatever the client holds.

    Azure takes a key in a header of its own, and what stands here for a token of Entra:
    https://learn.microsoft.com/azure/ai-services/openai/reference#authentication
    """
    from openai import omit

    if not endpoint.api_key:
        return {"Authorization": omit}
    key = endpoint.api_key.reveal()
    if is_azure_host(endpoint.base_url) and not key.startswith(_BEGIN_OF_A_TOKEN):
        return {"Authorization": omit, "api-key": key}
    return {"Authorization": f"Bearer {key}"}


def _strangers_headers() -> dict[str, str]:
    """Take back every header the client would add from its own environment variables."""
    from openai import omit

    names = header_names(os.environ.get("OPENAI_CUSTOM_HEADERS", ""))
    # the client takes `omit` here, though its annotation says str
    return dict.fromkeys(("OpenAI-Organization", "OpenAI-Project", *names), omit)  # pyright: ignore[reportReturnType]

"""Brave Search, as far as searching the web goes. By hand:

    python -m tests.servers.brave_server
    BRAVE_API_KEY=any BRAVE_BASE_URL=http://127.0.0.1:8086 ...

Written from https://api-dashboard.search.brave.com/api-reference/web/search/get.
"""

import argparse
import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.http import Exchange, LoopbackServer, Reply

KEY = "BSA-key-of-a-person"

RESULTS: list[dict[str, Any]] = [
    {
        "type": "search_result",
        "title": "Raft &amp; friends",
        "url": "https://raft.github.io/",
        "description": "The <strong>Raft</strong> algorithm: a &lt;leader&gt; &#x27;leads&#x27;.",
        "age": "2 days ago",
        "page_age": "2026-11-24T10:00:00",
        "meta_url": {"scheme": "https", "netloc": "raft.github.io"},
    },
    {
        "type": "search_result",
        "title": "Raft (algorithm)",
        "url": "https://en.wikipedia.org/wiki/Raft_(algorithm)",
        "description": "",
        "page_age": "2026-03-01T00:00:00",
    },
]


def asked(exchange: Exchange) -> dict[str, str]:
    """The parameters of a search."""
    return {name: values[0] for name, values in parse_qs(urlsplit(exchange.path).query).items()}


def found(results: object, **more: object) -> Reply:
    """An answer with results."""
    said = {"type": "search", "query": {"original": "raft"}, "web": {"results": results}, **more}
    return reply(json.dumps(said).encode())


def reply(body: bytes, status: int = 200, **headers: str) -> Reply:
    """An answer of any kind."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply([body], status, "application/json", named)


def refused(status: int, code: str, detail: str, **headers: str) -> Reply:
    """An error as Brave words it."""
    error = {"id": "e1", "status": status, "code": code, "detail": detail}
    return reply(json.dumps({"type": "ErrorResponse", "error": error}).encode(), status, **headers)


def search(exchange: Exchange) -> Reply:
    """Answer as the real one does, to whoever has the key."""
    if urlsplit(exchange.path).path != "/res/v1/web/search":
        return refused(404, "NOT_FOUND", "There is nothing here.")
    if exchange.headers.get("x-subscription-token") != KEY:
        detail = "The provided subscription token is invalid."
        return refused(422, "SUBSCRIPTION_TOKEN_INVALID", detail)
    given = asked(exchange)
    if not 0 < len(given.get("q", "")) <= 400 or int(given.get("count", "20")) > 20:
        return refused(422, "VALIDATION", "Unable to validate request parameter(s)")
    return found(RESULTS[: int(given.get("count", "20"))])


async def _serve(port: int) -> None:
    async with LoopbackServer(search, port) as server:
        print(f"BRAVE_BASE_URL=http://127.0.0.1:{server.port} BRAVE_API_KEY={KEY}")  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8086)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))

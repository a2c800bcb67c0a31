"""Fetching models: progress over mixed layers, and every way it can end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ModelNotFound,
    StreamInterrupted,
)
from conduit_tui.core.pulling import PullProgress
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.ollama_host import OllamaHost, PullDecoder
from tests.providers.asking import KEY, endpoint
from tests.servers.http import Cut, Reply, Stall, Step
from tests.servers.ollama_server import OllamaServer, as_json, error, line, lines

MANIFEST = line({"status": "pulling manifest"})
SUCCESS = line({"status": "success"})


def layer(digest: str, total: int, completed: int | None = None) -> dict[str, Any]:
    fields = {"status": f"pulling {digest}", "digest": f"sha256:{digest}", "total": total}
    return fields if completed is None else fields | {"completed": completed}


@asynccontextmanager
async def serving(pulls: Any, **fields: Any) -> AsyncIterator[tuple[OllamaServer, OllamaHost]]:
    async with OllamaServer(pulls=pulls) as server:
        host = OllamaHost(endpoint(server.url, **fields))
        try:
            yield server, host
        finally:
            await host.aclose()


async def pulled(host: OllamaHost, model: str = "qwen3:8b") -> list[Any]:
    """Every value of a pull, and the error it ended with as the last of them."""
    seen: list[Any] = []
    try:
        async with aclosing(host.pull(model)) as progress:
            async for each in progress:
                seen.append(each)  # noqa: PERF401 - a comprehension loses them at the error
    except Exception as failure:
        seen.append(failure)
    return seen


def test_bytes_are_summed_over_layers_whose_lines_are_mixed() -> None:
    decoder = PullDecoder()
    steps = [
        (layer("a", 100), (0, 100)),
        (layer("b", 50), (0, 150)),
        (layer("a", 100, 40), (40, 150)),
        (layer("b", 50, 10), (50, 150)),
        (layer("a", 100), (50, 150)),
        (layer("a", 100, 100), (110, 150)),
        (layer("b", 50, 90), (150, 150)),
        ({"status": "verifying sha256 digest"}, (150, 150)),
    ]
    for sent, (completed, total) in steps:
        progress = decoder.feed(sent)
        assert (progress.completed_bytes, progress.total_bytes) == (completed, total)
        assert (progress.status, progress.is_done) == (sent["status"], False)
    assert decoder.feed({"status": "success"}).is_done


@pytest.mark.parametrize(
    "odd", [{}, {"status": None, "digest": 7}, {"digest": "x", "total": None, "completed": "1"}]
)
def test_odd_lines_do_no_harm(odd: Any) -> None:
    assert PullDecoder().feed(odd) == PullProgress("")


def test_an_error_is_no_progress() -> None:
    with pytest.raises(ErrorFrame):
        PullDecoder().feed({"error": "no", "status": "success"})


async def test_a_pull_is_followed_to_its_success() -> None:
    steps = [MANIFEST, line(layer("a", 10, 10)), SUCCESS, Stall]
    async with serving(lines(*steps, piece_bytes=5)) as (server, host):
        assert await pulled(host) == [
            PullProgress("pulling manifest"),
            PullProgress("pulling a", 10, 10),
            PullProgress("success", 10, 10, is_done=True),
        ]
    (exchange,) = server.exchanges
    assert exchange.body == {"model": "qwen3:8b", "stream": True}
    assert exchange.headers["authorization"] == f"Bearer {KEY}"


async def test_a_server_that_tells_only_the_end_is_understood() -> None:
    async with serving(as_json({"status": "success"})) as (_, host):
        assert [one.is_done for one in await pulled(host)] == [True]


GOES_ON = "/pull qwen3:8b goes on from where it stopped."


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        (
            [line({"error": "pull model manifest: file does not exist"})],
            ModelNotFound,
            "Ollama's library has no model 'qwen3:8b'.",
        ),
        (
            [line(layer("a", 9, 1)), line({"error": "write /x: no space left on device"})],
            BadResponse,
            "The disk of the Ollama server is full (write /x: no space left on device). Make room",
        ),
        (
            [line({"error": "max retries exceeded: dial tcp: lookup registry.ollama.ai"})],
            ConnectionLost,
            "Ollama could not pull 'qwen3:8b': max retries exceeded: dial tcp",
        ),
        ([line({"error": "requires a newer version of Ollama."})], BadResponse, "Update it; then"),
        ([MANIFEST], StreamInterrupted, f"broke off. {GOES_ON}"),
        ([MANIFEST, Cut], StreamInterrupted, f"closed the connection in mid-pull. {GOES_ON}"),
        ([MANIFEST, b"{nonsense\n"], StreamInterrupted, f"broken data in mid-pull. {GOES_ON}"),
        ([b"<title>Sign in</title>"], BadResponse, "a web page titled 'Sign in'"),
        ([Cut], ConnectionLost, "closed the connection"),
    ],
)
async def test_what_ends_a_pull_is_told_in_words(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(lines(*steps)) as (_, host):
        seen = await pulled(host)
    assert isinstance(seen[-1], kind), seen
    assert words in str(seen[-1])


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (error("pull model manifest: file does not exist", 500), ModelNotFound, "has no model"),
        (error("invalid model name", 400), ModelNotFound, "has no model"),
        (error("requires a newer version of Ollama", 412), BadResponse, "needs a newer Ollama"),
        (error("unauthorized", 401), AuthenticationFailed, "does not accept the key"),
        (
            Reply(status=307, headers={"location": "http://127.0.0.1:9/"}),
            BadResponse,
            "not followed",
        ),
    ],
)
async def test_a_refused_pull_is_told_in_words(
    reply: Reply, kind: type[Exception], words: str
) -> None:
    async with serving(reply) as (_, host):
        (failure,) = await pulled(host)
    assert isinstance(failure, kind), failure
    assert words in str(failure)


async def test_without_a_server_it_says_how_to_start_one() -> None:
    async with OllamaServer() as server:
        gone = server.url
    host = OllamaHost(endpoint(gone))
    (failure,) = await pulled(host)
    await host.aclose()
    assert "Is Ollama running? Start it with `ollama serve`." in str(failure)


async def test_silence_is_endured_as_long_as_before_a_reply() -> None:
    async with serving(lines(MANIFEST, Stall), idle_seconds=0.1) as (_, host):
        assert "sent nothing for 0.5 s in mid-pull" in str((await pulled(host))[-1])


async def test_stopping_closes_the_socket_at_once() -> None:
    async with serving(lines(MANIFEST, Stall)) as (server, host):
        progress = host.pull("x")
        await anext(progress)
        await progress.aclose()
        await asyncio.wait_for(server.exchanges[0].left.wait(), 5)


async def test_the_version_is_told_and_a_server_without_one_has_none() -> None:
    async with serving(None) as (_, host):
        assert await host.version() == "0.12.6"
    host = OllamaHost(endpoint("http://127.0.0.1:9"))
    assert await host.version() == ""
    await host.aclose()

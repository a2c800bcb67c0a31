"""The adapter end to end: the real SDK against a real server on loopback."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamInterrupted,
)
from conduit_tui.core.events import (
    GenerationStopped,
    RetryScheduled,
    TextDelta,
    UsageReported,
)
from conduit_tui.core.message import Message, Thinking
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.providers import anthropic_client
from conduit_tui.providers.adapters.anthropic_messages import AnthropicMessages
from conduit_tui.providers.retry import Retrying
from tests.providers.asking import (
    CLOCK,
    KEY,
    endpoint,
    events_of,
    events_until_error,
    message,
    request,
    user,
)
from tests.servers.anthropic_scripts import HALF
from tests.servers.anthropic_server import (
    PING,
    AnthropicServer,
    delta,
    error,
    event,
    message_delta,
    message_start,
    message_stop,
    refused,
    said,
    start,
    stop,
    streamed,
    text,
    whole,
)
from tests.servers.http import Cut, Reply, Stall, Step

HELLO = [
    UsageReported(Usage(10, 1)),
    TextDelta("Hel"),
    TextDelta("lo 🧭"),
    UsageReported(Usage(10, 5)),
    GenerationStopped("end_turn"),
]
HALF_TOLD = [UsageReported(Usage(10, 1)), TextDelta("Half of an "), TextDelta("answer")]


@asynccontextmanager
async def serving(
    *replies: Any, server: Any = None, **fields: Any
) -> AsyncIterator[tuple[AnthropicServer, AnthropicMessages]]:
    """A server and a provider that talks to it."""
    async with AnthropicServer(*replies, **(server or {})) as listening:
        provider = AnthropicMessages(endpoint(listening.url, **({"kind": "anthropic"} | fields)))
        try:
            yield listening, provider
        finally:
            await provider.aclose()


async def test_a_reply_streams_through_the_sdk() -> None:
    async with serving(streamed("Hel", "lo 🧭")) as (server, provider):
        assert await events_of(provider) == HELLO

    (exchange,) = server.exchanges
    assert (exchange.method, exchange.path) == ("POST", "/v1/messages")
    assert exchange.body["stream"] is True
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.headers["x-api-key"] == KEY
    assert exchange.headers["anthropic-version"] == "2023-06-01"
    assert exchange.headers["user-agent"].startswith("AsyncAnthropic/")


async def test_a_base_url_may_end_in_v1() -> None:
    async with AnthropicServer(streamed("x")) as server:
        provider = AnthropicMessages(endpoint(f"{server.url}/v1/"))
        await events_of(provider)
        await provider.list_models()
        await provider.aclose()

    assert [one.path.partition("?")[0] for one in server.exchanges] == [
        "/v1/messages",
        "/v1/models",
    ]


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
async def test_bytes_may_arrive_in_pieces_of_any_size(piece_bytes: int) -> None:
    async with serving(streamed("Hel", "lo 🧭", piece_bytes=piece_bytes)) as (_, provider):
        assert await events_of(provider) == HELLO


async def test_a_stream_cut_after_any_of_its_bytes_is_never_taken_for_a_finished_one() -> None:
    body = b"".join(
        [
            *(step for step in text(0, "ab", "🧭c") if isinstance(step, bytes)),
            message_delta(),
            b'data: {"type": "message_stop"}',
        ]
    )
    ends = range(0, len(body) - 1, 3)
    async with serving(*(Reply([body[:end], Cut]) for end in ends)) as (_, provider):
        for end in ends:
            events = await events_until_error(provider)
            told = "".join(one.text for one in events if isinstance(one, TextDelta))
            assert "ab🧭c".startswith(told)
            kind = StreamInterrupted if told else ConnectionLost
            assert isinstance(events[-1], kind), (end, events)


async def test_events_are_yielded_as_they_arrive() -> None:
    gate = asyncio.Event()
    steps: list[Step] = [*HALF[1:3], gate, *said("second")]
    async with serving(Reply(steps)) as (_, provider):
        stream = provider.stream(request())
        assert await anext(stream) == TextDelta("Half of an ")
        gate.set()
        assert [one async for one in stream][-1] == GenerationStopped("end_turn")


async def test_the_name_of_an_event_will_do_without_its_type() -> None:
    steps = [step.replace(b'"type": "message_stop"', b'"a": 1') for step in said("x")]  # type: ignore[union-attr]
    async with serving(Reply(steps)) as (_, provider):
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")


async def test_carriage_returns_comments_and_pings_are_part_of_the_wire() -> None:
    data = b"".join(said("x")).replace(b"\n", b"\r\n")  # type: ignore[arg-type]
    async with serving(Reply([b": hello\r\n\r\n", PING, data])) as (_, provider):
        assert TextDelta("x") in await events_of(provider)


async def test_the_end_marker_ends_it_whatever_the_server_does_then() -> None:
    async with serving(Reply([*said("x"), Stall])) as (server, provider):
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")
        await server.exchanges[0].left.wait()


@pytest.mark.parametrize(
    "steps",
    [HALF, [*HALF, stop(0), message_delta()], [*HALF, message_delta(), b"data: [DONE]\n\n"]],
)
async def test_a_clean_end_without_the_marker_is_none(steps: list[Step]) -> None:
    async with serving(Reply(steps)) as (_, provider):
        events = await events_of(provider)

    assert events[:3] == HALF_TOLD
    assert not any(isinstance(one, GenerationStopped) for one in events)


async def test_bytes_that_are_no_utf8_do_not_break_a_reply() -> None:
    broken = delta(0, "text_delta", text="X").replace(b"X", b"\xf0\x9f")
    steps = [message_start(), start(0, type="text", text=""), broken, stop(0), message_stop()]
    async with serving(Reply(steps)) as (_, provider):
        assert TextDelta("\ufffd") in await events_of(provider)


async def test_a_server_that_does_not_stream_is_understood() -> None:
    async with serving(whole({"type": "text", "text": "All at once."})) as (_, provider):
        assert await events_of(provider) == [
            TextDelta("All at once."),
            UsageReported(Usage(3, 4)),
            GenerationStopped("end_turn"),
        ]


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([message_start(), Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([*HALF, Cut], StreamInterrupted, "closed the connection in mid-reply"),
        ([*HALF, b"data: {nonsense\n\n"], StreamInterrupted, "broken data in mid-reply"),
        ([b"data: {nonsense\n\n"], BadResponse, "broken data instead of a reply"),
        (
            [*HALF, event("error", error={"type": "overloaded_error", "message": "Overloaded"})],
            StreamInterrupted,
            "broke off with an error: Overloaded.",
        ),
        (
            [message_start(), event("error", error={"type": "api_error", "message": "Oops"})],
            Overloaded,
            "failed on its side (500): Oops.",
        ),
        ([*HALF, b"event: error\ndata: no memory\n\n"], StreamInterrupted, "no memory."),
        ([], BadResponse, "nothing at all where a reply should be"),
        ([b"<html><title>Sign in</title></html>"], BadResponse, "a web page titled 'Sign in'"),
        ([b'{"type":"error","error":{"message":"no"}}'], BadResponse, "no."),
        ([b'{"status": "ok"}'], BadResponse, "where a reply should be"),
    ],
)
async def test_what_breaks_a_stream_is_told_in_words(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(Reply(steps)) as (_, provider):
        events = await events_until_error(provider)

    assert isinstance(events[-1], kind), events
    assert words in str(events[-1])
    assert events[:-1] in ([], HALF_TOLD)


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Stall], ConnectionLost, "sent nothing for 0.05 s. Try again, or allow more"),
        ([*HALF, Stall], StreamInterrupted, "sent nothing for 0.05 s in mid-reply"),
    ],
)
async def test_silence_is_not_endured_for_ever(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(Reply(steps), idle_seconds=0.05) as (server, provider):
        events = await events_until_error(provider)
        await server.exchanges[0].left.wait()

    assert isinstance(events[-1], kind), events
    assert words in str(events[-1])


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (
            401,
            error("invalid x-api-key", "authentication_error"),
            AuthenticationFailed,
            "LOCAL_API",
        ),
        (403, error("Not for you", "permission_error"), AuthenticationFailed, "Not for you."),
        (404, error("model: claude-x", "not_found_error"), ModelNotFound, "no model 'test-model'"),
        (
            400,
            error("prompt is too long: 210000 tokens > 200000 maximum"),
            ContextTooLong,
            "it has 210,000 tokens, 200,000 fit",
        ),
        (
            400,
            error("input length and `max_tokens` exceed context limit: 199900 + 20000 > 200000"),
            ContextTooLong,
            "it has 219,900 tokens, 200,000 fit",
        ),
        (400, error("Your credit balance is too low"), RateLimited, "is used up (400)"),
        (402, error("No credit", "billing_error"), RateLimited, "is used up (402)"),
        (413, error("Too big", "request_too_large"), BadResponse, "Send less"),
        (400, error("messages.0: bad"), BadResponse, "refused the request"),
        (500, error("Oops", "api_error"), Overloaded, "failed on its side (500)"),
        (502, "<html><title>Bad gateway</title></html>", Overloaded, "titled 'Bad gateway'"),
        (503, "", Overloaded, "(503)"),
        (504, error("Slow", "timeout_error"), Overloaded, "(504)"),
        (529, error("Overloaded", "overloaded_error"), Overloaded, "(529): Overloaded."),
    ],
)
async def test_a_refusal_is_told_in_words(
    status: int, body: Any, kind: type[ProviderError], words: str
) -> None:
    async with serving(refused(status, body)) as (server, provider):
        (failure,) = await events_until_error(provider)

    assert type(failure) is kind, failure
    assert words in str(failure)
    assert failure.status == status
    assert len(server.exchanges) == 1  # the SDK does not try again by itself


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after": "600"}, 600, 600),
        ({"retry-after": formatdate(time() + 900, usegmt=True)}, 1, 901),
    ],
)
async def test_the_wait_after_too_many_requests_is_the_servers(
    headers: dict[str, str], least: float, most: float
) -> None:
    limited = refused(429, error("Slow down", "rate_limit_error"), **headers)
    async with serving(limited) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, RateLimited)
    assert failure.retry_after_seconds is not None
    assert least <= failure.retry_after_seconds <= most


async def test_too_many_requests_without_a_wait_can_be_tried_again() -> None:
    async with serving(refused(429, error("Slow down", "rate_limit_error"))) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert (failure.retry_after_seconds, failure.can_retry) == (None, True)


async def test_an_overload_told_after_the_start_of_a_message_is_retried() -> None:
    busy = event("error", error={"type": "overloaded_error", "message": "Overloaded"})

    async def at_once(_: float) -> None: ...

    async with serving(Reply([message_start(), PING, busy]), streamed("x")) as (_, provider):
        events = await events_of(Retrying(provider, sleep=at_once))  # type: ignore[arg-type]

    assert isinstance(events[0], RetryScheduled)
    assert TextDelta("x") in events


async def test_a_refused_connection_asks_whether_the_server_runs() -> None:
    async with AnthropicServer() as server:
        gone = server.url
    provider = AnthropicMessages(endpoint(gone))

    (failure,) = await events_until_error(provider)
    await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert failure.can_retry
    assert str(failure).startswith(f"Nothing listens at 127.0.0.1:{server.port} for 'local'.")


async def test_a_host_without_address_and_tls_without_tls_are_told_apart() -> None:
    async with AnthropicServer(streamed("x")) as server:
        for url, words in (
            ("http://nowhere.invalid", "nowhere.invalid cannot be found"),
            (server.url.replace("http", "https"), "cannot be reached safely"),
        ):
            provider = AnthropicMessages(endpoint(url))
            (failure,) = await events_until_error(provider)
            await provider.aclose()
            assert isinstance(failure, ConnectionLost)
            assert words in str(failure)


async def leave_by_cancelling(provider: AnthropicMessages, may_leave: asyncio.Event) -> None:
    async def read() -> None:
        async for _ in provider.stream(request()):
            may_leave.set()

    task = asyncio.create_task(read())
    await may_leave.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def leave_by_closing(provider: AnthropicMessages, _: asyncio.Event) -> None:
    stream = provider.stream(request())
    await anext(stream)
    await stream.aclose()


@pytest.mark.parametrize("leave", [leave_by_cancelling, leave_by_closing])
async def test_leaving_in_mid_reply_closes_the_socket_at_once(leave: Callable[..., Any]) -> None:
    waits: list[float] = []
    async with serving(Reply([*HALF, Stall])) as (server, provider):
        for attempt in range(3):  # the quickest counts: the machine may be busy
            await leave(provider, asyncio.Event())
            left_at = asyncio.get_running_loop().time()
            exchange = await server.arrived(attempt + 1)
            await exchange.left.wait()
            assert exchange.left_at is not None
            waits.append(exchange.left_at - left_at)

    assert min(waits) < 0.2


async def test_the_provider_can_be_used_again_after_it_was_closed() -> None:
    async with serving(streamed("x")) as (_, provider):
        first = await events_of(provider)
        await provider.aclose()

        assert await events_of(provider) == first


class TestThoughts:
    """Thinking is taken back, or left away if the server does not know it."""

    HISTORY = (
        user("q"),
        message(
            "assistant",
            Thinking("hm", {"anthropic": {"signature": "s"}}),
            "a",
            provider="local",
            model="test-model",
            params=Params(),
        ),
        user("r"),
    )
    STALE = refused(400, error("messages.1.content.0: Invalid `signature` in `thinking` block"))

    async def test_a_signature_that_is_refused_is_left_away(self) -> None:
        async with serving(self.STALE, streamed("x")) as (server, provider):
            events = await events_of(provider, request(*self.HISTORY))

        assert TextDelta("x") in events
        first, second = (one.body["messages"][1]["content"] for one in server.exchanges)
        assert [block["type"] for block in first] == ["thinking", "text"]
        assert [block["type"] for block in second] == ["text"]

    async def test_a_second_refusal_is_told(self) -> None:
        async with serving(self.STALE) as (server, provider):
            (failure,) = await events_until_error(provider, request(*self.HISTORY))

        assert isinstance(failure, BadResponse)
        assert len(server.exchanges) == 2

    @pytest.mark.parametrize(
        ("reply", "history"),
        [
            (STALE, (user("q"),)),
            (refused(400, error("no")), HISTORY),
            (refused(529, error("signature of thinking")), HISTORY),
        ],
    )
    async def test_nothing_else_is_asked_twice(
        self, reply: Reply, history: tuple[Message, ...]
    ) -> None:
        async with serving(reply) as (server, provider):
            await events_until_error(provider, request(*history))

        assert len(server.exchanges) == 1


class TestLimit:
    """A limit that is too high for a model nobody knows is corrected once by the server."""

    TOO_MUCH = refused(
        400,
        error(
            "max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for x"
        ),
    )

    async def test_the_limit_the_server_names_is_asked_for_instead(self) -> None:
        async with serving(self.TOO_MUCH, streamed("x")) as (server, provider):
            assert TextDelta("x") in await events_of(provider)

        assert [one.body["max_tokens"] for one in server.exchanges] == [8192, 4096]

    @pytest.mark.parametrize(("length", "limits"), [(193_000, [8192, 7000]), (199_900, [8192])])
    async def test_a_long_conversation_leaves_room_for_what_fits(
        self, length: int, limits: list[int]
    ) -> None:
        words = f"input length and `max_tokens` exceed context limit: {length} + 8192 > 200000, no"
        async with serving(refused(400, error(words)), streamed("x")) as (server, provider):
            await events_until_error(provider)

        assert [one.body["max_tokens"] for one in server.exchanges] == limits

    async def test_a_persons_own_limit_is_not_changed(self) -> None:
        async with serving(self.TOO_MUCH) as (server, provider):
            (failure,) = await events_until_error(provider, request(max_tokens=8192))

        assert "maximum allowed number" in str(failure)
        assert len(server.exchanges) == 1

    async def test_it_is_corrected_once(self) -> None:
        async with serving(self.TOO_MUCH) as (server, provider):
            await events_until_error(provider)

        assert len(server.exchanges) == 2


class TestHeaders:
    """Keys and the headers of Anthropic's own service go where they belong."""

    async def test_without_a_key_where_none_is_needed_none_is_sent(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        profile = tmp_path / "configs" / "default.json"
        profile.parent.mkdir()
        profile.write_text('{"authentication": {"type": "api_key", "api_key": "secret-profile"}}')
        monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
        monkeypatch.setenv("ANTHROPIC_PROFILE", "default")
        monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "secret-token")
        async with serving(streamed("x"), api_key=None, key_optional=True) as (server, provider):
            await events_of(provider)
            await provider.list_models()

        heads = [one.headers for one in server.exchanges]
        assert len(heads) == 2
        assert all(not head.keys() & {"authorization", "x-api-key"} for head in heads)
        assert "secret" not in str(heads)

    async def test_without_a_key_where_one_is_needed_nothing_is_sent(self) -> None:
        async with serving(streamed("x"), api_key=None) as (server, provider):
            (failure,) = await events_until_error(provider)
            with pytest.raises(AuthenticationFailed):
                await provider.count_tokens(request())

        assert isinstance(failure, AuthenticationFailed)
        assert server.exchanges == []

    async def test_what_the_environment_holds_for_anthropic_stays_away_from_other_hosts(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        headers = "X-Private: header-secret\nauthorization: Bearer other-secret\nX-API-Key: secret"
        monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", headers)
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-secret")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/elsewhere")
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider)
            await provider.list_models()
            await provider.count_tokens(request())

        assert "secret" not in str([one.headers for one in server.exchanges])
        assert {one.headers["authorization"] for one in server.exchanges} == {f"Bearer {KEY}"}
        assert {one.headers["x-api-key"] for one in server.exchanges} == {KEY}

    @pytest.mark.parametrize(
        ("params", "version"),
        [({}, "2026-10-21"), ({"temperature": 0.5}, "2023-06-01")],
    )
    async def test_anthropics_own_host_is_spoken_to_in_the_version_that_knows_the_fields(
        self, params: Any, version: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "conduit_tui.providers.anthropic_client.is_anthropic_host", lambda _: True
        )
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider, request(**params))

        assert server.exchanges[0].headers["anthropic-version"] == version

    async def test_thinking_between_calls_is_asked_for_where_it_is_not_the_rule(self) -> None:
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider, request(tools=(CLOCK,), thinking_tokens=2000))
            await events_of(provider, request(tools=(CLOCK,)))

        first, second = (one.headers.get("anthropic-beta") for one in server.exchanges)
        assert first == "interleaved-thinking-2025-05-14"
        assert second is None

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_neither_key_nor_conversation_follow_a_redirect(self, status: int) -> None:
        async with AnthropicServer(streamed("stolen")) as other:
            redirect = Reply(status=status, headers={"location": f"{other.url}/v1/messages"})
            async with serving(redirect) as (_, provider):
                (failure,) = await events_until_error(provider)

        assert isinstance(failure, BadResponse)
        assert f"sends requests on to {other.url}" in str(failure)
        assert other.exchanges == []

    async def test_the_key_echoed_by_a_server_is_not_shown(self) -> None:
        async with serving(refused(401, error(f"bad key {KEY}"))) as (_, provider):
            (failure,) = await events_until_error(provider)

        assert KEY not in str(failure)


async def test_a_proxy_for_the_web_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(streamed("x")) as (_, provider):
        assert TextDelta("x") in await events_of(provider)


class TestModels:
    """The list of models, and what it says of them."""

    async def test_all_pages_are_read(self) -> None:
        names = [f"claude-{number}" for number in range(5)]
        async with serving(server={"models": names, "page_size": 2}) as (server, provider):
            assert [facts.name for facts in await provider.list_models()] == names

        assert [one.path for one in server.exchanges] == [
            "/v1/models?limit=1000",
            "/v1/models?limit=1000&after_id=claude-1",
            "/v1/models?limit=1000&after_id=claude-3",
        ]

    async def test_a_server_that_pages_for_ever_is_left(self) -> None:
        body = b'{"data": [{"id": "a"}], "has_more": true, "last_id": "a"}'
        listing = Reply([body], content_type="application/json")
        async with serving(server={"models": listing}) as (server, provider):
            assert [facts.name for facts in await provider.list_models()] == ["a"]

        assert len(server.exchanges) == 2

    async def test_sizes_and_abilities_are_read(self) -> None:
        yes, no = {"supported": True}, {"supported": False}
        entry = {
            "id": "claude-opus-5-5",
            "type": "model",
            "display_name": "Claude Opus 5.5",
            "lifecycle": "deprecated",
            "max_input_tokens": 1_000_000,
            "max_tokens": 128_000,
            "capabilities": {
                "image_input": yes,
                "pdf_input": no,
                "effort": {**yes, "low": yes, "medium": yes, "high": yes, "max": no},
                "thinking": {**yes, "types": {"adaptive": yes, "enabled": no}},
                "server_tools": {**yes, "web_search": yes},
            },
        }
        async with serving(server={"models": [entry, "claude-opus-4-5"]}) as (_, provider):
            known, unknown = await provider.list_models()

        assert known == ModelFacts(
            "claude-opus-5-5",
            context_window=1_000_000,
            max_output_tokens=128_000,
            has=frozenset({"vision", "reasoning", "search"}),
            lacks=frozenset({"files"}),
            refuses=frozenset({"temperature", "top_p"}),
            efforts=("low", "medium", "high"),
            thinking="adaptive",
            title="Claude Opus 5.5",
            note="deprecated",
        )
        assert (unknown.thinking, unknown.context_window) == ("budget", None)

    @pytest.mark.parametrize("body", ['{"models": [{"name": "a"}]}', '["a"]'])
    async def test_lists_of_other_shapes_are_read(self, body: str) -> None:
        listing = Reply([body.encode()], content_type="application/json")
        async with serving(server={"models": listing}) as (_, provider):
            assert await provider.list_models() == (ModelFacts("a"),)

    @pytest.mark.parametrize(
        ("listing", "kind"),
        [
            (Reply([b"<html>hello</html>"], content_type="text/html"), BadResponse),
            (refused(401, error("no", "authentication_error")), AuthenticationFailed),
            (refused(404, "<html>hello</html>"), BadResponse),
            (Reply([Cut], content_type="application/json"), ConnectionLost),
        ],
    )
    async def test_a_list_that_cannot_be_had_is_an_error_in_words(
        self, listing: Reply, kind: type[Exception]
    ) -> None:
        async with serving(server={"models": listing}) as (_, provider):
            with pytest.raises(kind, match=r"'local'"):
                await provider.list_models()


class TestCounting:
    """The server's own count of what would be sent."""

    async def test_it_is_asked_with_what_counts(self) -> None:
        asked = request(tools=(CLOCK,), system_prompt="Be brief.", stop=("x",), max_tokens=5)
        async with serving(server={"counted": 77}) as (server, provider):
            assert await provider.count_tokens(replace(asked, model="claude-opus-4-5")) == 77

        (exchange,) = server.exchanges
        assert exchange.path == "/v1/messages/count_tokens"
        assert set(exchange.body) == {"model", "messages", "system", "tools"}

    @pytest.mark.parametrize("status", [404, 405, 501])
    async def test_a_server_without_it_counts_nothing(self, status: int) -> None:
        async with serving(server={"counted": refused(status, "nope")}) as (_, provider):
            assert await provider.count_tokens(request()) is None

    async def test_a_failure_is_told(self) -> None:
        counted = refused(429, error("Slow down", "rate_limit_error"))
        async with serving(server={"counted": counted}) as (_, provider):
            with pytest.raises(RateLimited):
                await provider.count_tokens(request())


def test_building_a_provider_imports_no_sdk() -> None:
    code = (
        "import sys; from conduit_tui.core.endpoint import Endpoint\n"
        "from conduit_tui.providers.registry import build\n"
        "build(Endpoint('x', 'anthropic', 'http://127.0.0.1:9', key_optional=True))\n"
        "slow = {'anthropic', 'openai', 'httpx2', 'pydantic'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_importing_the_sdk_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    opened = anthropic_client.open_client

    def watched(of: Endpoint) -> Any:
        import threading

        threads.append(threading.current_thread().name)
        return opened(of)

    monkeypatch.setattr(anthropic_client, "open_client", watched)
    async with serving(streamed("x")) as (_, provider):
        await events_of(provider)
        await events_of(provider)

    assert len(threads) == 1
    assert threads != ["MainThread"]

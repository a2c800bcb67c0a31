"""The adapter end to end: the real SDK against a real server on loopback."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
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
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    UsageReported,
)
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.usage import Usage
from conduit_tui.providers import google_client
from conduit_tui.providers.adapters import google_generate
from conduit_tui.providers.adapters.google_generate import GoogleGenerate
from conduit_tui.providers.google_client import server_and_version
from tests.providers.asking import (
    CLOCK,
    KEY,
    endpoint,
    events_of,
    events_until_error,
    request,
    user,
)
from tests.servers.google_server import (
    HALF,
    MODEL,
    GoogleServer,
    as_json,
    chunk,
    content,
    error,
    frame,
    listed,
    quota,
    refused,
    said,
    streamed,
    usage,
)
from tests.servers.http import Cut, Exchange, Reply, Stall, Step

HELLO = [
    TextDelta("Hel"),
    UsageReported(Usage(10)),
    TextDelta("lo 🧭"),
    UsageReported(Usage(10, 5)),
    GenerationStopped("end_turn"),
]
BEGUN = [TextDelta("Half of an "), TextDelta("answer")]
VARIABLES = {
    "GOOGLE_API_KEY": "AIza-of-the-environment",
    "GEMINI_API_KEY": "AIza-of-the-environment-too",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_GENAI_USE_ENTERPRISE": "true",
    "GOOGLE_GENAI_API_VERSION": "v9",
    "GOOGLE_GENAI_HTTP_CLIENT": "httpx",
    "GOOGLE_CLOUD_PROJECT": "project-of-the-environment",
    "GOOGLE_CLOUD_LOCATION": "us-central1",
    "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9/elsewhere",
    "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/credentials.json",
    "GOOGLE_API_USE_MTLS_ENDPOINT": "always",
    "GOOGLE_API_USE_CLIENT_CERTIFICATE": "true",
}


@asynccontextmanager
async def serving(
    *replies: Reply | Callable[[Exchange], Reply],
    path: str = "",
    models: Any = (),
    counted: Reply | None = None,
    **fields: Any,
) -> AsyncIterator[tuple[GoogleServer, GoogleGenerate]]:
    """A server and a provider that talks to it."""
    async with GoogleServer(*replies, models=models, counted=counted) as server:
        provider = GoogleGenerate(endpoint(server.url + path, **fields))
        try:
            yield server, provider
        finally:
            await provider.aclose()


async def test_a_reply_streams_through_the_sdk() -> None:
    async with serving(streamed("Hel", "lo 🧭")) as (server, provider):
        assert await events_of(provider) == HELLO

    (exchange,) = server.exchanges
    assert exchange.path == "/v1beta/models/test-model:streamGenerateContent?alt=sse"
    assert exchange.body == {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
    assert exchange.headers["x-goog-api-key"] == KEY
    assert "authorization" not in exchange.headers
    assert exchange.headers["user-agent"].startswith("google-genai-sdk/")


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
async def test_bytes_may_arrive_in_pieces_of_any_size(piece_bytes: int) -> None:
    async with serving(streamed("Hel", "lo 🧭", piece_bytes=piece_bytes)) as (_, provider):
        assert await events_of(provider) == HELLO


async def test_a_stream_cut_after_any_of_its_bytes_is_never_taken_for_a_finished_one() -> None:
    part = 'data: {"candidates":[{"content":{"parts":[{"text":"%s"}]}%s}]}\n\n'
    body = (part % ("ab", "") + part % ("🧭c", ',"finishReason":"STOP"')).encode()
    # before its last line break the last event cannot be told from one that is cut
    replies = [Reply([body[:end], Cut]) for end in range(len(body) - 2)]
    async with serving(*replies) as (_, provider):
        for end in range(len(body) - 2):
            events = await events_until_error(provider)
            text = "".join(one.text for one in events if isinstance(one, TextDelta))
            assert "ab🧭c".startswith(text)
            kind = StreamInterrupted if text else ConnectionLost
            assert isinstance(events[-1], kind), (end, events)


async def test_events_are_yielded_as_they_arrive() -> None:
    gate = asyncio.Event()
    steps: list[Step] = [chunk("first"), gate, *said("second")]
    async with serving(Reply(steps)) as (_, provider):
        stream = provider.stream(request())
        assert await anext(stream) == TextDelta("first")
        gate.set()
        assert await anext(stream) == TextDelta("second")
        await stream.aclose()


@pytest.mark.parametrize(
    ("path", "model", "address"),
    [
        ("/v1", "x", "/v1/models/x"),
        ("/v1beta/", "models/x", "/v1beta/models/x"),
        ("/v1beta/openai", "tunedModels/x", "/v1beta/tunedModels/x"),
        ("", "a b?c", "/v1beta/models/a%20b%3Fc"),
    ],
)
async def test_addresses_and_models_as_people_write_them(
    path: str, model: str, address: str
) -> None:
    async with serving(streamed("x"), path=path) as (server, provider):
        await events_of(provider, replace(request(), model=model))

    assert server.exchanges[0].path == f"{address}:streamGenerateContent?alt=sse"


def test_a_path_before_the_version_stays() -> None:
    assert server_and_version("http://h/gemini") == ("http://h/gemini", "v1beta")
    assert server_and_version("http://h/gemini/v1alpha") == ("http://h/gemini", "v1alpha")


async def test_a_finish_reason_is_an_end_and_a_clean_end_without_one_is_none() -> None:
    async with serving(Reply([*HALF, chunk(finish="MAX_TOKENS")]), Reply(HALF)) as (_, provider):
        assert await events_of(provider) == [*BEGUN, GenerationStopped("max_tokens")]
        assert await events_of(provider) == BEGUN


async def test_a_mark_that_a_proxy_adds_is_no_end_by_itself() -> None:
    done = b"data: [DONE]\n\n"
    async with serving(Reply([*HALF, done]), Reply([*said("x"), done])) as (_, provider):
        assert await events_of(provider) == BEGUN
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")


async def test_a_break_after_the_finish_reason_does_not_spoil_the_answer() -> None:
    async with serving(Reply([*HALF, chunk(finish="STOP"), Cut])) as (_, provider):
        assert await events_of(provider) == [*BEGUN, GenerationStopped("end_turn")]


async def test_a_break_among_chunks_that_all_have_a_finish_reason_breaks_the_answer() -> None:
    each = [frame(content(text, finish="STOP")) for text in ("One, ", "two, ")]
    async with serving(Reply([*each, Cut]), Reply(each)) as (_, provider):
        *events, error = await events_until_error(provider)
        assert events == [TextDelta("One, "), TextDelta("two, ")]
        assert isinstance(error, StreamInterrupted)
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")


async def test_what_comes_behind_the_finish_reason_counts() -> None:
    found = {"groundingMetadata": {"groundingChunks": [{"web": {"uri": "https://a.example"}}]}}
    late = chunk(candidate=found, usageMetadata=usage(1, 2))
    async with serving(Reply([*HALF, chunk(finish="STOP"), late])) as (_, provider):
        assert [type(one) for one in await events_of(provider)][2:] == [
            CitationsReceived,
            UsageReported,
            GenerationStopped,
        ]


async def test_a_server_that_keeps_silent_after_the_finish_reason_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(google_generate, "LINGER_SECONDS", 0.05)
    async with serving(Reply([*HALF, chunk(finish="STOP"), Stall])) as (server, provider):
        assert await events_of(provider) == [*BEGUN, GenerationStopped("end_turn")]
        await server.exchanges[0].left.wait()


@pytest.mark.parametrize("is_array", [True, False])
async def test_a_server_that_streams_no_events_is_understood(is_array: bool) -> None:
    whole = content("All ", "at once.", finish="STOP", usageMetadata=usage(3, 4))
    body = [content({"text": "hm", "thought": True}), whole] if is_array else whole
    async with serving(as_json(body)) as (_, provider):
        assert await events_of(provider) == [
            *([ThinkingDelta("hm")] if is_array else []),
            TextDelta("All "),
            TextDelta("at once."),
            UsageReported(Usage(3, 4)),
            GenerationStopped("end_turn"),
        ]


async def test_a_blocked_prompt_is_a_refused_answer() -> None:
    blocked = frame({"promptFeedback": {"blockReason": "SAFETY"}})
    async with serving(Reply([blocked])) as (_, provider):
        text, stopped = await events_of(provider)

    assert text.text == "Google blocked this prompt: safety (SAFETY)."
    assert stopped == GenerationStopped("refusal")


OVERLOADED = error(503, "The model is overloaded.", "UNAVAILABLE")


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([*HALF, Cut], StreamInterrupted, "closed the connection in mid-reply"),
        ([*HALF, b"data: {nonsense\n\n"], StreamInterrupted, "broken data in mid-reply"),
        ([b"data: {nonsense\n\n"], BadResponse, "broken data instead of a reply"),
        ([b"data: 7\n\n"], BadResponse, "broken data instead of a reply"),
        ([*HALF, frame(OVERLOADED)], StreamInterrupted, "with an error: The model is overloaded."),
        ([frame(OVERLOADED)], Overloaded, "(503): The model is overloaded."),
        ([], BadResponse, "nothing at all where a reply should be"),
        ([b"<html><title>Sign in</title></html>"], BadResponse, "a web page titled 'Sign in'"),
        ([b'[{"error": {"code": 400, "message": "no such thing"}}]'], BadResponse, "no such thing"),
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
    assert events[:-1] in ([], BEGUN)


async def test_a_character_cut_in_two_by_the_end_is_kept_out() -> None:
    async with serving(Reply([*HALF, 'data: {"candidates": [{"🧭'.encode()[:-2], Cut])) as (_, it):
        events = await events_until_error(it)

    assert events[:-1] == BEGUN
    assert isinstance(events[-1], StreamInterrupted)


@pytest.mark.parametrize("when", ["before", "in the middle"])
async def test_silence_is_not_endured_for_ever(when: str) -> None:
    steps: list[Step] = [Stall] if when == "before" else [*HALF, Stall]
    async with serving(Reply(steps), idle_seconds=0.05) as (server, provider):
        *events, failure = await events_until_error(provider)
        await server.exchanges[0].left.wait()

    assert isinstance(failure, StreamInterrupted if events else ConnectionLost)
    assert "sent nothing for 0.05 s" in str(failure)


DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
PAGE = Reply([b"<html><title>Oops</title></html>"], 500, "text/html")


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refused(401, "No", "UNAUTHENTICATED"), AuthenticationFailed, "(401): No."),
        (refused(403, "No", "PERMISSION_DENIED"), AuthenticationFailed, "does not permit this"),
        (
            refused(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"),
            AuthenticationFailed,
            "does not accept the key; check LOCAL_API_KEY (400): API key not valid.",
        ),
        (
            refused(404, "models/test-model is not found for API version v1beta", "NOT_FOUND"),
            ModelNotFound,
            "'local' has no model 'test-model' (404)",
        ),
        (
            refused(
                400,
                "The input token count (1200000) exceeds the maximum number of tokens allowed "
                "(1048576).",
                "INVALID_ARGUMENT",
            ),
            ContextTooLong,
            "does not fit 'test-model' (400): ",
        ),
        (
            refused(400, "Function calling is not enabled for models/gemma", "INVALID_ARGUMENT"),
            BadResponse,
            "Turn tools off with /tools off",
        ),
        (refused(413, "Too large", "INVALID_ARGUMENT"), BadResponse, "(413): Too large."),
        (refused(500, "Internal error", "INTERNAL"), Overloaded, "(500): Internal error."),
        (refused(502, "Bad gateway", "INTERNAL"), Overloaded, "(502)"),
        (refused(503, "Overloaded", "UNAVAILABLE"), Overloaded, "(503): Overloaded."),
        (refused(529, "Overloaded", "UNAVAILABLE"), Overloaded, "(529): Overloaded."),
        (PAGE, Overloaded, "a web page titled 'Oops'"),
        (as_json([error(400, "In a list", "INVALID_ARGUMENT")], 400), BadResponse, "In a list."),
        (Reply([b"\xff\xfe not utf-8"], 500, "text/plain"), Overloaded, "(500)"),
    ],
)
async def test_a_refused_request_in_words(reply: Reply, kind: type[Exception], words: str) -> None:
    async with serving(reply) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert type(failure) is kind, failure
    assert words in str(failure)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "600"}, 600.0),
        (
            {"retry-after": format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)},
            None,
        ),
        ({}, None),
    ],
    ids=["seconds", "long", "date", "without"],
)
async def test_a_limit_of_the_moment_can_be_tried_again(
    headers: dict[str, str], seconds: float | None
) -> None:
    async with serving(refused(429, "Slow down", "ABORTED", **headers)) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, RateLimited)
    assert failure.can_retry
    asked = failure.retry_after_seconds
    assert asked == seconds if seconds or not headers else asked is not None and asked > 3000


async def test_a_quota_of_the_day_is_not_worth_another_try() -> None:
    over = refused(429, "You exceeded your quota", "RESOURCE_EXHAUSTED", *quota(DAY, "34.07s"))
    async with serving(over) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, RateLimited)
    assert not failure.can_retry


async def test_what_is_exhausted_until_later_is_worth_another_try() -> None:
    over = refused(429, "Resource exhausted. Please try again later.", "RESOURCE_EXHAUSTED")
    async with serving(over) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, RateLimited)
    assert failure.can_retry


async def test_a_refused_connection_asks_whether_the_server_runs() -> None:
    async with GoogleServer() as server:
        gone = server.url
    provider = GoogleGenerate(endpoint(gone))

    (failure,) = await events_until_error(provider)
    await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert failure.can_retry
    assert str(failure).startswith(f"Nothing listens at 127.0.0.1:{server.port} for 'local'.")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://nowhere.invalid", "nowhere.invalid cannot be found"),
        ("https://127.0.0.1:{port}", "cannot be reached safely"),
    ],
)
async def test_a_server_that_cannot_be_reached_is_told_apart(url: str, words: str) -> None:
    async with GoogleServer(streamed("x")) as server:
        provider = GoogleGenerate(endpoint(url.format(port=server.port)))
        (failure,) = await events_until_error(provider)
        await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert words in str(failure)


async def leave_by_cancelling(provider: GoogleGenerate, may_leave: asyncio.Event) -> None:
    async def read() -> None:
        async for _ in provider.stream(request()):
            may_leave.set()

    task = asyncio.create_task(read())
    await may_leave.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def leave_by_closing(provider: GoogleGenerate, _: asyncio.Event) -> None:
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


async def test_cancelling_before_the_server_answers_closes_the_socket_at_once() -> None:
    silent = asyncio.Event()

    class Silent(Reply):
        def head(self) -> bytes:
            return b""

    async with serving(Silent([silent])) as (server, provider):
        task = asyncio.create_task(events_of(provider))
        exchange = await server.arrived()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await exchange.left.wait()

    assert task.cancelled()


async def test_the_provider_can_be_used_again_after_it_was_closed() -> None:
    async with serving(streamed("x")) as (_, provider):
        first = await events_of(provider)
        await provider.aclose()

        assert await events_of(provider) == first


async def test_several_streams_run_at_once_over_one_client() -> None:
    async with serving(streamed("x")) as (_, provider):
        replies = await asyncio.gather(*(events_of(provider) for _ in range(5)))

    assert replies == [replies[0]] * 5


class TestSecrets:
    """The key goes to its own host, and nothing of the environment's goes anywhere."""

    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in VARIABLES.items():
            monkeypatch.setenv(name, value)

    async def test_the_environment_changes_nothing_and_is_not_warned_of(
        self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider)
            await provider.list_models()
            await provider.count_tokens(request())

        assert [one.headers["x-goog-api-key"] for one in server.exchanges] == [KEY] * 3
        assert "environment" not in str(server.exchanges)
        assert {one.path.split("/")[1] for one in server.exchanges} == {"v1beta"}
        assert caplog.records == []
        assert capfd.readouterr() == ("", "")

    async def test_without_a_key_where_none_is_needed_none_is_sent(self) -> None:
        async with serving(streamed("x"), api_key=None, key_optional=True) as (server, provider):
            await events_of(provider)
            await provider.list_models()

        assert all("x-goog-api-key" not in one.headers for one in server.exchanges)

    async def test_without_a_key_where_one_is_needed_nothing_is_sent(self) -> None:
        async with serving(streamed("x"), api_key=None) as (server, provider):
            (failure,) = await events_until_error(provider)

        assert isinstance(failure, AuthenticationFailed)
        assert "There is no key for 'local'. Set LOCAL_API_KEY" in str(failure)
        assert server.exchanges == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_neither_key_nor_conversation_follow_a_redirect(self, status: int) -> None:
        async with GoogleServer(streamed("stolen")) as other:
            redirect = Reply(status=status, headers={"location": other.url})
            async with serving(redirect) as (_, provider):
                (failure,) = await events_until_error(provider)

        assert isinstance(failure, BadResponse)
        assert f"sends requests on to {other.url}" in str(failure)
        assert other.exchanges == []

    async def test_the_key_echoed_by_a_server_is_not_shown(self) -> None:
        echo = f"API key not valid: {KEY}. Also AIzaSyOther1234567."
        async with serving(refused(400, echo, "INVALID_ARGUMENT")) as (_, provider):
            (failure,) = await events_until_error(provider)

        assert isinstance(failure, AuthenticationFailed)
        assert "not valid: ***. Also ***" in str(failure)


async def test_a_proxy_for_the_web_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(streamed("x")) as (_, provider):
        assert (await events_of(provider))[0] == TextDelta("x")


async def test_models_are_listed_over_all_pages_but_those_that_cannot_chat() -> None:
    models = [
        listed("gemini-3.5-flash", thinking=True),
        listed("gemini-embedding-001", "embedContent"),
        listed("gemini-2.5-pro", thinking=True),
        listed("gemma-3-27b-it", thinking=False),
        listed("imagen-4", "predict"),
    ]
    async with serving(models=models) as (server, provider):
        found = await provider.list_models()

    assert len(server.exchanges) == 3
    assert [one.name for one in found] == ["gemini-3.5-flash", "gemini-2.5-pro", "gemma-3-27b-it"]
    assert found[0] == ModelFacts(
        "gemini-3.5-flash",
        context_window=1048576,
        max_output_tokens=65536,
        has=frozenset({"reasoning"}),
        thinking="adaptive",
        title="Gemini-3.5-Flash",
    )
    assert (found[1].thinking, found[2].can("reasoning")) == ("budget", False)


async def test_a_list_without_end_is_left() -> None:
    endless = as_json({"models": [listed(MODEL)], "nextPageToken": "a b"})
    async with serving(models=endless) as (server, provider):
        await provider.list_models()

    assert len(server.exchanges) == google_generate.MOST_PAGES
    assert server.exchanges[1].path.endswith("&pageToken=a%20b")


@pytest.mark.parametrize(
    ("listing", "kind"),
    [
        (Reply([b"<html>hello</html>"], content_type="text/html"), BadResponse),
        (refused(401, "no", "UNAUTHENTICATED"), AuthenticationFailed),
        (Reply([Cut], content_type="application/json"), ConnectionLost),
    ],
)
async def test_a_list_that_cannot_be_had_is_an_error_in_words(
    listing: Reply, kind: type[Exception]
) -> None:
    async with serving(models=listing) as (_, provider):
        with pytest.raises(kind, match=r"'local'"):
            await provider.list_models()


async def test_tokens_are_counted_with_system_prompt_and_tools() -> None:
    asked = request(user("hello"), tools=(CLOCK,), system_prompt="Be brief.")
    async with serving(counted=as_json({"totalTokens": 31})) as (server, provider):
        assert await provider.count_tokens(asked) == 31

    (exchange,) = server.exchanges
    assert exchange.path == "/v1beta/models/test-model:countTokens"
    assert exchange.body == {
        "generateContentRequest": {
            "model": "models/test-model",
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": "hello"}]}],
            "tools": [
                {"functionDeclarations": [{"name": "current_time", "description": "The time."}]}
            ],
        }
    }


async def test_a_count_that_cannot_be_had_is_an_error_in_words() -> None:
    async with serving(counted=refused(500, "Oops", "INTERNAL")) as (_, provider):
        with pytest.raises(ProviderError, match="'local' failed on its side"):
            await provider.count_tokens(request())


async def test_lists_and_counts_do_not_wait_as_long_as_streams_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(google_generate, "LIST_SECONDS", 0.05)
    async with serving(models=Reply([Stall])) as (_, provider):
        with pytest.raises(ConnectionLost, match=r"sent nothing for 0.05 s"):
            await provider.list_models()


async def test_the_sdk_is_held_to_the_names_it_is_used_by() -> None:
    client = google_client.open_client(endpoint("http://127.0.0.1:9"))
    try:
        api = client.sdk._api_client
        built = api._build_request("post", "models/x:y?alt=sse", {"a": 1})

        assert built.url == "http://127.0.0.1:9/v1beta/models/x:y?alt=sse"
        assert built.headers["x-goog-api-key"] != KEY
        assert KEY not in repr(vars(api))
        assert api._async_httpx_client is client.http
        assert not api._use_aiohttp()
        assert asyncio.iscoroutinefunction(api._async_request)
    finally:
        await client.aclose()


def test_building_a_provider_imports_no_sdk() -> None:
    code = (
        "import sys; from conduit_tui.core.endpoint import Endpoint\n"
        "from conduit_tui.providers.registry import build\n"
        "build(Endpoint('x', 'google', 'http://127.0.0.1:9', key_optional=True))\n"
        "slow = {'google', 'httpx2', 'aiohttp', 'pydantic'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_importing_the_sdk_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    opened = google_client.open_client

    def watched(of: Endpoint) -> Any:
        import threading

        threads.append(threading.current_thread().name)
        return opened(of)

    monkeypatch.setattr(google_client, "open_client", watched)
    async with serving(streamed("x")) as (_, provider):
        await events_of(provider)
        await events_of(provider)

    assert len(threads) == 1
    assert threads != ["MainThread"]


def test_what_the_sdk_would_log_of_conversations_stays_out() -> None:
    google_client._keep_out_of_the_log()

    assert not logging.getLogger("google_genai._api_client").isEnabledFor(logging.WARNING)

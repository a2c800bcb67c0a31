"""The adapter end to end: the real SDK against a real server on loopback."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from conduit_tui.core.endpoint import Endpoint, Secret
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    Overloaded,
    StreamInterrupted,
)
from conduit_tui.core.events import GenerationStopped, TextDelta, ThinkingDelta, UsageReported
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.usage import Usage
from conduit_tui.providers import openai_client, openai_wire
from conduit_tui.providers.adapters.openai_chat import OpenAIChat
from conduit_tui.providers.openai_client import authorization
from tests.providers.asking import KEY, endpoint, events_of, events_until_error, request
from tests.servers.http import Cut, Reply, Stall, Step
from tests.servers.openai_server import (
    DONE,
    OpenAIServer,
    chunk,
    error,
    frame,
    refused,
    said,
    streamed,
)
from tests.servers.scripts import whole

HELLO = [
    TextDelta("Hel"),
    TextDelta("lo 🧭"),
    UsageReported(Usage(10, 5)),
    GenerationStopped("end_turn"),
]
HALF: list[Step] = [chunk({"content": "half"})]


@asynccontextmanager
async def serving(
    *replies: Any, models: Any = ("a",), **fields: Any
) -> AsyncIterator[tuple[OpenAIServer, OpenAIChat]]:
    """A server and a provider that talks to it."""
    async with OpenAIServer(*replies, models=models) as server:
        provider = OpenAIChat(endpoint(server.url, **fields))
        try:
            yield server, provider
        finally:
            await provider.aclose()


async def test_a_reply_streams_through_the_sdk() -> None:
    async with serving(streamed("Hel", "lo 🧭")) as (server, provider):
        assert await events_of(provider) == HELLO

    (exchange,) = server.exchanges
    assert exchange.body["stream"] is True
    assert exchange.body["messages"] == [{"role": "user", "content": "hello"}]
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.headers["user-agent"].startswith("AsyncOpenAI/")


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
async def test_bytes_may_arrive_in_pieces_of_any_size(piece_bytes: int) -> None:
    async with serving(streamed("Hel", "lo 🧭", piece_bytes=piece_bytes)) as (_, provider):
        assert await events_of(provider) == HELLO


async def test_a_stream_cut_after_any_of_its_bytes_is_never_taken_for_a_finished_one() -> None:
    delta = '{"choices":[{"delta":{"content":"%s"}}]}'
    body = f"data: {delta % 'ab'}\n\ndata: {delta % '🧭c'}\n\n".encode() + DONE
    replies = [Reply([body[:end], Cut]) for end in range(len(body))]
    async with serving(*replies) as (_, provider):
        for end in range(len(body)):
            events = await events_until_error(provider)
            text = "".join(one.text for one in events if isinstance(one, TextDelta))
            assert "ab🧭c".startswith(text)
            kind = StreamInterrupted if text else ConnectionLost
            assert isinstance(events[-1], kind), (end, events)


async def test_events_are_yielded_as_they_arrive() -> None:
    gate = asyncio.Event()
    steps: list[Step] = [chunk({"content": "first"}), gate, *said("second")]
    async with serving(Reply(steps)) as (_, provider):
        stream = provider.stream(request())
        assert await anext(stream) == TextDelta("first")
        gate.set()
        assert await anext(stream) == TextDelta("second")
        await stream.aclose()


async def test_comments_and_carriage_returns_are_part_of_the_wire() -> None:
    text = b"".join(said("x")).replace(b"\n", b"\r\n")
    async with serving(Reply([b": PROCESSING\r\n\r\n", text])) as (_, provider):
        assert (await events_of(provider))[0] == TextDelta("x")


async def test_events_without_blank_lines_between_are_read() -> None:
    text = b"".join(said("x", "y")).replace(b"\n\n", b"\n")
    async with serving(Reply([text])) as (_, provider):
        assert [type(one) for one in await events_of(provider)] == [
            TextDelta,
            TextDelta,
            UsageReported,
            GenerationStopped,
        ]


async def test_a_finish_reason_without_the_mark_is_an_end() -> None:
    async with serving(Reply([*HALF, chunk(finish="length")])) as (_, provider):
        assert await events_of(provider) == [TextDelta("half"), GenerationStopped("max_tokens")]


async def test_the_mark_without_a_finish_reason_is_an_end() -> None:
    async with serving(Reply([*HALF, b"data: [DONE]"])) as (_, provider):
        assert await events_of(provider) == [TextDelta("half"), GenerationStopped("end_turn")]


async def test_a_clean_end_without_either_is_none() -> None:
    async with serving(Reply(HALF)) as (_, provider):
        assert await events_of(provider) == [TextDelta("half")]


async def test_a_break_after_the_finish_reason_does_not_spoil_the_answer() -> None:
    async with serving(Reply([*HALF, chunk(finish="stop"), Cut])) as (_, provider):
        assert await events_of(provider) == [TextDelta("half"), GenerationStopped("end_turn")]


async def test_a_server_that_keeps_silent_after_the_finish_reason_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai_wire, "LINGER_SECONDS", 0.05)
    async with serving(Reply([*HALF, chunk(finish="stop"), Stall])) as (server, provider):
        assert await events_of(provider) == [TextDelta("half"), GenerationStopped("end_turn")]
        await server.exchanges[0].left.wait()


async def test_a_server_that_does_not_stream_is_understood() -> None:
    async with serving(whole("All at once.")) as (_, provider):
        assert await events_of(provider) == [
            TextDelta("All at once."),
            UsageReported(Usage(3, 4)),
            GenerationStopped("end_turn"),
        ]


async def test_fields_unknown_to_the_sdk_survive() -> None:
    steps = [chunk({"reasoning_content": "hm"}), *said("x")]
    async with serving(Reply(steps)) as (_, provider):
        assert (await events_of(provider))[0] == ThinkingDelta("hm")


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([*HALF, Cut], StreamInterrupted, "closed the connection in mid-reply"),
        ([*HALF, b"data: {nonsense\n\n"], StreamInterrupted, "broken data in mid-reply"),
        ([b"data: {nonsense\n\n"], BadResponse, "broken data instead of a reply"),
        ([b"data: 7\n\n"], BadResponse, "broken data instead of a reply"),
        ([*HALF, frame(error("on fire"))], StreamInterrupted, "with an error: on fire."),
        ([frame(error("busy", kind="overloaded_error"))], Overloaded, "(529): busy."),
        ([frame({"error": {"code": 503, "message": "no"}})], Overloaded, "(503): no."),
        ([*HALF, b"event: error\ndata: no memory\n\n"], StreamInterrupted, "no memory."),
        ([*HALF, b'event: error\ndata: {"message": "oh"}\n\n'], StreamInterrupted, "oh."),
        ([], BadResponse, "nothing at all where a reply should be"),
        ([b"<html><title>Sign in</title></html>"], BadResponse, "a web page titled 'Sign in'"),
        ([b'{"error": "no such thing"}'], BadResponse, "no such thing"),
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
    assert events[:-1] in ([], [TextDelta("half")])


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


async def test_a_refused_connection_asks_whether_the_server_runs() -> None:
    async with OpenAIServer() as server:
        gone = server.url
    provider = OpenAIChat(endpoint(gone))

    (failure,) = await events_until_error(provider)
    await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert failure.can_retry
    assert str(failure).startswith(f"Nothing listens at 127.0.0.1:{server.port} for 'local'.")


async def test_a_host_without_address_is_told_apart() -> None:
    provider = OpenAIChat(endpoint("http://nowhere.invalid/v1"))

    (failure,) = await events_until_error(provider)
    await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert not failure.can_retry
    assert "nowhere.invalid cannot be found" in str(failure)


async def test_tls_to_a_server_without_it_is_told_apart() -> None:
    async with OpenAIServer(streamed("x")) as server:
        provider = OpenAIChat(endpoint(server.url.replace("http", "https")))
        (failure,) = await events_until_error(provider)
        await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert "cannot be reached safely" in str(failure)


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            {"stream_options", "max_tokens"},
            {"stream_options", "max_completion_tokens"},
        ),
        (
            "Unrecognized request argument supplied: stream_options",
            {"stream_options", "max_tokens"},
            {"max_tokens"},
        ),
    ],
)
async def test_what_a_server_refuses_is_asked_in_its_own_way_from_then_on(
    words: str, before: set[str], after: set[str]
) -> None:
    names = {"stream_options", "max_tokens", "max_completion_tokens"}
    async with serving(refused(400, error(words)), streamed("x")) as (server, provider):
        assert (await events_of(provider, request(max_tokens=9)))[0] == TextDelta("x")
        await events_of(provider, request(max_tokens=9))

    assert [one.body.keys() & names for one in server.exchanges] == [before, after, after]


async def test_a_server_that_refuses_for_ever_is_asked_only_once_more() -> None:
    async with serving(refused(400, error("no stream_options"))) as (server, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, BadResponse)
    assert len(server.exchanges) == 2


async def leave_by_cancelling(provider: OpenAIChat, may_leave: asyncio.Event) -> None:
    async def read() -> None:
        async for _ in provider.stream(request()):
            may_leave.set()

    task = asyncio.create_task(read())
    await may_leave.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def leave_by_closing(provider: OpenAIChat, _: asyncio.Event) -> None:
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


async def test_a_query_of_the_base_url_goes_along_with_every_request() -> None:
    async with OpenAIServer(streamed("x")) as server:
        provider = OpenAIChat(endpoint(f"{server.url}/?api-version=preview"))
        await events_until_error(provider)
        with pytest.raises(BadResponse):
            await provider.list_models()
        await provider.aclose()

    assert [one.path for one in server.exchanges] == [
        "/v1/chat/completions?api-version=preview",
        "/v1/models?api-version=preview",
    ]


def test_azure_gets_a_key_in_its_own_header_and_a_token_in_the_usual_one() -> None:
    there = "https://mine.openai.azure.com/openai/deployments/d?api-version=1"
    token = Secret("eyJ0eXAiOiJKV1QifQ.e30.x")

    assert authorization(endpoint(there))["api-key"] == KEY
    assert "api-key" not in authorization(endpoint(there, api_key=token))
    assert authorization(endpoint()) == {"Authorization": f"Bearer {KEY}"}


async def test_several_streams_run_at_once_over_one_client() -> None:
    async with serving(streamed("x")) as (_, provider):
        replies = await asyncio.gather(*(events_of(provider) for _ in range(5)))

    assert replies == [replies[0]] * 5


class TestSecrets:
    """Keys and the headers of OpenAI's own service go where they belong."""

    async def test_without_a_key_where_none_is_needed_no_authorization_is_sent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
        monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-of-another-service")
        async with serving(streamed("x"), api_key=None, key_optional=True) as (server, provider):
            await events_of(provider)
            await provider.list_models()

        assert all("authorization" not in one.headers for one in server.exchanges)
        assert "another-service" not in str(server.exchanges)

    async def test_without_a_key_where_one_is_needed_nothing_is_sent(self) -> None:
        async with serving(streamed("x"), api_key=None) as (server, provider):
            (failure,) = await events_until_error(provider)

        assert isinstance(failure, AuthenticationFailed)
        assert "There is no key for 'local'. Set LOCAL_API_KEY" in str(failure)
        assert server.exchanges == []

    async def test_openai_settings_in_the_environment_stay_away_from_other_hosts(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
        headers = "X-Private: header-secret\nauthorization: Bearer other-secret\nno colon"
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", headers)
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider)
            await provider.list_models()

        assert "secret" not in str([one.headers for one in server.exchanges])
        assert {one.headers["authorization"] for one in server.exchanges} == {f"Bearer {KEY}"}

    async def test_openais_own_host_still_gets_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
        from conduit_tui.providers.openai_client import open_client

        client = open_client(endpoint("https://api.openai.com/v1"))
        try:
            assert client.default_headers["OpenAI-Organization"] == "org-mine"
        finally:
            await client.close()

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_neither_key_nor_conversation_follow_a_redirect(self, status: int) -> None:
        async with OpenAIServer(streamed("stolen")) as other:
            redirect = Reply(status=status, headers={"location": f"{other.url}/chat/completions"})
            async with serving(redirect) as (_, provider):
                (failure,) = await events_until_error(provider)

        assert isinstance(failure, BadResponse)
        assert f"sends requests on to {other.url}" in str(failure)
        assert other.exchanges == []

    async def test_the_key_echoed_by_a_server_is_not_shown(self) -> None:
        echo = error(f"Incorrect API key provided: {KEY}. Also sk-other-1234567.")
        async with serving(refused(401, echo)) as (_, provider):
            (failure,) = await events_until_error(provider)

        assert isinstance(failure, AuthenticationFailed)
        assert "Incorrect API key provided: ***. Also ***" in str(failure)


async def test_a_proxy_for_the_web_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(streamed("x")) as (_, provider):
        assert (await events_of(provider))[0] == TextDelta("x")


@pytest.mark.parametrize(
    "body",
    [
        '{"data": [{"id": "b"}, {"id": "a"}, {"id": "b"}]}',
        '{"models": [{"name": "models/b"}, {"name": "a"}]}',
        '["b", {"model": "a"}]',
    ],
)
async def test_models_are_listed_in_whatever_shape_they_come(body: str) -> None:
    listing = Reply([body.encode()], content_type="application/json")
    async with serving(models=listing) as (_, provider):
        assert await provider.list_models() == (ModelFacts("b"), ModelFacts("a"))


@pytest.mark.parametrize(
    ("listing", "kind"),
    [
        (Reply([b"<html>hello</html>"], content_type="text/html"), BadResponse),
        (refused(401, error("no")), AuthenticationFailed),
        (refused(404, "<html>hello</html>"), BadResponse),
        (Reply([Cut], content_type="application/json"), ConnectionLost),
        (Reply([b'{"code": 401, "msg": "expired"}']), AuthenticationFailed),
    ],
)
async def test_a_list_that_cannot_be_had_is_an_error_in_words(
    listing: Reply, kind: type[Exception]
) -> None:
    async with serving(models=listing) as (_, provider):
        with pytest.raises(kind, match=r"'local'"):
            await provider.list_models()


def test_building_a_provider_imports_no_sdk() -> None:
    code = (
        "import sys; from conduit_tui.core.endpoint import Endpoint\n"
        "from conduit_tui.providers.registry import build\n"
        "build(Endpoint('x', 'openai-chat', 'http://127.0.0.1:9/v1', key_optional=True))\n"
        "slow = {'openai', 'httpx2', 'pydantic', 'rapidfuzz'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_importing_the_sdk_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    opened = openai_client.open_client

    def watched(of: Endpoint) -> Any:
        import threading

        threads.append(threading.current_thread().name)
        return opened(of)

    monkeypatch.setattr(openai_client, "open_client", watched)
    async with serving(streamed("x")) as (_, provider):
        await events_of(provider)
        await events_of(provider)

    assert len(threads) == 1
    assert threads != ["MainThread"]

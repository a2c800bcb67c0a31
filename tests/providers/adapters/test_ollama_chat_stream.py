"""The adapter end to end: the real SDK's connections against a real server on loopback."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import formatdate
from time import time
from typing import Any

import pytest

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
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.message import Attachment, ToolCall, ToolResult
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.usage import Usage
from conduit_tui.providers import ollama_client, ollama_library
from conduit_tui.providers.adapters.ollama_chat import OllamaChat
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
from tests.servers.http import Cut, Reply, Stall, Step
from tests.servers.ollama_server import (
    AT,
    CHATS,
    OllamaServer,
    as_json,
    call,
    delta,
    done,
    error,
    line,
    lines,
    said,
    shown,
    streamed,
    tagged,
)

HELLO = [
    TextDelta("Hel"),
    TextDelta("lo 🧭"),
    UsageReported(Usage(10, 5)),
    GenerationStopped("end_turn"),
]
HALF: list[Step] = [delta(content="half")]


def inside(words: str, kind: str) -> Reply:
    """An error of the program inside newer servers: JSON within a string."""
    detail = {"error": {"code": 400, "message": words, "type": kind}}
    return error(json.dumps(detail), 400)


def overflow(counted: int, num_ctx: int) -> Reply:
    """The refusal of a conversation that is too long."""
    sizes = f"request ({counted} tokens) exceeds the available context size ({num_ctx} tokens)"
    return inside(f"{sizes}, try increasing it", "exceed_context_size_error")


@asynccontextmanager
async def serving(
    *replies: Any, server: dict[str, Any] | None = None, path: str = "", **fields: Any
) -> AsyncIterator[tuple[OllamaServer, OllamaChat]]:
    """A server and a provider that talks to it."""
    async with OllamaServer(*replies, **(server or {})) as running:
        provider = OllamaChat(endpoint(running.url + path, **fields))
        try:
            yield running, provider
        finally:
            await provider.aclose()


async def test_a_reply_streams_through_the_sdks_connections() -> None:
    async with serving(streamed("Hel", "lo 🧭")) as (server, provider):
        assert await events_of(provider) == HELLO

    (exchange,) = server.chats
    assert exchange.body["stream"] is True
    assert exchange.body["messages"] == [{"role": "user", "content": "hello"}]
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.headers["user-agent"].startswith("ollama-python/")
    assert exchange.headers["content-type"] == "application/json"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_bytes_may_arrive_in_any_pieces(size: int) -> None:
    async with serving(streamed("Hel", "lo 🧭", piece_bytes=size)) as (_, provider):
        assert await events_of(provider) == HELLO


@pytest.mark.parametrize("path", ["/v1", "/api", "/v1/", "/"])
async def test_a_base_url_of_another_wire_of_the_same_server_will_do(path: str) -> None:
    async with serving(streamed("Hel", "lo 🧭"), path=path) as (_, provider):
        assert await events_of(provider) == HELLO


async def test_a_server_below_a_path_is_asked_there() -> None:
    async with serving(streamed("x"), path="/box") as (server, provider):
        await events_until_error(provider)
    assert {one.path for one in server.exchanges} == {"/box/api/show", "/box/api/chat"}


async def test_a_cut_after_any_byte_keeps_what_came() -> None:
    body = b"".join(step for step in said("ab🧭c") if isinstance(step, bytes))
    for cut in range(0, len(body) - 1, 7):
        for end in (Cut, None):
            steps: list[Step] = [body[:cut], *([end] if end else [])]
            async with serving(lines(*steps)) as (_, provider):
                events = await events_until_error(provider)
            text = "".join(one.text for one in events if isinstance(one, TextDelta))
            assert text in ("", "ab🧭c")
            assert not any(isinstance(one, GenerationStopped) for one in events), (cut, end)
            if text and isinstance(events[-1], Exception):
                assert isinstance(events[-1], StreamInterrupted), (cut, end, events)


async def test_events_are_yielded_as_they_arrive() -> None:
    gate = asyncio.Event()
    async with serving(lines(*HALF, gate, *said("second"))) as (_, provider):
        stream = provider.stream(request())
        assert await anext(stream) == TextDelta("half")
        gate.set()
        assert await anext(stream) == TextDelta("second")
        await stream.aclose()


async def test_a_tool_round_trip_keeps_the_servers_ids() -> None:
    asked = lines(delta(thinking="Hm."), delta(tool_calls=[call("current_time", {}, "c1")]), done())
    async with serving(asked, streamed("Noon.")) as (server, provider):
        events = await events_of(provider, request(tools=(CLOCK,)))
        assert events[:2] == [
            ThinkingDelta("Hm."),
            ToolCallDelta(0, "c1", "current_time", "{}", {"ollama": {"id": "c1"}}),
        ]
        called = ToolCall("c1", "current_time", "{}", {"ollama": {"id": "c1"}})
        history = (
            user("time?"),
            message("assistant", called, provider="local", model="test-model"),
            message("tool", ToolResult("c1", "noon")),
        )
        assert (await events_of(provider, request(*history, tools=(CLOCK,))))[0] == TextDelta(
            "Noon."
        )

    first, second = server.chats
    assert first.body["tools"][0]["function"]["name"] == "current_time"
    assert second.body["messages"][2]["tool_call_id"] == "c1"
    assert len(server.asked("/api/show")) == 1


async def test_what_is_held_back_for_a_tag_is_not_lost_when_the_stream_breaks() -> None:
    async with serving(lines(delta(content="<thi"), b"{nonsense\n")) as (_, provider):
        held, failure = await events_until_error(provider)

    assert held == TextDelta("<thi")
    assert isinstance(failure, StreamInterrupted)


async def test_a_clean_end_without_the_mark_is_none() -> None:
    async with serving(lines(*HALF)) as (_, provider):
        assert await events_of(provider) == [TextDelta("half")]


async def test_what_comes_after_the_mark_is_not_waited_for() -> None:
    async with serving(lines(*HALF, done(), Stall)) as (server, provider):
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")
        await server.chats[0].left.wait()


async def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = {"message": {"role": "assistant", "content": "All at once."}, "done": True}
    async with serving(as_json({"model": "m", "created_at": AT, **whole})) as (_, provider):
        assert await events_of(provider) == [
            TextDelta("All at once."),
            GenerationStopped("end_turn"),
        ]


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([*HALF, Cut], StreamInterrupted, "closed the connection in mid-reply"),
        ([*HALF, b'{"message": \n'], StreamInterrupted, "broken data in mid-reply"),
        ([*HALF, b"7\n", done()], StreamInterrupted, "broken data in mid-reply"),
        ([line({"message": None}), b"nonsense\n"], BadResponse, "broken data instead of a reply"),
        ([*HALF, line({"error": "on fire"})], StreamInterrupted, "with an error: on fire."),
        ([line({"error": "unexpected EOF"})], BadResponse, "unexpected EOF"),
        ([line({"error": '{"error": {"message": "deep"}}'})], BadResponse, "'test-model': deep."),
        ([line({"error": '{"half'})], BadResponse, '{"half'),
        ([line({"error": "model 'x' not found"})], ModelNotFound, "Pull it with /pull test-model"),
        ([], BadResponse, "nothing at all where a reply should be. Its base_url"),
        ([b"<html>\n<title>Sign in</title>"], BadResponse, "a web page titled 'Sign in'"),
        ([b"data: {}\n\n"], BadResponse, "where a reply should be"),
    ],
)
async def test_what_breaks_a_stream_is_told_in_words(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(lines(*steps)) as (_, provider):
        events = await events_until_error(provider)

    assert isinstance(events[-1], kind), events
    assert words in str(events[-1])
    assert "/v1" not in str(events[-1])
    assert events[:-1] in ([], [TextDelta("half")])


PAGE = Reply([b"<html><title>502 Bad Gateway</title></html>"], 502, "text/html")
DATE = formatdate(time() + 5, usegmt=True)


@pytest.mark.parametrize(
    ("reply", "kind", "words", "can_retry"),
    [
        (error("unauthorized", 401), AuthenticationFailed, "does not accept the key", False),
        (error("no", 403), AuthenticationFailed, "does not permit this", False),
        (error("model 'x' not found", 404), ModelNotFound, "Pull it with /pull test-model", False),
        (error('model "x" not found, try pulling it first', 404), ModelNotFound, "/pull", False),
        (Reply([b"404 page not found"], 404, "text/plain"), BadResponse, "has nothing at", False),
        (
            error("the input length exceeds the context length", 400),
            ContextTooLong,
            "does not fit",
            False,
        ),
        (error("body too large", 413), BadResponse, "Send less", False),
        (error("slow down", 429, **{"retry-after": "3"}), RateLimited, "no more requests", True),
        (error("slow down", 429, **{"retry-after": DATE}), RateLimited, "no more requests", True),
        (error("slow down", 429, **{"retry-after": "600"}), RateLimited, "no more requests", True),
        (error("slow down", 429), RateLimited, "no more requests", True),
        (error("requires more system memory (9.1 GiB)", 500), Overloaded, "smaller num_ctx", False),
        (PAGE, Overloaded, "a web page titled '502 Bad Gateway'", True),
        (error("server busy, please try again", 503), Overloaded, "server busy", True),
        (error("overloaded", 529), Overloaded, "(529)", True),
    ],
)
async def test_a_refusal_is_told_in_words(
    reply: Reply, kind: type[ProviderError], words: str, can_retry: bool
) -> None:
    async with serving(reply) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, kind), failure
    assert words in str(failure)
    assert failure.can_retry is can_retry


@pytest.mark.parametrize(
    ("value", "least", "most"), [("3", 3, 3), (DATE, 0, 6), ("600", 600, 600), ("x", None, None)]
)
async def test_how_long_to_wait_is_read(
    value: str, least: float | None, most: float | None
) -> None:
    async with serving(error("slow down", 429, **{"retry-after": value})) as (_, provider):
        (failure,) = await events_until_error(provider)
    if least is None or most is None:
        assert failure.retry_after_seconds is None
    else:
        assert least <= failure.retry_after_seconds <= most


async def test_an_error_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_client, "MOST_ERROR_BYTES", 100)
    async with serving(Reply([b"x" * 200, Stall], 500, "text/plain")) as (_, provider):
        (failure,) = await events_until_error(provider)
    assert isinstance(failure, Overloaded)


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Stall], ConnectionLost, "sent nothing for 1 s. Try again, or allow more"),
        ([*HALF, Stall], StreamInterrupted, "sent nothing for 0.2 s in mid-reply"),
    ],
)
async def test_silence_is_not_endured_for_ever_but_longer_while_a_model_is_loaded(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(lines(*steps), idle_seconds=0.2) as (server, provider):
        events = await events_until_error(provider)
        await server.chats[0].left.wait()

    assert isinstance(events[-1], kind), events
    assert words in str(events[-1])


async def test_a_refused_connection_says_how_to_start_the_server() -> None:
    async with OllamaServer() as server:
        gone = server.url
    provider = OllamaChat(endpoint(gone))

    (failure,) = await events_until_error(provider)
    await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert failure.can_retry
    assert str(failure) == (
        f"Nothing listens at 127.0.0.1:{server.port} for 'local'. "
        "Is Ollama running? Start it with `ollama serve`."
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://nowhere.invalid", "nowhere.invalid cannot be found"), ("https", "reached safely")],
)
async def test_other_reasons_not_to_connect_are_told_apart(url: str, words: str) -> None:
    async with OllamaServer(streamed("x")) as server:
        tls = server.url.replace("http", "https")
        provider = OllamaChat(endpoint(tls if url == "https" else url))
        (failure,) = await events_until_error(provider)
        await provider.aclose()

    assert isinstance(failure, ConnectionLost)
    assert not failure.can_retry
    assert words in str(failure)


async def leave_by_cancelling(provider: OllamaChat, may_leave: asyncio.Event) -> None:
    async def read() -> None:
        async for _ in provider.stream(request()):
            may_leave.set()

    task = asyncio.create_task(read())
    await may_leave.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def leave_by_closing(provider: OllamaChat, _: asyncio.Event) -> None:
    stream = provider.stream(request())
    await anext(stream)
    await stream.aclose()


@pytest.mark.parametrize("leave", [leave_by_cancelling, leave_by_closing])
async def test_leaving_in_mid_reply_closes_the_socket_at_once(leave: Callable[..., Any]) -> None:
    waits: list[float] = []
    async with serving(lines(*HALF, Stall)) as (server, provider):
        for attempt in range(3):  # the quickest counts: the machine may be busy
            await leave(provider, asyncio.Event())
            left_at = asyncio.get_running_loop().time()
            exchange = server.chats[attempt]
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
        await server.arrived(2)  # the model is asked about first
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.chats[0].left.wait()

    assert task.cancelled()


async def test_the_provider_can_be_used_again_after_it_was_closed() -> None:
    async with serving(streamed("x")) as (_, provider):
        first = await events_of(provider)
        await provider.aclose()

        assert await events_of(provider) == first


class TestWhatTheServerKnows:
    """`/api/show`, asked once for each model."""

    async def test_a_model_without_tools_is_offered_none_and_one_that_thinks_is_asked_to(
        self,
    ) -> None:
        async with serving(streamed("x")) as (server, provider):
            await events_of(provider, request(tools=(CLOCK,)))
            server.models["test-model"] = shown("completion")
            await provider.aclose()
            fresh = OllamaChat(endpoint(server.url))
            await events_of(fresh, request(tools=(CLOCK,)))
            await fresh.aclose()

        assert server.chats[0].body["think"] is True
        assert "tools" in server.chats[0].body
        assert "think" not in server.chats[1].body
        assert "tools" not in server.chats[1].body

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            error("not here", 404),
            Reply([Cut]),
            Reply([b"nonsense"]),
            Reply([b"[]"]),
            Reply([Stall]),
        ],
    )
    async def test_a_server_that_does_not_say_is_asked_for_the_answer_all_the_same(
        self, answer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ollama_library, "SHOW_SECONDS", 0.5)
        server = {"models": {"test-model": answer}}
        async with serving(streamed("x"), server=server) as (running, provider):
            assert (await events_of(provider, request(tools=(CLOCK,))))[0] == TextDelta("x")
        assert "tools" in running.chats[0].body
        assert "think" not in running.chats[0].body

    async def test_a_model_that_turns_out_to_have_no_tools_is_asked_without_and_remembered(
        self,
    ) -> None:
        no = error("registry.ollama.ai/library/gemma:2b does not support tools", 400)
        server = {"models": {"test-model": None}}
        async with serving(no, streamed("x"), server=server) as (running, provider):
            for _ in range(2):
                assert (await events_of(provider, request(tools=(CLOCK,))))[0] == TextDelta("x")
        assert ["tools" in one.body for one in running.chats] == [True, False, False]

    async def test_a_model_that_turns_out_not_to_think_is_asked_again_unless_one_wants_it_to(
        self,
    ) -> None:
        no = error('"gemma:2b" does not support thinking', 400)
        guessed = ModelFacts("test-model", has=frozenset({"reasoning"}))
        server = {"models": {"test-model": None}}
        async with serving(no, streamed("x"), server=server) as (running, provider):
            assert (await events_of(provider, replace(request(), facts=guessed)))[0] == TextDelta(
                "x"
            )
        assert ["think" in one.body for one in running.chats] == [True, False]

        async with serving(no, server=server) as (running, provider):
            (failure,) = await events_until_error(provider, request(effort="high"))
        assert str(failure).endswith("Take the effort back, or choose a model that thinks.")
        assert len(running.chats) == 1

    async def test_a_context_that_was_asked_for_is_asked_for_again(self) -> None:
        async with serving(streamed("x")) as (server, provider):
            for length in (3, 30_000, 3):
                await events_of(provider, request(user("x" * length)))
        sizes = [one.body.get("options", {}).get("num_ctx") for one in server.chats]
        assert sizes == [None, 16384, 16384]

    async def test_a_conversation_that_does_not_fit_is_asked_again_with_more_room(self) -> None:
        async with serving(overflow(9000, 4096), streamed("x")) as (server, provider):
            for _ in range(2):
                assert (await events_of(provider))[0] == TextDelta("x")
        sizes = [one.body.get("options", {}).get("num_ctx") for one in server.chats]
        assert sizes == [None, 16384, 16384]

    async def test_at_the_end_of_what_the_model_has_it_is_an_error(self) -> None:
        server = {"models": {"test-model": shown("completion", context_length=8192)}}
        async with serving(overflow(9000, 8192), server=server) as (running, provider):
            (failure,) = await events_until_error(provider)
        assert isinstance(failure, ContextTooLong)
        assert "num_ctx" not in str(failure)
        assert len(running.chats) == 2

    @pytest.mark.parametrize(
        ("about", "num_ctx"), [(CHATS, {"": 5000}), (CHATS, {"test-model": 5000}), (None, {})]
    )
    async def test_a_context_that_a_person_chose_or_nobody_knows_is_left_to_the_person(
        self, about: Any, num_ctx: dict[str, int]
    ) -> None:
        server = {"models": {"test-model": about}}
        async with serving(overflow(9000, 5000), server=server, num_ctx=num_ctx) as (
            running,
            provider,
        ):
            (failure,) = await events_until_error(provider)
        assert isinstance(failure, ContextTooLong)
        assert "set a larger num_ctx under [providers.local]" in str(failure)
        assert len(running.chats) == 1

    async def test_an_image_that_is_refused_is_told_in_words(self) -> None:
        no = inside("model does not support multimodal requests.", "invalid_request_error")
        server = {"models": {"test-model": None}}
        async with serving(no, streamed("x"), server=server) as (running, provider):
            picture = Attachment("image/png", b"png", "p.png")
            assert (await events_of(provider, request(user("see", picture))))[0] == TextDelta("x")
        assert "images" in running.chats[0].body["messages"][0]
        assert "takes no images" in running.chats[1].body["messages"][0]["content"]

    async def test_an_image_reaches_a_model_that_sees(self) -> None:
        picture = Attachment("image/png", b"png", "p.png")
        server = {"models": {"test-model": shown("completion", "vision")}}
        async with serving(streamed("x"), server=server) as (running, provider):
            await events_of(provider, request(user("what?", picture)))
        assert running.chats[0].body["messages"][0]["images"] == ["cG5n"]


class TestListing:
    """Installed models, with what each can do."""

    async def test_models_come_with_size_abilities_and_what_is_in_memory(self) -> None:
        models = {
            "qwen3:8b": CHATS,
            "llava:7b": shown("completion", "vision", context_length=32768, family="llama"),
            "nomic-embed-text:latest": shown("embedding", family="nomic-bert"),
            "old:latest": None,
        }
        async with serving(server={"models": models, "running": ["qwen3:8b"]}) as (_, provider):
            qwen, llava, old = await provider.list_models()

        assert (qwen.name, qwen.context_window) == ("qwen3:8b", 40960)
        assert qwen.note == "8.2B Q4_K_M, qwen3, in memory"
        assert [qwen.can(what) for what in ("tools", "reasoning", "vision")] == [True, True, False]
        assert (llava.name, llava.context_window) == ("llava:7b", 32768)
        assert llava.note == "8.2B Q4_K_M, llama"
        assert [llava.can(what) for what in ("tools", "reasoning", "vision")] == [
            False,
            False,
            True,
        ]
        assert (old.name, old.note) == ("old:latest", "8.2B Q4_K_M, qwen3")
        assert (old.context_window, old.can("tools")) == (None, None)

    async def test_a_list_that_has_abilities_itself_is_believed(self) -> None:
        tags = [
            tagged("a", capabilities=["completion", "tools"]),
            tagged("b", capabilities=["embedding"]),
        ]
        server = {"models": {}, "tags": as_json({"models": tags})}
        async with serving(server=server) as (_, provider):
            (only,) = await provider.list_models()
        assert (only.name, only.can("tools"), only.can("vision")) == ("a", True, False)

    async def test_a_model_is_asked_about_again_only_when_another_was_pulled(self) -> None:
        async with serving(server={"models": {"a": CHATS, "b": CHATS}}) as (server, provider):
            await provider.list_models()
            await provider.list_models()
            assert len(server.asked("/api/show")) == 2
            server._tags = as_json({"models": [tagged("a"), tagged("b", digest="new")]})
            await provider.list_models()
        assert [one.body["model"] for one in server.asked("/api/show")][2:] == ["b"]

    async def test_a_server_slow_to_say_does_not_hold_up_the_list(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ollama_library, "SHOW_SECONDS", 0.5)
        models = {"slow": Reply([Stall]), "a": CHATS}
        async with serving(server={"models": models}) as (_, provider):
            slow, quick = await provider.list_models()
        assert slow.context_window is None
        assert quick.context_window == 40960

    @pytest.mark.parametrize(
        ("tags", "kind"),
        [
            (Reply([b"<html>hello</html>"]), BadResponse),
            (error("no", 401), AuthenticationFailed),
            (Reply([b"404 page not found"], 404, "text/plain"), BadResponse),
            (Reply([Cut]), ConnectionLost),
        ],
    )
    async def test_a_list_that_cannot_be_had_is_an_error_in_words(
        self, tags: Reply, kind: type[Exception]
    ) -> None:
        async with serving(server={"tags": tags}) as (_, provider):
            with pytest.raises(kind, match=r"'local'"):
                await provider.list_models()

    @pytest.mark.parametrize("tags", [{}, {"models": None}, {"models": [{}, 7]}, []])
    async def test_odd_lists_are_empty(self, tags: Any) -> None:
        async with serving(server={"tags": as_json(tags)}) as (_, provider):
            assert await provider.list_models() == ()

    async def test_tokens_are_not_counted(self) -> None:
        async with serving() as (_, provider):
            assert await provider.count_tokens(request()) is None


class TestSecrets:
    """The key goes to its own server, and nothing of the environment to any."""

    async def test_a_key_of_the_environment_is_not_sent_behind_our_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OLLAMA_API_KEY", "of-another-host")
        monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
        async with serving(streamed("x"), api_key=None, key_optional=True) as (server, provider):
            await events_of(provider)
            await provider.list_models()
        assert all("authorization" not in one.headers for one in server.exchanges)
        assert "another-host" not in str(server.exchanges)

    async def test_without_a_key_where_one_is_needed_nothing_is_sent(self) -> None:
        async with serving(streamed("x"), api_key=None) as (server, provider):
            (failure,) = await events_until_error(provider)
            with pytest.raises(AuthenticationFailed):
                await provider.list_models()
        assert isinstance(failure, AuthenticationFailed)
        assert server.exchanges == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_neither_key_nor_conversation_follow_a_redirect(self, status: int) -> None:
        async with OllamaServer(streamed("stolen")) as other:
            redirect = Reply(status=status, headers={"location": f"{other.url}/api/chat"})
            async with serving(redirect) as (_, provider):
                (failure,) = await events_until_error(provider)
        assert isinstance(failure, BadResponse)
        assert f"sends requests on to {other.url}" in str(failure)
        assert other.exchanges == []

    async def test_the_key_echoed_by_a_server_is_not_shown(self) -> None:
        async with serving(error(f"unauthorized: {KEY}", 401)) as (_, provider):
            (failure,) = await events_until_error(provider)
        assert "unauthorized: ***" in str(failure)

    async def test_a_proxy_for_the_web_is_not_asked_for_this_machine(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        async with serving(streamed("x")) as (_, provider):
            assert (await events_of(provider))[0] == TextDelta("x")


def test_building_a_provider_imports_no_sdk() -> None:
    code = (
        "import sys; from conduit_tui.core.endpoint import Endpoint\n"
        "from conduit_tui.providers.registry import build\n"
        "build(Endpoint('x', 'ollama', 'http://127.0.0.1:9', key_optional=True))\n"
        "slow = {'ollama', 'httpx', 'pydantic', 'rapidfuzz'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_importing_the_sdk_does_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    opened = ollama_client.open_client

    def watched(of: Any) -> Any:
        import threading

        threads.append(threading.current_thread().name)
        return opened(of)

    monkeypatch.setattr(ollama_client, "open_client", watched)
    async with serving(streamed("x")) as (_, provider):
        await events_of(provider)
        await events_of(provider)

    assert len(threads) == 1
    assert threads != ["MainThread"]

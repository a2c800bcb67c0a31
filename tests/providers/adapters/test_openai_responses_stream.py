"""The adapter end to end: the real SDK against a real server on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from conduit_tui.core.events import GenerationStopped, TextDelta, ThinkingDelta, UsageReported
from conduit_tui.core.message import Thinking, ToolResult
from conduit_tui.core.params import Params
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.adapters.openai_responses import OpenAIResponses
from tests.providers.asking import (
    KEY,
    NOW,
    assistant,
    endpoint,
    events_of,
    events_until_error,
    message,
    request,
    user,
)
from tests.servers.http import Cut, Reply, Stall, Step
from tests.servers.openai_server import error, refused
from tests.servers.responses_server import ResponsesServer, Script, said


@asynccontextmanager
async def serving(
    *replies: Any, **fields: Any
) -> AsyncIterator[tuple[ResponsesServer, OpenAIResponses]]:
    """A server and a provider that talks to it."""
    async with ResponsesServer(*replies) as server:
        provider = OpenAIResponses(endpoint(server.url, **fields))
        try:
            yield server, provider
        finally:
            await provider.aclose()


def half() -> list[Step]:
    """A stream up to the middle of its text."""
    script = Script()
    return [*script.begin(), *script.message("half", "whole")[:3]]


def text_of(events: list[Any]) -> str:
    return "".join(one.text for one in events if isinstance(one, TextDelta))


async def test_a_reply_streams_through_the_sdk() -> None:
    async with serving(Reply(said("Hel", "lo 🧭"))) as (server, provider):
        events = await events_of(provider)

    assert text_of(events) == "Hello 🧭"
    assert "".join(one.text for one in events if isinstance(one, ThinkingDelta)).startswith("Let")
    assert isinstance(events[-2], UsageReported)
    assert events[-1] == GenerationStopped("end_turn")
    (exchange,) = server.exchanges
    assert exchange.path == "/v1/responses"
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.body["store"] is False


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7, 89])
async def test_bytes_may_arrive_in_pieces_of_any_size(piece_bytes: int) -> None:
    async with serving(Reply(said("Hel", "lo 🧭")), Reply(said("Hel", "lo 🧭"))) as (_, provider):
        whole = await events_of(provider)
    async with serving(Reply(said("Hel", "lo 🧭"), piece_bytes=piece_bytes)) as (_, provider):
        assert await events_of(provider) == whole


async def test_a_stream_cut_after_any_event_is_never_taken_for_a_finished_one() -> None:
    steps = said("Hel", "lo 🧭")
    replies = [Reply([*steps[:count], Cut]) for count in range(len(steps))]
    async with serving(*replies) as (_, provider):
        for count in range(len(steps)):
            events = await events_until_error(provider)
            assert isinstance(events[-1], StreamInterrupted | ConnectionLost), count
            assert "Hello 🧭".startswith(text_of(events[:-1]))


async def test_a_clean_end_without_the_last_event_is_no_end() -> None:
    async with serving(Reply(half())) as (_, provider):
        assert await events_of(provider) == [TextDelta("half")]


async def test_nothing_is_waited_for_after_the_last_event() -> None:
    async with serving(Reply([*said("x"), Stall])) as (server, provider):
        assert (await events_of(provider))[-1] == GenerationStopped("end_turn")
        await server.exchanges[0].left.wait()


FLAT = b'data: {"type":"error","code":"%s","message":"%s","param":null,"sequence_number":3}\n\n'


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        ([Cut], ConnectionLost, "closed the connection before 'local' replied"),
        ([*half(), Cut], StreamInterrupted, "closed the connection in mid-reply"),
        ([*half(), b"data: {nonsense\n\n"], StreamInterrupted, "broken data in mid-reply"),
        ([*half(), FLAT % (b"server_error", b"on fire")], StreamInterrupted, "error: on fire."),
        ([FLAT % (b"server_error", b"on fire")], Overloaded, "(500): on fire."),
        ([b"event: error\n" + FLAT % (b"rate_limit_exceeded", b"slow")], RateLimited, "slow."),
        (
            Script().end("failed", error={"code": "server_error", "message": "The engine failed"}),
            Overloaded,
            "(500): The engine failed.",
        ),
        (
            [
                *half(),
                *Script().end("failed", error={"code": "server_error", "message": "It failed"}),
            ],
            StreamInterrupted,
            "with an error: It failed.",
        ),
        ([], BadResponse, "nothing at all where a reply should be"),
        ([b"<html><title>Sign in</title></html>"], BadResponse, "a web page titled 'Sign in'"),
    ],
)
async def test_what_breaks_a_stream_is_told_in_words(
    steps: list[Step], kind: type[Exception], words: str
) -> None:
    async with serving(Reply(steps)) as (_, provider):
        events = await events_until_error(provider)

    assert isinstance(events[-1], kind), events
    assert words in str(events[-1])
    assert text_of(events[:-1]) in ("", "half")


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refused(401, error("Incorrect API key", "invalid_api_key")), AuthenticationFailed, "key"),
        (refused(403, "<html><title>Blocked</title>"), BadResponse, "not the key"),
        (
            refused(400, error("The requested model 'x' does not exist.", "model_not_found")),
            ModelNotFound,
            "has no model 'test-model' (400)",
        ),
        (
            refused(
                400,
                error("Your input exceeds the context window", "context_length_exceeded"),
            ),
            ContextTooLong,
            "does not fit 'test-model'",
        ),
        (refused(413, error("Too large")), BadResponse, "Send less"),
        (refused(500, error("oh")), Overloaded, "(500): oh."),
        (refused(502, "<html><title>Bad gateway</title>"), Overloaded, "'Bad gateway'"),
        (refused(503, error("busy")), Overloaded, "(503): busy."),
        (refused(529, error("busy")), Overloaded, "(529): busy."),
        (
            Reply(status=307, headers={"location": "http://127.0.0.1:9/v1"}),
            BadResponse,
            "sends requests on to http://127.0.0.1:9/v1",
        ),
    ],
)
async def test_a_refusal_is_told_in_words(reply: Reply, kind: type[Exception], words: str) -> None:
    async with serving(reply) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert type(failure) is kind, failure
    assert words in str(failure)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "3"}, 3, 3),
        ({"retry-after": "600"}, 600, 600),
        ({"retry-after": formatdate(time() + 5000, usegmt=True)}, 4000, 5000),
        ({}, None, None),
    ],
)
async def test_a_limit_of_the_rate_says_how_long(
    headers: dict[str, str], least: Any, most: Any
) -> None:
    async with serving(refused(429, error("Slow down"), **headers)) as (_, provider):
        (failure,) = await events_until_error(provider)

    assert isinstance(failure, RateLimited)
    assert failure.can_retry
    wait = failure.retry_after_seconds
    assert wait == least if least is None else least <= (wait or 0) <= most


async def test_silence_is_not_endured_for_ever() -> None:
    async with serving(Reply([*half(), Stall]), idle_seconds=0.05) as (server, provider):
        events = await events_until_error(provider)
        await server.exchanges[0].left.wait()

    assert isinstance(events[-1], StreamInterrupted)
    assert text_of(events[:-1]) == "half"


async def test_leaving_in_mid_reply_closes_the_socket_at_once() -> None:
    async with serving(Reply([*half(), Stall])) as (server, provider):
        stream = provider.stream(request())
        await anext(stream)
        await stream.aclose()
        left_at = asyncio.get_running_loop().time()
        exchange = await server.arrived()
        await exchange.left.wait()

    assert exchange.left_at is not None
    assert exchange.left_at - left_at < 0.2


async def test_a_server_that_does_not_stream_is_understood() -> None:
    script = Script()
    script.message("All at once.")
    body = json.dumps(script.response("completed")).encode()
    async with serving(Reply([body], content_type="application/json")) as (_, provider):
        events = await events_of(provider)

    assert text_of(events) == "All at once."
    assert events[-1] == GenerationStopped("end_turn")


async def test_who_may_not_have_summaries_is_answered_without_them() -> None:
    words = "Your organization must be verified to generate reasoning summaries."
    replies = (refused(400, error(words, "unsupported_value")), Reply(said("x")))
    async with serving(*replies) as (server, provider):
        assert text_of(await events_of(provider)) == "x"
        await events_of(provider)

    asked = [one.body.get("reasoning") for one in server.exchanges]
    assert asked == [{"summary": "auto"}, None, None]


async def test_a_key_does_not_follow_a_redirect() -> None:
    async with ResponsesServer(Reply(said("stolen"))) as other:
        redirect = Reply(status=308, headers={"location": f"{other.url}/responses"})
        async with serving(redirect) as (_, provider):
            (failure,) = await events_until_error(provider)

    assert isinstance(failure, ProviderError)
    assert other.exchanges == []


async def test_a_round_of_tools_brings_the_encrypted_reasoning_back() -> None:
    script = Script()
    asking = [
        *script.begin(),
        *script.reasoning("I need", " the time.", encrypted="gAAAAABoSealed"),
        *script.call("current_time", '{"timezone": "UTC"}', "call_a"),
        *script.end(),
    ]
    question = user("What time is it?")
    async with serving(Reply(asking), Reply(said("Noon."))) as (server, provider):
        draft = Draft("m", "session", question.id, "local", "test-model", Params(), NOW)
        for event in await events_of(provider, request(question)):
            draft.feed(event)
        reply = draft.seal("complete", NOW)
        result = message("tool", ToolResult("call_a", "12:00"))
        await events_of(provider, request(question, reply, result))

    assert reply.thinking == "I need\n\n the time."
    assert server.exchanges[1].body["input"] == [
        {"role": "user", "content": "What time is it?"},
        script.output[0],
        {
            "type": "function_call",
            "call_id": "call_a",
            "name": "current_time",
            "arguments": '{"timezone": "UTC"}',
            "id": "fc_1",
        },
        {"type": "function_call_output", "call_id": "call_a", "output": "12:00"},
    ]


@pytest.mark.parametrize(
    "refusal",
    [
        refused(400, error("The encrypted content for item rs_1 could not be verified.")),
        refused(404, error("Item with id 'rs_1' not found. Items are not persisted when `store`")),
        refused(400, error("Item 'rs_1' of type 'reasoning' was provided without its required")),
    ],
)
async def test_reasoning_that_cannot_be_read_any_more_is_left_out(refusal: Reply) -> None:
    sealed = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAA"}
    thought = Thinking("hm", {"openai-responses": {"item": sealed}})
    history = (user("q"), assistant(thought, "a"), user("r"))
    async with serving(refusal, Reply(said("x")), refusal) as (server, provider):
        assert text_of(await events_of(provider, request(*history))) == "x"
        (failure,) = await events_until_error(provider)

    roles = [one["role"] for one in server.exchanges[1].body["input"]]
    assert roles == ["user", "assistant", "user"]
    assert isinstance(failure, BadResponse)
    assert len(server.exchanges) == 3

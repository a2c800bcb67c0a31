"""Answers of the chat wire in shapes that no document names, through the SDK and a real socket.

Each is sent whole and byte by byte, and must come to the same.
"""

import json
from typing import Any

import pytest

from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ModelNotFound,
    Overloaded,
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
from conduit_tui.core.usage import Usage
from conduit_tui.providers.adapters.openai_chat import OpenAIChat
from tests.providers.asking import endpoint, events_until_error
from tests.servers.http import Reply, Step
from tests.servers.openai_server import DONE, OpenAIServer, chunk, frame

COUNTS = {"prompt_tokens": 7, "completion_tokens": 3}
USED = UsageReported(Usage(7, 3))
HI = TextDelta("Hi")
HALF = chunk({"content": "Half"})
END = GenerationStopped("end_turn")
CALLED = GenerationStopped("tool_calls")


async def answer(*steps: Step, quirks: Any = None, **options: Any) -> list[Any]:
    """What comes of an answer, an error as the last; byte by byte it comes to the same."""
    replies = [Reply(steps, piece_bytes=size, **options) for size in (None, 1)]
    async with OpenAIServer(*replies) as server:
        provider = OpenAIChat(endpoint(server.url, quirks=quirks or {}))
        whole, cut = [await events_until_error(provider) for _ in replies]
        await provider.aclose()
    assert list(map(repr, cut)) == list(map(repr, whole))
    return whole


def choice(**fields: Any) -> bytes:
    return frame({"choices": [{"index": 0, **fields}]})


def function(name: str, arguments: str) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


@pytest.mark.parametrize(
    ("steps", "events"),
    [
        (
            [
                chunk({"content": None, "function_call": function("clock", "")}),
                chunk({"function_call": {"arguments": "{}"}}, "function_call"),
            ],
            [ToolCallDelta(0, "", "clock", ""), ToolCallDelta(0, "", "", "{}"), CALLED],
        ),
        (
            [chunk({"tool_calls": {"id": "a", "function": function("clock", "{}")}}, "tool_use")],
            [ToolCallDelta(0, "a", "clock", "{}"), CALLED],
        ),
        ([choice(message={"content": "Hi"}, finish_reason="stop"), DONE], [HI, END]),
        ([choice(text="Hi"), choice(text="", finish_reason="stop"), DONE], [HI, END]),
        ([chunk({"content": "Hi"}), choice(message={"content": "Hi"}), DONE], [HI, END]),
        ([chunk({"content": "Hi"}), choice(delta={}, usage=COUNTS), DONE], [HI, USED, END]),
        ([chunk({"content": "Hi"}, "eos"), DONE], [HI, END]),
        ([chunk({"content": "Hi"}), b"data:  [DONE]\n\n"], [HI, END]),
        ([chunk({"content": "Hi"}), b'data: "[DONE]"\n\n'], [HI, END]),
        ([chunk({"reasoning_text": "hm"}), DONE], [ThinkingDelta("hm"), END]),
    ],
)
async def test_an_answer_of_another_shape_is_read(steps: list[Step], events: list[Any]) -> None:
    assert await answer(*steps) == events


async def test_frames_that_say_nothing_of_the_answer_are_passed_over() -> None:
    steps = [
        b"event: ping\ndata: ping\n\n",
        b"event: status\ndata: queued\n\n",
        b"data:\n\n",
        b"data: null\n\n",
        chunk({"content": "Hi"}),
        DONE,
    ]

    assert await answer(*steps) == [HI, END]


@pytest.mark.parametrize("text", ["{}\n{}\n{}\n", "[{},{},{}]", "[{},\n {},\n {}"])
async def test_chunks_without_events_around_them_are_an_answer(text: str) -> None:
    pieces = [{"delta": {"content": "H"}}, {"delta": {"content": "i"}}, {"finish_reason": "stop"}]
    chunks = (json.dumps({"choices": [piece]}) for piece in pieces)
    for piece in chunks:
        text = text.replace("{}", piece, 1)

    found = await answer(text.encode(), content_type="application/json")

    assert found == [TextDelta("H"), TextDelta("i"), END]


async def test_reasoning_between_tags_is_told_apart_unless_one_says_not_to() -> None:
    steps = [chunk({"content": "<think>hm</think>\n\nHi"}, "stop"), DONE]

    assert await answer(*steps) == [ThinkingDelta("hm"), HI, END]
    assert await answer(*steps, quirks={"think_tags": False}) == [
        TextDelta("<think>hm</think>\n\nHi"),
        END,
    ]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (
            {"object": "error", "message": "The model `x` does not exist.", "code": 404},
            ModelNotFound,
            "'local' has no model 'test-model' (404): The model `x` does not exist.",
        ),
        ({"code": 401, "msg": "token expired", "success": False}, AuthenticationFailed, "expired."),
        ({"code": "InvalidParameter", "message": "url error"}, BadResponse, "url error. Change"),
        ({"error_code": 17, "error_msg": "daily limit reached"}, BadResponse, "limit reached."),
        ({"errors": [{"message": "no such account"}], "result": None}, BadResponse, "no such acc"),
        (
            {"choices": None, "base_resp": {"status_code": 8, "status_msg": "out of credits"}},
            RateLimited,
            "The quota or credit at 'local' is used up: out of credits.",
        ),
    ],
)
@pytest.mark.parametrize("is_framed", [True, False])
async def test_an_error_that_comes_with_success_is_told_in_its_own_words(
    body: Any, kind: type[Exception], words: str, is_framed: bool
) -> None:
    sent = frame(body) if is_framed else json.dumps(body).encode()

    (failure,) = await answer(sent, *([DONE] if is_framed else []))

    assert isinstance(failure, kind)
    assert words in str(failure)


async def test_a_page_of_health_is_no_error_but_a_wrong_address() -> None:
    (failure,) = await answer(b'{"status": "ok", "message": "It runs", "code": 200}')

    assert "Its base_url is probably wrong" in str(failure)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([DONE], "nothing at all where a reply should be"),
        ([frame({"type": "response.created"}), DONE], "response.created"),
    ],
)
async def test_a_stream_without_any_answer_is_none(steps: list[Step], words: str) -> None:
    (failure,) = await answer(*steps)

    assert isinstance(failure, BadResponse)
    assert words in str(failure)


async def test_an_answer_of_no_words_is_one() -> None:
    assert await answer(chunk({"role": "assistant", "content": ""}, "stop"), DONE) == [END]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (b'error: {"code":500,"message":"the context is full"}\n\n', "the context is full."),
        (b"event: error\n\n", "no reason given."),
        (frame({"code": "Throttling", "message": "too fast", "request_id": "r"}), "too fast."),
        (chunk({}, "network_error"), "its model failed (network_error)."),
        (chunk({}, "insufficient_system_resource"), "it ran out of resources"),
    ],
)
async def test_what_breaks_an_answer_off_is_told(last: bytes, words: str) -> None:
    half, failure = await answer(HALF, last, DONE)

    assert half == TextDelta("Half")
    assert isinstance(failure, StreamInterrupted)
    assert words in str(failure)


async def test_a_server_without_resources_can_be_tried_again() -> None:
    (failure,) = await answer(chunk({}, "insufficient_system_resource"), DONE)

    assert isinstance(failure, Overloaded)
    assert failure.can_retry


async def test_an_object_instead_of_a_stream_may_be_of_many_lines() -> None:
    body = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}], "usage": COUNTS}

    assert await answer(json.dumps(body, indent=2).encode()) == [HI, USED, END]

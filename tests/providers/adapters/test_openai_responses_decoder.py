"""Events as the documentation has them, and the whole list of ours."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.message import Attachment, Citation, Unknown
from conduit_tui.core.usage import Usage
from conduit_tui.providers.adapters.openai_responses import Decoder
from conduit_tui.providers.chunks import ErrorFrame
from tests.servers.http import Step
from tests.servers.responses_server import Script

USED = UsageReported(Usage(36, 87, 16, 4, 64))


def objects(steps: list[Step]) -> list[dict[str, Any]]:
    """The JSON of every event."""
    return [json.loads(step.split(b"data: ", 1)[1]) for step in steps if isinstance(step, bytes)]


def events(*parts: list[Step] | dict[str, Any]) -> list[Any]:
    decoder = Decoder()
    found: list[Any] = []
    for part in parts:
        for event in objects(part) if isinstance(part, list) else [part]:
            found += decoder.feed(event)
    return [*found, *decoder.finish(marked=False)]


def test_reasoning_and_text() -> None:
    script = Script()
    steps = [
        *script.begin(),
        *script.reasoning("Let me see.", "So it is."),
        *script.message("Hel", "lo"),
        *script.end(),
    ]

    assert events(steps) == [
        ThinkingDelta("Let "),
        ThinkingDelta("me see."),
        ThinkingDelta("\n\nSo i"),
        ThinkingDelta("t is."),
        ThinkingDelta("", {"openai-responses": {"item": script.output[0]}}),
        TextDelta("Hel"),
        TextDelta("lo"),
        TextDelta("", {"openai-responses": {"id": "msg_1"}}),
        USED,
        GenerationStopped("end_turn"),
    ]
    assert script.output[0]["encrypted_content"] == "gAAAAABo"


def test_parallel_calls_are_joined_by_call_id() -> None:
    script = Script()
    steps = [
        *script.reasoning(),
        *script.call("f", '{"a": 1}', "call_a"),
        *script.call("g", "{}", "call_b"),
        *script.end(),
    ]

    assert events(steps)[1:] == [
        ToolCallDelta(0, "call_a", "f", ""),
        ToolCallDelta(0, "", "", '{"a'),
        ToolCallDelta(0, "", "", '": 1}'),
        ToolCallDelta(0, "call_a", "f", "", {"openai-responses": {"id": "fc_1"}}),
        ToolCallDelta(1, "call_b", "g", ""),
        ToolCallDelta(1, "", "", "{}"),
        ToolCallDelta(1, "call_b", "g", "", {"openai-responses": {"id": "fc_2"}}),
        USED,
        GenerationStopped("tool_calls"),
    ]


@pytest.mark.parametrize(
    "kinds",
    [
        ("response.output_item.done", "response.completed"),
        ("response.completed",),
        (
            "response.output_text.done",
            "response.function_call_arguments.done",
            "response.reasoning_summary_text.done",
            "response.completed",
        ),
    ],
)
def test_what_deltas_did_not_bring_is_taken_from_where_it_is_whole(kinds: tuple[str, ...]) -> None:
    script = Script()
    steps = [
        *script.reasoning("One.", "Two."),
        *script.message("Hel", "lo"),
        *script.call("f", '{"a": 1}'),
        *script.end(),
    ]
    kept = [one for one in objects(steps) if one["type"] in kinds]

    found = events(*kept)

    thinking = "".join(one.text for one in found if isinstance(one, ThinkingDelta))
    assert thinking == "One.\n\nTwo."
    assert "".join(one.text for one in found if isinstance(one, TextDelta)) == "Hello"
    calls = [one for one in found if isinstance(one, ToolCallDelta)]
    assert {one.index for one in calls} == {0}
    assert "".join(one.arguments for one in calls) == '{"a": 1}'
    assert [one.call_id for one in calls if one.call_id] == ["call_a"]
    assert found[-1] == GenerationStopped("tool_calls")


def test_a_text_whose_last_delta_is_missing_is_completed_once() -> None:
    script = Script()
    steps = objects([*script.message("Hel", "lo"), *script.end()])
    kept = [one for one in steps if one.get("delta") != "lo"]

    assert [one.text for one in events(*kept) if isinstance(one, TextDelta)] == ["Hel", "lo", ""]


def test_unknown_events_items_and_fields_are_no_trouble() -> None:
    script = Script()
    strange = {"id": "x_0", "type": "telepathy_call", "mind": {"open": True}}
    steps = [*script.item(strange), *script.message("x", future_field=[1]), *script.end()]

    assert events({"type": "response.telepathy.delta", "delta": "?"}, {}, steps) == [
        UnknownReceived(Unknown(strange, {"openai-responses": {"id": "x_0"}})),
        TextDelta("x"),
        TextDelta("", {"openai-responses": {"id": "msg_1"}}),
        USED,
        GenerationStopped("end_turn"),
    ]


def test_null_where_a_value_should_be_reads_as_nothing() -> None:
    nothing = [
        {"type": kind, "delta": None, "item": None, "response": None, "text": None, "part": None}
        for kind in (
            "response.output_text.delta",
            "response.output_text.done",
            "response.output_item.added",
            "response.output_item.done",
            "response.reasoning_summary_text.delta",
            "response.function_call_arguments.delta",
            "response.output_text.annotation.added",
        )
    ]

    assert events(*nothing, {"type": "response.completed", "response": None}) == [
        GenerationStopped("end_turn")
    ]


def test_a_search_is_told_among_the_thinking_and_its_sources_are_cited() -> None:
    script = Script()
    search = {
        "id": "ws_0",
        "type": "web_search_call",
        "status": "completed",
        "action": {"type": "search", "query": "raft consensus"},
    }
    cited = {"type": "url_citation", "url": "https://a.example", "title": "A", "start_index": 1}
    at = {"output_index": 1, "content_index": 0}
    added = {"type": "response.output_text.annotation.added", **at, "annotation": cited}
    more = {**cited, "url": "https://b.example"}
    searched = script.item(search)
    steps = script.message("Raft.", annotations=[cited, more, {"type": "file_path"}])

    assert events(searched, added, steps, script.end()) == [
        ThinkingDelta("Searched the web: raft consensus\n", {"openai-responses": {"item": search}}),
        CitationsReceived((Citation("https://a.example", "A"),)),
        TextDelta("Raft."),
        CitationsReceived((Citation("https://a.example", "A"), Citation("https://b.example", "A"))),
        TextDelta("", {"openai-responses": {"id": "msg_1"}}),
        USED,
        GenerationStopped("end_turn"),
    ]


def test_an_image_that_was_made_is_received() -> None:
    item = {
        "id": "ig_0",
        "type": "image_generation_call",
        "status": "completed",
        "output_format": "webp",
        "result": base64.b64encode(b"RIFF").decode(),
    }
    kept = {"type": "image_generation_call", "id": "ig_0", "status": "completed"}

    (received, *_) = events(Script().item(item))

    assert received == AttachmentReceived(
        Attachment("image/webp", b"RIFF", "image-1.webp", {"openai-responses": {"item": kept}})
    )


def test_a_refusal_is_text_and_the_reason() -> None:
    script = Script()

    assert events(script.message("I can", "not.", kind="refusal"), script.end()) == [
        TextDelta("I can"),
        TextDelta("not."),
        TextDelta("", {"openai-responses": {"id": "msg_0", "refusal": True}}),
        USED,
        GenerationStopped("refusal"),
    ]


def test_raw_reasoning_of_open_models_is_thinking() -> None:
    at = {"item_id": "rs", "output_index": 0, "content_index": 0}
    item = {"id": "rs", "type": "reasoning", "content": [{"type": "reasoning_text", "text": "hm"}]}

    assert events(
        {"type": "response.reasoning_text.delta", **at, "delta": "h"},
        {"type": "response.reasoning_text.done", **at, "text": "hm"},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
    ) == [
        ThinkingDelta("h"),
        ThinkingDelta("m"),
        ThinkingDelta("", {"openai-responses": {"item": item}}),
    ]


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"reason": "max_output_tokens"}, "max_tokens"),
        ({"reason": "content_filter"}, "content_filter"),
        ({"reason": "something_new"}, "something_new"),
        (None, "max_tokens"),
    ],
)
def test_an_incomplete_response_says_why(details: Any, reason: str) -> None:
    script = Script()
    steps = [*script.message("ha"), *script.end("incomplete", incomplete_details=details)]

    assert events(steps)[-1] == GenerationStopped(reason)


def test_without_its_last_event_nothing_is_complete() -> None:
    script = Script()

    assert not any(isinstance(one, GenerationStopped) for one in events(script.message("x")))


def test_a_failed_response_is_an_error_with_its_code() -> None:
    script = Script()
    failed = script.end("failed", error={"code": "server_error", "message": "The engine failed"})

    with pytest.raises(ErrorFrame) as raised:
        events(failed)

    assert raised.value.body == {"code": "server_error", "message": "The engine failed"}


def test_items_without_an_index_are_told_apart_by_their_ids() -> None:
    script = Script()
    steps = [*script.call("f", '{"a": 1}', "a"), *script.call("g", "{}", "b"), *script.end()]
    bare = [{k: v for k, v in one.items() if k != "output_index"} for one in objects(steps)]

    calls = [one for one in events(*bare) if isinstance(one, ToolCallDelta)]

    assert "".join(one.arguments for one in calls if one.index == 0) == '{"a": 1}'
    assert "".join(one.arguments for one in calls if one.index == 1) == "{}"
    assert {one.index for one in calls} == {0, 1}


def test_a_response_in_one_piece_is_read_whole() -> None:
    script = Script()
    script.reasoning("One.")
    script.message("Hello")

    found = list(Decoder().feed_whole(script.response("completed")))

    assert found[0] == ThinkingDelta("One.")
    assert TextDelta("Hello") in found
    assert found[-1] == GenerationStopped("end_turn")


def test_an_item_nested_without_end_is_left_out() -> None:
    deep: Any = {}
    for _ in range(500):
        deep = {"x": deep}

    assert events(Script().item({"id": "x", "type": "odd", "deep": deep})) == []


KINDS = st.sampled_from(
    [f"response.{kind}" for kind in ("completed", "incomplete", "refusal.delta", "created")]
    + [f"response.output_item.{kind}" for kind in ("added", "done")]
    + [f"response.output_text.{kind}" for kind in ("delta", "done", "annotation.added")]
    + [f"response.reasoning_summary_text.{kind}" for kind in ("delta", "done")]
    + [f"response.function_call_arguments.{kind}" for kind in ("delta", "done")]
)
NAMES = st.sampled_from(
    [
        *("item", "type", "delta", "text", "output_index", "item_id", "content_index", "id"),
        *("summary", "content", "response", "output", "usage", "incomplete_details", "annotation"),
        *("annotations", "arguments", "call_id", "name", "result", "action", "refusal", "url"),
    ]
)
ANYTHING: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["message", "reasoning", "function_call", "image_generation_call"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(chunks=st.lists(st.tuples(KINDS, st.dictionaries(NAMES, ANYTHING, max_size=4)), max_size=4))
def test_events_of_any_shape_are_survived(chunks: list[tuple[str, dict[str, Any]]]) -> None:
    events(*({**fields, "type": kind} for kind, fields in chunks))

"""Lines in, whole event lists out."""

import json
from typing import Any

import pytest

from conduit_tui.core.events import (
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.usage import Usage
from conduit_tui.providers.adapters.ollama_chat import Decoder
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.ndjson import LineDecoder
from tests.servers.ollama_server import call, delta, done

END = [UsageReported(Usage(10, 5)), GenerationStopped("end_turn")]


def events_of(*pieces: bytes) -> list[Any]:
    lines, decoder = LineDecoder(), Decoder()
    objects = [one for piece in pieces for one in lines.feed(piece)] + list(lines.finish())
    return [event for one in objects for event in decoder.feed(one)]


def line(message: Any, **fields: Any) -> bytes:
    return json.dumps({"message": message, "done": False, **fields}).encode() + b"\n"


WHOLE = b"".join(
    (
        delta(thinking="Hm, "),
        delta(thinking="né 🧭."),
        delta(content="Let me look.\n"),
        delta(tool_calls=[call("now", {"zone": "Oslo"}, "call_a1"), call("now", {}, "call_a2", 1)]),
        done(),
    )
)
WHOLE_EVENTS = [
    ThinkingDelta("Hm, "),
    ThinkingDelta("né 🧭."),
    TextDelta("Let me look.\n"),
    ToolCallDelta(0, "call_a1", "now", '{"zone": "Oslo"}', {"ollama": {"id": "call_a1"}}),
    ToolCallDelta(1, "call_a2", "now", "{}", {"ollama": {"id": "call_a2"}}),
    UsageReported(Usage(10, 5)),
    GenerationStopped("tool_calls"),
]


def test_a_reply_cut_after_any_byte_gives_the_same_events() -> None:
    for cut in range(len(WHOLE) + 1):
        assert events_of(WHOLE[:cut], WHOLE[cut:]) == WHOLE_EVENTS


def test_calls_without_ids_on_lines_of_their_own_are_counted_through() -> None:
    lines = [delta(tool_calls=[call(name, {})]) for name in ("one", "two")]
    assert events_of(*lines, done())[:2] == [
        ToolCallDelta(0, "", "one", "{}"),
        ToolCallDelta(1, "", "two", "{}"),
    ]


@pytest.mark.parametrize(
    ("arguments", "written"),
    [({"a": "ø"}, '{"a": "ø"}'), ('{"a": 1}', '{"a": 1}'), ("", ""), (None, ""), ([1], "")],
)
def test_arguments_come_as_an_object_or_as_text(arguments: Any, written: str) -> None:
    (event, *_) = events_of(delta(tool_calls=[call("x", arguments)]), done())
    assert event == ToolCallDelta(0, "", "x", written)


@pytest.mark.parametrize("odd", [None, 7, {}, {"function": None}, {"function": {"name": ""}}])
def test_a_call_without_a_name_is_none(odd: Any) -> None:
    assert events_of(delta(tool_calls=[odd]), done()) == END


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("load", "load"),
        ("unload", "unload"),
        (None, "end_turn"),
        ("new_one", "new_one"),
    ],
)
def test_the_reason_is_translated(reason: str | None, stop: str) -> None:
    assert events_of(done(reason))[-1] == GenerationStopped(stop)


def test_a_call_cut_by_the_limit_is_not_told_as_a_wish_to_run_it() -> None:
    events = events_of(delta(tool_calls=[call("x", {})]), done("length"))
    assert events[-1] == GenerationStopped("max_tokens")


def test_the_last_line_may_hold_content_as_an_answer_in_one_piece_does() -> None:
    message = {"role": "assistant", "content": "All at once.", "thinking": "Hm."}
    assert events_of(done(message=message)) == [
        ThinkingDelta("Hm."),
        TextDelta("All at once."),
        *END,
    ]


@pytest.mark.parametrize(
    ("prompt", "output", "usage"), [(0, 5, Usage(0, 5)), (7, 0, Usage(7, 0)), (0, 0, None)]
)
def test_counts_that_are_left_out_are_zero_and_none_at_all_is_no_report(
    prompt: int, output: int, usage: Usage | None
) -> None:
    reports = [
        one for one in events_of(done("stop", prompt, output)) if isinstance(one, UsageReported)
    ]
    assert reports == ([UsageReported(usage)] if usage else [])


def test_nulls_and_unknown_fields_are_skipped() -> None:
    odd = [
        line(None),
        line({"content": None, "thinking": None, "tool_calls": None, "images": None}),
        line({"content": 7, "mood": "good"}, logprobs=[], new={"x": 1}),
        b'{"status": "loading"}\n',
        b"{}\n",
    ]
    assert events_of(*odd, done(prompt=None, output="many")) == [GenerationStopped("end_turn")]  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", [None, False, "true", 1])
def test_nothing_but_done_true_ends_a_reply(mark: Any) -> None:
    events = events_of(line({"content": "x"}, done=mark, done_reason="stop", eval_count=3))
    assert events == [TextDelta("x")]


@pytest.mark.parametrize(
    "body", [{"error": "on fire"}, {"error": {"message": "on fire"}, "done": True}]
)
def test_an_error_in_mid_stream_is_none_of_the_text(body: Any) -> None:
    decoder = Decoder()
    assert list(decoder.feed({"message": {"content": "half"}})) == [TextDelta("half")]
    with pytest.raises(ErrorFrame) as caught:
        list(decoder.feed(body))
    assert caught.value.body == body
    assert not decoder.is_finished


@pytest.mark.parametrize("pieces", [["<think>hm</think>\n\nHi"], ["<thi", "nk>hm</th", "ink>\nHi"]])
def test_thoughts_in_the_text_of_a_model_without_a_field_for_them(pieces: list[str]) -> None:
    steps = [delta(content=piece) for piece in pieces]

    assert events_of(*steps, done()) == [ThinkingDelta("hm"), TextDelta("Hi"), *END]


def test_the_beginning_of_a_tag_that_never_came_is_text() -> None:
    assert events_of(delta(content="<thi"), done()) == [TextDelta("<thi"), *END]

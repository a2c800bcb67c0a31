"""Events as Anthropic documents them (shortened), and the whole list of ours."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.message import Citation, Text, Thinking, ToolCall, Unknown
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.adapters.anthropic_messages import Decoder
from conduit_tui.providers.chunks import chunk_of
from conduit_tui.providers.sse import FrameDecoder
from tests.servers.anthropic_scripts import CITED, FOUND, SEARCH, called, searched
from tests.servers.anthropic_server import (
    PING,
    delta,
    event,
    message_delta,
    message_start,
    message_stop,
    said,
    start,
    stop,
    text,
    thinking,
    tool_use,
)
from tests.servers.http import Step


def events(*steps: Step, decoder: Decoder | None = None) -> list[StreamEvent]:
    decoder = decoder or Decoder()
    frames = FrameDecoder()
    data = b"".join(step for step in steps if isinstance(step, bytes))
    return [
        each
        for frame in (*frames.feed(data), *frames.finish())
        for each in decoder.feed(chunk_of(frame))
    ]


def parts(found: list[StreamEvent]) -> tuple[Any, ...]:
    draft = Draft("m", "s", "p", "anthropic", "claude", Params(), datetime.now(UTC))
    for each in found:
        draft.feed(each)
    return draft.parts()


def test_text() -> None:
    assert events(*said("Hel", "lo")) == [
        UsageReported(Usage(10, 1)),
        TextDelta("Hel"),
        TextDelta("lo"),
        UsageReported(Usage(10, 5)),
        GenerationStopped("end_turn"),
    ]


def test_thinking_is_signed_at_its_end_and_a_call_comes_in_pieces() -> None:
    assert events(*called("clock")) == [
        UsageReported(Usage(10, 1)),
        ThinkingDelta("I need "),
        ThinkingDelta("the time."),
        ThinkingDelta("", {"anthropic": {"signature": "RXFRQkNrZ0lCeEFCR0FJcVFM"}}),
        TextDelta("Let me look."),
        ToolCallDelta(0, "toolu_01A09q90qw90lq917835lq9", "clock", ""),
        ToolCallDelta(0, "", "", '{"timezone": '),
        ToolCallDelta(0, "", "", '"Europe/Oslo"}'),
        UsageReported(Usage(10, 5)),
        GenerationStopped("tool_calls"),
    ]


def test_a_search_keeps_its_blocks_whole_and_cites_its_sources() -> None:
    found = events(*searched())

    assert found == [
        UsageReported(Usage(10, 1)),
        TextDelta("I will look. "),
        UnknownReceived(Unknown({**SEARCH, "input": {"query": "Oslo"}}, {"anthropic": {}})),
        UnknownReceived(
            Unknown(
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "srvtoolu_1",
                    "content": [FOUND],
                },
                {"anthropic": {}},
            )
        ),
        TextDelta("As it stands, "),
        CitationsReceived((Citation("https://example.org/oslo", "Oslo"),)),
        TextDelta("Oslo is in Norway"),
        TextDelta(", and cold."),
        TextDelta(
            "",
            {
                "anthropic": {
                    "blocks": [
                        {"length": 14, "citations": []},
                        {"length": 17, "citations": [CITED]},
                        {"length": 11, "citations": []},
                    ]
                }
            },
        ),
        UsageReported(Usage(90, 5, apart=(("web_searches", 1),))),
        GenerationStopped("end_turn"),
    ]
    assert [type(part) for part in parts(found)] == [Text, Unknown, Unknown, Text, Citation]


def test_thinking_whose_text_is_kept_back_leaves_its_signature() -> None:
    found = events(*thinking(0, signature="sig"), *text(1, "x"), message_stop())

    assert parts(found) == (Thinking("", {"anthropic": {"signature": "sig"}}), Text("x"))


def test_a_signature_may_come_in_pieces_and_with_the_start() -> None:
    found = events(
        start(0, type="thinking", thinking="Well. ", signature="a"),
        delta(0, "thinking_delta", thinking="So."),
        delta(0, "signature_delta", signature="b"),
        delta(0, "signature_delta", signature="c"),
        stop(0),
    )

    assert parts(found) == (Thinking("Well. So.", {"anthropic": {"signature": "abc"}}),)


def test_two_thoughts_in_a_row_stay_two() -> None:
    found = events(*thinking(0, "one", signature="1"), *thinking(1, "two", signature="2"))

    assert [part.text for part in parts(found)] == ["one", "two"]


def test_redacted_thinking_stays_in_its_place() -> None:
    redacted = {"type": "redacted_thinking", "data": "ZGF0YQ=="}
    found = events(*thinking(0, "a", signature="1"), start(1, **redacted), stop(1), *text(2, "b"))

    assert parts(found)[1] == Unknown(redacted, {"anthropic": {}})
    assert [type(part) for part in parts(found)] == [Thinking, Unknown, Text]


def test_a_block_of_a_kind_not_known_is_kept_with_all_that_came() -> None:
    found = events(
        start(0, type="hologram", data="ab", size=1),
        delta(0, "hologram_delta", data="cd", size=2, note="n"),
        stop(0),
    )

    assert found[0] == UnknownReceived(
        Unknown({"type": "hologram", "data": "abcd", "size": 2, "note": "n"}, {"anthropic": {}})
    )


def test_a_call_whose_input_comes_whole_at_the_start() -> None:
    found = events(
        start(0, type="tool_use", id="t", name="f", input={"a": "é"}), stop(0), message_stop()
    )

    assert parts(found) == (ToolCall("t", "f", '{"a": "é"}'),)
    assert found[-1] == GenerationStopped("tool_calls")


def test_an_input_at_the_start_may_be_a_text() -> None:
    found = events(start(0, type="tool_use", id="t", name="f", input='{"a": 1}'), message_stop())

    assert parts(found) == (ToolCall("t", "f", '{"a": 1}'),)


def test_input_in_pieces_wins_over_input_at_the_start() -> None:
    found = events(
        start(0, type="tool_use", id="t", name="f", input={"a": 1}),
        delta(0, "input_json_delta", partial_json='{"a": 2}'),
        stop(0),
    )

    assert parts(found) == (ToolCall("t", "f", '{"a": 2}'),)


def test_parallel_calls_and_what_else_they_carry() -> None:
    found = events(
        *tool_use(0, "t1", "f", '{"a": 1}'),
        start(1, type="tool_use", id="t2", name="g", input={}, caller={"type": "direct"}),
        stop(1),
    )

    assert parts(found) == (
        ToolCall("t1", "f", '{"a": 1}'),
        ToolCall("t2", "g", "", {"anthropic": {"caller": {"type": "direct"}}}),
    )


def test_a_tool_sent_under_another_name_is_called_by_its_own() -> None:
    found = events(
        *tool_use(0, "t", "fs_read_12345678"), decoder=Decoder({"fs_read_12345678": "fs.read"})
    )

    assert parts(found)[0].name == "fs.read"


def test_counts_are_cumulative_and_null_says_nothing() -> None:
    found = events(
        message_start(
            input_tokens=12, cache_read_input_tokens=1000, cache_creation_input_tokens=None
        ),
        *text(0, "x"),
        message_delta(
            None,
            input_tokens=None,
            cache_creation_input_tokens=200,
            output_tokens=7,
            output_tokens_details={"thinking_tokens": 3},
        ),
        message_delta(output_tokens=9, cache_read_input_tokens=None),
        message_stop(),
    )

    assert [each.usage for each in found if isinstance(each, UsageReported)] == [
        Usage(1012, 1, cache_read_tokens=1000),
        Usage(1212, 9, cache_read_tokens=1000, cache_write_tokens=200, reasoning_tokens=3),
    ]


def test_what_was_read_from_a_cache_falls_to_nothing_when_the_input_is_told_anew() -> None:
    found = events(
        message_start(input_tokens=90, cache_read_input_tokens=40_000),
        start(0, type="compaction", content=None),
        delta(0, "compaction_delta", content="Long ago, they met."),
        stop(0),
        message_delta(input_tokens=150, cache_read_input_tokens=0, output_tokens=6),
        message_stop(),
    )

    assert [each.usage for each in found if isinstance(each, UsageReported)] == [
        Usage(40_090, 1, cache_read_tokens=40_000),
        Usage(150, 6),
    ]
    assert parts(found) == (
        Unknown({"type": "compaction", "content": "Long ago, they met."}, {"anthropic": {}}),
    )


def test_what_has_a_price_of_its_own_is_counted_apart() -> None:
    found = events(
        message_start(
            cache_creation_input_tokens=30,
            cache_creation={"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
        ),
        *text(0, "x"),
        message_delta(server_tool_use={"web_search_requests": 2, "web_fetch_requests": 1}),
        message_stop(),
    )

    usage = Usage(40, 5, cache_write_tokens=30)
    apart = (("cache_write_1h_tokens", 20), ("web_searches", 2))
    assert found[-2] == UsageReported(replace(usage, apart=apart))


def test_an_end_without_input_counts_leaves_those_of_the_beginning() -> None:
    nothing = {"input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    found = events(
        message_start(input_tokens=3, cache_read_input_tokens=7),
        *text(0, "x"),
        message_delta(**nothing, output_tokens=2),
        message_stop(),
    )

    assert found[-2] == UsageReported(Usage(10, 2, cache_read_tokens=7))


RAN: Any = {"type": "code_execution_tool_result", "tool_use_id": "s", "content": {}}


class TestBlocksInTheMessageItself:
    """A program that a model runs may have called a tool before there is anything to stream."""

    def begun(self, *blocks: Any, reason: str | None = None) -> bytes:
        counts = {"input_tokens": 8, "output_tokens": 2}
        return event(
            "message_start", message={"content": blocks, "stop_reason": reason, "usage": counts}
        )

    def test_they_are_the_whole_answer_where_no_other_comes(self) -> None:
        call = {"type": "tool_use", "id": "t", "name": "look", "input": {"city": "Oslo"}}
        found = events(self.begun(RAN, call, reason="tool_use"), message_stop())

        assert parts(found) == (
            Unknown(RAN, {"anthropic": {}}),
            ToolCall("t", "look", '{"city": "Oslo"}'),
        )
        assert found[-2:] == [UsageReported(Usage(8, 2)), GenerationStopped("tool_calls")]

    def test_what_is_streamed_follows_them(self) -> None:
        found = events(self.begun(RAN), *text(1, "Cold."), message_delta(), message_stop())

        assert parts(found) == (Unknown(RAN, {"anthropic": {}}), Text("Cold."))

    def test_what_is_streamed_again_counts_once(self) -> None:
        said = {"type": "text", "text": "Cold."}
        found = events(self.begun(said), *text(0, "Cold."), message_delta(), message_stop())

        assert parts(found) == (Text("Cold."),)


def test_nothing_is_told_before_the_first_block_so_that_a_failure_can_be_retried() -> None:
    assert events(message_start(), PING) == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("end_turn", "end_turn"),
        ("max_tokens", "max_tokens"),
        ("stop_sequence", "stop_sequence"),
        ("tool_use", "tool_calls"),
        ("pause_turn", "pause_turn"),
        ("refusal", "refusal"),
        ("model_context_window_exceeded", "model_context_window_exceeded"),
        ("struck_by_lightning", "struck_by_lightning"),
        (None, "end_turn"),
    ],
)
def test_why_it_stopped(sent: str | None, told: str) -> None:
    assert events(message_delta(sent), message_stop())[-1] == GenerationStopped(told)


def test_a_refusal_without_a_word_is_explained_where_the_server_does() -> None:
    details = {"type": "refusal", "category": "bio", "explanation": "I may not."}
    ended = event("message_delta", delta={"stop_reason": "refusal", "stop_details": details})

    assert events(message_start(), ended, message_stop()) == [
        TextDelta("I may not."),
        UsageReported(Usage(10, 1)),
        GenerationStopped("refusal"),
    ]
    assert events(*text(0, "No"), ended, message_stop()) == [
        TextDelta("No"),
        GenerationStopped("refusal"),
    ]


def test_unordered_events_are_read_as_far_as_they_make_sense() -> None:
    found = events(
        delta(0, "text_delta", text="without a start"),
        stop(7),
        delta(9, "input_json_delta", partial_json="{}"),
        delta(3, "mystery_delta", what=1),
        start(1, type="thinking", thinking=""),
        delta(1, "thinking_delta", thinking="hm"),
        start(1, type="text", text="same place"),
        message_stop(),
        message_stop(),
    )

    assert parts(found) == (
        Text("without a start"),
        Thinking("hm", {"anthropic": {}}),
        Text("same place"),
    )
    assert [each for each in found if isinstance(each, GenerationStopped)] == [
        GenerationStopped("end_turn")
    ]


def test_what_is_not_known_is_skipped() -> None:
    nulls: list[dict[str, Any]] = [
        {"type": "content_block_start", "index": None, "content_block": None},
        {"type": "content_block_delta", "index": 0, "delta": None},
        {"type": "content_block_delta", "index": "0", "delta": {"type": ["x"]}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": None}},
        {"type": "message_start", "message": None},
        {"type": "message_delta", "delta": None, "usage": None},
        {"type": "conversation_rated", "stars": 5},
        {"type": None},
        {},
    ]
    decoder = Decoder()

    assert [each for one in nulls for each in decoder.feed(one)] == []


def test_an_answer_in_one_piece() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": "Oslo", "citations": [CITED]},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
    ]
    usage = {"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 5}
    body: Any = {"content": blocks, "stop_reason": "tool_use", "usage": usage}

    found = list(Decoder().feed_whole(body))

    assert parts(found) == (
        Thinking("hm", {"anthropic": {"signature": "s"}}),
        Unknown(blocks[1], {"anthropic": {}}),
        Text("Oslo", {"anthropic": {"blocks": [{"length": 4, "citations": [CITED]}]}}),
        ToolCall("t", "f", '{"a": 1}'),
        Citation("https://example.org/oslo", "Oslo"),
    )
    assert found[-2:] == [
        UsageReported(Usage(7, 5, cache_read_tokens=4)),
        GenerationStopped("tool_calls"),
    ]


@pytest.mark.parametrize("steps", [said("Hel", "lo 🧭"), called("clock"), searched()])
def test_frames_may_be_cut_at_any_byte(steps: list[Step]) -> None:
    data = b"".join(step for step in steps if isinstance(step, bytes))
    expected = events(data)
    for cut in range(len(data)):
        frames, decoder = FrameDecoder(), Decoder()
        found = [
            each
            for piece in (data[:cut], data[cut:])
            for frame in frames.feed(piece)
            for each in decoder.feed(chunk_of(frame))
        ]
        assert found == expected, cut


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
_KINDS = st.sampled_from(["text", "thinking", "tool_use", "redacted_thinking", "odd"])
_DELTAS = st.sampled_from(
    ["text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta", "x"]
)
_FIELDS = st.sampled_from(
    ["text", "thinking", "signature", "partial_json", "citation", "citations", "input", "id"]
)


@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda index, kind, fields: {
                    "type": "content_block_start",
                    "index": index,
                    "content_block": {**fields, "type": kind},
                },
                st.integers(0, 2),
                _KINDS,
                st.dictionaries(_FIELDS, _JSON, max_size=3),
            ),
            st.builds(
                lambda index, kind, fields: {
                    "type": "content_block_delta",
                    "index": index,
                    "delta": {**fields, "type": kind},
                },
                st.integers(0, 2),
                _DELTAS,
                st.dictionaries(_FIELDS, _JSON, max_size=3),
            ),
            st.builds(
                lambda index: {"type": "content_block_stop", "index": index}, st.integers(0, 2)
            ),
            st.builds(
                lambda delta, usage: {"type": "message_delta", "delta": delta, "usage": usage},
                _JSON,
                _JSON,
            ),
        ),
        max_size=12,
    )
)
def test_no_order_of_events_and_no_value_breaks_it(stream: list[dict[str, Any]]) -> None:
    decoder = Decoder()
    found = [each for one in [*stream, {"type": "message_stop"}] for each in decoder.feed(one)]

    assert isinstance(found[-1], GenerationStopped)
    assert json.dumps([str(part) for part in parts(found)])

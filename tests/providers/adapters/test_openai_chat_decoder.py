"""Chunks as they were recorded from servers (shortened), and the whole list of events."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.message import Citation
from conduit_tui.core.usage import Usage
from conduit_tui.providers.adapters.openai_chat import Decoder


def delta(fields: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}], **more}


def events(*chunks: dict[str, Any], marked: bool = True) -> list[Any]:
    decoder = Decoder()
    found = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*found, *decoder.finish(marked=marked)]


def test_openai_text() -> None:
    counts = {
        "prompt_tokens": 19,
        "completion_tokens": 10,
        "total_tokens": 29,
        "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 4},
    }
    assert events(
        delta({"role": "assistant", "content": "", "refusal": None}, usage=None),
        delta({"content": "Hel"}, usage=None),
        delta({"content": "lo"}, usage=None),
        delta({}, "stop", usage=None),
        {"choices": [], "usage": counts},
    ) == [
        TextDelta("Hel"),
        TextDelta("lo"),
        UsageReported(Usage(19, 10, cache_read_tokens=8, reasoning_tokens=4)),
        GenerationStopped("end_turn"),
    ]


def test_azure_begins_without_choices() -> None:
    first = {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]}

    assert events(first, delta({"content": "x"}), delta({}, "stop")) == [
        TextDelta("x"),
        GenerationStopped("end_turn"),
    ]


def test_openai_parallel_calls() -> None:
    def piece(index: int, arguments: str, **more: Any) -> dict[str, Any]:
        function = {"arguments": arguments, **more.pop("function", {})}
        return delta({"tool_calls": [{"index": index, "function": function, **more}]})

    assert events(
        delta({"role": "assistant", "content": None}),
        piece(0, "", id="call_1", type="function", function={"name": "f"}),
        piece(0, '{"a"'),
        piece(0, ": 1}"),
        piece(1, "", id="call_2", type="function", function={"name": "g"}),
        piece(1, "{}"),
        delta({}, "tool_calls"),
    ) == [
        ToolCallDelta(0, "call_1", "f", ""),
        ToolCallDelta(0, "", "", '{"a"'),
        ToolCallDelta(0, "", "", ": 1}"),
        ToolCallDelta(1, "call_2", "g", ""),
        ToolCallDelta(1, "", "", "{}"),
        GenerationStopped("tool_calls"),
    ]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_by_either_name(field: str) -> None:
    assert events(
        delta({field: "hm", "content": None}), delta({field: "", "content": "so"}, "stop")
    ) == [ThinkingDelta("hm"), TextDelta("so"), GenerationStopped("end_turn")]


def test_reasoning_under_both_names_is_told_once() -> None:
    assert events(delta({"reasoning": "hm", "reasoning_content": "hm"}, "stop")) == [
        ThinkingDelta("hm"),
        GenerationStopped("end_turn"),
    ]


def test_mistral_thinks_in_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Well, "}]}
    reference = {"type": "reference", "reference_ids": [1]}
    text = {"type": "text", "text": "4"}
    assert events(
        delta({"content": [thinking]}),
        delta({"content": [text, reference]}),
        delta({"content": ""}, "stop", usage={"prompt_tokens": 3, "completion_tokens": 9}),
    ) == [
        ThinkingDelta("Well, "),
        TextDelta("4"),
        UsageReported(Usage(3, 9)),
        GenerationStopped("end_turn"),
    ]


def test_groq_keeps_usage_in_a_corner() -> None:
    counts = {"prompt_tokens": 5, "completion_tokens": 6, "queue_time": 0.1}

    assert events(delta({}, "stop", x_groq={"id": "r", "usage": counts})) == [
        UsageReported(Usage(5, 6)),
        GenerationStopped("end_turn"),
    ]


def test_usage_on_every_chunk_is_told_when_it_changes() -> None:
    def counting(count: int) -> dict[str, Any]:
        usage = {"prompt_tokens": 2, "completion_tokens": count}
        return delta({"content": "x"}, usage=usage)

    assert events(counting(1), counting(1), counting(2)) == [
        TextDelta("x"),
        UsageReported(Usage(2, 1)),
        TextDelta("x"),
        TextDelta("x"),
        UsageReported(Usage(2, 2)),
        GenerationStopped("end_turn"),
    ]


def test_deepseek_names_its_cache_and_xai_counts_reasoning_apart() -> None:
    deepseek = {"prompt_tokens": 9, "completion_tokens": 1, "prompt_cache_hit_tokens": 7}
    xai = {
        "prompt_tokens": 9,
        "completion_tokens": 2,
        "total_tokens": 16,
        "completion_tokens_details": {"reasoning_tokens": 5},
    }

    assert events({"usage": deepseek})[0] == UsageReported(Usage(9, 1, cache_read_tokens=7))
    assert events({"usage": xai})[0] == UsageReported(Usage(9, 7, reasoning_tokens=5))


def test_perplexity_repeats_itself() -> None:
    sources = {
        "citations": ["https://a.example"],
        "search_results": [{"title": "A", "url": "https://a.example", "date": None}],
    }
    message = {"role": "assistant", "content": "Hi [1]"}
    choice = {"index": 0, "message": message, "delta": {"content": "Hi [1]"}}
    last = {"index": 0, "message": message, "delta": {"content": ""}, "finish_reason": "stop"}
    assert events(
        {"object": "chat.completion.chunk", "choices": [choice], **sources},
        {"object": "chat.completion.done", "choices": [last], **sources},
    ) == [
        TextDelta("Hi [1]"),
        CitationsReceived((Citation("https://a.example", "A"),)),
        GenerationStopped("end_turn"),
    ]


def test_citations_without_titles_are_addresses() -> None:
    assert events({"citations": ["https://a.example", None]})[0] == CitationsReceived(
        (Citation("https://a.example"),)
    )


def test_a_refusal_is_text_and_a_reason() -> None:
    assert events(delta({"refusal": "I cannot"}), delta({"refusal": " help."}, "stop")) == [
        TextDelta("I cannot"),
        TextDelta(" help."),
        GenerationStopped("refusal"),
    ]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("model_length", "model_length"),
    ],
)
def test_finish_reasons_in_our_words(word: str, reason: str) -> None:
    assert events(delta({}, word), marked=False) == [GenerationStopped(reason)]


def test_without_a_finish_reason_or_a_mark_there_is_no_end() -> None:
    assert events(delta({"content": "half"}, ""), marked=False) == [TextDelta("half")]


def test_a_call_that_ends_by_the_mark_alone_is_complete() -> None:
    call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}

    assert events(delta({"tool_calls": [call]})) == [
        ToolCallDelta(0, "c", "f", "{}"),
        GenerationStopped("tool_calls"),
    ]


def test_other_choices_than_the_first_are_left_alone() -> None:
    second = {"choices": [{"index": 1, "delta": {"content": "no"}}]}

    assert events(second, delta({"content": "yes"}))[0] == TextDelta("yes")


def test_an_answer_in_one_piece() -> None:
    calls = [
        {"id": "a", "function": {"name": "f", "arguments": "{}"}},
        {"id": "b", "function": {"name": "g", "arguments": "{}"}},
    ]
    message = {"role": "assistant", "content": "One moment", "tool_calls": calls}
    body: Any = {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    }

    assert list(Decoder().feed_whole(body)) == [
        TextDelta("One moment"),
        ToolCallDelta(0, "a", "f", "{}"),
        ToolCallDelta(1, "b", "g", "{}"),
        UsageReported(Usage(1, 2)),
        GenerationStopped("tool_calls"),
    ]


NAMES = st.sampled_from(
    [
        *("choices", "delta", "index", "content", "tool_calls", "function", "arguments", "name"),
        *("id", "usage", "x_groq", "text", "thinking", "finish_reason", "reasoning", "refusal"),
        *("citations", "search_results", "url", "prompt_tokens", "prompt_tokens_details"),
    ]
)
ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(chunks=st.lists(st.dictionaries(NAMES, ANYTHING, max_size=4), max_size=4))
def test_chunks_of_any_shape_are_survived(chunks: list[dict[str, Any]]) -> None:
    assert events(*chunks)[-1].__class__ is GenerationStopped

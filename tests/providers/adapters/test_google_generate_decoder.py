"""Chunks as Gemini sends them (shortened), and the whole list of events."""

import base64
from datetime import UTC, datetime
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
from conduit_tui.core.message import Attachment, Citation, Text, ToolCall, Unknown
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.adapters.google_generate import Decoder
from conduit_tui.providers.unframed import unframed
from tests.servers.google_server import PIXEL, called, content, usage

IMAGE = {"mimeType": "image/png", "data": base64.b64encode(PIXEL).decode()}


def events(*chunks: Any) -> list[Any]:
    decoder = Decoder()
    found = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*found, *decoder.finish()]


def drafted(*chunks: Any) -> Draft:
    draft = Draft("m", "s", "p", "google", "gemini", Params(), datetime(2026, 11, 1, tzinfo=UTC))
    for event in events(*chunks):
        draft.feed(event)
    return draft


def test_text_with_thoughts_and_counts_that_grow() -> None:
    assert events(
        content({"text": "Hm. ", "thought": True}, usageMetadata=usage(9, 0, 20)),
        content("Hel", usageMetadata=usage(9, 1, 25)),
        content("lo", usageMetadata=usage(9, 1, 25)),
        content("", finish="STOP", usageMetadata=usage(9, 4, 25, cachedContentTokenCount=6)),
    ) == [
        ThinkingDelta("Hm. "),
        UsageReported(Usage(9, 20, reasoning_tokens=20)),
        TextDelta("Hel"),
        UsageReported(Usage(9, 26, reasoning_tokens=25)),
        TextDelta("lo"),
        UsageReported(Usage(9, 29, cache_read_tokens=6, reasoning_tokens=25)),
        GenerationStopped("end_turn"),
    ]


def test_what_googles_own_tools_gave_the_model_to_read_is_input() -> None:
    counts = usage(9, 4, toolUsePromptTokenCount=100)

    assert events({"usageMetadata": counts}) == [UsageReported(Usage(109, 4))]


def test_tokens_that_are_no_text_are_counted_apart_as_their_price_differs() -> None:
    def by_kind(**counts: int) -> list[Any]:
        return [{"modality": kind, "tokenCount": count} for kind, count in counts.items()]

    counts = usage(
        90,
        40,
        cachedContentTokenCount=20,
        toolUsePromptTokenCount=8,
        promptTokensDetails=by_kind(TEXT=10, AUDIO=50, IMAGE=20, DOCUMENT=10),
        cacheTokensDetails=by_kind(AUDIO=20),
        toolUsePromptTokensDetails=by_kind(TEXT=5, IMAGE=3),
        candidatesTokensDetails=[*by_kind(IMAGE=30), None],
    )

    (reported,) = events({"usageMetadata": counts})

    assert reported.usage == Usage(
        98,
        40,
        cache_read_tokens=20,
        apart=(
            ("input_audio_tokens", 50),
            ("input_image_tokens", 33),
            ("cache_audio_read_tokens", 20),
            ("input_image_tool_tokens", 3),
            ("output_image_tokens", 30),
        ),
    )


def test_a_chunk_that_tells_no_count_reports_none() -> None:
    assert events(
        content("x", usageMetadata={"trafficType": "ON_DEMAND"}),
        content("", finish="STOP", usageMetadata={"trafficType": "ON_DEMAND"} | usage(9, 4)),
    ) == [TextDelta("x"), UsageReported(Usage(9, 4)), GenerationStopped("end_turn")]


def test_a_count_that_a_later_chunk_leaves_out_stays() -> None:
    assert events(
        {"usageMetadata": {"promptTokenCount": 9, "thoughtsTokenCount": 5}},
        {"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2}},
        {"usageMetadata": {"promptTokenCount": None, "totalTokenCount": 16}},
    ) == [
        UsageReported(Usage(9, 5, reasoning_tokens=5)),
        UsageReported(Usage(9, 7, reasoning_tokens=5)),
    ]


def test_parallel_calls_end_by_a_reason_of_their_own() -> None:
    assert events(
        content(called("f", {"a": {"b": [1, "é"]}}, "sig", "x1")),
        content(called("f", None)),
        content("", finish="STOP"),
    ) == [
        ToolCallDelta(
            0,
            "x1",
            "f",
            '{"a": {"b": [1, "é"]}}',
            {"google": {"part": {"thoughtSignature": "sig", "functionCall": {"id": "x1"}}}},
        ),
        ToolCallDelta(1, "", "f", "{}"),
        GenerationStopped("tool_calls"),
    ]


def test_a_call_without_a_reason_to_finish_is_no_end() -> None:
    assert not any(isinstance(one, GenerationStopped) for one in events(content(called("f", {}))))


def test_calls_cut_at_the_limit_are_said_to_be_cut() -> None:
    assert events(content(called("f", {}), finish="MAX_TOKENS"))[-1] == GenerationStopped(
        "max_tokens"
    )


def test_a_signature_behind_text_keeps_its_place() -> None:
    signed = {"text": "", "thoughtSignature": "sig"}

    draft = drafted(content("Hel"), content("lo"), content(signed, finish="STOP"))

    assert draft.parts() == (
        Text("Hello", {"google": {"part": {"thoughtSignature": "sig"}, "start": 5}}),
    )


def test_a_signature_first_or_alone_begins_at_nothing() -> None:
    signed = {"text": "Hi", "thoughtSignature": "sig"}

    draft = drafted(content(signed), content(" there"), content("", finish="STOP"))

    data = {"google": {"part": {"thoughtSignature": "sig"}}}
    assert draft.parts() == (Text("Hi", data), Text(" there"))


def test_a_signature_without_any_text_is_one_behind_an_empty_text() -> None:
    draft = drafted(content("Hello"), content({"thoughtSignature": "sig"}, finish="STOP"))

    data = {"google": {"part": {"thoughtSignature": "sig"}, "start": 5}}
    assert draft.parts() == (Text("Hello", data),)


def test_where_a_signed_part_begins_is_counted_anew_behind_other_parts() -> None:
    signed = {"text": "ab", "thoughtSignature": "sig"}
    parts = ["one", {"text": "hm", "thought": True}, "two", signed]

    assert drafted(content(*parts)).parts()[-1] == Text(
        "twoab", {"google": {"part": {"thoughtSignature": "sig"}, "start": 3}}
    )


def test_nulls_say_nothing() -> None:
    part = {"text": "x", "thought": None, "thoughtSignature": None, "functionCall": None}

    assert events(content(part), {"candidates": None, "usageMetadata": None}) == [TextDelta("x")]


def test_an_image_of_the_models_own() -> None:
    found = events(content({"inlineData": IMAGE, "thoughtSignature": "s"}, finish="STOP"))

    assert found == [
        AttachmentReceived(
            Attachment(
                "image/png", PIXEL, "image-1.png", {"google": {"part": {"thoughtSignature": "s"}}}
            )
        ),
        GenerationStopped("end_turn"),
    ]


def value(path: str, more: bool = False, **given: Any) -> dict[str, Any]:
    going_on = {"willContinue": True} if more else {}
    return piece({"partialArgs": [{"jsonPath": path, **given, **going_on}]}, more=True)


def piece(call: dict[str, Any], *, more: bool = False) -> dict[str, Any]:
    return {"functionCall": call | ({"willContinue": True} if more else {})}


def test_a_call_whose_arguments_come_in_pieces_is_put_together() -> None:
    first = piece({"name": "plan", "id": "p"}, more=True) | {"thoughtSignature": "s"}
    parts = drafted(
        content(first),
        content(value("$.stops[0].town", more=True, stringValue="Os")),
        content(value("$.stops[0].town", more=True, stringValue="lo")),
        content(value("$.stops[0].town", stringValue="")),
        content(value("$.stops[0].nights", numberValue=2)),
        content(piece({}, more=True)),
        content(value("$.stops[1].town", stringValue="Røros")),
        content(value("$['by train']", boolValue=True), value("$.note", nullValue="NULL_VALUE")),
        content(piece({}), piece({"name": "rest"}, more=True)),
        content(value("$.days", numberValue=0.5)),
        content("", finish="STOP"),
    ).parts()

    assert parts == (
        ToolCall(
            "p",
            "plan",
            '{"stops": [{"town": "Oslo", "nights": 2}, {"town": "Røros"}], '
            '"by train": true, "note": null}',
            {"google": {"part": {"thoughtSignature": "s", "functionCall": {"id": "p"}}}},
        ),
        ToolCall("", "rest", '{"days": 0.5}'),
    )


def test_a_call_in_pieces_ends_with_its_last_piece_or_with_the_next_call() -> None:
    parts = drafted(
        content(piece({"name": "a"}, more=True)),
        content(piece({"partialArgs": [{"jsonPath": "$.x", "stringValue": "1"}]})),
        content(piece({})),
        content(piece({"name": "b"}, more=True)),
        content({"functionCall": {"name": "c", "args": {"y": 2}}}),
        content("", finish="STOP"),
    ).parts()

    assert parts == (
        ToolCall("", "a", '{"x": "1"}'),
        ToolCall("", "b", "{}"),
        ToolCall("", "c", '{"y": 2}'),
    )


@pytest.mark.parametrize(
    "path", ["", "$", "$[3]", "$.a" * 60, "$.list.town", "$.town[0]", "$.list[99999999999].x.y", 7]
)
def test_no_path_of_a_value_breaks_a_call(path: Any) -> None:
    (call,) = drafted(
        content(piece({"name": "f"}, more=True)),
        content(value("$.town", stringValue="Oslo"), value("$.list[0]", numberValue=1)),
        content(value(path, numberValue=2)),
        content("", finish="STOP"),
    ).parts()

    assert isinstance(call, ToolCall)
    assert call.arguments_object()
    assert len(call.arguments) < 80


def test_code_that_google_ran_and_parts_of_new_kinds_are_kept_whole() -> None:
    parts: list[Any] = [
        {"executableCode": {"language": "PYTHON", "code": "print(1)"}, "thoughtSignature": "s"},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}},
        {"toolCall": {"toolType": "GOOGLE_SEARCH_WEB", "id": "t"}},
        {"hologram": {"depth": 3}},
        {"inlineData": {"mimeType": "image/png", "data": "!"}},
    ]

    assert events(content(*parts)) == [UnknownReceived(Unknown(part)) for part in parts]


def test_sources_may_come_behind_the_end_with_nothing_else() -> None:
    source = {"web": {"uri": "https://a.example", "title": "A"}}
    late = {"index": 0, "groundingMetadata": {"groundingChunks": [source]}}

    assert events(content("x", finish="STOP"), {"candidates": [late]}) == [
        TextDelta("x"),
        CitationsReceived((Citation("https://a.example", "A"),)),
        GenerationStopped("end_turn"),
    ]


def test_sources_of_a_search_are_named_once_and_in_order() -> None:
    def grounding(*chunks: Any) -> dict[str, Any]:
        return {"groundingMetadata": {"groundingChunks": list(chunks)}}

    a = {"web": {"uri": "https://a.example", "title": "a.example"}}
    b = {"retrievedContext": {"uri": "https://b.example", "title": "B"}}
    pages = {"urlMetadata": [{"retrievedUrl": "https://c.example"}]}
    assert events(
        content("x", candidate=grounding(a)),
        content("y", candidate=grounding(a, b)),
        content("", candidate=grounding(a, b) | {"urlContextMetadata": pages}, finish="STOP"),
    ) == [
        TextDelta("x"),
        CitationsReceived((Citation("https://a.example", "a.example"),)),
        TextDelta("y"),
        CitationsReceived(
            (Citation("https://a.example", "a.example"), Citation("https://b.example", "B"))
        ),
        CitationsReceived(
            (
                Citation("https://a.example", "a.example"),
                Citation("https://b.example", "B"),
                Citation("https://c.example"),
            )
        ),
        GenerationStopped("end_turn"),
    ]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("STOP", "end_turn"),
        ("MAX_TOKENS", "max_tokens"),
        ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"),
        ("BLOCKLIST", "content_filter"),
        ("PROHIBITED_CONTENT", "content_filter"),
        ("SPII", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"),
        ("LANGUAGE", "language"),
        ("MALFORMED_FUNCTION_CALL", "malformed_function_call"),
        ("UNEXPECTED_TOOL_CALL", "unexpected_tool_call"),
        ("OTHER", "other"),
        ("SOMETHING_NEW", "something_new"),
    ],
)
def test_finish_reasons_in_our_words(word: str, reason: str) -> None:
    assert events(content("x"), content(finish=word)) == [TextDelta("x"), GenerationStopped(reason)]


@pytest.mark.parametrize("word", ["FINISH_REASON_UNSPECIFIED", "", None, 7])
def test_no_reason_is_no_end(word: Any) -> None:
    assert events(content("x", candidate={"finishReason": word})) == [TextDelta("x")]


def test_an_answer_that_a_filter_stopped_before_it_began_is_told_in_words() -> None:
    ratings = [
        {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": True},
        {"category": "HARM_CATEGORY_HARASSMENT", "probability": "NEGLIGIBLE"},
    ]
    words = "Google gave no answer: safety (SAFETY), dangerous content."

    assert events({"candidates": [{"finishReason": "SAFETY", "safetyRatings": ratings}]}) == [
        TextDelta(words, {"google": {"note": True}}),
        GenerationStopped("content_filter"),
    ]


def test_a_call_that_cannot_be_read_is_told_with_what_google_says_of_it() -> None:
    candidate = {"finishMessage": "Malformed function call: print(f(1)"}

    text, stopped = events(content(finish="MALFORMED_FUNCTION_CALL", candidate=candidate))

    assert text.text == (
        "Google gave no answer: the model wrote a tool call that cannot be read "
        "(MALFORMED_FUNCTION_CALL). It says: Malformed function call: print(f(1)"
    )
    assert stopped == GenerationStopped("malformed_function_call")


def test_a_blocked_prompt_is_a_refused_answer_in_words() -> None:
    blocked = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 7, "totalTokenCount": 7},
    }

    assert events(blocked) == [
        TextDelta(
            "Google blocked this prompt: prohibited content (PROHIBITED_CONTENT).",
            {"google": {"note": True}},
        ),
        UsageReported(Usage(7)),
        GenerationStopped("refusal"),
    ]


def test_text_behind_a_finish_reason_tells_that_the_answer_goes_on() -> None:
    decoder = Decoder()

    def goes_on(*parts: Any) -> bool:
        list(decoder.feed(content(*parts, finish="STOP")))
        return decoder.goes_on

    assert (goes_on("a"), goes_on(""), goes_on("b"), goes_on("")) == (False, False, True, True)
    assert list(decoder.finish()) == [GenerationStopped("end_turn")]


def test_other_candidates_than_the_first_are_left_alone() -> None:
    second = {"candidates": [{"index": 1, "content": {"parts": [{"text": "no"}]}}]}

    assert events(second, content("yes")) == [TextDelta("yes")]


@pytest.mark.parametrize("shape", ["[%s,\r\n%s\n]", "%s\n%s", "[%s, %s"])
def test_chunks_without_frames_are_found(shape: str) -> None:
    first, second = '{\n "candidates": [{}]\n}', '{"usageMetadata": {"x": "]["}}'

    found = list(unframed(shape % (first, second), ("candidates", "usageMetadata")))

    assert found == [{"candidates": [{}]}, {"usageMetadata": {"x": "]["}}]


def test_an_array_that_breaks_off_gives_what_was_complete() -> None:
    assert list(unframed('[{"candidates": []},\n{"candi', ("candidates",))) == [{"candidates": []}]


NAMES = st.sampled_from(
    [
        *("candidates", "content", "parts", "text", "thought", "thoughtSignature", "index"),
        *("functionCall", "name", "args", "id", "inlineData", "data", "mimeType", "finishReason"),
        *("groundingMetadata", "groundingChunks", "web", "uri", "promptFeedback", "blockReason"),
        *("usageMetadata", "promptTokenCount", "finishMessage", "safetyRatings", "category"),
    ]
)
ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(chunks=st.lists(st.dictionaries(NAMES, ANYTHING, max_size=4), max_size=4))
def test_chunks_of_any_shape_are_survived(chunks: list[dict[str, Any]]) -> None:
    assert isinstance(events(*chunks, content("x", finish="STOP"))[-1], GenerationStopped)

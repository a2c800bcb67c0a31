"""What servers of the chat wire do in their own ways, as recorded (shortened)."""

import base64
from decimal import Decimal
from typing import Any

import pytest

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.message import Attachment, Citation, Thinking, ToolCall
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.adapters.openai_chat import Decoder, encode
from conduit_tui.providers.chunks import ErrorFrame
from tests.providers.asking import assistant, endpoint, message, request, user

OPENAI = "https://api.openai.com/v1"


def delta(fields: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}], **more}


def events(*chunks: dict[str, Any], decoder: Decoder | None = None) -> list[Any]:
    decoder = decoder or Decoder()
    found = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*found, *decoder.finish(marked=False)]


def asked(model: str, facts: ModelFacts | None = None, **params: Any) -> Request:
    plain = request(**params)
    return Request(model, plain.messages, plain.params, facts=facts)


class TestRequests:
    """What is sent to whom."""

    @pytest.mark.parametrize("model", ["o3", "o4-mini", "gpt-5", "gpt-5.4-mini", "gpt-5-codex"])
    def test_a_reasoning_model_of_openai_gets_no_temperature(self, model: str) -> None:
        sent = asked(model, temperature=0.5, top_p=0.9, max_tokens=7, stop=("x",), effort="low")

        body = encode(sent, endpoint(OPENAI))

        assert (body["max_completion_tokens"], body["reasoning_effort"]) == (7, "low")
        assert not body.keys() & {"temperature", "top_p", "stop", "max_tokens"}

    @pytest.mark.parametrize("model", ["gpt-4.1", "gpt-4o", "gpt-5-chat-latest", "chatgpt-4o"])
    def test_another_model_of_openai_gets_one(self, model: str) -> None:
        assert encode(asked(model, temperature=0.5), endpoint(OPENAI))["temperature"] == 0.5

    def test_a_model_that_does_not_reason_this_time_gets_one(self) -> None:
        sent = asked("gpt-5.4", temperature=0.5, effort="none")

        assert encode(sent, endpoint(OPENAI))["temperature"] == 0.5

    def test_what_is_known_to_be_refused_is_not_sent_anywhere(self) -> None:
        facts = ModelFacts("m", refuses=frozenset({"temperature", "seed", "effort"}))

        body = encode(asked("m", facts, temperature=0.5, seed=1, effort="low"), endpoint())

        assert not body.keys() & {"temperature", "seed", "reasoning_effort"}

    def test_a_document_goes_to_those_who_take_it_and_is_named_to_others(self) -> None:
        pdf = Attachment("application/pdf", b"%PDF", "r.pdf")
        sent = request(user(pdf))
        data = f"data:application/pdf;base64,{base64.b64encode(b'%PDF').decode()}"
        block = {"type": "file", "file": {"filename": "r.pdf", "file_data": data}}

        bodies: Any = [
            encode(sent, at)["messages"][0]["content"]  # type: ignore[index,call-overload]
            for at in (endpoint(OPENAI), endpoint(quirks={"takes_files": True}), endpoint())
        ]

        assert bodies[:2] == [[block], [block]]
        assert "'r.pdf', application/pdf, was left out: test-model takes no PDFs" in bodies[2]

    def test_an_image_to_a_blind_model_is_told_in_words(self) -> None:
        blind = ModelFacts("test-model", lacks=frozenset({"vision"}))
        plain = request(user("Look", Attachment("image/png", b"P", "x.png")))
        sent = Request(plain.model, plain.messages, plain.params, facts=blind)

        (only,) = encode(sent, endpoint())["messages"]  # type: ignore[misc]

        assert "'x.png', image/png, was left out: test-model takes no images." in str(only)

    def test_a_search_is_asked_for_as_the_row_says(self) -> None:
        quirks: Any = {"search": {"plugins": [{"id": "web"}]}}

        with_search = encode(request(search=True), endpoint(quirks=quirks))
        without = encode(request(), endpoint(quirks=quirks))

        assert with_search["plugins"] == [{"id": "web"}]
        assert "plugins" not in without


class TestOpenRouter:
    """Its reasoning blocks, costs, sources and images."""

    def test_reasoning_blocks_are_put_together_and_go_back_with_the_calls(self) -> None:
        def thought(text: str, **more: Any) -> dict[str, Any]:
            block = {"type": "reasoning.text", "text": text, "index": 0, "format": "x", **more}
            return delta({"reasoning": text, "reasoning_details": [block]})

        call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}
        sealed = {"type": "reasoning.encrypted", "data": "abc", "id": "c", "index": 1}
        found = events(
            thought("Let "),
            thought("me"),
            thought("", signature="sig"),
            delta({"tool_calls": [call], "reasoning_details": [sealed]}),
            delta({}, "tool_calls"),
        )

        whole: dict[str, Any] = {"type": "reasoning.text", "text": "Let me", "index": 0}
        whole |= {"format": "x", "signature": "sig"}
        kept = {"openai-chat": {"reasoning_details": [whole, sealed]}}
        assert found == [
            ThinkingDelta("Let "),
            ThinkingDelta("me"),
            ThinkingDelta("", kept),
            ToolCallDelta(0, "c", "f", "{}"),
            GenerationStopped("tool_calls"),
        ]

        parts = (Thinking("Let me", kept), ToolCall("c", "f", "{}"))
        own, foreign, other = (
            encode(request(reply), endpoint())["messages"][0]  # type: ignore[index,call-overload]
            for reply in (
                assistant(*parts),
                assistant(*parts, provider="other"),
                message("assistant", *parts, provider="local", model="another"),
            )
        )
        assert own["reasoning_details"] == [whole, sealed]
        assert "reasoning_details" not in foreign
        assert "reasoning_details" not in other

    def test_costs_are_told_as_they_are_written(self) -> None:
        counts = {"prompt_tokens": 1, "completion_tokens": 2, "cost": 0.00012, "is_byok": False}

        assert events({"choices": [], "usage": counts}) == [
            UsageReported(Usage(1, 2, cost_usd=Decimal("0.00012")))
        ]

    def test_annotations_are_sources(self) -> None:
        cited = {"type": "url_citation", "url_citation": {"url": "https://a.example", "title": "A"}}

        assert events(delta({"annotations": [cited, cited]})) == [
            CitationsReceived((Citation("https://a.example", "A"),))
        ]

    def test_images_that_a_model_makes_are_received(self) -> None:
        url = f"data:image/png;base64,{base64.b64encode(b'PNG').decode()}"
        images = [{"type": "image_url", "image_url": {"url": url}}, {"image_url": {"url": "http"}}]

        assert events(delta({"images": images})) == [
            AttachmentReceived(Attachment("image/png", b"PNG", "image-1.png"))
        ]

    def test_an_error_behind_it_is_an_error(self) -> None:
        with pytest.raises(ErrorFrame):
            events(delta({"content": ""}, "error"))


class TestPerplexity:
    """Its sources, costs and end."""

    def test_the_marks_of_the_text_count_the_citations(self) -> None:
        urls = ["https://a.example", "https://b.example", "https://a.example"]
        results = [
            {"title": "B", "url": "https://b.example", "date": "2026-01-02"},
            {"title": "A", "url": "https://a.example", "date": None},
        ]

        (cited,) = events({"citations": urls, "search_results": results})

        dated = Citation("https://b.example", "B", {"perplexity": {"date": "2026-01-02"}})
        a = Citation("https://a.example", "A")
        assert cited == CitationsReceived((a, dated, a))

    def test_titles_survive_a_chunk_without_them(self) -> None:
        first = {"search_results": [{"title": "A", "url": "https://a.example"}]}

        found = events(first, {"citations": ["https://a.example"]})

        assert found == [CitationsReceived((Citation("https://a.example", "A"),))]

    def test_its_own_last_object_ends_the_answer(self) -> None:
        decoder = Decoder()
        last = {"object": "chat.completion.done", "choices": [], "images": [], "x": 1}

        assert events(delta({"content": "x"}), last, decoder=decoder)[-1] == GenerationStopped(
            "end_turn"
        )
        assert decoder.is_closed

    def test_its_total_cost_is_the_cost(self) -> None:
        cost = {"input_tokens_cost": 0.00002, "request_cost": 0.006, "total_cost": 0.00602}
        counts = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cost": cost}

        (reported,) = events({"usage": counts})

        assert reported.usage.cost_usd == Decimal("0.00602")


class TestOthers:
    """vLLM, llama.cpp, LM Studio, Groq, xAI."""

    def test_chunks_full_of_nulls_and_extras(self) -> None:
        assert events(
            delta({"role": "assistant", "content": None, "tool_calls": None}, ""),
            {"choices": [], "prompt_progress": {"total": 9, "processed": 3}},
            delta({"role": "assistant", "content": "x"}, "", timings={"prompt_n": 1}),
            delta({"role": "assistant", "content": None}, "stop", usage=None),
        ) == [TextDelta("x"), GenerationStopped("end_turn")]

    @pytest.mark.parametrize(
        "reasoning", [{"content": "hm"}, [{"text": "h"}, {"text": "m"}], {"summary": "hm"}, "hm"]
    )
    def test_reasoning_of_any_shape(self, reasoning: Any) -> None:
        assert events(delta({"reasoning": reasoning})) == [ThinkingDelta("hm")]

    def test_the_index_of_a_call_may_be_a_text(self) -> None:
        def piece(index: str, arguments: str, **more: Any) -> dict[str, Any]:
            function = {"arguments": arguments, **more.pop("function", {})}
            return delta({"tool_calls": [{"index": index, "function": function, **more}]})

        found = events(
            piece("0", '{"a"', id="x", function={"name": "f"}),
            piece("1", '{"b"', id="y", function={"name": "g"}),
            piece("0", ": 1}"),
            piece("1", ": 2}"),
        )

        assert [(one.index, one.arguments) for one in found] == [
            (0, '{"a"'),
            (1, '{"b"'),
            (0, ": 1}"),
            (1, ": 2}"),
        ]

    def test_reasoning_in_the_text_is_told_apart_where_it_is_known_to_be_there(self) -> None:
        chunks = (delta({"content": "<think>hm</th"}), delta({"content": "ink>\nSo."}, "stop"))

        assert events(*chunks, decoder=Decoder("tagged")) == [
            ThinkingDelta("hm"),
            TextDelta("So."),
            GenerationStopped("end_turn"),
        ]
        assert events(*chunks)[0] == TextDelta("<think>hm</th")

    def test_what_is_held_back_for_a_tag_is_not_lost_when_the_stream_breaks(self) -> None:
        assert events(delta({"content": "<thi"}), decoder=Decoder("tagged")) == [TextDelta("<thi")]

    def test_xai_counts_money_in_ticks(self) -> None:
        counts = {"prompt_tokens": 1, "completion_tokens": 2, "cost_in_usd_ticks": 158500}

        (reported,) = events({"usage": counts})

        assert reported.usage.cost_usd == Decimal("0.00001585")

    @pytest.mark.parametrize("cost", [None, True, -1, float("nan"), "dear", [], {"total_cost": {}}])
    def test_a_cost_that_is_none_is_unknown(self, cost: Any) -> None:
        (reported,) = events({"usage": {"prompt_tokens": 1, "cost": cost}})

        assert reported.usage.cost_usd is None

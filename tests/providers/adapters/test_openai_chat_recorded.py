"""What real servers of the chat wire were seen to send, in the shape they sent it."""

from decimal import Decimal
from typing import Any

import pytest

from conduit_tui.core.errors import ContextTooLong
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
from conduit_tui.providers.adapters.openai_chat import Decoder, OpenAIChat
from conduit_tui.providers.chunks import ErrorFrame
from tests.providers.asking import endpoint, events_of, events_until_error, request
from tests.servers.http import Reply
from tests.servers.openai_server import DONE, OpenAIServer, chunk, frame


def delta(fields: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}], **more}


def events(*chunks: dict[str, Any]) -> list[Any]:
    decoder = Decoder()
    found = [event for one in chunks for event in decoder.feed(one)]
    return [*found, *decoder.finish(marked=False)]


def counted(counts: dict[str, Any], model: str = "m") -> Usage:
    (reported,) = events({"choices": [], "model": model, "usage": counts})
    return reported.usage


def thought(text: str) -> dict[str, Any]:
    return delta({"content": text, "extra_content": {"google": {"thought": True}}})


class TestGoogle:
    """Its compatible endpoint."""

    def test_thoughts_are_told_from_the_answer_whatever_cuts_their_tags(self) -> None:
        assert events(
            thought("<tho"),
            thought("ught>First"),
            thought(", look."),
            delta({"content": "</thou", "extra_content": None}),
            delta({"content": "ght>It is 4"}),
            delta({"content": ". <thought> stays"}, "stop"),
        ) == [
            ThinkingDelta("First"),
            ThinkingDelta(", look."),
            TextDelta("It is 4"),
            TextDelta(". <thought> stays"),
            GenerationStopped("end_turn"),
        ]

    def test_thoughts_without_tags_are_thoughts_too(self) -> None:
        assert events(thought("hm"), delta({"content": "So."})) == [
            ThinkingDelta("hm"),
            TextDelta("So."),
        ]

    def test_thoughts_that_only_its_total_counts_are_output(self) -> None:
        counts = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 95}

        assert counted(counts, "gemini-3.8-flash") == Usage(20, 75, reasoning_tokens=70)
        assert counted(counts, "of-another-maker") == Usage(20, 5)

    def test_pieces_without_an_index_go_to_the_call_of_their_id(self) -> None:
        def piece(call_id: str, arguments: str, name: str | None = None) -> dict[str, Any]:
            return {"id": call_id, "function": {"name": name, "arguments": arguments}}

        found = events(
            delta({"tool_calls": [piece("a", '{"x":', "one"), piece("b", "{}", "two")]}),
            delta({"tool_calls": [piece("a", "1}")]}),
        )

        assert found == [
            ToolCallDelta(0, "a", "one", '{"x":'),
            ToolCallDelta(1, "b", "two", "{}"),
            ToolCallDelta(0, "a", "", "1}"),
        ]


class TestCounts:
    """Token counts beside the usual ones."""

    def test_mistral_names_its_cache_in_its_own_way(self) -> None:
        counts = {"prompt_tokens": 20, "completion_tokens": 2, "num_cached_tokens": 16}

        assert counted(counts).cache_read_tokens == 16

    def test_reasoning_of_deep_research_is_beside_its_answer(self) -> None:
        counts = {"prompt_tokens": 3, "completion_tokens": 10, "total_tokens": 13}
        counts |= {"citation_tokens": 99, "reasoning_tokens": 40}

        assert counted(counts) == Usage(3, 50, reasoning_tokens=40)

    def test_reasoning_named_outside_the_details_may_be_within_the_answer(self) -> None:
        counts = {"prompt_tokens": 3, "completion_tokens": 10, "reasoning_tokens": 4}

        assert counted(counts) == Usage(3, 10, reasoning_tokens=4)


class TestGroq:
    """Searches that it makes by itself."""

    def test_what_its_searches_found_are_sources(self) -> None:
        found = {"title": "A", "url": "https://a.example", "content": "...", "score": 0.9}
        tool = {"type": "search", "arguments": "{}", "search_results": {"results": [found, found]}}

        assert events(delta({"executed_tools": [tool]}), delta({"executed_tools": None})) == [
            CitationsReceived((Citation("https://a.example", "A"),))
        ]


class TestOpenRouter:
    """Errors within a stream, and signatures."""

    def test_a_signature_is_not_wiped_by_an_empty_one(self) -> None:
        def block(**fields: Any) -> dict[str, Any]:
            return delta({"reasoning_details": [{"type": "reasoning.text", "index": 0, **fields}]})

        (kept,) = events(
            block(text="", signature=""),
            block(text="hm", signature="sig"),
            block(text="", signature=""),
        )

        whole = {"type": "reasoning.text", "index": 0, "text": "hm", "signature": "sig"}
        assert kept == ThinkingDelta("", {"openai-chat": {"reasoning_details": [whole]}})

    def test_an_error_of_a_choice_says_what_happened(self) -> None:
        said = {"code": 502, "message": "the upstream went away"}
        decoder = Decoder()
        broken = delta({"content": ""}, "error")
        broken["choices"][0]["error"] = said

        with pytest.raises(ErrorFrame) as raised:
            list(decoder.feed(broken))

        assert raised.value.body == said

    async def test_an_error_at_the_limit_still_brings_the_counts(self) -> None:
        counts = {"prompt_tokens": 43, "completion_tokens": 10, "total_tokens": 53, "cost": 0.5}
        limit = {"code": 400, "message": "Token limit reached"}
        last = frame({**delta({"content": ""}), "error": limit, "usage": counts})
        body = [b": PROCESSING\n\n", chunk({"content": "Half"}, "length"), last, DONE]

        async with OpenAIServer(Reply(body)) as server:
            provider = OpenAIChat(endpoint(server.url))
            found = await events_of(provider, request())
            await provider.aclose()

        assert found == [
            TextDelta("Half"),
            UsageReported(Usage(43, 10, cost_usd=Decimal("0.5"))),
            GenerationStopped("max_tokens"),
        ]

    async def test_an_error_in_mid_reply_still_brings_the_counts(self) -> None:
        counts = {"prompt_tokens": 43, "completion_tokens": 10}
        last = frame({"error": {"code": 502, "message": "gone"}, "usage": counts})

        async with OpenAIServer(Reply([chunk({"content": "Half"}), last])) as server:
            provider = OpenAIChat(endpoint(server.url))
            *found, error = await events_until_error(provider, request())
            await provider.aclose()

        assert found == [TextDelta("Half"), UsageReported(Usage(43, 10))]
        assert "gone" in str(error)


class TestGateways:
    """Servers in front of other servers."""

    async def test_an_error_in_fields_of_its_own_is_an_error(self) -> None:
        said = "This model's maximum context length is 4096 tokens. However, you requested 5000."
        broken = frame({"error_type": "context_length_exceeded", "error_message": said})

        async with OpenAIServer(Reply([broken, DONE])) as server:
            provider = OpenAIChat(endpoint(server.url))
            found = await events_until_error(provider, request())
            await provider.aclose()

        assert [type(one) for one in found] == [ContextTooLong]

"""What goes back to the server is what the SDK would have gathered from the same stream."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from conduit_tui.core.message import Message, ToolResult
from conduit_tui.core.params import Params
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.adapters.anthropic_messages import AnthropicMessages, encode
from conduit_tui.storage.codec import decode_parts, encode_parts
from tests.providers.asking import endpoint, events_of, message, request, user
from tests.servers.anthropic_scripts import called, searched
from tests.servers.anthropic_server import (
    AnthropicServer,
    message_delta,
    message_start,
    message_stop,
    start,
    stop,
    text,
    thinking,
)
from tests.servers.http import Reply, Step


def thoughtful() -> list[Step]:
    """Thinking of all kinds, and text in two blocks."""
    return [
        message_start(),
        *thinking(0, "a", signature="s1"),
        start(1, type="redacted_thinking", data="ZGF0YQ=="),
        stop(1),
        *thinking(2, signature="s2"),
        *text(3, "done ", "🧭"),
        *text(4, "twice"),
        message_delta(),
        message_stop(),
    ]


@pytest.mark.parametrize("steps", [called("clock"), searched(), thoughtful()])
async def test_blocks_go_back_as_they_came(steps: list[Step]) -> None:
    async with AnthropicServer(Reply(steps)) as server:
        at = endpoint(server.url, kind="anthropic", quirks={"no_cache_marks": True})
        sent_back = await _sent_back(at)
        gathered = await _gathered_by_the_sdk(server.url)

    assert sent_back == gathered


async def _sent_back(at: Any) -> list[Any]:
    provider = AnthropicMessages(at)
    draft = Draft("m", "s", "p", at.name, "test-model", Params(), datetime.now(UTC))
    for event in await events_of(provider):
        draft.feed(event)
    await provider.aclose()
    made = _through_the_store(draft.seal("complete", datetime.now(UTC)))
    results = [ToolResult(call.call_id, "noon") for call in made.tool_calls]
    answer = message("tool", *results) if results else user("go on")
    body: Any = encode(request(user("q"), made, answer), at)
    return [_told(block) for block in body["messages"][1]["content"]]


def _through_the_store(made: Message) -> Message:
    words, encoded = encode_parts(made.parts, lambda _: "")
    return replace(made, parts=decode_parts(words, encoded, lambda _: b""))


async def _gathered_by_the_sdk(url: str) -> list[Any]:
    from anthropic import AsyncAnthropic

    asked: Any = [{"role": "user", "content": "q"}]
    async with (
        AsyncAnthropic(api_key="x", base_url=url, max_retries=0) as client,
        client.messages.stream(model="m", max_tokens=9, messages=asked) as stream,
    ):
        gathered = await stream.get_final_message()
    return [_told(block.model_dump()) for block in gathered.content]


def _told(value: Any) -> Any:
    """A value without what says nothing: null, and an empty list of citations."""
    if isinstance(value, list):
        return [_told(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _told(item)
        for name, item in value.items()
        if item is not None and (name, item) != ("citations", [])
    }

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
)
from conduit_tui.providers.adapters.anthropic_messages import AnthropicMessages
from tests.providers.asking import CLOCK, endpoint, events_of, events_until_error, request, user
from tests.servers.anthropic_scripts import FAULTS, complaint, echo
from tests.servers.anthropic_server import AnthropicServer


@asynccontextmanager
async def talking_to(*replies: object) -> AsyncIterator[AnthropicMessages]:
    async with AnthropicServer(*replies) as server:  # type: ignore[arg-type]
        provider = AnthropicMessages(endpoint(server.url, kind="anthropic"))
        try:
            yield provider
        finally:
            await provider.aclose()


async def test_it_serves_as_a_program_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.servers.anthropic_server", "--port", "0", "--rate", "1000"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        provider = AnthropicMessages(endpoint(url, kind="anthropic"))
        events = await events_of(provider, request(user("polly")))
        models = await provider.list_models()
        await provider.aclose()
    finally:
        process.terminate()
        await process.wait()

    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == "You said, in a conversation of **1** messages:\n\n> polly\n"
    assert [facts.name for facts in models] == ["claude-echo-4-5", "claude-echo-5-5"]


async def test_words_in_the_prompt_choose_thinking_a_tool_a_search_or_a_fault() -> None:
    async with talking_to(echo(1000)) as provider:
        thought = await events_of(provider, request(user("think about it")))
        called = await events_of(provider, request(user("use a tool"), tools=(CLOCK,)))
        searched = await events_of(provider, request(user("search for it"), search=True))
        failed = await events_until_error(provider, request(user("fault cut")))
        helped = await events_of(provider, request(user("fault")))

    assert any(isinstance(event, ThinkingDelta) for event in thought)
    assert any(isinstance(event, ToolCallDelta) for event in called)
    assert any(isinstance(event, CitationsReceived) for event in searched)
    assert isinstance(failed[-1], Exception)
    assert "`fault 429`" in helped[1].text


ENDLESS = {"stall", "silence"}


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - ENDLESS))
async def test_every_fault_ends_in_an_answer_or_in_words(name: str) -> None:
    async with talking_to(FAULTS[name]()) as provider:
        last = (await events_until_error(provider))[-1]

    assert isinstance(last, GenerationStopped | TextDelta) or "'" in str(last)


def test_it_refuses_what_anthropic_refuses() -> None:
    def said(role: str, *blocks: dict[str, object]) -> dict[str, object]:
        return {"role": role, "content": list(blocks)}

    text: dict[str, object] = {"type": "text", "text": "x"}
    call: dict[str, object] = {"type": "tool_use", "id": "c"}
    result: dict[str, object] = {"type": "tool_result", "tool_use_id": "c"}
    lines = [
        [said("user", text), said("assistant", text)],
        [said("user", text), said("user", text)],
        [said("user", text), said("assistant", call), said("user", text)],
        [said("user", result)],
        [said("user", {"type": "text", "text": " "})],
    ]

    assert complaint({"messages": [said("user", text)]})
    assert all(complaint({"max_tokens": 1, "messages": line}) for line in lines)
    whole = [said("user", text), said("assistant", call), said("user", result)]
    assert not complaint({"max_tokens": 1, "messages": whole})

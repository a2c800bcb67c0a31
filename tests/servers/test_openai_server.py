import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from conduit_tui.core.events import GenerationStopped, TextDelta, ThinkingDelta, ToolCallDelta
from conduit_tui.providers.adapters.openai_chat import OpenAIChat
from tests.providers.asking import CLOCK, endpoint, events_of, events_until_error, request, user
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import FAULTS, echo, lines


@asynccontextmanager
async def talking_to(*replies: object) -> AsyncIterator[OpenAIChat]:
    async with OpenAIServer(*replies) as server:  # type: ignore[arg-type]
        provider = OpenAIChat(endpoint(server.url))
        try:
            yield provider
        finally:
            await provider.aclose()


async def test_it_serves_as_a_program_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.servers.openai_server", "--port", "0", "--rate", "1000"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        provider = OpenAIChat(endpoint(url))
        events = await events_of(provider, request(user("polly")))
        models = await provider.list_models()
        await provider.aclose()
    finally:
        process.terminate()
        await process.wait()

    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == "You said, in a conversation of **1** messages:\n\n> polly\n"
    assert [facts.name for facts in models] == ["echo", "slow"]


async def test_words_in_the_prompt_choose_thinking_a_tool_or_a_fault() -> None:
    async with talking_to(echo(1000)) as provider:
        thought = await events_of(provider, request(user("think about it")))
        called = await events_of(provider, request(user("use a tool"), tools=(CLOCK,)))
        failed = await events_until_error(provider, request(user("fault cut")))
        helped = await events_of(provider, request(user("fault")))

    assert isinstance(thought[0], ThinkingDelta)
    assert isinstance(called[0], ToolCallDelta)
    assert isinstance(failed[-1], Exception)
    assert "`fault 429`" in helped[0].text


async def test_numbered_lines_tell_how_far_a_reply_came() -> None:
    async with talking_to(lines(1e6)) as provider:
        events = await events_of(provider)

    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text.splitlines() == [f"line {number}" for number in range(1, 1001)]


ENDLESS = {"stall", "silence"}


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - ENDLESS))
async def test_every_fault_ends_in_an_answer_or_in_words(name: str) -> None:
    async with talking_to(FAULTS[name]()) as provider:
        last = (await events_until_error(provider))[-1]

    assert isinstance(last, GenerationStopped | TextDelta) or "'" in str(last)

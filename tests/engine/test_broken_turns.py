"""A turn that fails or is stopped keeps what it received, once."""

import asyncio
from contextlib import aclosing

import pytest

from conduit_tui.core.errors import ConnectionLost, Overloaded, ProviderError, StreamInterrupted
from conduit_tui.core.events import (
    GenerationStarted,
    GenerationStopped,
    TextDelta,
    ToolCallDelta,
    ToolStarted,
    TurnEnded,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message, ToolResult
from conduit_tui.providers.scripted import reply
from tests.conftest import stalling
from tests.engine.stage import CALLS, NOW, Stage, tool


async def test_an_error_before_any_text_commits_an_empty_failure(question: Message) -> None:
    error = Overloaded("demo is overloaded. Press r to try again.", status=503)
    stage = Stage(question, [(error,)])
    await stage.run()
    (message,) = stage.committed
    assert (message.parts, message.status, message.error) == ((), "error", str(error))
    assert stage.events[-1] == TurnEnded("error", error)


async def test_an_error_after_some_text_keeps_the_text(question: Message) -> None:
    error = ProviderError("demo broke.")
    stage = Stage(question, [("It is", error)])
    await stage.run()
    (message,) = stage.committed
    assert (message.text, message.status, message.error) == ("It is", "error", "demo broke.")


async def test_a_cut_stream_is_interrupted(question: Message) -> None:
    error = StreamInterrupted("demo cut the stream.")
    stage = Stage(question, [("It is", NOW, error)])
    await stage.run()
    (message,) = stage.committed
    assert (message.text, message.status) == ("It is", "interrupted")
    assert not stage.of(ToolStarted)
    assert stage.events[-1] == TurnEnded("error", error)


async def test_a_stream_that_ends_cleanly_without_its_end_marker_is_interrupted(
    question: Message,
) -> None:
    stage = Stage(question, [("It is",)])
    await stage.run()
    (message,) = stage.committed
    assert (message.text, message.status, message.stop) == ("It is", "interrupted", None)
    ended = stage.events[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.reason == "error"
    assert isinstance(ended.error, StreamInterrupted)
    assert message.error == str(ended.error)


async def test_calls_of_a_message_without_an_end_marker_never_run(question: Message) -> None:
    stage = Stage(question, [(NOW,)])
    await stage.run()
    assert [message.status for message in stage.committed] == ["interrupted"]
    assert not stage.of(ToolStarted)


async def test_a_connection_that_breaks_after_the_end_marker_took_nothing_away(
    question: Message,
) -> None:
    stage = Stage(question, [(*reply("Noon."), ConnectionLost("reset"))])
    await stage.run()
    (message,) = stage.committed
    assert (message.text, message.status, message.error) == ("Noon.", "complete", None)
    assert stage.events[-1] == TurnEnded("done")


async def test_cancelling_before_the_first_token_commits_an_empty_reply_once(
    question: Message,
) -> None:
    reached = asyncio.Event()
    stage = Stage(question, [stalling(reached)])
    await stage.run_until(reached=reached)
    (message,) = stage.committed
    assert (message.parts, message.status, message.error) == ((), "interrupted", None)
    assert message.id == stage.events[0].message_id  # type: ignore[union-attr]
    assert stage.provider.closed_early == 1


async def test_cancelling_in_mid_text_commits_what_there_was_once(question: Message) -> None:
    reached = asyncio.Event()
    stage = Stage(question, [stalling(reached, "It ", "is")])
    await stage.run_until(reached=reached)
    (message,) = stage.committed
    assert (message.text, message.status) == ("It is", "interrupted")
    assert not stage.of(TurnEnded)


async def test_leaving_the_generator_commits_what_there_was_once(question: Message) -> None:
    stage = Stage(question, [reply("It ", "is ", "noon.")])
    async with aclosing(stage.engine().run(stage.conversation)) as turn:
        async for event in turn:
            if event == TextDelta("is "):
                break
    (message,) = stage.committed
    assert (message.text, message.status) == ("It is ", "interrupted")


async def test_leaving_as_the_generation_starts_commits_its_draft_too(question: Message) -> None:
    stage = Stage(question, [reply("Noon.")])
    async with aclosing(stage.engine().run(stage.conversation)) as turn:
        started = await anext(turn)
    assert isinstance(started, GenerationStarted)
    (message,) = stage.committed
    assert (message.id, message.parts, message.status) == (started.message_id, (), "interrupted")
    assert stage.provider.requests == []


async def test_leaving_after_the_end_marker_commits_a_complete_message(question: Message) -> None:
    stage = Stage(question, [reply("Noon.")])
    async with aclosing(stage.engine().run(stage.conversation)) as turn:
        async for event in turn:
            if isinstance(event, GenerationStopped):
                break
    assert [(message.text, message.status) for message in stage.committed] == [
        ("Noon.", "complete")
    ]


async def test_cancelling_in_mid_tool_answers_every_call_once(question: Message) -> None:
    reached, ran, gone = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: dict[str, Json]) -> str:
        await ran.wait()
        reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return ""

    async def quick(_: dict[str, Json]) -> str:
        ran.set()
        return "quick result"

    script = (ToolCallDelta(0, "c1", "slow", ""), ToolCallDelta(1, "c2", "quick", ""), CALLS)
    stage = Stage(question, [script], tool("slow", slow), tool("quick", quick))
    await stage.run_until(reached=reached)
    asking, answers = stage.committed
    assert asking.status == "complete"
    first, second = answers.tool_results
    assert (first.call_id, first.is_error) == ("c1", True)
    assert "ancelled" in first.output
    assert second == ToolResult("c2", "quick result")
    assert gone.is_set()


async def test_leaving_as_a_tool_starts_still_answers_every_call(question: Message) -> None:
    async def stall(_: dict[str, Json]) -> str:
        await asyncio.Event().wait()
        return "never"

    script = (ToolCallDelta(0, "c1", "a", ""), ToolCallDelta(1, "c2", "a", ""), CALLS)
    stage = Stage(question, [script], tool("a", stall))
    async with aclosing(stage.engine().run(stage.conversation)) as turn:
        async for event in turn:
            if isinstance(event, ToolStarted):
                break
    assert [result.call_id for result in stage.committed[1].tool_results] == ["c1", "c2"]
    assert all(result.is_error for result in stage.committed[1].tool_results)


async def test_a_bug_in_a_provider_is_raised_and_the_text_kept(question: Message) -> None:
    stage = Stage(question, [("It is", KeyError("choices"))])
    with pytest.raises(KeyError):
        await stage.run()
    (message,) = stage.committed
    assert (message.text, message.status) == ("It is", "interrupted")


async def test_a_bug_in_a_tool_is_answered_with_an_error_and_the_turn_goes_on(
    question: Message,
) -> None:
    async def broken(_: dict[str, Json]) -> str:
        raise ZeroDivisionError

    script = (ToolCallDelta(0, "c1", "a", ""), CALLS)
    stage = Stage(question, [script, reply("Sorry.")], tool("a", broken))
    await stage.run()
    (result,) = stage.committed[1].tool_results
    assert result.is_error
    assert "ZeroDivisionError" in result.output
    assert stage.events[-1] == TurnEnded("done")

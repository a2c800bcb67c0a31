"""A turn advances step by step until nothing is pending."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from conduit_tui.core.errors import Overloaded
from conduit_tui.core.events import (
    GenerationStarted,
    GenerationStopped,
    ProviderEvent,
    RetryScheduled,
    TextDelta,
    ToolCallDelta,
    ToolFinished,
    ToolStarted,
    TurnEnded,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message, Status, Text, ToolCall, ToolResult
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.engine.engine import State, next_state
from conduit_tui.providers.scripted import ScriptedProvider, reply
from tests.conftest import MakeMessage
from tests.engine.stage import CALLS, NOW, Stage, tool


@pytest.mark.parametrize(
    ("role", "parts", "status", "stop", "state"),
    [
        ("user", ("hi",), "complete", None, State.GENERATE),
        ("tool", (ToolResult("c1", "noon"),), "complete", None, State.GENERATE),
        ("assistant", ("hi",), "complete", "end_turn", State.TERMINATE),
        ("assistant", ("hi",), "complete", "tool_calls", State.TERMINATE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "complete", "tool_calls", State.EXECUTE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "complete", "end_turn", State.EXECUTE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "complete", "max_tokens", State.TERMINATE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "complete", "refusal", State.TERMINATE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "interrupted", None, State.TERMINATE),
        ("assistant", ("looking",), "complete", "pause_turn", State.GENERATE),
        ("assistant", ("looking",), "interrupted", "pause_turn", State.TERMINATE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "complete", "pause_turn", State.EXECUTE),
        ("assistant", (ToolCall("c1", "now", "{}"),), "error", "tool_calls", State.TERMINATE),
        ("system", ("be kind",), "complete", None, State.TERMINATE),
    ],
)
def test_the_last_message_alone_decides_what_comes_next(
    make_message: MakeMessage,
    role: str,
    parts: tuple[object, ...],
    status: Status,
    stop: str | None,
    state: State,
) -> None:
    assert next_state(make_message(role, *parts, status=status, stop=stop)) is state


async def test_a_text_turn_streams_and_commits_one_reply(question: Message) -> None:
    stage = Stage(question, [("It is ", "noon.", UsageReported(Usage(9, 3)), *reply())])
    events = await stage.run()
    (message,) = stage.committed
    assert events == [
        GenerationStarted(message.id, question.id, "guide", 1),
        TextDelta("It is "),
        TextDelta("noon."),
        UsageReported(Usage(9, 3)),
        GenerationStopped("end_turn"),
        TurnEnded("done"),
    ]
    assert message.parts == (Text("It is noon."),)
    assert (message.status, message.stop, message.usage) == ("complete", "end_turn", Usage(9, 3))
    assert (message.provider, message.model, message.params) == ("demo", "guide", stage.params)
    assert message.predecessor_id == question.id
    assert message.session_id == question.session_id
    assert message.duration_seconds is not None
    assert message.created_at.tzinfo is not None


async def test_the_provider_is_asked_with_conversation_params_and_tools(question: Message) -> None:
    stage = Stage(question, [reply("x")])
    await stage.run()
    (request,) = stage.provider.requests
    assert request == Request(
        "guide", (question,), stage.params, stage.toolbox.offer(("current_time",))
    )


async def test_a_tool_call_is_run_answered_and_read_by_the_model(question: Message) -> None:
    stage = Stage(question, [("I look.", NOW, CALLS), reply("Noon.")])
    events = await stage.run()
    asking, answers, final = stage.committed
    assert [message.role for message in stage.committed] == ["assistant", "tool", "assistant"]
    assert answers.parts == (ToolResult("c1", "2026-11-22T12:00:00+00:00 (Sunday, UTC)"),)
    assert [answers.predecessor_id, final.predecessor_id] == [asking.id, answers.id]
    (call,) = asking.tool_calls
    assert stage.of(ToolStarted) == [ToolStarted(call, asking.id, 0)]
    (finished,) = stage.of(ToolFinished)
    assert isinstance(finished, ToolFinished)
    assert (finished.call, finished.result) == (call, answers.parts[0])
    assert finished.seconds >= 0
    assert [e.step for e in events if isinstance(e, GenerationStarted)] == [1, 2]
    assert stage.provider.requests[1].messages == (question, asking, answers)
    assert events[-1] == TurnEnded("done")


async def test_an_unknown_tool_is_answered_with_an_error_and_the_turn_goes_on(
    question: Message,
) -> None:
    call = ToolCallDelta(0, "c1", "launch", "{}")
    stage = Stage(question, [(call, CALLS), reply("I cannot.")])
    events = await stage.run()
    (result,) = stage.committed[1].tool_results
    assert result.is_error
    assert "'launch'" in result.output
    assert "current_time" in result.output
    assert events[-1] == TurnEnded("done")


async def test_arguments_that_are_no_object_are_answered_with_an_error(question: Message) -> None:
    call = ToolCallDelta(0, "c1", "current_time", '{"timezone": ')
    stage = Stage(question, [(call, CALLS), reply("Sorry.")])
    await stage.run()
    (result,) = stage.committed[1].tool_results
    assert result.is_error
    assert '{"timezone": ' in result.output
    assert stage.events[-1] == TurnEnded("done")


async def test_several_calls_run_at_once_and_are_answered_in_the_order_asked(
    question: Message,
) -> None:
    second_ran = asyncio.Event()

    async def first(_: dict[str, Json]) -> str:
        await second_ran.wait()
        return "one"

    async def second(_: dict[str, Json]) -> str:
        second_ran.set()
        return "two"

    script = (ToolCallDelta(0, "c1", "a", ""), ToolCallDelta(1, "c2", "b", ""), CALLS)
    stage = Stage(question, [script, reply("ok")], tool("a", first), tool("b", second))
    await asyncio.wait_for(stage.run(), 30)
    assert [message.role for message in stage.committed] == ["assistant", "tool", "assistant"]
    assert stage.committed[1].parts == (ToolResult("c1", "one"), ToolResult("c2", "two"))
    finished = [e.call.name for e in stage.events if isinstance(e, ToolFinished)]
    assert finished == ["b", "a"]


async def test_calls_without_ids_are_each_answered(question: Message) -> None:
    script = (
        ToolCallDelta(0, "", "current_time", ""),
        ToolCallDelta(1, "", "nothing", ""),
        CALLS,
    )
    stage = Stage(question, [script, reply("ok")])
    await stage.run()
    asking, answers, _ = stage.committed
    assert [r.call_id for r in answers.tool_results] == [c.call_id for c in asking.tool_calls]
    assert [r.is_error for r in answers.tool_results] == [False, True]


async def test_calls_are_run_by_their_presence_whatever_the_stop_reason(question: Message) -> None:
    stage = Stage(question, [(NOW, GenerationStopped("end_turn")), reply("Noon.")])
    await stage.run()
    assert [message.role for message in stage.committed] == ["assistant", "tool", "assistant"]


async def test_calls_cut_off_by_the_token_limit_are_not_run(question: Message) -> None:
    stage = Stage(question, [(NOW, GenerationStopped("max_tokens"))])
    await stage.run()
    assert [message.role for message in stage.committed] == ["assistant"]
    assert not stage.of(ToolStarted)
    assert stage.events[-1] == TurnEnded("done")


async def test_a_paused_generation_is_gone_on_with_below_it(question: Message) -> None:
    stage = Stage(question, [("Looking. ", *reply(reason="pause_turn")), reply("Found.")])
    await stage.run()
    first, second = stage.committed
    assert (first.stop, second.stop) == ("pause_turn", "end_turn")
    assert second.predecessor_id == first.id
    assert stage.provider.requests[1].messages == (question, first)
    assert stage.events[-1] == TurnEnded("done")


async def test_a_turn_stops_after_so_many_steps(question: Message) -> None:
    stage = Stage(question, [(NOW, CALLS)] * 5)
    stage.max_steps = 3
    await stage.run()
    assert [message.role for message in stage.committed] == ["assistant", "tool"] * 3
    assert stage.events[-1] == TurnEnded("max_steps")
    assert len(stage.provider.requests) == 3


async def test_a_last_step_that_answers_is_done(question: Message) -> None:
    stage = Stage(question, [(NOW, CALLS), reply("Noon.")])
    stage.max_steps = 2
    await stage.run()
    assert stage.events[-1] == TurnEnded("done")


async def test_a_scheduled_retry_is_passed_on_and_leaves_no_trace(question: Message) -> None:
    retry = RetryScheduled(Overloaded("busy"), 2.0, 1)

    class Retrying(ScriptedProvider):
        async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:  # type: ignore[override]
            yield retry
            async for event in super().stream(request):
                yield event

    stage = Stage(question, [])
    stage.provider = Retrying("demo", [reply("Noon.")])
    await stage.run()
    assert stage.events[1] == retry
    assert stage.committed[0].parts == (Text("Noon."),)


async def test_a_message_is_committed_before_the_next_step_begins(question: Message) -> None:
    log: list[str] = []

    async def run(_: dict[str, Json]) -> str:
        log.append("tool runs")
        return "done"

    class Slow(Stage):
        async def commit(self, message: Message) -> None:
            log.append(f"{message.role} begun")
            for _ in range(5):
                await asyncio.sleep(0)
            log.append(f"{message.role} stored, {len(self.provider.requests)} asked")

    stage = Slow(question, [(ToolCallDelta(0, "c1", "a", ""), CALLS), reply("ok")], tool("a", run))
    await stage.run()
    log.append(f"ended {stage.events[-1] == TurnEnded('done')}")
    assert log == [
        "assistant begun",
        "assistant stored, 1 asked",
        "tool runs",
        "tool begun",
        "tool stored, 1 asked",
        "assistant begun",
        "assistant stored, 2 asked",
        "ended True",
    ]

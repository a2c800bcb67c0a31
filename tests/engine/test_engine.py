"""A turn advances step by step, and whatever happens keeps what it received."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from conduit_tui.core.errors import ConnectionLost, Overloaded, ProviderError, StreamInterrupted
from conduit_tui.core.events import (
    Event,
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
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request, ToolSpec
from conduit_tui.core.session import Conversation
from conduit_tui.core.usage import Usage
from conduit_tui.engine.engine import Engine, State, next_state
from conduit_tui.providers.scripted import Script, ScriptedProvider, reply
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.toolbox import Tool, Toolbox
from tests.conftest import AT, MakeMessage, stalling

NOW = ToolCallDelta(0, "c1", "current_time", "{}")
CALLS = GenerationStopped("tool_calls")


class Stage:
    """One turn of the engine on a scripted provider, and what came of it."""

    def __init__(self, question: Message, scripts: Sequence[Script], *tools: Tool) -> None:
        self.provider = ScriptedProvider("demo", scripts)
        self.toolbox = Toolbox((current_time(AT), *tools))
        self.params = Params(tools=self.toolbox.names)
        self.conversation = Conversation((question,))
        self.max_steps = 10
        self.events: list[Event] = []
        self.committed: list[Message] = []

    async def commit(self, message: Message) -> None:
        self.committed.append(message)

    def engine(self) -> Engine:
        return Engine(
            self.provider, "guide", self.params, self.toolbox, self.commit, self.max_steps
        )

    async def run(self) -> list[Event]:
        async with aclosing(self.engine().run(self.conversation)) as turn:
            async for event in turn:
                self.events.append(event)
        return self.events

    async def run_until(self, *, reached: asyncio.Event) -> None:
        """Run in a task, cancel it once `reached` is set, and wait until it is gone."""
        task = asyncio.create_task(self.run())
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def question(make_message: MakeMessage) -> Message:
    return make_message("user", "What time is it?")


def tool(name: str, run: object) -> Tool:
    return Tool(ToolSpec(name, "", {"type": "object"}), run)  # type: ignore[arg-type]


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
        ("assistant", (ToolCall("c1", "now", "{}"),), "interrupted", None, State.TERMINATE),
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
    assert stage.of(ToolStarted) == [ToolStarted(call)]
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
    assert finished == ["a", "b"]


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
    script = (NOW, ToolCallDelta(1, "c2", "current_time", ""), CALLS)
    stage = Stage(question, [script])
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


async def test_a_bug_in_a_tool_is_raised_and_every_call_answered(question: Message) -> None:
    async def broken(_: dict[str, Json]) -> str:
        raise ZeroDivisionError

    stage = Stage(question, [(ToolCallDelta(0, "c1", "a", ""), CALLS)], tool("a", broken))
    with pytest.raises(ZeroDivisionError):
        await stage.run()
    assert [result.is_error for result in stage.committed[1].tool_results] == [True]

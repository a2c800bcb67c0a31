"""Calls are limited, and what fails comes back as a result the model can read."""

import asyncio

import pytest

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tools.toolbox import MOST_OUTPUT_CHARACTERS, Toolbox
from tests.tools.bench import Permitted

ECHO, LONG, FAIL, STALL = (
    ToolSpec(name, f"The tool {name}.", {"type": "object"})
    for name in ("echo", "long", "fail", "stall")
)


class Bench:
    """A toolbox of four tools, and what was done with them."""

    def __init__(self, time_limit_seconds: float = 60.0) -> None:
        self.seen: list[dict[str, Json]] = []
        self.is_stalling = asyncio.Event()
        self.stall_was_stopped = False
        tools = [
            Tool(ECHO, self.echo),
            Tool(LONG, self.long),
            Tool(FAIL, self.fail),
            Tool(STALL, self.stall),
        ]
        self.toolbox = Toolbox(tools, time_limit_seconds)
        self.bench = Permitted(self.toolbox)

    async def call(self, name: str, arguments: str = "{}") -> ToolResult:
        return await self.bench.call(name, arguments)

    async def echo(self, context: object, arguments: dict[str, Json]) -> str:
        self.seen.append(arguments)
        return str(arguments)

    async def long(self, context: object, arguments: dict[str, Json]) -> str:
        return "x" * (MOST_OUTPUT_CHARACTERS + int(str(arguments["over"])))

    async def fail(self, context: object, _: dict[str, Json]) -> str:
        raise ToolError("The disk is full. Ask for less. " + "y" * MOST_OUTPUT_CHARACTERS)

    async def stall(self, context: object, _: dict[str, Json]) -> str:
        self.is_stalling.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stall_was_stopped = True
        return "never"


def test_only_the_tools_asked_for_are_offered() -> None:
    toolbox = Bench().toolbox
    assert toolbox.names == ("echo", "long", "fail", "stall")
    assert toolbox.offer(("fail", "echo", "unknown")) == (ECHO, FAIL)
    assert toolbox.offer(()) == ()


async def test_a_call_gets_its_arguments_and_its_answer() -> None:
    bench = Bench()
    assert await bench.call("echo", '{"a": 1}') == ToolResult("c1", "{'a': 1}")
    assert await bench.call("echo", "") == ToolResult("c1", "{}")
    assert bench.seen == [{"a": 1}, {}]


async def test_an_unknown_tool_is_an_error_that_names_what_there_is() -> None:
    result = await Bench().call("launch")
    assert result.is_error
    assert result.call_id == "c1"
    assert "'launch'" in result.output
    assert "echo, long, fail, stall" in result.output


async def test_the_name_of_an_unknown_tool_is_not_repeated_at_any_length() -> None:
    assert len((await Bench().call("x" * 1_000_000)).output) < 1000


async def test_a_tool_that_was_not_offered_is_not_run() -> None:
    bench = Bench()
    run, permit = bench.bench.bench.run, bench.bench.permit
    result = await run(ToolCall("c1", "echo", "{}"), ("fail",), permit)
    assert result.is_error
    assert result.output.endswith("Available tools: fail.")
    assert bench.seen == []
    result = await run(ToolCall("c1", "echo", "{}"), (), permit)
    assert result.output.endswith("Available tools: none.")


@pytest.mark.parametrize("arguments", ["{", "[]", "null", "7", "{'a': 1}", '{"a": 1}}'])
async def test_arguments_that_are_no_object_are_an_error(arguments: str) -> None:
    bench = Bench()
    result = await bench.call("echo", arguments)
    assert result.is_error
    assert arguments in result.output
    assert bench.seen == []


async def test_wrong_arguments_are_not_repeated_at_any_length() -> None:
    assert len((await Bench().call("echo", "[" * 1_000_000)).output) < 1000


async def test_a_tool_that_takes_too_long_is_stopped() -> None:
    bench = Bench(time_limit_seconds=0.01)
    result = await bench.call("stall")
    assert result == ToolResult(
        "c1",
        "'stall' took longer than 0.01 s and was stopped. Ask it for less at once.",
        is_error=True,
    )
    assert bench.stall_was_stopped


async def test_cancelling_stops_the_tool_and_goes_on() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.call("stall"))
    await bench.is_stalling.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.stall_was_stopped


async def test_a_failure_in_words_is_an_error_result_within_bounds() -> None:
    result = await Bench().call("fail")
    assert result.is_error
    assert result.output.startswith("The disk is full. Ask for less.")
    assert len(result.output) < MOST_OUTPUT_CHARACTERS + 200


async def test_output_up_to_the_bound_is_whole() -> None:
    result = await Bench().call("long", '{"over": 0}')
    assert result.output == "x" * MOST_OUTPUT_CHARACTERS


async def test_output_over_the_bound_is_cut_and_says_so() -> None:
    result = await Bench().call("long", '{"over": 5}')
    assert result.output.count("x") == MOST_OUTPUT_CHARACTERS
    assert "\n[Cut here: these are the first 100,000 of 100,005 characters." in result.output
    assert not result.is_error


async def test_a_failure_that_is_not_foreseen_is_an_error_result() -> None:
    async def give_up(*_: object) -> str:
        raise TimeoutError("the server did not answer")

    result = await Permitted(Toolbox([Tool(ECHO, give_up)])).call("echo")
    assert result.is_error
    assert result.output == "'echo' failed with TimeoutError; this is a fault of the tool."


async def test_time_does_not_pass_while_a_person_is_asked() -> None:
    async def asks(context: ToolContext, _: object) -> str:
        await context.permit(Act("echo", "write", "x"))
        return "done"

    toolbox = Toolbox([Tool(ECHO, asks, asks_itself=True)], time_limit_seconds=0.05)
    bench = Permitted(toolbox)

    async def slowly(act: Act) -> None:
        await asyncio.sleep(0.1)  # the limit is of the same clock

    bench.permit = slowly  # type: ignore[method-assign]
    assert await bench.call("echo") == ToolResult("c1", "done")


async def test_a_tool_that_does_not_ask_is_asked_for_before_it_runs() -> None:
    bench = Bench()
    await bench.call("echo", '{"a": 1}')
    assert bench.bench.acts == [Act("echo", "run", '{"a": 1}', wider="**")]
    bench.bench.denied.add("echo")
    result = await bench.call("echo", '{"a": 2}')
    assert result == ToolResult("c1", "The person said no.", is_error=True)
    assert bench.seen == [{"a": 1}]

"""Tools that hang, flood, die and resist, and calls that are nonsense: always a clear result."""

import asyncio
import gc
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import StorageError, ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.call_arguments import MOST_CHARACTERS, MOST_VALUES
from conduit_tui.tools.tool import Denied, Surroundings, Tool, ToolContext
from conduit_tui.tools.toolbox import MOST_OUTPUT_CHARACTERS, Bench, Toolbox

SPEC = ToolSpec("odd", "An odd tool.", {"type": "object"})
FAULT = "; this is a fault of the tool."

Work = Callable[[ToolContext, dict[str, Json]], Awaitable[str]]


async def allow(_: Act) -> None:
    """Say yes to everything."""


def bench(work: Work, *, asks_itself: bool = True, limit: float = 60, grace: float = 60) -> Bench:
    toolbox = Toolbox([Tool(SPEC, work, asks_itself=asks_itself)], limit, grace_seconds=grace)
    return toolbox.bench(Surroundings(Path("/nowhere")))


async def call(
    work: Work,
    arguments: str = "{}",
    permit: Callable[[Act], Awaitable[None]] = allow,
    limit: float = 60,
    grace: float = 60,
) -> ToolResult:
    """Run one call of an odd tool."""
    async with asyncio.timeout(20):
        odd = bench(work, limit=limit, grace=grace)
        return await odd.run(ToolCall("c1", "odd", arguments), ("odd",), permit)


def returning(value: object) -> Work:
    async def work(*_: object) -> str:
        return value  # type: ignore[return-value]

    return work


def raising(error: BaseException) -> Work:
    async def work(*_: object) -> str:
        raise error

    return work


@pytest.mark.parametrize(
    "error",
    [
        SystemExit(3),
        KeyboardInterrupt(),
        GeneratorExit(),
        asyncio.CancelledError(),
        BaseException("words"),
        BaseExceptionGroup("several", [KeyboardInterrupt()]),
        TimeoutError("slow"),
        StopAsyncIteration(),
        RecursionError(),
        MemoryError(),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"),
        ExceptionGroup("several", [ValueError("words")]),
        AssertionError("a secret"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_a_tool_raises_is_a_result(error: BaseException) -> None:
    result = await call(raising(error))
    assert result == ToolResult(
        "c1", f"'odd' failed with {type(error).__name__}{FAULT}", is_error=True
    )


async def test_stopping_an_iteration_is_a_result_as_well() -> None:
    result = await call(raising(StopIteration()))
    assert result.is_error
    assert result.output.endswith(FAULT)


def test_one_that_ends_the_program_ends_no_loop_either() -> None:
    async def main() -> str:
        result = await call(raising(SystemExit(3)))
        await asyncio.sleep(0)
        return result.output

    assert asyncio.run(main()).startswith("'odd' failed with SystemExit")


async def test_one_that_is_not_async_or_takes_nothing_is_a_result() -> None:
    def plain(*_: object) -> str:
        return "words"

    async def nothing() -> str:
        return "words"

    for work in (plain, nothing):
        result = await call(work)  # type: ignore[arg-type]
        assert result.output == f"'odd' failed with TypeError{FAULT}"


@pytest.mark.parametrize("value", [None, 7, b"\xff", ["a"], {"a": 1}, object()])
async def test_what_is_no_text_is_a_fault(value: object) -> None:
    result = await call(returning(value))
    kind = type(value).__name__
    assert result == ToolResult(
        "c1", f"The tool returned no text, but {kind}{FAULT}", is_error=True
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[2J\x00\x07\r", "\x1b[2J\x00\x07\r"),  # it is cleaned where it is shown
        ("a\ud800b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("", ""),
    ],
)
async def test_a_text_is_kept_but_for_halves_of_characters(text: str, kept: str) -> None:
    assert await call(returning(text)) == ToolResult("c1", kept)


async def test_a_failure_in_halves_of_characters_can_be_stored() -> None:
    result = await call(raising(ToolError("no file \udcff")))
    assert result == ToolResult("c1", "no file \ufffd", is_error=True)


@pytest.mark.parametrize("size", [MOST_OUTPUT_CHARACTERS + 1, 50_000_000])
async def test_a_flood_is_cut_and_the_model_told_how_to_go_on(size: int) -> None:
    for work, is_error in ((returning("x" * size), False), (raising(ToolError("x" * size)), True)):
        result = await call(work)
        assert result.is_error is is_error
        assert len(result.output) < MOST_OUTPUT_CHARACTERS + 200
        assert f"of {size:,} characters" in result.output
        assert "ask for less" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("{", "are not a JSON object (Expecting property name enclosed in double quotes at line 1"),
        ("{'a': 1}", "are not a JSON object (Expecting property name"),
        ('{"a": 1', "are not a JSON object (Expecting ',' delimiter at line 1, column 8): "),
        ("not json", "are not a JSON object (Expecting value at line 1, column 1): not json"),
        ("[1]", "are not a JSON object: [1]"),
        ("null", "are not a JSON object: null"),
        ('"{}"', 'are not a JSON object: "{}"'),
        ('{"a": ' + "9" * 5000 + "}", "are not a JSON object that can be read"),
        ('{"a":' * 100 + "1" + "}" * 100, "are not a JSON object that is nested at most 50 deep"),
        ('{"a":' * 100_000, "are not a JSON object that can be read"),
        (
            '{"a": "' + "x" * MOST_CHARACTERS + '"}',
            f"have {MOST_CHARACTERS + 9:,} characters, and at most {MOST_CHARACTERS:,} are read",
        ),
        (
            json.dumps({"a": [0] * MOST_VALUES}),
            f"hold more than {MOST_VALUES:,} values",
        ),
        (json.dumps({str(index): [[]] for index in range(MOST_VALUES // 2)}), "hold more than"),
    ],
    ids=lambda value: value[:20],
)
async def test_arguments_that_are_nonsense_are_named_and_not_repeated(
    arguments: str, words: str
) -> None:
    result = await call(returning("it ran"), arguments)
    assert result.is_error
    assert result.output.startswith("The arguments of 'odd' ")
    assert words in result.output
    assert len(result.output) < 400


async def test_a_long_text_among_the_arguments_is_taken() -> None:
    async def measure(_: ToolContext, arguments: dict[str, Json]) -> str:
        return str(len(str(arguments["a"])))

    assert (await call(measure, json.dumps({"a": "x" * 3_000_000}))).output == "3000000"


async def test_nobody_is_asked_about_arguments_that_are_wrong() -> None:
    asked: list[Act] = []

    async def permit(act: Act) -> None:
        asked.append(act)

    def check(_: dict[str, Json]) -> None:
        raise ToolError("a is missing")

    toolbox = Toolbox([Tool(SPEC, returning("it ran"), check=check)])
    odd = toolbox.bench(Surroundings(Path("/nowhere")))
    result = await odd.run(ToolCall("c1", "odd", "{}"), ("odd",), permit)
    assert result == ToolResult("c1", "a is missing", is_error=True)
    assert asked == []


class Stubborn:
    """A tool that swallows its cancellation some times, or takes its time to tidy up."""

    def __init__(self, swallows: int = 0, *, tidies: bool = False, ends: bool = True) -> None:
        self.swallows = swallows
        self.tidies = tidies
        self.ends = ends
        self.is_at_work = asyncio.Event()
        self.may_tidy = asyncio.Event()
        self.has_ended = False
        self.context: ToolContext | None = None

    async def work(self, context: ToolContext, _: object) -> str:
        self.context = context
        try:
            while True:
                try:
                    self.is_at_work.set()
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    if not self.swallows:
                        raise
                    self.swallows -= 1
                    if not self.swallows and self.ends:
                        return "after all"
        finally:
            if self.tidies:
                await self.may_tidy.wait()
            self.has_ended = True


LIMIT = 0.01
TOO_LONG = "'odd' took longer than 0.01 s and was stopped. Ask it for less at once."


@pytest.mark.parametrize("swallows", [0, 1, 2, 10])
@pytest.mark.parametrize("ends", [True, False])
async def test_one_that_hangs_is_stopped_whatever_it_does(swallows: int, ends: bool) -> None:
    tool = Stubborn(swallows, ends=ends)
    result = await call(tool.work, limit=LIMIT, grace=0.01)
    assert result == ToolResult("c1", TOO_LONG, is_error=True)
    await _let_go(tool)


async def _let_go(tool: Stubborn) -> None:
    """End what was left to itself, so that the test's loop can end."""
    tool.may_tidy.set()
    left = [each for each in asyncio.all_tasks() if each.get_name() == "tool at work"]
    while not all(task.done() for task in left):
        for task in left:
            task.cancel()
        await asyncio.sleep(0)
    assert tool.has_ended
    gc.collect()  # what nobody looked at would be reported here


async def test_one_that_is_stopped_may_tidy_up_first() -> None:
    tool = Stubborn(tidies=True)
    work = asyncio.create_task(call(tool.work, limit=LIMIT))
    await tool.is_at_work.wait()
    asyncio.get_running_loop().call_later(0.05, tool.may_tidy.set)
    assert (await work).output == TOO_LONG
    assert tool.has_ended


@pytest.mark.parametrize("swallows", [0, 1, 3])
async def test_cancelling_a_call_cancels_it_though_the_tool_goes_on(swallows: int) -> None:
    tool = Stubborn(swallows, ends=False)
    work = asyncio.create_task(call(tool.work, grace=0.01))
    await tool.is_at_work.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await _let_go(tool)


async def test_a_cancelled_call_has_no_result_also_if_the_tool_returns_one() -> None:
    tool = Stubborn(1)
    work = asyncio.create_task(call(tool.work))
    await tool.is_at_work.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert tool.has_ended


async def test_cancelling_does_not_wait_for_tidying_without_end() -> None:
    tool = Stubborn(tidies=True)
    work = asyncio.create_task(call(tool.work, grace=0.02))
    await tool.is_at_work.wait()
    began = time.monotonic()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert time.monotonic() - began < 5
    assert not tool.has_ended  # it was cancelled once more, in the midst of tidying


async def test_nothing_is_asked_in_the_name_of_a_call_that_is_over() -> None:
    tool = Stubborn(10, ends=False)
    asked: list[Act] = []

    async def permit(act: Act) -> None:
        asked.append(act)

    result = await call(tool.work, permit=permit, limit=LIMIT, grace=0.01)
    assert result.is_error
    assert tool.context is not None
    with pytest.raises(Denied, match="The call is over"):
        await tool.context.permit(Act("odd", "write", "/a"))
    assert asked == []
    tool.swallows = 0
    await _let_go(tool)


class Clocked:
    """A person who takes longer than the limit, and a tool that asks in several tasks at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, asyncio.Event] = {}

    async def permit(self, act: Act) -> None:
        self.asked.append(act.subject)
        await self.answers.setdefault(act.subject, asyncio.Event()).wait()
        if act.subject == "no":
            raise Denied("The person said no.")


async def test_time_stands_still_while_any_of_several_questions_is_open() -> None:
    person = Clocked()

    async def asks(context: ToolContext, _: object) -> str:
        acts = [Act("odd", "write", subject) for subject in ("a", "b", "no")]
        found = await asyncio.gather(*map(context.permit, acts), return_exceptions=True)
        return str([type(each).__name__ for each in found])

    work = asyncio.create_task(call(asks, permit=person.permit, limit=0.05))
    while len(person.asked) < 3:  # noqa: ASYNC110
        await asyncio.sleep(0)
    for subject in ("a", "no", "b"):
        await asyncio.sleep(0.06)  # the limit is of the same clock
        person.answers[subject].set()
    assert (await work).output == "['NoneType', 'NoneType', 'Denied']"


async def test_the_limit_goes_on_where_it_stood_when_the_question_is_answered() -> None:
    person = Clocked()
    person.answers["a"] = asyncio.Event()
    person.answers["a"].set()

    async def asks(context: ToolContext, _: object) -> str:
        await context.permit(Act("odd", "write", "a"))
        await asyncio.Event().wait()
        return "never"

    assert (await call(asks, permit=person.permit, limit=LIMIT)).output == TOO_LONG


async def test_cancelling_while_a_person_is_asked_ends_the_question() -> None:
    person = Clocked()
    ended: list[str] = []

    async def asks(context: ToolContext, _: object) -> str:
        try:
            await context.permit(Act("odd", "write", "a"))
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return "done"

    work = asyncio.create_task(call(asks, permit=person.permit))
    while not person.asked:  # noqa: ASYNC110
        await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert ended == ["cancelled"]


async def test_a_store_that_fails_while_permitting_is_a_result() -> None:
    async def permit(_: Act) -> None:
        raise StorageError("There is no room on the disk.")

    async def asks(context: ToolContext, _: object) -> str:
        await context.permit(Act("odd", "write", "a"))
        return "done"

    result = await call(asks, permit=permit)
    assert result == ToolResult("c1", "There is no room on the disk.", is_error=True)


async def test_a_tool_that_lacks_its_limit_has_the_usual_one_and_none_is_shared() -> None:
    started = asyncio.Event()

    async def slow(*_: object) -> str:
        started.set()
        await asyncio.Event().wait()
        return "never"

    specs = [ToolSpec(name, name, {"type": "object"}) for name in ("own", "usual")]
    toolbox = Toolbox(
        [Tool(specs[0], slow, asks_itself=True, time_limit_seconds=0.01), Tool(specs[1], slow)],
        time_limit_seconds=0.02,
    )
    odd = toolbox.bench(Surroundings(Path("/nowhere")))
    results = await asyncio.gather(
        *(odd.run(ToolCall(name, name, "{}"), ("own", "usual"), allow) for name in ("own", "usual"))
    )
    assert [each.output.split(" and")[0] for each in results] == [
        "'own' took longer than 0.01 s",
        "'usual' took longer than 0.02 s",
    ]

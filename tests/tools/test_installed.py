"""Tools that installed packages bring."""

import sys

import pytest

from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.installed import installed_tools
from conduit_tui.tools.toolbox import Toolbox
from tests.packages import Packages
from tests.tools.bench import Permitted

DICE = """
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.tool import Tool

async def roll(context, arguments):
    return "4"

def dice():
    return Tool(ToolSpec("dice", "Roll a die.", {"type": "object"}), roll)

def clock():
    return Tool(ToolSpec("current_time", "Another clock.", {"type": "object"}), roll)

def unnameable():
    return Tool(ToolSpec("roll the dice", "", {"type": "object"}), roll)

def broken():
    raise RuntimeError("my words")

number = 7
"""

ANNOTATED = """
from __future__ import annotations

from typing import Annotated

from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext

async def roll(context: ToolContext, sides: Annotated[int, "How many sides it has."] = 6) -> str:
    'Roll a die.'
    return f"{context.call.call_id}: {sides}"

async def look() -> list[str]:
    'Look around.'
    return ["a", "b"]

looker = tool(look, effect="none")

def hidden() -> Tool:
    return looker

def lazily():
    return roll

def sync(sides: int, *rest) -> str:
    return "4"

def words() -> str:
    'Say something.'
    return "words"

def leaves():
    raise SystemExit(3)

async def many(a, b, c, d, e, f):
    pass
"""


def toolbox() -> Toolbox:
    return Toolbox([current_time()], more=[installed_tools])


async def test_a_tool_of_a_package_is_offered_and_runs(packages: Packages) -> None:
    packages.install("conduit-dice", DICE, tools={"dice": "dice"})
    tools = toolbox()

    assert tools.load() == ()
    assert [spec.name for spec in tools.offer(("dice",))] == ["dice"]
    result = await Permitted(tools).call("dice")

    assert (result.output, result.is_error) == ("4", False)
    assert tools.names == ("current_time", "dice")


def test_no_package_is_imported_before_a_tool_of_one_is_needed(packages: Packages) -> None:
    module = packages.install("conduit-dice", DICE, tools={"dice": "dice"})
    tools = toolbox()

    assert tools.has_all(("current_time",))
    assert not tools.has_all(("dice",))
    assert module not in sys.modules


def test_packages_are_asked_once(packages: Packages) -> None:
    tools = toolbox()
    tools.load()
    packages.install("conduit-dice", DICE, tools={"dice": "dice"})

    tools.load()

    assert tools.names == ("current_time",)
    assert tools.has_all(("dice",))  # nothing further would come


def test_what_is_broken_is_left_out_in_words_that_name_its_package(packages: Packages) -> None:
    packages.install(
        "conduit-dice",
        DICE,
        tools={
            "a": "broken", "b": "number", "c": "unnameable", "d": "clock", "e": "dice", "f": "dice"
        },
    )  # fmt: skip
    tools = toolbox()

    notices = tools.load()

    whose = "of the package 'conduit-dice'"
    assert notices == (
        f"The tool 'a' {whose} failed with RuntimeError. It is left out.",
        f"The tool 'b' {whose} cannot be one: it is no function. It is left out.",
        f"The tool 'c' {whose} cannot be one: models cannot call its name, 'roll the dice'. "
        "It is left out.",
        "The package 'conduit-dice' offers a tool 'current_time', which is there already; "
        "the built-in one is used.",
        "The package 'conduit-dice' offers a tool 'dice', which is there already; "
        "the first one is used.",
    )
    assert tools.names == ("current_time", "dice")
    assert tools.offer(("current_time",))[0].description != "Another clock."


@pytest.mark.parametrize("target", ["roll", "lazily"])
async def test_an_annotated_function_becomes_a_tool_that_is_asked_for(
    packages: Packages, target: str
) -> None:
    packages.install("conduit-dice", ANNOTATED, tools={"dice": target})
    tools = toolbox()
    assert tools.load() == ()
    bench = Permitted(tools)

    result = await bench.call("roll", '{"sides": "8"}')

    assert (result.output, result.is_error) == ("c1: 8", False)
    assert [(act.tool, act.effect, act.subject) for act in bench.acts] == [
        ("roll", "run", '{"sides": "8"}')
    ]
    result = await bench.call("roll", '{"sides": "many"}')
    assert result.is_error
    assert "sides should be an integer, not 'many'" in result.output
    assert len(bench.acts) == 1  # nobody is asked about what could not be run


@pytest.mark.parametrize("target", ["looker", "hidden"])
async def test_a_package_says_what_its_tool_does(packages: Packages, target: str) -> None:
    packages.install("conduit-dice", ANNOTATED, tools={"look": target})
    tools = toolbox()
    assert tools.load() == ()
    bench = Permitted(tools)
    assert (await bench.call("look")).output == '["a","b"]'
    assert [act.effect for act in bench.acts] == ["none"]


def test_a_wrong_definition_is_left_out_with_its_reasons(packages: Packages) -> None:
    packages.install(
        "conduit-dice",
        ANNOTATED,
        tools={"a": "sync", "b": "words", "c": "leaves", "d": "many", "e": "roll"},
    )
    tools = toolbox()

    notices = tools.load()

    whose = "of the package 'conduit-dice'"
    no_annotation = 'it has no annotation such as Annotated[str, "what it is"]'
    assert notices == (
        f"The tool 'a' {whose} cannot be one: it is not async; it has no docstring, which tells "
        'the model what it does; sides: it has no description; write Annotated[..., "what it is"]; '
        "*rest: a model can only be told of parameters with a name of their own. It is left out.",
        f"The tool 'b' {whose} cannot be one: it is not async, and without arguments it returns no "
        "tool, but str. It is left out.",
        f"The tool 'c' {whose} failed with SystemExit. It is left out.",
        f"The tool 'd' {whose} cannot be one: it has no docstring, which tells the model what it "
        f"does; a: {no_annotation}; b: {no_annotation}; c: {no_annotation}; d: {no_annotation}; "
        "and 2 more. It is left out.",
    )
    assert tools.names == ("current_time", "roll")

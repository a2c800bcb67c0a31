"""Tools that installed packages bring."""

import sys

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
        f"The tool 'b' {whose} failed with TypeError. It is left out.",
        f"The tool 'c' {whose} has a name that models cannot call, 'roll the dice'. "
        "It is left out.",
        "The package 'conduit-dice' offers a tool 'current_time', which is there already; "
        "the built-in one is used.",
        "The package 'conduit-dice' offers a tool 'dice', which is there already; "
        "the first one is used.",
    )
    assert tools.names == ("current_time", "dice")
    assert tools.offer(("current_time",))[0].description != "Another clock."

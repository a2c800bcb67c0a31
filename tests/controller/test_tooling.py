"""Which tools a session has on, and which of them a model is told of."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.tooling import Tooling
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.rule import Rule
from conduit_tui.core.session import Session
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.tools.tool import Surroundings, Tool, ToolContext
from conduit_tui.tools.toolbox import LoadTools, Toolbox
from tests.controller.desk import Desk


def named(name: str, words: str = "", lacks: str = "") -> Tool:
    async def run(*_: object) -> str:
        return words or name

    return Tool(ToolSpec(name, words, {"type": "object"}), run, effect="none", lacks=lacks)


class Skills:
    """Skills that bring a tool and a directory."""

    def __init__(self, *tools: Tool) -> None:
        self.found = tools
        self.loaded = 0
        self.checked: list[str] = []

    async def load(self) -> None:
        self.loaded += 1

    @property
    def spec(self) -> ToolSpec | None:
        return self.found[0].spec if self.found else None

    def check(self, session: Session) -> None:
        self.checked.append(session.id)

    def guidance(self, on: Sequence[str], *, lists: bool) -> str:
        return f"On: {', '.join(on)}. Lists: {lists}."

    def tools(self, session: Session, leaf_id: str | None) -> tuple[Tool, ...]:
        return self.found

    def readable(self, session: Session, leaf_id: str | None) -> tuple[Path, ...]:
        return (Path("/skills"),)


class House:
    """Tooling of some tools, and what was told."""

    def __init__(
        self,
        desk: Desk,
        *tools: Tool,
        usual: Sequence[str] = (),
        rules: Sequence[Rule] = (),
        more: Sequence[LoadTools] = (),
        skills: Skills | None = None,
    ) -> None:
        self.notices = desk.notices
        self.surroundings = Surroundings(Path("/work"), readable=(Path("/lib"),))
        self.tooling = Tooling(
            Toolbox(tools, more=more),
            Permissions(desk.ledger, PermissionStore(desk.database), rules),
            desk.ledger,
            usual,
            lambda _: self.surroundings,
            skills,
        )


async def test_the_usual_ones_are_on_unless_a_session_has_its_own(desk: Desk) -> None:
    house = House(desk, named("a"), named("b"), named("c"), usual=("a", "c"))
    session = Session("s")
    assert house.tooling.offered(session) == ("a", "c")
    session.tools = ("b",)
    assert house.tooling.offered(session) == ("b",)
    session.tools = ()
    assert house.tooling.offered(session) == ()
    assert house.tooling.specs(session) == ()


async def test_what_lacks_something_is_denied_or_gone_is_not_offered(desk: Desk) -> None:
    tools = (named("a"), named("b", lacks="B_KEY is not set"), named("c"))
    house = House(desk, *tools, usual=("a", "b", "c", "gone", "a"), rules=[Rule("deny", "c")])
    assert house.tooling.offered(Session("s")) == ("a",)
    assert [spec.name for spec in house.tooling.specs(Session("s"))] == ["a"]


async def test_tools_are_brought_in_when_a_session_needs_them(desk: Desk) -> None:
    loads: list[str] = []

    def first(_: Sequence[str], notices: list[str]) -> list[Tool]:
        loads.append("first")
        return [named("a")]

    def second(taken: Sequence[str], notices: list[str]) -> list[Tool]:
        loads.append("second")
        assert taken == ("a",)
        notices.append("One is broken. It is left out.")
        return [named("b")]

    house = House(desk, usual=("a",), more=(first, second))
    session = Session("s")
    assert house.tooling.offered(session) == ()
    await house.tooling.load(session)
    assert (loads, house.tooling.offered(session)) == (["first"], ("a",))
    session.tools = ("b",)
    await house.tooling.load(session)
    await house.tooling.load()
    assert (loads, house.tooling.offered(session)) == (["first", "second"], ("b",))
    assert house.notices == ["One is broken. It is left out."]


async def test_skills_bring_tools_words_and_directories(desk: Desk) -> None:
    skills = Skills(named("enable_skill", "Enable one."))
    house = House(desk, named("a"), usual=("a",), skills=skills)
    session = Session("s")
    await house.tooling.load(session)
    assert (skills.loaded, skills.checked) == (1, ["s"])
    assert house.tooling.offered(session) == ("a", "enable_skill")
    assert [spec.name for spec in house.tooling.specs(session)] == ["a", "enable_skill"]
    session.skills = ("terse",)
    assert house.tooling.guidance(session) == "On: terse. Lists: True."
    assert house.tooling.guidance(session, takes_tools=False) == "On: terse. Lists: False."
    call = ToolCall("c", "enable_skill", "{}")
    result = await house.tooling.workbench(session).run(
        "m", 0, call, house.tooling.offered(session), lambda _: None
    )
    assert result.output == "Enable one."


@pytest.mark.parametrize("usual", [("enable_skill", "a"), ("a",)])
async def test_no_name_is_offered_twice(desk: Desk, usual: Sequence[str]) -> None:
    skills = Skills(named("enable_skill", "Enable one."))
    house = House(desk, named("a"), named("enable_skill", "Mine."), usual=usual, skills=skills)
    specs = house.tooling.specs(Session("s"))
    assert sorted(spec.name for spec in specs) == ["a", "enable_skill"]
    assert sorted(house.tooling.offered(Session("s"))) == ["a", "enable_skill"]
    assert "Enable one." in [spec.description for spec in specs]


async def test_tools_are_told_of_the_rules_of_their_session(desk: Desk) -> None:
    told: list[tuple[Rule, ...]] = []

    async def look(context: ToolContext, _: dict[str, Json]) -> str:
        told.append(context.surroundings.rules)
        return ""

    spec = ToolSpec("look", "Look.", {})
    house = House(desk, Tool(spec, look, "none"), usual=("look",))
    session = Session("s")
    session.rules = (Rule("allow", "look", "/a", "session"),)
    bench = house.tooling.workbench(session)
    await bench.run("m", 0, ToolCall("c", "look", "{}"), ("look",), lambda _: None)
    assert told == [session.rules]

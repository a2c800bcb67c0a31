"""Skills in a session: what a model is told, what it fetches, and what a person switches on."""

from pathlib import Path

import pytest

from conduit_tui.controller.skills import Skills
from conduit_tui.core.errors import SkillError
from conduit_tui.core.events import GenerationStopped, ToolCallDelta
from conduit_tui.core.message import ToolResult
from conduit_tui.core.rule import Rule
from conduit_tui.core.session import Session
from conduit_tui.core.skill import Skill
from conduit_tui.providers.scripted import Script
from conduit_tui.skills.library import Library, read_library
from conduit_tui.skills.places import shipped_place
from tests.controller.desk import Desk
from tests.skills.conftest import place

PDF = Skill("pdf", "Reads PDFs.", "skill", "Do this.", "/s/pdf", "user", ("/s/pdf/a.py",))
STYLE = Skill("style", "Writes well.", "prompt", "Be brief.", "/s/style", "user")


@pytest.fixture
def skills(desk: Desk) -> Skills:
    """The desk's skills, two of them."""
    desk.skill_library = Library((PDF, STYLE))
    return desk.skills


def enabling(*names: str) -> Script:
    """A reply that enables skills."""
    for at, name in enumerate(names):
        yield ToolCallDelta(at, f"c{at}", "enable_skill", f'{{"name": "{name}"}}')
    yield GenerationStopped("tool_use")


def results(session: Session) -> list[ToolResult]:
    return [result for message in session for result in message.tool_results]


async def test_nothing_is_looked_for_before_the_first_turn_and_once_only(
    desk: Desk, skills: Skills
):
    assert skills.all == ()
    await desk.talk(desk.shelf.new(), "hi")
    assert skills.all == (PDF, STYLE)
    desk.skill_library = Library((PDF,))
    await desk.talk(desk.shelf.new(), "hi")
    assert skills.all == (PDF, STYLE)
    await skills.load(again=True)
    assert skills.all == (PDF,)


async def test_a_model_is_told_names_and_descriptions_and_of_a_tool(desk: Desk, skills: Skills):
    session = desk.shelf.new()
    *_, answer = await desk.talk(session, "hi")
    (request,) = desk.provider.requests
    assert request.params.system_prompt is not None
    assert request.params.system_prompt.startswith("Be kind.\n\n<available_skills>\n")
    assert "- pdf: Reads PDFs.\n- style: Writes well.\n" in request.params.system_prompt
    assert "Do this." not in request.params.system_prompt
    assert [tool.name for tool in request.tools] == ["current_time", "enable_skill"]
    assert request.tools[1].schema["properties"] == {
        "name": {"type": "string", "enum": ["pdf", "style"], "description": "The skill's name."}
    }
    assert answer.params.system_prompt == "Be kind."
    assert answer.params.tools == ("current_time", "enable_skill")


async def test_shipped_skills_are_described_by_the_tool_and_change_no_prompt(desk: Desk):
    desk.skill_library = read_library([shipped_place()])
    await desk.talk(desk.shelf.new(), "hi")
    (request,) = desk.provider.requests
    assert request.params.system_prompt == "Be kind."
    description = request.tools[-1].description
    assert "\n- plain-words: Makes answers short" in description
    assert len(description) <= 1024


async def test_without_skills_nothing_is_said(desk: Desk, skills: Skills):
    desk.skill_library = Library()
    await desk.talk(desk.shelf.new(), "hi")
    (request,) = desk.provider.requests
    assert request.params.system_prompt == "Be kind."
    assert [tool.name for tool in request.tools] == ["current_time"]


async def test_a_model_that_takes_no_tools_is_not_told_of_one(desk: Desk, skills: Skills):
    session = desk.shelf.new("plain/x")
    await desk.talk(session, "hi")
    assert desk.provider.requests[-1].params.system_prompt == "Be kind."
    await skills.switch(session, "style", True)
    await desk.talk(session, "again")
    prompt = desk.provider.requests[-1].params.system_prompt or ""
    assert "Be brief." in prompt
    assert "available_skills" not in prompt


@pytest.mark.parametrize("how", ["denied", "all tools off"])
async def test_a_model_that_may_not_enable_skills_is_not_told_of_them(
    desk: Desk, skills: Skills, how: str
):
    session = desk.shelf.new()
    if how == "denied":
        session.rules = (Rule("deny", "enable_skill"),)
    else:
        session.tools = ()
    await desk.talk(session, "hi")
    (request,) = desk.provider.requests
    assert request.params.system_prompt == "Be kind."
    assert "enable_skill" not in [tool.name for tool in request.tools]


async def test_a_body_comes_when_it_is_asked_for_and_stays_in_the_tree(desk: Desk, skills: Skills):
    desk.scripts["read it"] = enabling("pdf")
    session = desk.shelf.new()
    line = await desk.talk(session, "read it")
    assert [message.role for message in line] == ["user", "assistant", "tool", "assistant"]
    (result,) = results(session)
    assert (result.output, result.is_error) == (skills.wrapped(PDF), False)
    assert desk.notices == []
    stored = await desk.stored(session)
    assert skills.enabled_by_model(stored, stored.leaf_id) == ("pdf",)
    assert session.skills == ()


async def test_a_skill_is_enabled_once_on_a_line_and_anew_on_another(desk: Desk, skills: Skills):
    desk.scripts["a"] = list(enabling("pdf"))
    session = desk.shelf.new()
    first = (await desk.talk(session, "a"))[-1]
    await desk.talk(session, "a")
    assert results(session)[1].output.startswith("'pdf' is enabled already")
    await desk.controller.edit(session, next(iter(session)).id, "a").wait()
    assert results(session)[2].output == skills.wrapped(PDF)
    assert skills.enabled_by_model(session, first.predecessor_id) == ("pdf",)
    assert skills.enabled_by_model(session, next(iter(session)).id) == ()


async def test_a_skill_that_is_asked_for_twice_at_once_comes_once(desk: Desk, skills: Skills):
    desk.scripts["a"] = enabling("pdf", "pdf")
    session = desk.shelf.new()
    await desk.talk(session, "a")
    bodies = [result.output == skills.wrapped(PDF) for result in results(session)]
    assert bodies == [True, False]


async def test_a_skill_that_was_on_by_hand_when_it_was_asked_for_can_be_fetched_later(
    desk: Desk, skills: Skills
):
    desk.scripts["a"] = enabling("pdf")
    session = desk.shelf.new()
    await skills.load()
    await skills.switch(session, "pdf", True)
    await desk.talk(session, "a")
    assert results(session)[0].output.startswith("'pdf' is switched on already")
    await skills.switch(session, "pdf", False)
    assert skills.enabled_by_model(session, session.leaf_id) == ()
    desk.scripts["b"] = enabling("pdf")
    await desk.talk(session, "b")
    assert results(session)[1].output == skills.wrapped(PDF)


async def test_unknown_names_and_wrong_arguments_are_answered(desk: Desk, skills: Skills):
    desk.scripts["a"] = enabling("../etc", "pdf")
    session = desk.shelf.new()
    await desk.talk(session, "a")
    unknown, known = results(session)
    assert (unknown.output, unknown.is_error) == (
        "There is no skill named '../etc'. Skills: pdf, style.",
        True,
    )
    assert not known.is_error
    assert skills.enabled_by_model(session, session.leaf_id) == ("pdf",)


async def test_a_skill_is_switched_on_by_hand_and_that_is_kept(desk: Desk, skills: Skills):
    session = desk.shelf.new()
    await skills.load()
    await skills.switch(session, "style", True)
    assert skills.is_on(session, "style")
    assert (await desk.stored(session)).skills == ("style",)
    *_, answer = await desk.talk(session, "hi")
    prompt = desk.provider.requests[-1].params.system_prompt or ""
    assert prompt.endswith(skills.wrapped(STYLE))
    assert "- style:" not in prompt
    assert answer.params.skills == ("style",)
    desk.scripts["a"] = enabling("style")
    await desk.talk(session, "a")
    assert "is switched on already" in results(session)[0].output
    await skills.switch(session, "style", False)
    assert (await desk.stored(session)).skills == ()


async def test_what_is_not_there_cannot_be_switched_on(desk: Desk, skills: Skills):
    await skills.load()
    with pytest.raises(SkillError, match="no skill named 'x'"):
        await skills.switch(desk.shelf.new(), "x", True)


async def test_a_skill_that_is_gone_is_told_once_and_stops_nothing(desk: Desk, skills: Skills):
    session = desk.shelf.new()
    await skills.load()
    await skills.switch(session, "style", True)
    desk.skill_library = Library((PDF,))
    await skills.load(again=True)
    await desk.talk(session, "hi", "again")
    assert skills.missing(session) == ("style",)
    assert desk.notices == [
        "The skill 'style' is switched on here but cannot be found any more; /skills says why."
    ]
    prompt = desk.provider.requests[-1].params.system_prompt or ""
    assert '<skill name="style">\nIt cannot be found any more.' in prompt
    await skills.switch(session, "style", False)
    assert skills.missing(session) == ()


async def test_files_are_readable_of_skills_in_use_on_the_line(desk: Desk, skills: Skills):
    desk.scripts["a"] = enabling("pdf")
    session = desk.shelf.new()
    line = await desk.talk(session, "a")
    assert skills.readable(session, line[0].id) == ()
    assert skills.readable(session, line[-1].id) == (Path("/s/pdf"),)
    await skills.switch(session, "style", True)
    assert skills.readable(session, line[0].id) == (Path("/s/style"),)


async def test_a_message_is_counted_with_what_stood_below_its_system_prompt(
    desk: Desk, skills: Skills
):
    session = desk.shelf.new()
    await desk.talk(session, "hi")
    sending = desk.controller.sending(session, session.leaf_id)
    assert (sending.system_prompt or "").startswith("Be kind.\n\n<available_skills>")
    assert [tool.name for tool in sending.tools] == ["current_time", "enable_skill"]
    assert desk.tooling.guided_by((), ("enable_skill",)) in (sending.system_prompt or "")


async def test_another_skill_that_is_written_meanwhile_is_there_in_the_next_turn(
    desk: Desk, tmp_path: Path
):
    directory = tmp_path / "skills"
    desk.skills = Skills(desk.ledger, lambda: read_library([place(directory)]))
    await desk.skills.load()
    assert desk.skills.all == ()
    (directory / "x").mkdir(parents=True)
    (directory / "x" / "SKILL.md").write_text("---\nname: x\ndescription: y\n---\nz")
    await desk.skills.load()
    assert [skill.name for skill in desk.skills.all] == ["x"]

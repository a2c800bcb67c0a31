"""`/skills` and `/skill`: on a screen, by words, and while one types."""

import asyncio
from dataclasses import replace

from conduit_tui.core.skill import Skill, SkillNote
from conduit_tui.skills.library import Library
from conduit_tui.tui.screens.skills import SkillsScreen
from tests.conftest import gated, until
from tests.tui.stage import Chat, Stage


def skill(name: str) -> Skill:
    return Skill(name, f"About {name}.", "skill", f"Do **{name}**.", f"/home/a/{name}", "user")


FOUND = Library((skill("review"), skill("letters")))


async def with_skills(chat: Chat, found: Library = FOUND) -> None:
    """Have these be all skills there are."""
    chat.controller.skills._find = lambda: found
    await chat.controller.skills.load(again=True)


async def test_the_screen_lists_and_switches_them_for_the_session(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.run("/skills")
        await chat.until(lambda: isinstance(chat.app.screen, SkillsScreen))
        await chat.sees("off   review", "About review.", "Do review.", "user")
        await chat.press("space")
        await chat.until(lambda: chat.session.skills == ("review",))
        await chat.press("escape")
        await chat.ask("hi")
        stored = await stage.stored(chat.session)
    assert "Do **review**." in str(stage.provider.requests[-1].params.system_prompt)
    assert stored.skills == ("review",)


async def test_a_name_switches_it_on_and_what_follows_is_sent(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.ask("/skill review look at  this")
        assert chat.path() == ["look at  this", "Re: look at  this"]
        assert chat.session.skills == ("review",)
        assert "Do **review**." in str(stage.provider.requests[-1].params.system_prompt)


async def test_what_follows_may_begin_with_a_slash(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.ask("/skill review /help me")
        assert chat.path() == ["/help me", "Re: /help me"]


async def test_what_follows_waits_behind_a_reply_that_streams(stage: Stage):
    reached, gate = asyncio.Event(), asyncio.Event()
    stage.answers("first", gated(reached, gate))
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.send("first")
        await until(reached)
        await chat.send("/skill review second")
        await chat.until(lambda: any(turn.queued for turn in chat.controller.running()))
        gate.set()
        await chat.until(lambda: chat.path()[-1] == "Re: second")


async def test_a_name_alone_switches_it_on_and_an_off_ends_that(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.run("/skill LETTERS ")
        await chat.is_told("letters on in this session; /skills off letters ends that.")
        await chat.run("/skills on review ")
        await chat.is_told("review on in this session.")
        assert chat.session.skills == ("letters", "review")
        await chat.run("/skills off letters ")
        await chat.until(lambda: chat.session.skills == ("review",))
        await chat.run("/skills off")
        await chat.is_told("All skills off in this session.")
        assert chat.session.skills == ()
        assert len(chat.session) == 0


async def test_an_unknown_name_keeps_what_was_typed_and_tells_the_nearest(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.send("/skill reveiw look at this")
        await chat.is_told("There is no skill named 'reveiw'. Near it: review.")
        assert chat.screen.prompt.text == "/skill reveiw look at this"
        assert chat.session.skills == ()


async def test_one_that_went_away_can_still_be_switched_off(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.run("/skill review ")
        await chat.until(lambda: chat.session.skills == ("review",))
        await with_skills(chat, Library())
        await chat.run("/skills off review ")
        await chat.until(lambda: chat.session.skills == ())


async def test_the_screen_lists_one_that_went_away_and_switches_it_off(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await with_skills(chat)
        await chat.run("/skill review ")
        await chat.until(lambda: chat.session.skills == ("review",))
        await with_skills(chat, Library((skill("letters"),)))
        await chat.run("/skills")
        await chat.until(lambda: isinstance(chat.app.screen, SkillsScreen))
        await chat.sees("on    review", "gone", "On in this session, but not there.")
        await chat.press("space")
        await chat.until(lambda: chat.session.skills == ())


async def test_what_is_odd_about_a_skill_is_said_beside_it(stage: Stage):
    note = SkillNote("/elsewhere/review", "its name is odd in this way.", skill="review")
    async with stage.open(size=(120, 40)) as chat:
        await with_skills(chat, Library((skill("review"),), (note,)))
        await chat.run("/skills")
        await chat.until(lambda: isinstance(chat.app.screen, SkillsScreen))
        await chat.sees("Do review.", "Its name is odd in this way.")


async def test_of_a_long_body_as_much_is_read_as_a_model_is_given(stage: Stage):
    long = replace(skill("review"), body="word " * 50_000)
    async with stage.open(size=(120, 40)) as chat:
        await with_skills(chat, Library((long,)))
        (line,) = chat.screen.commands.skills._view().skills
        assert len(line.body) < 81_000
        assert line.body.endswith("[Cut here; the rest is in its SKILL.md.]")


async def test_without_skills_the_screen_says_where_they_are_looked_for(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await with_skills(chat, Library())
        await chat.run("/skill ")
        await chat.until(lambda: isinstance(chat.app.screen, SkillsScreen))
        await chat.sees("There are no skills.", "~/.agents/skills", ".conduit/skills")


async def test_names_are_completed_with_their_descriptions_and_the_message_is_left_alone(
    stage: Stage,
):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.write("/skill rev")
        await chat.sees("About review.")
        await chat.press("tab")
        assert chat.screen.prompt.text == "/skill review"
        await chat.write(" let")
        assert not chat.screen.prompt._completer.is_open


async def test_what_cannot_be_read_is_told_how_to_write(stage: Stage):
    async with stage.open() as chat:
        await with_skills(chat)
        await chat.run("/skills maybe")
        await chat.is_told("Write /skills, /skills on NAME...")


async def test_the_skills_that_come_with_the_program_are_listed_and_fetched(stage: Stage):
    stage.ships_skills = True
    async with stage.open() as chat:
        await chat.run("/skills")
        await chat.until(lambda: isinstance(chat.app.screen, SkillsScreen))
        await chat.sees("shipped")
        assert len(chat.controller.skills.all) == 4
        assert chat.controller.skills.notes == ()

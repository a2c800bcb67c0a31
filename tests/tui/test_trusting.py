"""Trust in a directory: asked at the start, kept, shown and taken back."""

from dataclasses import dataclass, field

import pytest

from conduit_tui.controller.trust import Trust, TrustQuestion
from conduit_tui.core.errors import SettingsError
from conduit_tui.tui.screens.trust import TrustDialog
from tests.tui.stage import Chat, Stage

HERE = "/home/ann/project"


@dataclass
class Project:
    """A project nobody decided about, and what was decided then."""

    words: str = "2 skills, settings"
    decided: dict[str, bool] = field(default_factory=dict[str, bool])
    asked: int = 0

    async def question(self, _: Trust) -> TrustQuestion | None:
        self.asked += 1
        if not self.words or HERE in self.decided:
            return None
        return TrustQuestion(HERE, self.words)

    async def decide(self, _: Trust, directory: str, trusted: bool) -> None:
        if directory == "/":
            raise SettingsError("'/' cannot be trusted.")
        self.decided[directory] = trusted

    def trusted(self, _: Trust) -> tuple[str, ...]:
        return tuple(each for each, is_trusted in self.decided.items() if is_trusted)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project one works in; Enter answers at once."""
    project = Project()
    monkeypatch.setattr("conduit_tui.tui.screens.trust.GRACE_SECONDS", 0)
    monkeypatch.setattr(Trust, "directory", property(lambda _: HERE))
    monkeypatch.setattr(Trust, "trusted", property(project.trusted))
    monkeypatch.setattr(Trust, "is_trusted", property(lambda _: project.decided.get(HERE, False)))

    async def question(trust: Trust) -> TrustQuestion | None:
        return await project.question(trust)

    async def decide(trust: Trust, directory: str, trusted: bool) -> None:
        await project.decide(trust, directory, trusted)

    monkeypatch.setattr(Trust, "what_is_there", lambda _: project.words)
    monkeypatch.setattr(Trust, "refusal", lambda _: "")
    monkeypatch.setattr(Trust, "question", question)
    monkeypatch.setattr(Trust, "decide", decide)
    return project


async def is_asked(chat: Chat) -> None:
    await chat.until(lambda: isinstance(chat.app.screen, TrustDialog))
    await chat.sees(HERE)


async def test_at_the_start_it_is_asked_once_and_yes_is_kept(stage: Stage, project: Project):
    async with stage.open() as chat:
        await is_asked(chat)
        await chat.sees("In it: 2 skills, settings.")
        await chat.press("tab", "enter")
        await chat.is_told(f"{HERE} is trusted, with 2 skills, settings: they count from now on.")
    assert project.decided == {HERE: True}
    async with stage.open() as chat:
        await chat.ask("hi")
        assert chat.app.screen is chat.screen


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_enter_and_escape_say_no_and_no_is_remembered(
    stage: Stage, project: Project, key: str
):
    async with stage.open() as chat:
        await is_asked(chat)
        await chat.press(key)
        await chat.is_told("is not trusted: nothing of it is read. /trust changes that.")
    assert project.decided == {HERE: False}


async def test_what_one_is_writing_goes_on_below_the_question(stage: Stage, project: Project):
    async with stage.open() as chat:
        await is_asked(chat)
        await chat.write("yes, you are")
        assert chat.screen.prompt.text == "yes, you are"
        assert project.decided == {}


async def test_where_nothing_is_to_be_decided_nobody_is_asked(stage: Stage, project: Project):
    project.words = ""
    async with stage.open() as chat:
        await chat.until(lambda: project.asked)
        await chat.ask("hi")
        assert chat.app.screen is chat.screen


async def test_the_command_shows_the_state_and_lets_one_take_it_back(
    stage: Stage, project: Project
):
    project.decided[HERE] = True
    async with stage.open() as chat:
        await chat.run("/trust")
        await is_asked(chat)
        await chat.sees("It is trusted.")
        await chat.press("tab", "enter")
        await chat.until(lambda: project.decided == {HERE: False})


async def test_looking_and_going_on_as_before_says_nothing(stage: Stage, project: Project):
    project.decided[HERE] = True
    async with stage.open() as chat:
        await chat.run("/trust")
        await is_asked(chat)
        await chat.press("enter")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert chat.notices() == []


async def test_the_command_takes_yes_no_and_other_directories(stage: Stage, project: Project):
    project.words = ""
    project.decided["/other"] = True
    async with stage.open() as chat:
        await chat.run("/trust yes")
        await chat.is_told(f"{HERE} is trusted. /skills")
        await chat.run("/trust no")
        await chat.until(lambda: not project.decided[HERE])
        await chat.run("/trust no /other ")
        await chat.is_told("/other is no longer trusted.")
        await chat.run("/trust no /nowhere ")
        await chat.is_told("'/nowhere' is not among the directories you trust.")
        await chat.run("/trust perhaps ")
        await chat.is_told("Write /trust, /trust yes, /trust no")


async def test_of_a_directory_that_cannot_be_trusted_the_command_says_why(
    stage: Stage, project: Project, monkeypatch: pytest.MonkeyPatch
):
    project.words = ""
    monkeypatch.setattr(Trust, "refusal", lambda _: "This is your home directory.")
    async with stage.open() as chat:
        await chat.run("/trust")
        await chat.is_told("This is your home directory.")
        assert chat.app.screen is chat.screen


async def test_what_cannot_be_trusted_is_told(
    stage: Stage, project: Project, monkeypatch: pytest.MonkeyPatch
):
    project.words = ""
    monkeypatch.setattr(Trust, "directory", property(lambda _: "/"))
    async with stage.open() as chat:
        await chat.run("/trust yes")
        await chat.is_told("'/' cannot be trusted.")

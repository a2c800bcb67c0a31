"""Trust in a project, from the question to what it brings."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.trust import TrustQuestion
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.rule import Rule
from conduit_tui.runtime import open_controller
from conduit_tui.settings import Flags, load_settings
from conduit_tui.settings.trust import working_directory

SKILL = "---\nname: {0}\ndescription: What {0} does.\n---\nBody\n"


def put_skill(directory: Path, name: str) -> None:
    (directory / name).mkdir(parents=True)
    (directory / name / "SKILL.md").write_text(SKILL.format(name))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in a directory of which the program runs."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "src").mkdir()
    monkeypatch.chdir(root / "src")
    return root


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Controller]:
    environ = {"CONDUIT_HOME": str(home / "conduit"), "HOME": str(home)}
    settings = load_settings(Flags(), environ, working_directory())
    async with open_controller(settings, has_person=True) as controller:
        yield controller


async def names(controller: Controller) -> list[str]:
    await controller.skills.load()
    return [skill.name for skill in controller.skills.all if skill.source != "shipped"]


async def test_a_project_without_anything_is_not_asked_about(home: Path, project: Path):
    async with opened(home) as controller:
        assert controller.trust.directory == str(project)
        assert await controller.trust.question() is None


async def test_the_question_says_what_is_there_and_nothing_is_opened(home: Path, project: Path):
    put_skill(project / ".claude" / "skills", "one")
    put_skill(project / "src" / ".agents" / "skills", "two")
    (project / ".conduit" / "skills" / "fifo").mkdir(parents=True)
    os.mkfifo(project / ".conduit" / "skills" / "fifo" / "SKILL.md")
    os.mkfifo(project / ".conduit" / "settings.toml")
    async with opened(home) as controller:
        question = await controller.trust.question()
        assert question == TrustQuestion(str(project), "3 skills, settings")
        assert await names(controller) == []
        assert not controller.trust.is_trusted


async def test_what_is_decided_is_not_asked_again(home: Path, project: Path):
    put_skill(project / ".claude" / "skills", "one")
    async with opened(home) as controller:
        await controller.trust.decide(str(project), False)
        assert await controller.trust.question() is None
    async with opened(home) as controller:
        assert await controller.trust.question() is None
        await controller.trust.forget(str(project))
        assert await controller.trust.question() is not None


async def test_skills_are_there_once_the_project_is_trusted_the_nearest_first(
    home: Path, project: Path
):
    put_skill(project / ".claude" / "skills", "one")
    put_skill(project / "src" / ".conduit" / "skills", "two")
    put_skill(home / ".agents" / "skills", "mine")
    async with opened(home) as controller:
        assert await names(controller) == ["mine"]
        await controller.trust.decide(str(project), True)
        assert await names(controller) == ["mine", "two", "one"]
        assert controller.skills.get("two").source == "project"
        assert controller.trust.trusted == (str(project),)
        await controller.trust.forget(str(project))
        assert await names(controller) == ["mine"]
    async with opened(home) as controller:
        assert await names(controller) == ["mine"]


async def test_trust_given_or_taken_back_by_another_program_counts_from_the_next_turn(
    home: Path, project: Path
):
    put_skill(project / ".claude" / "skills", "one")
    async with opened(home) as here, opened(home) as elsewhere:
        assert await names(here) == []
        await elsewhere.trust.decide(str(project), True)
        assert await names(here) == ["one"]
        await elsewhere.trust.decide(str(project), False)
        assert await names(here) == []


async def test_skills_that_stay_unread_for_want_of_trust_are_told(home: Path, project: Path):
    put_skill(project / ".claude" / "skills", "one")
    async with opened(home) as controller:
        await controller.skills.load()
        (note,) = controller.skills.notes
        assert (note.path, note.is_left_out) == (str(project), True)
        assert note.words == (
            "1 skill in it, unread: the directory is not trusted. /trust changes that."
        )
        await controller.trust.decide(str(project), True)
        assert controller.skills.notes == ()


async def test_ones_own_skill_goes_before_a_projects_of_its_name(home: Path, project: Path):
    put_skill(project / ".claude" / "skills", "x")
    put_skill(home / ".claude" / "skills", "x")
    async with opened(home) as controller:
        await controller.trust.decide(str(project), True)
        assert await names(controller) == ["x"]
        assert controller.skills.get("x").source == "user"
        (note,) = controller.skills.notes
        assert note.path == str(project / ".claude" / "skills" / "x")


async def test_settings_hold_at_once_and_no_longer_than_the_trust(home: Path, project: Path):
    (project / ".conduit").mkdir()
    (project / ".conduit" / "settings.toml").write_text(
        'model = "demo/other"\nsystem_prompt = "Here."\nmax_steps = 2\ntheme = "x"\n'
        '[params]\nseed = 4\n[permissions]\ndeny = ["current_time"]\n'
    )
    async with opened(home) as controller:
        told: list[str] = []
        controller.on_notice(told.append)
        before = controller.defaults
        await controller.trust.decide(str(project), True)
        after = controller.defaults
        assert (after.model, after.system_prompt, after.max_steps) == ("demo/other", "Here.", 2)
        assert after.params.seed == 4
        session = controller.shelf.new()
        rules = controller.tooling.permissions.rules(session)
        assert rules == (Rule("deny", "current_time"),)
        assert told == [f"{project}/.conduit/settings.toml: 'theme' cannot be set by a project."]
    async with opened(home) as controller:
        assert controller.defaults == after
        await controller.trust.decide(str(project), False)
        assert controller.defaults == before
        assert controller.tooling.permissions.rules(session) == ()


@pytest.mark.parametrize("where", ["/", "home"])
async def test_the_home_directory_and_the_root_are_never_projects(
    home: Path, where: str, monkeypatch: pytest.MonkeyPatch
):
    directory = home if where == "home" else Path("/")
    put_skill(home / ".claude" / "skills", "one")
    monkeypatch.chdir(directory)
    async with opened(home) as controller:
        assert await controller.trust.question() is None
        with pytest.raises(SettingsError, match="Start conduit-tui in the project's own directory"):
            await controller.trust.decide(str(directory), True)
        assert not controller.trust.is_trusted


async def test_what_is_no_path_is_said(home: Path, project: Path):
    async with opened(home) as controller:
        with pytest.raises(SettingsError, match="no path"):
            await controller.trust.decide("\0", True)


async def test_trust_is_in_the_real_directory(home: Path, project: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(project)
    async with opened(home) as controller:
        await controller.trust.decide(str(tmp_path / "link"), True)
        assert controller.trust.trusted == (str(project),)

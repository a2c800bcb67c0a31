"""`/permissions` and `/answer`: what is read from them, and what they do."""

from pathlib import Path

import pytest

from conduit_tui.core.rule import Rule
from conduit_tui.tui.permission_commands import AnswerRequest, parse_answer, parse_permission
from conduit_tui.tui.screens.permissions import PermissionsScreen
from conduit_tui.tui.slash import Mistake
from tests.tui.asking import Asking, calls
from tests.tui.stage import Chat, Stage


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("y", AnswerRequest("once")),
        ("Session", AnswerRequest("session")),
        ("a", AnswerRequest("always")),
        ("n  use  a list ", AnswerRequest("no", "use  a list")),
        ("no", AnswerRequest("no")),
    ],
)
def test_an_answer_is_read(written: str, expected: AnswerRequest) -> None:
    assert parse_answer(written) == expected


@pytest.mark.parametrize("written", ["", "x", "yn", "y please", "a n"])
def test_what_is_no_answer_answers_nothing(written: str) -> None:
    assert isinstance(parse_answer(written), Mistake)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("allow file_write", Rule("allow", "file_write", whence="always")),
        ("deny *", Rule("deny", "*", whence="always")),
        ("ask run_shell(git push)", Rule("ask", "run_shell", "git push", "always")),
        ("allow session save(/a b/**)", Rule("allow", "save", "/a b/**", "session")),
        ("ALLOW --session save", Rule("allow", "save", whence="session")),
        ("allow session", Rule("allow", "session", whence="always")),
    ],
)
def test_a_rule_is_read(written: str, expected: Rule) -> None:
    assert parse_permission(written) == expected


@pytest.mark.parametrize("written", ["allow", "forbid save", "save", "allow save(", "allow a b"])
def test_what_is_no_rule_says_how_to_write_one(written: str) -> None:
    assert isinstance(parse_permission(written), Mistake)


async def listed(chat: Chat) -> str:
    await chat.run("/permissions")
    await chat.until(lambda: isinstance(chat.app.screen, PermissionsScreen))
    await chat.pilot.pause()
    return chat.text()


async def test_no_rules_are_said_to_be_none(tmp_path: Path) -> None:
    async with Stage(tmp_path).open() as chat:
        assert "No rules" in await listed(chat)
        await chat.press("x", "escape")


async def test_rules_are_listed_with_whence_and_ones_own_are_revoked(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.write_settings('[permissions]\nask = ["current_time"]\n')
    async with stage.open(size=(120, 40)) as chat:
        await chat.run("/permissions allow save(/a/**)")
        await chat.is_told("Allowed always: save(/a/**). There is no tool 'save' by now.")
        await chat.run("/permissions deny session current_time")
        await chat.is_told("Denied in this session: current_time.")
        shown = await listed(chat)
        for words in ("ask    current_time", "settings.toml", "allow  save(/a/**)", "this session"):
            assert words in shown
        await chat.press("x")  # of settings: says where it stands
        await chat.is_told("It stands below [permissions] in")
        await chat.press("down", "x")
        await chat.is_told("Revoked: allow save(/a/**).")
        await chat.until(lambda: isinstance(chat.app.screen, PermissionsScreen))
        await chat.pilot.pause()
        assert "save" not in "".join(line for line in chat.text().splitlines() if "│" in line)
        await chat.press("escape")
    async with stage.open() as chat:
        assert "save(/a/**)" not in await listed(chat)
        await chat.press("escape")


async def test_what_was_allowed_always_holds_after_a_restart(tmp_path: Path) -> None:
    stage, tool = Stage(tmp_path), Asking()
    stage.tools = [tool.tool]
    stage.answers("go", calls(("save", {"path": "a.md"})))
    async with stage.open() as chat:
        await chat.run("/permissions allow save(/real/**)")
    async with stage.open() as chat:
        await chat.ask("go")
        assert len(tool.done) == 1


async def test_a_rule_that_asks_lets_no_answer_last(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.tools = [Asking().tool]
    stage.write_settings('[permissions]\nask = ["save"]\n')
    stage.answers("go", calls(("save", {"path": "a.md"})))
    async with stage.open(size=(120, 40)) as chat:
        await chat.send("go")
        await chat.sees("! A rule has this ask every time: save.", "This is asked every time")
        assert "in this session" not in chat.text()
        await chat.press("escape", "escape")
        await chat.until(lambda: not chat.is_running())

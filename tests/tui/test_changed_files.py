"""What tools changed is listed with its difference, taken back, and done again."""

from pathlib import Path

import pytest

from conduit_tui.core.message import ToolCall
from conduit_tui.tools.builtin.file_edit import file_edit
from conduit_tui.tools.builtin.file_write import file_write
from conduit_tui.tools.toolbox import Toolbox
from conduit_tui.tui.screens.changes import Changes
from conduit_tui.tui.screens.text_view import TextView
from tests.tools.bench import Permitted
from tests.tui.stage import Chat, Stage


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "notes.txt").write_text("one\ntwo\n")
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "home")


async def write(chat: Chat, name: str, arguments: str) -> None:
    """Let a tool of the session on view write, and permit it."""
    around = chat.controller.tooling.workbench(chat.session)._bench(None).surroundings
    bench = Permitted(Toolbox([file_write(), file_edit()]), around)
    result = await bench.bench.run(ToolCall("c", name, arguments), (name,), bench.permit)
    assert not result.is_error, result.output


async def open_changes(chat: Chat) -> None:
    await chat.run("/changes")
    await chat.until(lambda: isinstance(chat.app.screen, Changes))


async def closed(chat: Chat) -> None:
    await chat.press("escape")
    await chat.until(lambda: chat.screen.is_current)


async def test_without_changes_there_is_nothing_to_list(stage: Stage, work: Path) -> None:
    async with stage.open() as chat:
        await chat.run("/changes")
        await chat.is_told("No tool has changed a file in this session.")


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
async def test_a_change_is_shown_taken_back_and_done_again(
    stage: Stage, work: Path, size: tuple[int, int]
) -> None:
    path = work / "notes.txt"
    async with stage.open(size=size) as chat:
        await write(chat, "file_edit", '{"path": "notes.txt", "old_text": "two", "new_text": "2"}')
        await open_changes(chat)
        await chat.sees("notes.txt", "just now", "@@ -1,2 +1,2 @@", "-two", "+2")
        await chat.press("u")
        await chat.is_told("notes.txt is as it was before; u does the change again.")
        await chat.sees("taken back")
        assert path.read_text() == "one\ntwo\n"
        await chat.press("u")
        await chat.is_told("notes.txt is as the tool wrote it again.")
        await chat.sees_no("taken back")
        assert path.read_text() == "one\n2\n"
        await closed(chat)


async def test_enter_shows_the_whole_difference(stage: Stage, work: Path) -> None:
    async with stage.open() as chat:
        await write(chat, "file_write", '{"path": "new.txt", "content": "fresh\\n"}')
        await open_changes(chat)
        await chat.sees("new.txt", "made")
        await chat.press("enter")
        await chat.until(lambda: isinstance(chat.app.screen, TextView))
        await chat.sees("--- /dev/null", "+fresh")
        await chat.press("escape")
        await chat.until(lambda: isinstance(chat.app.screen, Changes))
        await chat.press("u")
        await chat.is_told("new.txt, which a tool had made, is gone; u makes it again.")
        assert not (work / "new.txt").exists()
        await closed(chat)


async def test_what_was_changed_since_is_left_alone_and_told(stage: Stage, work: Path) -> None:
    async with stage.open() as chat:
        await write(chat, "file_write", '{"path": "new.txt", "content": "fresh\\n"}')
        (work / "new.txt").write_text("mine")
        await open_changes(chat)
        await chat.sees("changed since")
        await chat.press("u")
        await chat.is_told("was changed again since; nothing was done")
        assert (work / "new.txt").read_text() == "mine"
        await closed(chat)


async def test_changes_are_still_there_after_a_restart(stage: Stage, work: Path) -> None:
    async with stage.open() as chat:
        await chat.ask("hello")
        await write(chat, "file_write", '{"path": "a.txt", "content": "a"}')
        await write(chat, "file_write", '{"path": "b.txt", "content": "b"}')
    async with stage.open() as chat:
        await open_changes(chat)
        await chat.sees("a.txt", "b.txt")
        await chat.press("j", "u")
        await chat.is_told("a.txt, which a tool had made, is gone")
        assert sorted(each.name for each in work.iterdir()) == ["b.txt", "notes.txt"]
        await closed(chat)

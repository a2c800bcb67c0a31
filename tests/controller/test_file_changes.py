"""What tools did to files can be taken back, and done again, as long as nobody else wrote there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from conduit_tui.controller.file_changes import FileChanges
from conduit_tui.core.errors import StorageError, ToolError
from conduit_tui.core.session import Session
from conduit_tui.storage.file_changes import FileChangeStore
from conduit_tui.tools.builtin.file_write import file_write
from conduit_tui.tools.toolbox import Toolbox
from tests.controller.desk import Desk
from tests.tools.bench import Permitted
from tests.tools.jail_yard import Yard


class Work:
    """A session whose tools write files."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.yard = Yard.make(folder)
        self.session = Session("s")
        store = FileChangeStore(desk.database)
        self.changes = FileChanges(desk.ledger, store, self.yard.surroundings)
        keeper = self.changes.keeper(self.session, "m1")
        around = replace(self.yard.surroundings, files=keeper)
        self.bench = Permitted(Toolbox([file_write()]), around)

    async def write(self, path: str, content: str) -> Path:
        result = await self.bench.call(
            "file_write", f'{{"path": "{path}", "content": "{content}"}}'
        )
        assert not result.is_error, result.output
        return self.yard.root / path

    async def turn(self, at: int = 0) -> str:
        return await self.changes.turn((await self.changes.listed(self.session))[at])

    async def states(self) -> list[str]:
        return [*await self.changes.states(await self.changes.listed(self.session))]


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Work]:
    desk = await Desk.open(tmp_path / "a.db")
    yield Work(desk, tmp_path)
    await desk.aclose()


async def test_a_change_is_taken_back_and_done_again(work: Work) -> None:
    path = await work.write("notes.txt", "new")
    path.chmod(0o600)
    assert await work.states() == ["done"]
    assert await work.turn() == "undone"
    assert path.read_text() == "inside\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert await work.turn() == "done"
    assert path.read_text() == "new"


async def test_a_new_file_goes_and_comes_again(work: Work) -> None:
    path = await work.write("new.txt", "new")
    assert await work.turn() == "undone"
    assert not path.exists()
    assert await work.states() == ["undone"]
    assert await work.turn() == "done"
    assert path.read_text() == "new"


async def test_changes_of_one_file_are_taken_back_in_turn(work: Work) -> None:
    path = await work.write("notes.txt", "1")
    await work.write("notes.txt", "2")
    assert await work.states() == ["done", "other"]
    with pytest.raises(ToolError, match="Take later changes of it back first"):
        await work.turn(1)
    assert path.read_text() == "2"
    await work.turn(0)
    assert await work.states() == ["undone", "done"]
    await work.turn(1)
    assert path.read_text() == "inside\n"


@pytest.mark.parametrize("what", ["other", "link", "folder", "gone"])
async def test_what_another_put_there_is_left_alone(work: Work, what: str) -> None:
    path = await work.write("notes.txt", "new")
    path.unlink()
    match what:
        case "other":
            path.write_text("theirs")
        case "link":
            path.symlink_to(work.yard.outside / "secret.txt")
        case "folder":
            path.mkdir()
    assert await work.states() == ["other"]
    with pytest.raises(ToolError):
        await work.turn()
    assert (work.yard.outside / "secret.txt").read_text() == "outside\n"
    assert path.is_symlink() or path.exists() == (what != "gone")


async def test_a_session_that_is_new_is_stored_with_its_first_change(work: Work) -> None:
    assert await work.changes.listed(work.session) == ()
    await work.write("notes.txt", "new")
    assert len(await work.changes.listed(work.session)) == 1


async def test_what_is_not_kept_any_more_is_told(work: Work) -> None:
    await work.write("notes.txt", "new")
    (change,) = await work.changes.listed(work.session)
    with pytest.raises(StorageError, match="not kept any more"):
        await work.changes.turn(replace(change, id=change.id + 1))

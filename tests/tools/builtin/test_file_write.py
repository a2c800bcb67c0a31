"""Whole files are shown, permitted, kept, and put in place at once; or nothing happens."""

import asyncio
import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conduit_tui.core.rule import verdict
from conduit_tui.tools.jail import OUTSIDE, SECRET
from conduit_tui.tools.target import MOST_BYTES
from conduit_tui.tools.writing import OBEYED
from tests.tools.builtin.shed import Shed
from tests.tools.jail_yard import exchanging

SWAPPING_SECONDS = 1.5


@pytest.fixture
def shed(tmp_path: Path) -> Shed:
    return Shed(tmp_path)


@pytest.fixture(autouse=True)
def _nothing_is_left_open_or_lying_about(shed: Shed) -> Iterator[None]:
    before = set(os.listdir("/dev/fd"))
    yield
    assert set(os.listdir("/dev/fd")) == before
    assert [name for name in shed.tree() if name.endswith(".tmp")] == []


async def test_a_new_file_is_shown_as_added_lines_and_made(shed: Shed) -> None:
    told = await shed.call("file_write", path="a.txt", content="one\ntwo\n")
    path = shed.root / "a.txt"
    assert path.read_text() == "one\ntwo\n"
    assert told == f"Made '{path}': 2 lines, 8 B."
    act = shed.act
    assert (act.tool, act.effect, act.subject) == ("file_write", "write", str(path))
    assert (act.wider, act.shown_as, act.is_inside) == (f"{shed.root}/**", "diff", True)
    assert (act.warnings, act.always_asks) == ((), False)
    assert act.preview == f"--- /dev/null\n+++ {path}\n@@ -0,0 +1,2 @@\n+one\n+two"
    assert shed.keeper.kept == [(str(path), None, b"one\ntwo\n")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~_umask()


async def test_a_file_is_replaced_with_its_rights_and_what_it_held_is_kept(shed: Shed) -> None:
    path = shed.root / "notes.txt"
    path.chmod(0o750)
    await shed.call("file_write", path="notes.txt", content="new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert shed.keeper.kept == [(str(path), b"inside\n", b"new")]
    assert shed.act.preview == (
        f"--- {path}\n+++ {path}\n@@ -1 +1 @@\n-inside\n+new\n\\ No newline at end of file"
    )


async def test_missing_directories_are_made_inside(shed: Shed) -> None:
    await shed.call("file_write", path="x/y/z.txt", content="z")
    assert (shed.root / "x" / "y" / "z.txt").read_text() == "z"
    words = await shed.fail("file_write", path="../outside/x/y.txt", content="z")
    assert "does not exist. Directories are only made in the working directory" in words
    assert "does not exist" in await shed.fail("file_write", path="gone/../a.txt", content="z")


async def test_a_no_changes_nothing(shed: Shed) -> None:
    shed.bench.denied.add("file_write")
    before = shed.tree()
    for path in ("notes.txt", "new.txt", "x/y/z.txt"):
        assert await shed.fail("file_write", path=path, content="z") == "The person said no."
    assert shed.tree() == before
    assert (shed.root / "notes.txt").read_text() == "inside\n"
    assert shed.keeper.kept == []


async def test_what_cannot_be_kept_is_not_written(shed: Shed) -> None:
    shed.keeper.is_full = True
    before = shed.tree()
    for path in ("notes.txt", "x/y/z.txt"):
        words = await shed.fail("file_write", path=path, content="z")
        assert "was not written, since what it held could not be kept: The disk is full." in words
    assert shed.tree() == before
    assert (shed.root / "notes.txt").read_text() == "inside\n"


@pytest.mark.parametrize("step", ["other", "gone", "link", "fifo", "folder"])
async def test_a_file_that_changed_while_the_person_was_asked_is_left_alone(
    shed: Shed, step: str
) -> None:
    path = shed.root / "notes.txt"

    def change() -> None:
        path.unlink()
        match step:
            case "other":
                path.write_text("other\n")
            case "link":
                path.symlink_to(shed.yard.outside / "secret.txt")
            case "fifo":
                os.mkfifo(path)
            case "folder":
                path.mkdir()

    shed.meanwhile = change
    assert await shed.fail("file_write", path="notes.txt", content="z")
    assert (shed.yard.outside / "secret.txt").read_text() == "outside\n"
    assert shed.keeper.kept == []
    if step == "other":
        assert path.read_text() == "other\n"


async def test_a_file_that_came_up_meanwhile_is_not_replaced(shed: Shed) -> None:
    shed.meanwhile = lambda: (shed.root / "new.txt").write_text("theirs")
    words = await shed.fail("file_write", path="new.txt", content="z")
    assert "was changed meanwhile" in words
    assert (shed.root / "new.txt").read_text() == "theirs"


async def test_a_directory_that_was_moved_or_removed_meanwhile_is_told(shed: Shed) -> None:
    (shed.root / "sub").mkdir()
    shed.meanwhile = lambda: (shed.root / "sub").rename(shed.root / "moved")
    assert await shed.fail("file_write", path="sub/a.txt", content="z")
    assert "moved/a.txt" not in shed.tree()
    shed.meanwhile = lambda: (shed.root / "moved").rmdir()
    assert await shed.fail("file_write", path="moved/a.txt", content="z")
    assert "moved" not in shed.tree()


async def test_links_are_not_written_through(shed: Shed) -> None:
    (shed.root / "in").symlink_to("notes.txt")
    (shed.root / "out").symlink_to(shed.yard.outside / "secret.txt")
    (shed.root / "way").symlink_to(shed.yard.outside)
    (shed.root / "dangling").symlink_to(shed.yard.outside / "new.txt")
    for path in ("in", "out", "way/new.txt", "dangling"):
        words = await shed.fail("file_write", path=path, content="z")
        assert "is a symbolic link to" in words
        assert "name that path itself" in words
    assert sorted(os.listdir(shed.yard.outside)) == ["secret.txt"]
    assert (shed.root / "notes.txt").read_text() == "inside\n"


async def test_a_hard_link_is_parted_and_told(shed: Shed) -> None:
    os.link(shed.yard.outside / "secret.txt", shed.root / "hard.txt")
    await shed.call("file_write", path="hard.txt", content="z")
    assert shed.act.warnings == ("It is a hard link: its 1 other names keep what it was.",)
    assert (shed.yard.outside / "secret.txt").read_text() == "outside\n"


async def test_outside_is_asked_with_a_warning(shed: Shed) -> None:
    await shed.call("file_write", path="../outside/new.md", content="z")
    assert (shed.act.is_inside, shed.act.warnings) == (False, (OUTSIDE,))
    assert (shed.yard.outside / "new.md").read_text() == "z"


@pytest.mark.parametrize(
    "path",
    [
        *(".git/hooks/pre-commit", ".conduit/settings.toml", ".agents/a", "sub/.claude/x"),
        *(".ZSHRC", "home/.profile", ".vscode/tasks.json", ".git/config", ".envrc", ".bashrc"),
    ],
)
async def test_what_programs_obey_always_asks(shed: Shed, path: str) -> None:
    await shed.call("file_write", path=path, content="z")
    assert shed.act.always_asks
    assert OBEYED in shed.act.warnings
    assert shed.act.wider == ""


async def test_files_of_secrets_always_ask(shed: Shed) -> None:
    await shed.call("file_write", path="server.key", content="z")
    assert (shed.act.always_asks, shed.act.warnings) == (True, (SECRET,))


@pytest.mark.parametrize("path", ["/proc/sys/kernel/x", "/dev/null", "/sys/x", "../own/keys.toml"])
async def test_what_is_nobodys_is_not_written(shed: Shed, path: str) -> None:
    words = await shed.fail("file_write", path=path, content="z")
    assert "own" in words
    assert shed.bench.acts == []


async def test_a_readable_place_among_conduits_own_is_not_written(shed: Shed) -> None:
    skill = shed.yard.own / "skill"
    skill.mkdir()
    shed.work_in(shed.yard.reading(skill))
    words = await shed.fail("file_write", path=str(skill / "a"), content="z")
    assert "Conduit's own" in words


@pytest.mark.parametrize("path", ["", " ", "a\0b", ".", "sub/", "x" * 300, "notes.txt/a"])
async def test_what_is_no_path_of_a_file_is_refused(shed: Shed, path: str) -> None:
    assert await shed.fail("file_write", path=path, content="z")
    assert shed.bench.acts == []


async def test_more_than_can_be_shown_is_refused(shed: Shed) -> None:
    words = await shed.fail("file_write", path="a.txt", content="é" * (MOST_BYTES // 2 + 1))
    assert "more than 1.0 MB is not written at once" in words
    (shed.root / "big").write_bytes(bytes(MOST_BYTES + 1))
    words = await shed.fail("file_write", path="big", content="small")
    assert "1.0 MB. Files of more than 1.0 MB are not written" in words
    await shed.call("file_write", path="whole", content="e" * MOST_BYTES)


async def test_a_binary_file_is_replaced_only_with_a_warning(shed: Shed) -> None:
    (shed.root / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9))
    await shed.call("file_write", path="a.png", content="text\n")
    assert shed.act.warnings == (
        "What it holds now, 17 B, is a PNG image; that is not shown below.",
    )
    assert "+text" in shed.act.preview


async def test_a_change_of_line_ends_is_told(shed: Shed) -> None:
    (shed.root / "a.txt").write_bytes(b"a\r\nb\r\n")
    await shed.call("file_write", path="a.txt", content="a\nb\n")
    assert shed.act.warnings == ("Its lines end with CR LF now; they will end with LF.",)


async def test_writing_what_is_there_is_no_more_than_reading_it(shed: Shed) -> None:
    told = await shed.call("file_write", path="notes.txt", content="inside\n")
    assert "holds exactly that already" in told
    assert verdict((), shed.act) == "allow"
    (shed.root / ".env").write_text("KEY=1\n")
    shed.bench.denied.add("file_read")
    for path, content in (("../outside/secret.txt", "outside\n"), (".env", "KEY=1\n")):
        told = await shed.fail("file_write", path=path, content=content)
        assert told == "The person said no."
        assert (shed.act.effect, verdict((), shed.act)) == ("read", "ask")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
async def test_a_disk_that_fails_leaves_the_file_as_it_was(
    shed: Shed, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(fd: int, data: bytes) -> int:
        raise OSError(code, os.strerror(code))

    before = shed.tree()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        words = await shed.fail("file_write", path="notes.txt", content="new")
        await shed.fail("file_write", path="x/y/z", content="new")
    assert str(shed.root / "notes.txt") in words
    assert (shed.root / "notes.txt").read_text() == "inside\n"
    assert shed.tree() == before
    assert shed.keeper.kept == []


async def test_a_disk_that_takes_little_at_once_gets_it_all(
    shed: Shed, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: write(fd, data[:3]))
        await shed.call("file_write", path="a.txt", content="0123456789")
    assert (shed.root / "a.txt").read_text() == "0123456789"


async def test_cancelling_the_question_leaves_nothing(shed: Shed) -> None:
    asked = asyncio.Event()

    async def wait(act: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    shed.bench.permit = wait  # type: ignore[assignment,method-assign]
    before = shed.tree()
    writing = asyncio.create_task(shed.call("file_write", path="x/a.txt", content="z"))
    await asked.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert shed.tree() == before


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged by a call of Linux")
async def test_no_write_gets_out_while_directories_and_files_become_links(shed: Shed) -> None:
    """A real race, as in the tests of the jail."""
    root, outside = shed.root, shed.yard.outside
    (root / "sub").mkdir()
    (root / "sub" / "a.txt").write_text("a\n")
    (outside / "a.txt").write_text("outside\n")
    (root / "way").symlink_to(outside)
    (root / "file").symlink_to(outside / "a.txt")
    end, written, number = time.monotonic() + SWAPPING_SECONDS, 0, 0
    with exchanging([(root / "sub", root / "way"), (root / "notes.txt", root / "file")]):
        while time.monotonic() < end:
            for path in ("sub/a.txt", "notes.txt", f"sub/new{number}/a.txt"):
                number += 1
                arguments = f'{{"path": "{path}", "content": "mine {number}"}}'
                result = await shed.bench.call("file_write", arguments)
                written += not result.is_error
    assert written > 20
    assert sorted(os.listdir(outside)) == ["a.txt", "secret.txt"]
    assert (outside / "a.txt").read_text() == "outside\n"
    assert (outside / "secret.txt").read_text() == "outside\n"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


async def test_the_first_directory_that_is_missing_elsewhere_is_named(shed: Shed) -> None:
    words = await shed.fail("file_write", path="../outside/a/b/c.txt", content="x")
    assert f"{str(shed.yard.outside / 'a')!r} does not exist" in words

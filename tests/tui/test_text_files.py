"""Files of the person's: whole or not there, never overwritten by mistake, failures in words."""

import os
import stat
from pathlib import Path

import pytest

from conduit_tui.tui import text_files
from conduit_tui.tui.text_files import (
    AlreadyThere,
    CannotWrite,
    expanded,
    unused_name,
    write_text,
)


def test_a_new_file_has_the_text_with_a_last_line_break_and_the_mode_of_the_umask(tmp_path: Path):
    path = tmp_path / "raft.md"
    before = os.umask(0o027)
    try:
        assert write_text(path, "# Räft") == 8
    finally:
        os.umask(before)
    assert path.read_bytes() == "# Räft\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["raft.md"], "nothing else is left"


def test_nothing_that_drives_a_terminal_is_written(tmp_path: Path):
    write_text(tmp_path / "a", "x\x1b[31m\r\ny\n")
    assert (tmp_path / "a").read_text() == "x␛[31m\ny\n"


def test_a_file_that_is_there_stays_unless_it_may_be_overwritten(tmp_path: Path):
    path = tmp_path / "run.sh"
    path.write_text("old\n")
    path.chmod(0o700)
    with pytest.raises(AlreadyThere, match=r"run\.sh"):
        write_text(path, "new")
    assert path.read_text() == "old\n"
    write_text(path, "new", overwrite=True)
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700, "its own mode stays"
    assert os.listdir(tmp_path) == ["run.sh"]


def test_a_link_stays_a_link(tmp_path: Path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", "new", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new\n"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch):
    path = tmp_path / "raft.md"
    monkeypatch.setattr(text_files, "_check", lambda *_, **__: path.write_text("theirs"))
    with pytest.raises(AlreadyThere):
        write_text(path, "ours")
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["raft.md"]


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_text(tmp_path / "a", "text")
    assert (tmp_path / "a").read_text() == "text\n"
    with pytest.raises(AlreadyThere):
        write_text(tmp_path / "a", "text")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/a.md", r"There is no folder '.*missing'\."),
        (".", r"is a folder; name a file in it\."),
        ("pipe", r"'.*pipe' is not a regular file\."),
        ("a" * 300, r"cannot be written: File name too long\."),
        ("a\0b", r"is no name for a file\."),
        ("file/a.md", r"There is no folder '.*file'\."),
    ],
)
def test_what_cannot_be_written_is_told_in_words(tmp_path: Path, name: str, words: str):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match=words):
        write_text(tmp_path / name, "text")


def test_a_disk_that_fills_up_leaves_nothing_and_says_so(tmp_path: Path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match=r"cannot be written: No space left on device\."):
        write_text(tmp_path / "a", "text")
    assert os.listdir(tmp_path) == []


def test_the_home_directory_may_be_written_as_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert expanded("~/notes/a.md") == Path("/home/me/notes/a.md")
    assert expanded("a.md") == Path("a.md")


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path):
    assert unused_name("raft.md", tmp_path) == "raft.md"
    (tmp_path / "raft.md").touch()
    (tmp_path / "raft-2.md").touch()
    assert unused_name("raft.md", tmp_path) == "raft-3.md"

"""What is in a directory, a line for each."""

import os
from pathlib import Path

import pytest

from conduit_tui.tools.builtin import ls as listing
from conduit_tui.tools.jail import OUTSIDE
from tests.tools.builtin.shed import Shed


@pytest.fixture
def shed(tmp_path: Path) -> Shed:
    return Shed(tmp_path)


async def test_names_come_sorted_with_sizes_and_kinds(shed: Shed) -> None:
    (shed.root / "sub").mkdir()
    (shed.root / ".env").write_text("KEY=1")
    (shed.root / "big").write_bytes(bytes(5_000))
    (shed.root / "link").symlink_to("/etc/passwd")
    (shed.root / "a\nb\x1b").write_text("")
    os.mkfifo(shed.root / "pipe")
    assert await shed.call("ls") == "\n".join(
        (
            f"['{shed.root}': 7 entries]",
            "      5 B  .env",
            "      0 B  'a\\nb\\x1b'",
            "   4.9 KB  big",
            "     link  link -> /etc/passwd",
            "      7 B  notes.txt",
            "     FIFO  pipe",
            "      dir  sub/",
        )
    )


async def test_the_question_is_about_the_directory_and_what_is_below(shed: Shed) -> None:
    (shed.root / "sub").mkdir()
    assert await shed.call("ls", path="sub") == f"['{shed.root}/sub' is empty.]"
    assert (shed.act.subject, shed.act.wider) == (f"{shed.root}/sub/", f"{shed.root}/sub/**")
    assert shed.act.is_inside
    await shed.call("ls", path="..")
    assert (shed.act.is_inside, shed.act.warnings) == (False, (OUTSIDE,))


async def test_names_that_are_no_utf8_are_shown(shed: Shed) -> None:
    os.close(os.open(os.fsencode(shed.root) + b"/\xff", os.O_CREAT | os.O_WRONLY))
    assert "'\\udcff'" in await shed.call("ls")


async def test_many_names_are_cut_and_counted(shed: Shed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_LISTED", 3)
    monkeypatch.setattr(listing, "MOST_COUNTED", 20)
    for number in range(20, 0, -1):
        (shed.root / f"n{number:02}").touch()
    (shed.root / "notes.txt").unlink()
    text = await shed.call("ls")
    assert "20 entries; the first 3 follow" in text
    assert [line.split()[-1] for line in text.splitlines()[1:]] == ["n01", "n02", "n03"]
    (shed.root / "n21").touch()
    assert "more than 20 entries" in await shed.call("ls")


@pytest.mark.parametrize("path", ["notes.txt", "missing", "/proc", "/dev/fd", "../own", "a\0"])
async def test_what_cannot_be_listed_is_told(shed: Shed, path: str) -> None:
    assert await shed.fail("ls", path=path)
    assert shed.bench.acts == []

"""Lines of text files, within bounds, and clear words about everything else."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from conduit_tui.tools import excerpts
from conduit_tui.tools.excerpts import MOST_CHARACTERS, MOST_OF_LINE
from conduit_tui.tools.jail import OUTSIDE, SECRET
from tests.tools.builtin.shed import Shed


@pytest.fixture
def shed(tmp_path: Path) -> Shed:
    return Shed(tmp_path)


async def test_a_file_is_read_below_a_line_that_tells_range_and_total(shed: Shed) -> None:
    (shed.root / "a.txt").write_text("one\n\n  two\nthree\n")
    path = shed.root / "a.txt"
    assert await shed.call("file_read", path="a.txt") == (
        f"['{path}', 17 B: lines 1 to 4 of 4]\none\n\n  two\nthree"
    )
    assert await shed.call("file_read", path="a.txt", first_line=2, last_line=3) == (
        f"['{path}', 17 B: lines 2 to 3 of 4]\n\n  two"
    )
    assert (await shed.call("file_read", path="a.txt", first_line=4, last_line=99)).endswith(
        "lines 4 to 4 of 4]\nthree"
    )


async def test_reading_inside_is_told_with_the_real_path_and_no_warning(shed: Shed) -> None:
    await shed.call("file_read", path="./notes.txt")
    act = shed.act
    assert (act.tool, act.effect) == ("file_read", "read")
    assert (act.subject, act.wider) == (str(shed.root / "notes.txt"), f"{shed.root}/**")
    assert (act.is_inside, act.warnings, act.literal) == (True, (), False)


async def test_reading_outside_is_asked_and_denied_reads_nothing(shed: Shed) -> None:
    shed.bench.denied.add("file_read")
    assert await shed.fail("file_read", path="../outside/secret.txt") == "The person said no."
    assert (shed.act.is_inside, shed.act.warnings) == (False, (OUTSIDE, SECRET))
    assert (shed.act.wider, shed.act.literal) == ("", True)  # always means this file alone


async def test_stars_in_names_of_directories_are_no_wildcards(shed: Shed) -> None:
    (shed.root / "a*b").mkdir()
    (shed.root / "a*b" / "c.txt").write_text("c")
    await shed.call("file_read", path="a*b/c.txt")
    assert shed.act.wider == f"{shed.root}/a\\*b/**"


async def test_what_was_asked_about_is_what_is_read(shed: Shed) -> None:
    def swap() -> None:
        (shed.root / "notes.txt").unlink()
        (shed.root / "notes.txt").symlink_to(shed.yard.outside / "secret.txt")

    shed.meanwhile = swap
    assert (await shed.call("file_read", path="notes.txt")).endswith("\ninside")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty.]"),
        (b"\n", "lines 1 to 1 of 1]\n"),
        (b"a", "lines 1 to 1 of 1; no line break at the end]\na"),
        (b"a\r\nb\r\n", "lines 1 to 2 of 2; lines end with CR LF]\na\nb"),
        (b"\xef\xbb\xbfa\n", "lines 1 to 1 of 1]\na"),
        (b"caf\xe9\n", "lines 1 to 1 of 1]\ncaf\ufffd"),
        ("a\nä\n".encode("utf-16"), "lines 1 to 2 of 2]\na\nä"),
        ("a\n".encode("utf-32"), "lines 1 to 1 of 1]\na"),
        (b"x" * 9_000 + b"\0\n", f"{'x' * MOST_OF_LINE}… [cut: this line has 9,001 bytes]"),
        ("😀\u202e\x1b[31m\n".encode(), "\n😀\u202e\x1b[31m"),
    ],
)
async def test_texts_of_all_kinds_are_read(shed: Shed, data: bytes, told: str) -> None:
    (shed.root / "a.txt").write_bytes(data)
    assert (await shed.call("file_read", path="a.txt")).endswith(told)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "a PNG image. Only text can be read. The person can"),
        (b"\x7fELF" + bytes(20), "a program or library (ELF)"),
        (b"PK\x03\x04\0\0", "a ZIP archive"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"abc\0def", "binary"),
        (bytes(100), "nothing but zeros"),
        (bytes(range(1, 30)) * 10, "binary"),
    ],
)
async def test_binary_files_are_refused_with_their_kind(shed: Shed, data: bytes, kind: str) -> None:
    (shed.root / "a.bin").write_bytes(data)
    assert f"is {kind}" in await shed.fail("file_read", path="a.bin")


async def test_what_does_not_fit_can_be_read_on(shed: Shed) -> None:
    lines = [f"{number:09}" for number in range(1, 20_001)]
    (shed.root / "a.txt").write_text("\n".join(lines) + "\n")
    got: list[str] = []
    first = 1
    for _ in range(10):
        text = await shed.call("file_read", path="a.txt", first_line=first)
        assert len(text) < MOST_CHARACTERS + 500
        heading, *body = text.split("\n")
        assert heading.endswith(" of 20,000]")
        more = body[-1].startswith("[Read on with first_line=")
        got += body[:-1] if more else body
        if not more:
            break
        first = int(body[-1].removeprefix("[Read on with first_line=").removesuffix(".]"))
    assert got == lines


async def test_a_line_of_many_megabytes_is_cut(shed: Shed) -> None:
    (shed.root / "a.txt").write_text("a\n" + "ü" * 3_000_000 + "\nz\n")
    text = await shed.call("file_read", path="a.txt")
    assert text.endswith("ü… [cut: this line has 6,000,000 bytes]\nz")
    assert "lines 1 to 3 of 3" in text
    assert len(text) < MOST_OF_LINE + 500


async def test_of_a_sparse_file_of_ten_gigabytes_only_its_beginning_is_looked_at(
    shed: Shed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excerpts, "MOST_SCANNED_BYTES", 2 * 1024 * 1024)
    with (shed.root / "zeros").open("wb") as file:
        file.truncate(10 * 1024**3)
    with (shed.root / "words").open("wb") as file:
        file.write(b"a\nb\n" * 3_000)
        file.truncate(10 * 1024**3)
    assert "nothing but zeros" in await shed.fail("file_read", path="zeros")
    text = await shed.call("file_read", path="words", first_line=5_999, last_line=6_000)
    assert "10240.0 MB: lines 5,999 to 6,000]\na\nb\n[Only the first " in text
    words = await shed.fail("file_read", path="words", first_line=9_000)
    assert "Line 9,000" in words
    assert "all that is looked at" in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"path": "notes.txt", "first_line": 9}, "has 1 lines; 9 is behind its end"),
        ({"path": "notes.txt", "first_line": 3, "last_line": 2}, "before first_line"),
        ({"path": "notes.txt", "first_line": 0}, "first_line"),
        ({"path": "missing.txt"}, "does not exist"),
        ({"path": "."}, "is a directory"),
        ({"path": ""}, "the path is empty"),
        ({}, "path"),
    ],
)
async def test_wrong_calls_are_answered_in_words(
    shed: Shed, arguments: dict[str, str | int], words: str
) -> None:
    assert words in await shed.fail("file_read", **arguments)


async def test_a_file_that_cannot_be_read_is_told(
    shed: Shed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "pread", refuse)
    assert "may not be opened by this user" in await shed.fail("file_read", path="notes.txt")


async def test_the_loop_runs_on_while_a_file_is_read(
    shed: Shed, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave = threading.Event(), threading.Event()
    pread = os.pread

    def wait(fd: int, size: int, offset: int) -> bytes:
        entered.set()
        assert leave.wait(10)
        return pread(fd, size, offset)

    monkeypatch.setattr(os, "pread", wait)
    reading = asyncio.create_task(shed.call("file_read", path="notes.txt"))
    await asyncio.to_thread(entered.wait, 10)
    assert not reading.done()  # and this loop is here to say so
    leave.set()
    assert (await reading).endswith("inside")


async def test_a_cancelled_read_ends_at_once_and_closes_its_file_later(
    shed: Shed, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave, closed = threading.Event(), threading.Event(), threading.Event()
    before = set(os.listdir("/dev/fd"))

    def wait(*_: object) -> bytes:
        entered.set()
        assert leave.wait(10)
        closed.set()
        return b""

    monkeypatch.setattr(os, "pread", wait)
    reading = asyncio.create_task(shed.call("file_read", path="notes.txt"))
    await asyncio.to_thread(entered.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert set(os.listdir("/dev/fd")) != before  # the thread still has it
    leave.set()
    await asyncio.to_thread(closed.wait, 10)
    await asyncio.get_running_loop().shutdown_default_executor()
    assert set(os.listdir("/dev/fd")) == before

"""A part of a file is replaced, and nothing else of it changes."""

import stat
import time
from pathlib import Path

import pytest

from conduit_tui.core.json import Json
from conduit_tui.tools.jail import OUTSIDE, SECRET
from tests.tools.builtin.shed import Shed


@pytest.fixture
def shed(tmp_path: Path) -> Shed:
    return Shed(tmp_path)


async def edited(shed: Shed, data: bytes, old: str, new: str, **more: Json) -> bytes:
    (shed.root / "a.txt").write_bytes(data)
    await shed.call("file_edit", path="a.txt", old_text=old, new_text=new, **more)
    return (shed.root / "a.txt").read_bytes()


async def refused(shed: Shed, data: bytes, old: str, new: str = "new", **more: Json) -> str:
    (shed.root / "a.txt").write_bytes(data)
    words = await shed.fail("file_edit", path="a.txt", old_text=old, new_text=new, **more)
    assert (shed.root / "a.txt").read_bytes() == data
    return words


async def test_a_text_that_stands_there_once_is_replaced(shed: Shed) -> None:
    (shed.root / "a.txt").write_text("one\ntwo\nthree\n")
    (shed.root / "a.txt").chmod(0o640)
    told = await shed.call("file_edit", path="a.txt", old_text="two\n", new_text="2\n2\n")
    path = shed.root / "a.txt"
    assert path.read_text() == "one\n2\n2\nthree\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert told == f"Replaced once in '{path}'."
    assert shed.act.preview == (
        f"--- {path}\n+++ {path}\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2\n three"
    )
    assert (shed.act.tool, shed.act.effect, shed.act.shown_as) == ("file_edit", "write", "diff")
    assert shed.keeper.kept == [(str(path), b"one\ntwo\nthree\n", b"one\n2\n2\nthree\n")]


@pytest.mark.parametrize(
    ("data", "old", "new", "after"),
    [
        (b"a\r\nb\r\nc\r\n", "a\nb", "x\ny", b"x\r\ny\r\nc\r\n"),
        (b"a\r\nb\r\n", "b", "b\nc", b"a\r\nb\r\nc\r\n"),
        (b"a\r\nb\r\n", "a\r\nb", "a\r\nc", b"a\r\nc\r\n"),
        (b"a\r\nb\nc", "b\nc", "b\nd", b"a\r\nb\nd"),
        (b"a\nb", "b", "c", b"a\nc"),
        (b"a\nb\n", "b", "c", b"a\nc\n"),
        (b"\xef\xbb\xbfa\n", "a", "ä", b"\xef\xbb\xbf\xc3\xa4\n"),
        (b"caf\xe9 a\n", "a\n", "b\n", b"caf\xe9 b\n"),
        ("ä a\n".encode("utf-16"), "a\n", "ü\n", "ä ü\n".encode("utf-16")),
        (b"a\n", "a\n", "", b""),
    ],
)
async def test_line_ends_marks_and_foreign_bytes_stay(
    shed: Shed, data: bytes, old: str, new: str, after: bytes
) -> None:
    assert await edited(shed, data, old, new) == after


async def test_a_text_that_stands_there_several_times_needs_more_words(shed: Shed) -> None:
    words = await refused(shed, b"x = 1\ny\nx = 1\n", "x = 1")
    assert "is there 2 times, on lines 1, 3" in words
    assert "replace_all" in words
    assert await edited(shed, b"x\ny\nx", "x", "z", replace_all=True) == b"z\ny\nz"


async def test_a_text_that_differs_in_white_space_is_shown_as_it_is(shed: Shed) -> None:
    words = await refused(shed, b"def f():\n\treturn 1\n\tpass\n", "    return 1\n    pass")
    assert "differ from it in white space only are 2 to 3:\n\treturn 1\n\tpass" in words


async def test_the_nearest_lines_are_shown(shed: Shed) -> None:
    words = await refused(shed, b"alpha\nreturn compute(1)\nomega\n", "return computed(1)\nomega")
    assert "The nearest lines are 2 to 3:\nreturn compute(1)\nomega" in words
    assert "Nothing in the file is like it" in await refused(shed, b"alpha\n", "0123456789")
    assert "Nothing in the file is like it" in await refused(shed, b"", "x")
    assert "Nothing in the file is like it" in await refused(shed, b"alpha\n", "\n\n\n")


async def test_looking_for_the_nearest_lines_ends_in_time(shed: Shed) -> None:
    line = b"ab" * 99 + b"\n"
    start = time.monotonic()
    await refused(shed, line * 5_000, "ba" * 100 + "c")
    assert time.monotonic() - start < 3


async def test_hints_about_files_that_may_not_be_read_are_asked_for(shed: Shed) -> None:
    outside = shed.yard.outside / "plain.txt"
    outside.write_text("the words of another\n")
    shed.bench.denied.add("file_read")
    words = await shed.fail(
        "file_edit", path=str(outside), old_text="the words of anather", new_text="x"
    )
    assert words == "The person said no."
    assert (shed.act.tool, shed.act.effect) == ("file_read", "read")  # no rule of it lets write
    assert shed.act.warnings == (OUTSIDE,)
    (shed.root / ".env").write_text("KEY=1\n")
    words = await shed.fail("file_edit", path=".env", old_text="KEY=2", new_text="x")
    assert words == "The person said no."
    assert (shed.act.effect, shed.act.is_inside) == ("read", False)
    assert shed.act.warnings == (SECRET,)


@pytest.mark.parametrize(
    ("data", "old", "new", "words"),
    [
        (b"a", "", "x", "old_text is empty"),
        (b"a", "a", "a", "are the same"),
        (b"a\0b", "a", "x", "cannot be edited. It is binary"),
        (b"caf\xe9 a", "a", "ä", "only letters of ASCII"),
        (bytes(1024 * 1024 + 1), "a", "x", "are not written"),
    ],
)
async def test_what_cannot_be_edited_is_told(
    shed: Shed, data: bytes, old: str, new: str, words: str
) -> None:
    assert words in await refused(shed, data, old, new)
    assert [act for act in shed.bench.acts if act.effect == "write"] == []


async def test_a_file_that_would_become_too_large_is_left_alone(shed: Shed) -> None:
    words = await refused(shed, b"a" * 2_000, "a", "b" * 1_000, replace_all=True)
    assert "more than 1.0 MB is not written" in words


async def test_a_missing_file_is_told(shed: Shed) -> None:
    words = await shed.fail("file_edit", path="gone/a.txt", old_text="a", new_text="b")
    assert "does not exist. To make it, use `file_write`." in words
    assert not (shed.root / "gone").exists()


async def test_a_file_that_changed_meanwhile_is_left_alone(shed: Shed) -> None:
    path = shed.root / "a.txt"
    path.write_text("a b")
    shed.meanwhile = lambda: path.write_text("a b c")
    words = await shed.fail("file_edit", path="a.txt", old_text="a", new_text="x")
    assert "was changed meanwhile" in words
    assert path.read_text() == "a b c"


async def test_what_would_grow_beyond_all_bounds_is_refused(shed: Shed) -> None:
    path = shed.root / "a.txt"
    path.write_text("x" * 300_000)
    words = await shed.fail(
        "file_edit", path="a.txt", old_text="x", new_text="y" * 100_000, replace_all=True
    )
    assert "300,000 times" in words
    assert "more than 1.0 MB is not written" in words
    assert path.read_text() == "x" * 300_000

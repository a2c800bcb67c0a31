from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Offset
from textual.selection import Selection

from conduit_tui.core.clean import clean
from conduit_tui.tui.screens.text_lines import TextLines, row_starts
from conduit_tui.tui.screens.text_view import TextView
from tests.tui.screens.opening import open_screen


def rows(text, width):
    starts = [*row_starts(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("one\ntwo", ["one\n", "two"]),
        ("one\n", ["one\n"]),
        ("a\n\nb", ["a\n", "\n", "b"]),
        ("the quick brown fox", ["the quick ", "brown fox"]),
        ("abcdefghijkl", ["abcdefghij", "kl"]),
        ("日本語日本語日本語", ["日本語日本", "語日本語"]),
    ],
)
def test_text_is_wrapped_at_words_and_long_words_are_cut(text, expected):
    assert rows(text, 10) == expected


@given(st.text(st.characters(codec="utf-8")), st.integers(2, 30))
def test_rows_hold_the_whole_text_and_fit(text, width):
    text = clean(text).expandtabs(4)
    wrapped = rows(text, width)
    assert "".join(wrapped) == text
    for row in wrapped:
        assert "\n" not in row[:-1]
        assert cell_len(row.rstrip("\n ")) <= width


@pytest.mark.parametrize("letter", ["x", "é", "日", "x "])
def test_a_very_long_line_fits_too(letter):
    wrapped = rows(letter * 200_000, 80)
    assert "".join(wrapped) == letter * 200_000
    assert all(cell_len(row.rstrip()) <= 80 for row in wrapped)


async def test_only_what_is_in_view_is_drawn_of_five_megabytes():
    text = "".join(f"line {number}\n" for number in range(400_000))
    assert len(text) > 4_500_000
    async with open_screen(TextView("big.log", text)) as (app, pilot):
        assert "line 0" in app.text()
        assert "400,000 lines" in app.text()
        await pilot.press("G")
        assert "line 399999" in app.text()
        await pilot.press("g", "space")
        assert "line 22" in app.text()


async def test_the_first_row_stays_in_view_when_the_width_changes():
    text = "\n".join(f"start{number} " + "word " * 60 for number in range(200))
    async with open_screen(TextView("notes", text)) as (app, pilot):
        lines = app.screen.query_one(TextLines)
        await pilot.press(*["space"] * 5)
        first = app.lines()[1]
        await pilot.resize_terminal(50, 24)
        await pilot.pause()
        assert first[2:30] in app.text()
        assert lines.virtual_size.width < 50


async def test_keys_scroll_by_lines():
    async with open_screen(TextView("notes", "\n".join(map(str, range(100))))) as (app, pilot):
        await pilot.press("j", "j", "j", "k")
        assert app.lines()[1].split()[1] == "2"
        await pilot.press("q")
        assert app.result is None


async def test_what_is_selected_is_returned_as_it_was_before_it_was_wrapped():
    text = "the quick brown fox jumps over the lazy dog " * 5
    async with open_screen(TextView("notes", text), (30, 10)) as (app, _):
        lines = app.screen.query_one(TextLines)
        second, third = (line.strip("│ ▁▂▃▄▅▆▇█") for line in app.lines()[2:4])
        everything = lines.get_selection(Selection(None, None))
        assert everything == (text, "\n")
        part = lines.get_selection(Selection(Offset(0, 1), Offset(3, 2)))
        assert part == (f"{second} {third[:3]}", "\n")

"""A line with words lit fits its width and keeps the first match in sight."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from conduit_tui.tui.widgets.lit_line import lit_line

EVIL = st.text(alphabet="ab \n\t\x1b[]日本\u202e\u200dé\u0301", max_size=200)


def shown(text: str, spans: list[tuple[int, int]], cells: int) -> str:
    """The line with brackets around what is lit."""
    return "".join(f"[{words}]" if lit else words for words, lit in lit_line(text, spans, cells))


def test_what_fits_is_shown_as_it_is_on_one_line():
    assert shown("a raft\nof  reeds", [(2, 6)], 40) == "a [raft] of reeds"


def test_the_end_gives_way_first():
    assert shown("a raft of reeds", [(2, 6)], 10) == "a [raft] of…"


def test_a_match_far_behind_comes_into_sight():
    text = "word " * 50 + "raft and more words"
    start = text.index("raft")
    assert shown(text, [(start, start + 4)], 20) == "…word [raft] and more…"


def test_a_match_wider_than_the_line_is_cut():
    assert shown("x" * 50, [(10, 40)], 12) == "[xxxxxxxxxxx…]"


def test_spans_outside_of_the_text_and_across_each_other_do_no_harm():
    assert shown("abcdef", [(4, 99), (1, 3), (2, 4), (9, 12), (3, 3)], 40) == "a[bc][d][ef]"


def test_escape_sequences_are_seen_and_not_obeyed():
    assert shown("\x1b[2J raft", [(5, 9)], 40) == "␛[2J [raft]"


def test_a_text_of_a_megabyte_costs_no_more_than_a_line():
    text = "x" * 1_000_000 + "raft"
    assert shown(text, [(1_000_000, 1_000_004)], 20) == "…xxxxx[raft]"


@given(EVIL, st.lists(st.tuples(st.integers(0, 220), st.integers(0, 220))), st.integers(0, 60))
def test_it_never_takes_more_cells_than_there_are(text, spans, cells):
    pieces = lit_line(text, spans, cells)
    assert sum(cell_len(words) for words, _ in pieces) <= cells
    assert not {"\x1b", "\n", "\u202e"} & set("".join(words for words, _ in pieces))

"""Only what differs is painted, and nothing that differs is left out."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.strip import Strip

from conduit_tui.tui.markdown.rows import row_of
from conduit_tui.tui.widgets.row_painter import Ground, Mark, RowPainter, changed_cells

WIDTH = 24
GROUND = Style(bgcolor="black")
STYLES = [
    Style(),
    Style(color="red"),
    Style(color="red", bold=True),
    Style(color="blue", underline=True),
    Style(bgcolor="green"),
    Style(reverse=True),
]
PLAIN = Mark(None, False, None)
MARKED = Mark(Style(color="cyan"), True, None)
_words = st.text(alphabet="ab  日é👩", max_size=8)
_rows = st.lists(st.tuples(_words, st.sampled_from(STYLES)), max_size=5).map(row_of)
_marks = st.sampled_from([PLAIN, MARKED])


def painter() -> RowPainter:
    found = RowPainter()
    found.reset(Ground(GROUND, Style(bgcolor="white"), Style(reverse=True)), WIDTH)
    return found


def looks(strip: Strip) -> list[object]:
    """The cells of a strip one by one."""
    return [_look(strip.crop(at, at + 1)) for at in range(strip.cell_length)]


def _look(cell: Strip) -> object:
    (text, style, _), *_ = cell
    assert style is not None
    shows = style.underline or style.reverse or style.strike
    return (" ", style.bgcolor) if text == " " and not shows else (text, style)


@given(before=_rows, after=_rows, marks=st.tuples(_marks, _marks))
def test_cells_outside_of_what_is_painted_look_as_before(before, after, marks):
    paint = painter()
    old, new = paint.paint(before, marks[0], WIDTH), paint.paint(after, marks[1], WIDTH)
    start, end = changed_cells(old, new)
    ours, theirs = looks(old), looks(new)
    assert ours[:start] == theirs[:start]
    assert ours[end:] == theirs[end:]


@given(row=_rows, mark=_marks)
def test_joining_runs_changes_no_cell(row, mark):
    strip = painter().paint(row, mark, WIDTH)
    ground = Style(bgcolor="white") if mark.is_marked else GROUND
    plain = Strip(list(row_of([("  ", Style())]).segments))
    apart = Strip.join([plain, Strip(list(row.segments))]).adjust_cell_length(WIDTH)
    apart = Strip([piece._replace(style=ground + (piece.style or Style())) for piece in apart])
    skip = 2  # the bar
    assert looks(strip)[skip:] == looks(apart)[skip:]


def test_a_row_that_grew_is_painted_from_where_it_grew():
    paint, style = painter(), Style(color="red")
    old = paint.paint(row_of([("one two", style)]), PLAIN, WIDTH)
    new = paint.paint(row_of([("one two three", style)]), PLAIN, WIDTH)
    assert changed_cells(old, new) == (2 + len("one two "), 2 + len("one two three"))


def test_a_row_of_joined_emoji_is_painted_whole():
    paint = painter()
    old = paint.paint(row_of([("👩\u200d👩\u200d👧 one", Style())]), PLAIN, WIDTH)
    new = paint.paint(row_of([("two", Style())]), PLAIN, WIDTH)
    assert changed_cells(old, new) == changed_cells(new, old) == (0, WIDTH)


def test_without_a_row_before_all_is_painted():
    new = painter().paint(row_of([("one", Style())]), PLAIN, WIDTH)
    assert changed_cells(None, new) == (0, WIDTH)


def test_a_row_of_words_is_one_run_for_the_terminal():
    strip = painter().paint(row_of([("one two", Style(color="red"))]), PLAIN, WIDTH)
    assert len(list(strip)) == 1

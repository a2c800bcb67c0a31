"""A long text, wrapped and drawn only where it is in view."""

import re
from array import array
from bisect import bisect_right

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

MAYBE_WIDE = re.compile("[\u1100-\u115f\u231a-\u2bff\u2e80-\uffe6\U00010000-\U0010ffff]")
"""Characters among which are all that take two cells."""

TAB_CELLS = 4
LONGEST_MEASURED = 2_000


class TextLines(ScrollView, can_focus=True):
    """Shows cleaned text. Only the offsets of its rows are kept: 5 MB open in a moment."""

    DEFAULT_CSS = """
    TextLines {
        height: 1fr; background: transparent; color: $foreground;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text.expandtabs(TAB_CELLS)
        self._starts = array("q")  # none until the width is known: the whole text is no row
        self._width = 0

    def on_resize(self) -> None:
        """Wrap anew; the first character in view stays in view."""
        width = self.scrollable_content_region.width
        if width == self._width or width <= 0:
            return
        last = len(self._starts) - 1
        top = self._starts[min(round(self.scroll_y), last)] if self._starts else 0
        self._starts = row_starts(self._text, width)
        self._width = width
        self.virtual_size = Size(width, len(self._starts))
        self.scroll_to(y=bisect_right(self._starts, top) - 1, animate=False, force=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one row of the view."""
        row = round(self.scroll_y) + y
        width = self.scrollable_content_region.width
        style = self.rich_style
        if row >= len(self._starts):
            return Strip.blank(width, style)
        strip = Strip(self._segments(row)).adjust_cell_length(width, style)
        return strip.apply_offsets(0, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text as it was before it was wrapped."""
        start, end = selection.start, selection.end
        first = 0 if start is None else self._offset(start.y, start.x)
        last = len(self._text) if end is None else self._offset(end.y, end.x)
        return self._text[first:last], "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint what is selected."""
        del selection
        self.refresh()

    def _row(self, row: int) -> str:
        end = self._starts[row + 1] if row + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[row] : end].rstrip("\n")

    def _offset(self, row: int, column: int) -> int:
        if row >= len(self._starts):
            return len(self._text)
        return self._starts[row] + min(column, len(self._row(row)))

    def row_style(self, row: int) -> Style:
        """The style of a row."""
        del row
        return self.rich_style

    def line_start(self, row: int, characters: int) -> str:
        """The first characters of the line that a row belongs to."""
        start = self._text.rfind("\n", 0, self._starts[row]) + 1
        return self._text[start : start + characters]

    def _segments(self, row: int) -> list[Segment]:
        text, style = self._row(row), self.row_style(row)
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return [Segment(text, style)]
        first, last = span[0], len(text) if span[1] == -1 else span[1]
        selected = style + self.screen.get_component_rich_style("screen--selection", partial=True)
        return [
            Segment(text[:first], style),
            Segment(text[first:last], selected),
            Segment(text[last:], style),
        ]


def row_starts(text: str, width: int) -> "array[int]":
    """Return where each row starts when `text` is wrapped at words into `width` cells.

    A word longer than a row is cut. Text that may hold wide characters is measured; a very long
    line of it is cut at half the width in characters, which always fits.
    """
    starts = array("q")
    start = 0
    is_narrow = MAYBE_WIDE.search(text) is None
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        starts.append(start)
        if end - start > width // 2 and (not is_narrow or end - start > width):
            _wrap(text, start, end, width, starts)
        start = end + 1
    if len(starts) > 1 and starts[-1] == len(text):
        starts.pop()  # the end of the last line starts no further row
    return starts


def _wrap(text: str, start: int, end: int, width: int, starts: "array[int]") -> None:
    line = text[start:end]
    if MAYBE_WIDE.search(line) is None:
        _wrap_cells(text, start, end, width, starts)
    elif len(line) > LONGEST_MEASURED:
        _wrap_cells(text, start, end, max(1, width // 2), starts)
    elif cell_len(line) > width:
        for piece in chop_cells(line, width)[:-1]:
            start += len(piece)
            starts.append(start)


def _wrap_cells(text: str, start: int, end: int, width: int, starts: "array[int]") -> None:
    while end - start > width:
        space = text.rfind(" ", start + 1, start + width + 1)
        start = space + 1 if space > start + width // 2 else start + width
        starts.append(start)

"""Moves a scroll bar without painting what stays as it is.

Textual paints a bar from top to bottom whenever its numbers change. Under a reply that streams
they change all the time, while the thumb hardly moves.
"""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from textual.geometry import Region
from textual.scrollbar import ScrollBar

_EIGHTHS = 8  # Textual draws the ends of a thumb in eighths of a row


class Thumb(NamedTuple):
    """Where a thumb begins and ends, in eighths of a row."""

    start: int
    end: int

    def at(self, row: int) -> tuple[int, int]:
        """How much of a row it covers, from where to where."""
        top = row * _EIGHTHS
        return (
            min(max(self.start - top, 0), _EIGHTHS),
            min(max(self.end - top, 0), _EIGHTHS),
        )


def thumb(rows: int, total: int, position: float) -> Thumb:
    """Return the thumb of a bar of `rows` rows for a view of as many out of `total`.

    As `textual.scrollbar.ScrollBarRender.render_bar` places it.
    """
    size = max(1.0, rows / (total / rows))
    start = int((rows - size) * position / (total - rows) * _EIGHTHS)
    return Thumb(start, start + ceil(size * _EIGHTHS))


def move(bar: ScrollBar, total: int, position: int) -> None:
    """Bring a bar that is shown to another place, or to another total of rows."""
    rows = bar.window_size
    old_total, old_position = bar.window_virtual_size, bar.position
    bar.set_reactive(ScrollBar.window_virtual_size, total)
    bar.set_reactive(ScrollBar.position, float(position))
    if rows <= 0 or rows != bar.size.height or min(total, old_total) <= rows:
        bar.refresh()
        return
    before, after = thumb(rows, old_total, old_position), thumb(rows, total, position)
    if regions := list(_changed(before, after, rows)):
        bar.refresh(*regions)


def _changed(before: Thumb, after: Thumb, rows: int) -> Iterator[Region]:
    for row in range(rows):
        if before.at(row) != after.at(row):
            yield Region(0, row, 1, 1)

"""A list to choose from, below a filter that keeps the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message as Posted

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.row_list import RowList

CURRENT_MARK = "▌"
SHORTEST_TEXT = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `text` on the left, `note` quietly on the right.

    `value` is what choosing it means; a row without one is a heading or words. Where both do not
    fit, the note is cut, or with `keeps_note` the text, so that notes stand in columns.
    """

    text: str
    value: str | None = None
    note: str = ""
    is_current: bool = False
    is_quiet: bool = False
    keeps_note: bool = False


class Choices(RowList):
    """Rows to choose from; the row under the cursor is marked without focus too."""

    DEFAULT_CSS = """
    Choices { height: auto; min-height: 1; scrollbar-gutter: auto; }
    """

    class Chosen(Posted):
        """A person chose a row."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        empty: str = "",
        is_careful: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._is_careful = is_careful
        self._rows: Sequence[Row] = ()
        self._empty = empty

    def show(self, rows: Sequence[Row], value: str | None = None) -> None:
        """Show rows, with the cursor at the one that means `value`, or at the first."""
        self._rows = rows
        at = (index for index, row in enumerate(rows) if value and row.value == value)
        self.cursor = next(at, 0)
        self.rows_changed()

    @property
    def value(self) -> str | None:
        """What the row under the cursor means."""
        return self._rows[self.cursor].value if self.can_choose(self.cursor) else None

    def row_count(self) -> int:
        """How many rows there are, headings among them."""
        return len(self._rows)

    def can_choose(self, row: int) -> bool:
        """Whether the row has a value."""
        return 0 <= row < len(self._rows) and self._rows[row].value is not None

    def row_chosen(self, row: int) -> None:
        """Tell which value was chosen."""
        value = self._rows[row].value
        if value is not None:
            self.post_message(self.Chosen(value))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, or with `is_careful` first puts the cursor there."""
        row = round(self.scroll_y) + event.y - self.header_rows
        if self._is_careful and row != self.cursor and self.can_choose(row):
            event.stop()
            event.prevent_default()
            self.cursor = row

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """Mark, text, note at the right edge."""
        shown = self._rows[row]
        mark = f"{CURRENT_MARK} " if shown.is_current else "  " if shown.value is not None else ""
        kept = cell_len(shown.note) + 2 if shown.keeps_note and shown.note else 0
        least = min(SHORTEST_TEXT, width - len(mark))
        text = fit(clean_line(shown.text), max(width - len(mark) - kept, least))
        room = width - len(mark) - cell_len(text) - 2
        note = fit(clean_line(shown.note), room) if room > 3 else ""
        gap = " " * (width - len(mark) - cell_len(text) - cell_len(note))
        if row == self.cursor and shown.value is not None:
            return [Segment(f"{mark}{text}{gap}{note}", self.part("cursor"))]
        is_quiet = shown.is_quiet or shown.value is None
        style = "mark" if shown.is_current else "quiet" if is_quiet else "text"
        return [
            Segment(mark, self.part("mark")),
            Segment(text, self.part(style)),
            Segment(gap + note, self.part("quiet")),
        ]

    def empty_lines(self) -> tuple[str, ...]:
        """Words for a list without rows."""
        return (self._empty,) if self._empty else ()

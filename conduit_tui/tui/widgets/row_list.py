"""A list of one-line rows that builds only the rows in view: the ground of tree and sessions."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from conduit_tui.tui.widgets.fitting import fit

_UNDERLINE = Style(underline=True)


class RowList(ScrollView, can_focus=True):
    """Rows with a cursor. A subclass says how many there are, what they look like, what Enter does.

    The cursor is the index of a row; it rests only on rows that can be chosen. `header_rows` lines
    at the top do not scroll.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "edge(False)", "First", show=False),
        Binding("end,G", "edge(True)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--text",
        "row-list--quiet",
        "row-list--accent",
        "row-list--mark",
        "row-list--error",
        "row-list--warning",
        "row-list--cursor",
    }
    DEFAULT_CSS = """
    RowList {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: transparent;
        & .row-list--text { color: $foreground; }
        & .row-list--quiet { color: $text-muted; }
        & .row-list--accent { color: $text-accent; }
        & .row-list--mark { color: $text-accent; text-style: bold; }
        & .row-list--error { color: $text-error; }
        & .row-list--warning { color: $text-warning; text-style: bold; }
        & .row-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:ansi .row-list--cursor { text-style: reverse; }
        &:ansi .row-list--quiet { text-style: dim; }
    }
    """

    cursor = reactive(0, repaint=False)
    """Index of the row the keys act on."""

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """What row number `row` looks like in at most `width` cells."""
        raise NotImplementedError

    def row_chosen(self, row: int) -> None:
        """Enter was pressed on a row, or it was clicked."""
        raise NotImplementedError

    def can_choose(self, row: int) -> bool:
        """Whether the cursor may rest on a row; headings say no."""
        return 0 <= row < self.row_count()

    def header_segments(self, width: int) -> list[Segment] | None:
        """A line that stays at the top while the rest scrolls, or None."""
        del width
        return None

    def empty_lines(self) -> tuple[str, ...]:
        """What to say when there are no rows."""
        return ()

    @property
    def header_rows(self) -> int:
        """How many lines at the top do not scroll: 0 or 1."""
        return 0

    def rows_changed(self) -> None:
        """Take in that the rows are others now: measure, keep the cursor inside, paint."""
        self.virtual_size = Size(0, self.row_count() + self.header_rows)
        self.cursor = self.validate_cursor(self.cursor)
        self.show_cursor_row()
        self.refresh()

    def show_cursor_row(self) -> None:
        """Scroll just as far as it takes to see the cursor, and the heading right above it."""
        room = self.size.height - self.header_rows
        if room <= 0 or not self.row_count():
            return
        top = round(self.scroll_y)
        first = self.cursor
        if first and not self.can_choose(first - 1) and room > 1:
            first -= 1
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif self.cursor >= top + room:
            self.scroll_to(y=self.cursor - room + 1, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Return one line of the view, `y` lines below its top."""
        width = self.scrollable_content_region.width
        style = self.rich_style
        if y < self.header_rows:
            segments = self.header_segments(width) or []
        elif self.row_count():
            row = round(self.scroll_y) + y - self.header_rows
            segments = self.row_segments(row, width) if row < self.row_count() else []
            if row == self.cursor and self.has_focus:
                style = self.part("cursor")
                segments = [Segment(each.text, _under_cursor(each, style)) for each in segments]
        else:
            segments = self._empty_segments(y - self.header_rows, width)
        return Strip(segments).adjust_cell_length(width, style)

    def part(self, name: str) -> Style:
        """Return the style of one of the `row-list--NAME` classes."""
        return self.get_component_rich_style(f"row-list--{name}")

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row that can be chosen."""
        cursor = max(0, min(cursor, self.row_count() - 1))
        return cursor if self.can_choose(cursor) else self._next_choosable(cursor)

    def watch_cursor(self, before: int, after: int) -> None:
        """Follow the cursor and paint the two rows that look different."""
        top = self.header_rows
        self.refresh_lines(before + top)
        self.refresh_lines(after + top)
        if self.is_mounted:
            self.show_cursor_row()

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows, stepping over headings."""
        target = self.cursor + rows
        while 0 <= target < self.row_count():
            if self.can_choose(target):
                self.cursor = target
                return
            target += rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is in view."""
        self.cursor = self.cursor + pages * max(1, self.size.height - self.header_rows - 1)

    def action_edge(self, last: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.cursor = self.row_count() - 1 if last else 0

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.can_choose(self.cursor):
            self.row_chosen(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        row = round(self.scroll_y) + event.y - self.header_rows
        if event.y >= self.header_rows and self.can_choose(row):
            event.stop()
            self.cursor = row
            self.row_chosen(row)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.show_cursor_row()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor; what is current is marked by other means."""
        self.refresh()

    def _next_choosable(self, row: int) -> int:
        below = next((at for at in range(row, self.row_count()) if self.can_choose(at)), None)
        above = next((at for at in range(row, -1, -1) if self.can_choose(at)), row)
        return above if below is None else below

    def _empty_segments(self, line: int, width: int) -> list[Segment]:
        lines = self.empty_lines()
        if not 0 <= line < len(lines):
            return []
        return [Segment(fit(lines[line], width), self.part("quiet"))]


def _under_cursor(segment: Segment, cursor: Style) -> Style:
    """The cursor's style; what is underlined stays so."""
    is_underlined = segment.style is not None and segment.style.underline
    return cursor + _UNDERLINE if is_underlined else cursor

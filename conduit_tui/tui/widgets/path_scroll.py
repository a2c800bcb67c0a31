"""A ScrollView over a path of messages: places the view, and paints the rows that changed.

Rows that look the same are the same strips (row_painter.py), so comparing what is in sight with
what was in sight tells what is to be painted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from conduit_tui.tui.widgets.message_header import speaker_style
from conduit_tui.tui.widgets.overlays import welcome_rows, with_pill
from conduit_tui.tui.widgets.path_view import PathView, Spot
from conduit_tui.tui.widgets.row_painter import (
    GUTTER,
    Found,
    Mark,
    RowPainter,
    changed_cells,
    end_of,
    with_offsets,
)
from conduit_tui.tui.widgets.scroll_thumb import move
from conduit_tui.tui.widgets.selected_text import line_key, selected_span
from conduit_tui.tui.widgets.transcript_look import (
    COMPONENT_CLASSES,
    STYLE_SHEET,
    Look,
    component_style,
    look_of,
)

_SCROLL_Y = Widget.scroll_y
_SCROLL_TARGET_Y = cast("Reactive[float]", Widget.scroll_target_y)
_VIRTUAL_SIZE = cast("Reactive[Size]", Widget.virtual_size)
_WIDEST_TEXT = 120
_RIGHT_MARGIN = 1
_BREATH_SECONDS = 0.005  # between two slices of a long message, for the keys


class PathScroll(ScrollView, can_focus=True):
    """Shows the rows of a `PathView`. `new_lines` counts what arrived below a reader's view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENT_CLASSES
    DEFAULT_CSS = STYLE_SHEET

    new_lines: reactive[int] = reactive(0, repaint=False)

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._path = PathView()
        self._painter = RowPainter()
        self._look: Look | None = None
        self._welcome: Content | None = None
        self._lines: list[Strip] = []
        self._spots: list[Spot] = []
        self._placed = 0
        self._pill_start = 0
        self._slice: Timer | None = None

    @property
    def at_end(self) -> bool:
        """Whether the view is at the end and follows what comes."""
        return self._path.following

    def marked_message(self) -> int | None:
        """The index of the message that is set off from the others, if one is."""
        return None

    def found_in_sight(self, spots: Sequence[Spot]) -> Mapping[Spot, tuple[Found, ...]]:  # noqa: ARG002
        """What a search found in the rows in sight, if there is one."""
        return {}

    def marked_lines(self) -> tuple[int, range] | None:
        """A message and those of its logical lines that are set off, if some are."""
        return None

    def bring_up_to_date(self) -> None:
        """Place the view where the path stands now, and paint what has changed."""
        self._place()
        self._paint()

    # -- scrolling ---------------------------------------------------------------------------

    def follow_end(self) -> None:
        """Go to the last row and stay there while more comes."""
        self._path.to_end()
        self.bring_up_to_date()

    def scroll_to(  # pyright: ignore[reportIncompatibleMethodOverride] - the rest passes through
        self, x: float | None = None, y: float | None = None, **options: Any
    ) -> None:
        """Scroll at once: a row's number changes when estimates above it become true."""
        options["animate"] = False
        super().scroll_to(x, y, **options)

    def action_scroll_end(self) -> None:
        """Go to the last row."""
        self.follow_end()

    def action_scroll_home(self) -> None:
        """Go to the first row."""
        self._path.to_start()
        self.bring_up_to_date()

    def scroll_end(self, **_options: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Go to the last row."""
        self.follow_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:  # noqa: ARG002
        """Turn a new scroll position into a place in the path, and draw what is there."""
        target = round(new_value)
        if target == self._placed:
            return
        if new_value >= self.max_scroll_y:
            self._path.to_end()
        elif target <= 0:
            self._path.to_start()
        else:
            self._path.scroll_by(target - self._placed)
        self.bring_up_to_date()

    def _place(self) -> None:
        """Bring Textual's idea of size and position in line with the path, without a layout."""
        path = self._path
        path.settle()
        self._placed = path.line
        size = Size(self.size.width, max(path.heights.total, 1 if self._welcome else 0))
        self.set_reactive(_SCROLL_Y, float(self._placed))
        self.set_reactive(_SCROLL_TARGET_Y, float(self._placed))
        if size != self.virtual_size:
            was_needed = self.virtual_size.height > self.size.height
            self.set_reactive(_VIRTUAL_SIZE, size)
            if self.is_attached and not (was_needed and size.height > self.size.height):
                self._scroll_update(size)  # the bar may come or go
        if self.show_vertical_scrollbar:
            move(self.vertical_scrollbar, size.height, self._placed)
        if path.following:
            self.new_lines = 0
        elif self.new_lines > path.rows_below:
            self.new_lines = path.rows_below

    # -- drawing -----------------------------------------------------------------------------

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        self._check_look()
        return changed

    def notify_style_update(self) -> None:
        """Take up the colours of another theme."""
        super().notify_style_update()
        if self._look is not None:
            self.call_later(self._check_look)

    def _check_look(self) -> None:
        """Draw everything in sight anew if the size or the theme is another than it was."""
        look = look_of(self)
        if look == self._look or not look.size:
            return
        if self._look is not None and look.palette == self._look.palette:
            look = look._replace(palette=self._look.palette)
        self._look = look
        width = look.size.width
        self._painter.reset(look.ground, width)
        room = width - self.scrollbar_size_vertical - GUTTER - _RIGHT_MARGIN
        self._path.resize(max(1, min(_WIDEST_TEXT, room)), look.size.height, look.palette)
        self._lines = []
        self.bring_up_to_date()
        self.look_changed()

    def look_changed(self) -> None:
        """Take note that everything is drawn for another size or theme."""

    def _paint(self) -> None:
        """Compose the rows in sight and have those painted that changed."""
        if self._look is None or not self.is_attached:
            return
        old, self._lines = self._lines, self._rows_in_sight(self._look)
        regions: list[Region] = []
        for y, strip in enumerate(self._lines):
            before = old[y] if y < len(old) else None
            if before is not strip:
                start, end = changed_cells(before, strip)
                regions.append(Region(start, y, max(1, end - start), 1))
        if regions:
            self.refresh(*regions)
        if self._slice is None and self._path.is_behind:
            self._slice = self.set_timer(_BREATH_SECONDS, self._draw_on, name="transcript slice")

    def _draw_on(self) -> None:
        """Draw a slice more of a message for which there was no time at once."""
        self._slice = None
        gained = self._path.catch_up()
        if not self._path.following:
            self.new_lines += max(0, gained)
        self.bring_up_to_date()

    def _rows_in_sight(self, look: Look) -> list[Strip]:
        width, height = look.size
        blank = self._painter.blank
        if self._welcome is not None:
            self._spots = []
            rows = welcome_rows(self, self._welcome, width)
            top = [blank] if height > len(rows) + 1 else []
            return [*top, *rows, *[blank] * height][:height]
        self._spots = self._path.visible()
        lines = [*self._strips(look), *[blank] * (height - len(self._spots))]
        if self.new_lines and lines:
            right = self.scrollbar_size_vertical + _RIGHT_MARGIN
            style = component_style(self, "pill")
            lines[-1], self._pill_start = with_pill(lines[-1], self.new_lines, right, style)
        return lines

    def _strips(self, look: Look) -> list[Strip]:
        path, selection, marked = self._path, self.text_selection, self.marked_message()
        found = self.found_in_sight(self._spots)
        block = self.marked_lines()
        strips: list[Strip] = []
        for spot in self._spots:
            at, number = spot
            view = path.view(at)
            row = view[number]
            is_header = number == 0
            bar = speaker_style(path.entries[at].message, look.palette) if is_header else None
            if at == marked and number < len(view) - 1:
                bar = look.bar
            span = None
            if selection is not None:
                span = selected_span(selection, line_key(at, view.line_at(number)), row)
            is_block = block is not None and at == block[0] and view.line_at(number) in block[1]
            mark = Mark(bar, at == marked and is_header, span, found.get(spot, ()), is_block)
            strips.append(self._painter.paint(row, mark, look.size.width))
        return strips

    def render_line(self, y: int) -> Strip:
        """Return a row with what Textual's selection needs to know of its characters."""
        if not 0 <= y < len(self._lines):
            return self._painter.blank
        if not self._spots:
            return self._lines[y]
        spot = self._spots[min(y, len(self._spots) - 1)]
        view = self._path.view(spot.message)
        key = line_key(spot.message, view.line_at(spot.row))
        if y >= len(self._spots):
            return end_of(view[spot.row], key)
        return with_offsets(self._lines[y], view[spot.row], key)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows as they were composed, through the app's filters as Textual would."""
        blank = self._painter.blank
        lines = self._lines[crop.y : crop.bottom]
        lines += [blank] * (crop.height - len(lines))
        _, background = self.background_colors
        for line_filter in self.get_line_filters():
            lines = [strip.apply_filter(line_filter, background) for strip in lines]
        if crop.column_span != (0, self.outer_size.width):
            lines = [strip.crop(*crop.column_span) for strip in lines]
        return lines

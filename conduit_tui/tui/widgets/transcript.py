"""The active path of the conversation, drawn by one widget over Textual's Line API.

Only rows in sight are made (path_view.py); rows that look the same are the same strips, and only
strips that changed are painted. A streaming reply is drawn in frames, not in tokens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import monotonic, process_time
from typing import Any, ClassVar, cast

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message as TextualMessage
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer
from textual.visual import Visual
from textual.widget import Widget

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_header import speaker_style
from conduit_tui.tui.widgets.path_view import PathView, Spot
from conduit_tui.tui.widgets.row_painter import GUTTER, Ground, Mark, RowPainter, with_offsets
from conduit_tui.tui.widgets.selected_text import (
    line_key,
    selected_span,
    selected_text,
    span_of_line,
    span_of_word,
)
from conduit_tui.tui.widgets.transcript_look import (
    COMPONENT_CLASSES,
    STYLE_SHEET,
    component_style,
    palette_of,
)

FRAME_SECONDS = 1 / 30
_REST = 3.0  # after a flush, at least this many times its cost passes before the next
_SCROLL_Y = Widget.scroll_y
_SCROLL_TARGET_Y = cast("Reactive[float]", Widget.scroll_target_y)
_VIRTUAL_SIZE = cast("Reactive[Size]", Widget.virtual_size)
_WIDEST_TEXT = 120
_RIGHT_MARGIN = 1


class Transcript(ScrollView, can_focus=True):
    """Messages from the root to the leaf.

    `cursor_shown` marks the message `cursor_id` for the keys of NORMAL mode. `new_lines` counts
    what arrived below the view while the reader was elsewhere.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENT_CLASSES
    DEFAULT_CSS = STYLE_SHEET

    cursor_shown: reactive[bool] = reactive(False, repaint=False)
    cursor_id: reactive[str | None] = reactive(None, repaint=False)
    new_lines: reactive[int] = reactive(0, repaint=False)

    class MessageChosen(TextualMessage):
        """A message was clicked."""

        def __init__(self, transcript: "Transcript", message_id: str) -> None:
            super().__init__()
            self.transcript = transcript
            self.message_id = message_id

        @property
        def control(self) -> "Transcript":
            """The transcript that was clicked."""
            return self.transcript

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
        self._palette: Palette | None = None
        self._bar = Style.null()
        self._welcome: Content | None = None
        self._lines: list[Strip] = []
        self._spots: list[Spot] = []
        self._placed = 0
        self._touched: set[str] = set()
        self._timer: Timer | None = None
        self._rest_until = 0.0
        self._drawn_for = Size(0, 0)

    # -- what is shown -----------------------------------------------------------------------

    @property
    def entries(self) -> Sequence[Entry]:
        """The path as it was given last."""
        return self._path.entries

    @property
    def at_end(self) -> bool:
        """Whether the view is at the end and follows what comes."""
        return self._path.following

    @property
    def is_drawing_later(self) -> bool:
        """Whether something that changed is drawn with the next frame."""
        return self._timer is not None

    def show(self, entries: Sequence[Entry], *, keep_position: bool = False) -> None:
        """Show a path. The view goes to the end, or stays, unless it was at the end anyway."""
        path = self._path
        self._welcome = None
        before = path.heights.total
        known = {entry.id for entry in path.entries}
        if not _is_continued(path.entries, entries):
            self._clear_selection()
        path.show(entries)
        if not keep_position:
            path.following = True
        if path.index_of(self.cursor_id) is None:
            self.cursor_id = entries[-1].id if entries else None
        self._place()
        if not path.following and any(entry.id not in known for entry in entries):
            self.new_lines += max(0, path.heights.total - before)
        self._update()

    def show_welcome(self, content: Content) -> None:
        """Show words in place of messages."""
        self._clear_selection()
        self._path.show(())
        self._path.following = True
        self.cursor_id = None
        self._welcome = content
        self._place()
        self._update()

    def touch(self, message_id: str) -> None:
        """Take note that a message's live parts have changed; drawn with the next frame."""
        self._touched.add(message_id)
        if self._timer is None and self.is_mounted:
            delay = max(0.0, self._rest_until - monotonic())
            self._timer = self.set_timer(delay or 0.001, self._flush, name="transcript frame")

    def set_note(self, message_id: str, text: str) -> None:
        """Set the line of words below a message; empty takes it away."""
        at = self._path.index_of(message_id)
        if at is None or self._path.entries[at].note == text:
            return
        self._path.replace(replace(self._path.entries[at], note=text))
        self._place()
        self._update()

    def toggle_fold(self, message_id: str | None, part: int | None = None) -> None:
        """Open or close what is folded in a message: one part of it, or everything."""
        if message_id is None or not self._path.fold(message_id, part):
            return
        self._clear_selection()
        was_following = self._path.following
        self._path.following = False
        self._path.settle()
        self._path.following = was_following and self._path.rows_below == 0
        self._place()
        self._update()

    def _flush(self) -> None:
        started = process_time()
        self._timer = None
        touched, self._touched = self._touched, set[str]()
        gained = 0
        for message_id in touched:
            at = self._path.index_of(message_id)
            if at is not None:
                gained += max(0, self._path.refresh(at))
        if not self._path.following:
            self.new_lines += gained
        self._place()
        self._update()
        cost = process_time() - started
        self._rest_until = monotonic() + max(FRAME_SECONDS, _REST * cost)

    # -- the cursor --------------------------------------------------------------------------

    def set_cursor(self, message_id: str | None) -> None:
        """Put the cursor on a message and bring it into sight."""
        at = self._path.index_of(message_id)
        if at is None:
            return
        self.cursor_id = message_id
        if at == len(self._path.entries) - 1 and self._path.rows_below == 0:
            self._path.following = True
        else:
            self._path.reveal(at)
        self._place()
        self._update()

    def move_cursor(self, delta: int) -> None:
        """Move the cursor by messages. Within a message taller than the view it scrolls first."""
        path = self._path
        if not path.entries:
            return
        at = path.index_of(self.cursor_id)
        if at is None:
            at = len(path.entries) - 1
        elif self._scroll_within(at, delta):
            return
        else:
            at = min(max(0, at + delta), len(path.entries) - 1)
        self.set_cursor(path.entries[at].id)

    def cursor_to_start(self) -> None:
        """Put the cursor on the first message."""
        if self._path.entries:
            self._path.to_start()
            self.set_cursor(self._path.entries[0].id)

    def cursor_to_end(self) -> None:
        """Put the cursor on the last message and follow what comes."""
        if self._path.entries:
            self.cursor_id = self._path.entries[-1].id
            self.follow_end()

    def _scroll_within(self, at: int, delta: int) -> bool:
        """Scroll half a view if the cursor's message has more rows in that direction."""
        path = self._path
        above = path.line - path.heights.above(at)
        below = len(path.view(at)) - 1 - above - path.height
        step = max(1, path.height // 2)
        is_in_sight = -path.height < above < len(path.view(at))
        if delta == 1 and is_in_sight and above >= 0 and below > 0:
            path.scroll_by(min(step, below))
        elif delta == -1 and is_in_sight and above > 0:
            path.scroll_by(-min(step, above))
        else:
            return False
        self._place()
        self._update()
        return True

    def watch_cursor_shown(self, shown: bool) -> None:
        """Mark a message in sight, or none."""
        if shown and self._path.entries and not self._is_in_sight(self.cursor_id):
            spots = self._path.visible()
            if spots:
                self.cursor_id = self._path.entries[spots[-1].message].id
        self._update()

    def watch_cursor_id(self) -> None:
        """Mark another message."""
        self._update()

    def watch_new_lines(self) -> None:
        """Say how much is new."""
        self._update()

    def _is_in_sight(self, message_id: str | None) -> bool:
        at = self._path.index_of(message_id)
        return at is not None and any(spot.message == at for spot in self._spots)

    # -- scrolling ---------------------------------------------------------------------------

    def follow_end(self) -> None:
        """Go to the last row and stay there while more comes."""
        self._path.to_end()
        self._place()
        self._update()

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
        self._place()
        self._update()

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
        self._place()
        self._update()
        if self.text_selection is not None:
            self.call_later(self._extend_selection)

    def _place(self) -> None:
        """Bring Textual's idea of size and position in line with the path, without a layout."""
        path = self._path
        path.settle()
        self._placed = path.line
        size = Size(self.size.width, max(path.heights.total, 1 if self._welcome else 0))
        self.set_reactive(_SCROLL_Y, float(self._placed))
        self.set_reactive(_SCROLL_TARGET_Y, float(self._placed))
        if size != self.virtual_size:
            self.set_reactive(_VIRTUAL_SIZE, size)
            if self.is_mounted:
                self._scroll_update(size)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self._placed
        if path.following:
            self.new_lines = 0
        elif self.new_lines > path.rows_below:
            self.new_lines = path.rows_below

    # -- drawing -----------------------------------------------------------------------------

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if size != self._drawn_for:
            self._redraw()
        return changed

    def notify_style_update(self) -> None:
        """Take up the colours of another theme."""
        super().notify_style_update()
        self._palette = None
        if self.is_mounted and self._drawn_for:
            self.call_later(self._redraw)

    def _redraw(self) -> None:
        """Draw for the size and the theme of now."""
        size = self.outer_size
        self._drawn_for = size
        if self._palette is None:
            found = palette_of(self)
            self._palette = found
        width = max(1, size.width - self.scrollbar_size_vertical)
        plain = Style(bgcolor=self.visual_style.rich_style.bgcolor)
        cursor = component_style(self, "cursor")
        self._bar = Style(color=cursor.color)
        selected = self.screen.get_component_rich_style("screen--selection")
        marked = Style(bgcolor=cursor.bgcolor)
        self._painter.reset(Ground(plain, marked, _selection_style(selected)), size.width)
        text = max(1, min(_WIDEST_TEXT, width - GUTTER - _RIGHT_MARGIN))
        self._path.resize(text, size.height, self._palette)
        self._place()
        self._lines = []
        self._update()

    def _update(self) -> None:
        """Compose the rows in sight and have those painted that changed."""
        if not self._drawn_for or not self.is_mounted:
            return
        old, self._lines = self._lines, self._rows_in_sight()
        changed = [y for y, strip in enumerate(self._lines) if y >= len(old) or old[y] is not strip]
        if len(changed) == len(self._lines):
            self.refresh()
        elif changed:
            width = self._drawn_for.width
            self.refresh(*(Region(0, y, width, count) for y, count in _runs(changed)))

    def _rows_in_sight(self) -> list[Strip]:
        width, height = self._drawn_for
        if self._welcome is not None:
            return self._welcome_rows(width, height)
        self._spots = self._path.visible()
        lines = [self._strip(spot, width) for spot in self._spots]
        lines += [self._painter.blank] * (height - len(lines))
        if self.new_lines and lines:
            lines[-1] = self._with_pill(lines[-1], width)
        return lines

    def _strip(self, spot: Spot, width: int) -> Strip:
        entry = self._path.entries[spot.message]
        view = self._path.view(spot.message)
        is_header = spot.row == 0
        has_cursor = self.cursor_shown and entry.id == self.cursor_id
        bar = speaker_style(entry.message, self._path.palette) if is_header else None
        if has_cursor and spot.row < len(view) - 1:
            bar = self._bar
        span = None
        selection = self.text_selection
        row = view[spot.row]
        if selection is not None:
            span = selected_span(selection, line_key(spot.message, view.line_at(spot.row)), row)
        return self._painter.paint(row, Mark(bar, has_cursor and is_header, span), width)

    def _welcome_rows(self, width: int, height: int) -> list[Strip]:
        assert self._welcome is not None
        self._spots = []
        room = max(1, min(_WIDEST_TEXT, width - 2 * GUTTER))
        style = self.visual_style
        strips = Visual.to_strips(self, self._welcome, room, None, style)
        top = 1 if height > len(strips) + 1 else 0
        ground = style.rich_style
        indented = [
            Strip.join([Strip.blank(GUTTER, ground), strip]).adjust_cell_length(width, ground)
            for strip in strips
        ]
        lines = [self._painter.blank] * top + indented
        return (lines + [self._painter.blank] * height)[:height]

    def _with_pill(self, strip: Strip, width: int) -> Strip:
        count = self.new_lines
        words = f" ↓ {count:,} new {'line' if count == 1 else 'lines'} · End "
        right = self.scrollbar_size_vertical + 1
        start = width - right - len(words)
        if start < 0:
            words, start = "↓"[: max(0, width - right)], max(0, width - right - 1)
        pill = Strip.blank(0) if not words else _pill(words, component_style(self, "pill"))
        return Strip.join([strip.crop(0, start), pill, strip.crop(start + len(words), width)])

    def render_line(self, y: int) -> Strip:
        """Return a row with what Textual's selection needs to know of its characters."""
        if not 0 <= y < len(self._lines):
            return self._painter.blank
        if y >= len(self._spots):
            return self._lines[y]
        spot = self._spots[y]
        view = self._path.view(spot.message)
        key = line_key(spot.message, view.line_at(spot.row))
        return with_offsets(self._lines[y], view[spot.row], key)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows as they were composed, through the app's filters as Textual would."""
        if self.outer_size != self._drawn_for:
            self._redraw()
        blank = self._painter.blank
        lines = self._lines[crop.y : crop.bottom]
        lines += [blank] * (crop.height - len(lines))
        _, background = self.background_colors
        for line_filter in self.get_line_filters():
            lines = [strip.apply_filter(line_filter, background) for strip in lines]
        if crop.column_span != (0, self._drawn_for.width):
            lines = [strip.crop(*crop.column_span) for strip in lines]
        return lines

    # -- mouse and selection -----------------------------------------------------------------

    def _on_click(self, event: events.Click) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Choose a message or open a fold; twice selects a word, three times a line."""
        event.prevent_default()
        if self.new_lines and event.y == len(self._lines) - 1:
            self.follow_end()
            return
        if not 0 <= event.y < len(self._spots):
            return
        spot = self._spots[event.y]
        if event.chain > 1:
            self._select_at(spot, event)
        elif self.text_selection is None:
            self._choose(spot)

    def _choose(self, spot: Spot) -> None:
        message_id = self._path.entries[spot.message].id
        fold = self._path.view(spot.message).fold_at(spot.row)
        self.cursor_id = message_id
        self.post_message(self.MessageChosen(self, message_id))
        if fold is not None:
            self.toggle_fold(message_id, fold)

    def _select_at(self, spot: Spot, event: events.Click) -> None:
        _, offset = self.screen.get_widget_and_offset_at(event.screen_x, event.screen_y)
        if offset is None:
            return
        view = self._path.view(spot.message)
        line = view.line_at(spot.row)
        find = span_of_word if event.chain == 2 else span_of_line
        start, end = find(view, line, offset.x)
        key = line_key(spot.message, line)
        self.screen.selections = {self: Selection(Offset(start, key), Offset(end, key))}

    def text_select_all(self) -> None:
        """Select the whole path."""
        self.screen.selections = {self: Selection(None, None)}

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return what is selected: whole messages as their source, others as they are shown."""
        if not self._path.entries:
            return None
        return selected_text(self._path, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Show what is selected."""
        self._update()

    def _clear_selection(self) -> None:
        if self.is_mounted and self.text_selection is not None:
            self.screen.clear_selection()

    def _extend_selection(self) -> None:
        """While a selection is dragged and the view scrolls, its end is what is under the mouse.

        Textual keeps the offset it saw at the last move of the mouse.
        """
        screen = self.screen
        state = screen._select_state  # pyright: ignore[reportPrivateUsage] - there is no other way
        if state is None or state.end is None or not screen._selecting:  # pyright: ignore[reportPrivateUsage]
            return
        widget, offset = screen.get_widget_and_offset_at(*state.screen_offset)
        if widget is self and offset is not None:
            end = state.end._replace(content_widget=self, content_offset=offset)
            screen._select_state = state.update_end(state.screen_offset, end)  # pyright: ignore[reportPrivateUsage]


def _is_continued(old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    return len(new) >= len(old) and all(a.id == b.id for a, b in zip(old, new, strict=False))


def _runs(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Join ascending numbers into (first, count)."""
    start = count = -1
    for number in numbers:
        if count > 0 and number == start + count:
            count += 1
            continue
        if count > 0:
            yield start, count
        start, count = number, 1
    if count > 0:
        yield start, count


def _selection_style(style: Style) -> Style:
    return Style(color=style.color, bgcolor=style.bgcolor)


def _pill(words: str, style: Style) -> Strip:
    from rich.segment import Segment

    return Strip([Segment(words, style)], len(words))

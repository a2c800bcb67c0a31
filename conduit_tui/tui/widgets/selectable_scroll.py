"""A path of messages in which text is selected with the mouse."""

from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from conduit_tui.tui.widgets.path_scroll import PathScroll
from conduit_tui.tui.widgets.path_view import Spot
from conduit_tui.tui.widgets.selected_text import (
    line_key,
    selected_text,
    span_of_line,
    span_of_word,
)


class SelectableScroll(PathScroll):
    """Lets Textual select in a `PathScroll`, and tells what the selected text is."""

    def select_at(self, spot: Spot, event: events.Click) -> None:
        """Select the word that was clicked twice, or the line that was clicked three times."""
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
        self._paint()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scroll; a selection that is being dragged grows with it."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_attached and self.text_selection is not None:
            self.call_later(self._extend_selection)

    def clear_selection(self) -> None:
        """Select nothing any more."""
        if self.is_attached and self.text_selection is not None:
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

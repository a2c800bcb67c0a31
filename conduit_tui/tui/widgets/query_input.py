"""The line in which one types a query: filters are set off as soon as they are understood."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from conduit_tui.core.clean import clean_line
from conduit_tui.core.query import filter_spans
from conduit_tui.tui.widgets.query_words import complete

LONGEST = 500
"""Characters of a query. It is read at every key, and a paste may be a whole file."""


class _Filters(Highlighter):
    """Sets off what is read as a filter."""

    def __init__(self, style: Callable[[], Style]) -> None:
        self._style = style

    def highlight(self, text: Text) -> None:
        """Style the filters of a text in place."""
        for start, end in filter_spans(text.plain, datetime.now().astimezone()):
            text.stylize(self._style(), start, end)


class QueryInput(Input):
    """One line for a query; Tab completes a filter, again for the next of its values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"query-input--filter"}
    DEFAULT_CSS = """
    QueryInput .query-input--filter { color: $text-accent; text-style: bold; }
    """

    def __init__(self, value: str, placeholder: str) -> None:
        super().__init__(
            one_line(value),
            placeholder,
            _Filters(self._filter_style),
            max_length=LONGEST,
            select_on_focus=False,
        )
        self.cursor_blink = False

    def action_complete(self) -> None:
        """Complete the word before the cursor, if it may become a filter."""
        if completed := complete(self.value, self.cursor_position):
            self.value = completed.text
            self.cursor_position = completed.cursor

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste of several lines as one, as far as there is room."""
        event.stop()
        event.prevent_default()
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        self.replace(one_line(event.text)[:room], start, end)

    def _filter_style(self) -> Style:
        """The style of filters; it is asked for first when there is no style sheet yet."""
        if not self.is_mounted:
            return Style.null()
        return self.get_component_rich_style("query-input--filter", partial=True)


def one_line(text: str) -> str:
    """Make any text one that can be looked for."""
    return " ".join(clean_line(text[: 4 * LONGEST]).split())[:LONGEST]

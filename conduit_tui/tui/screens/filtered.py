"""A text of many lines that `/` filters and `j` and `k` scroll."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.typed_filter import TypedFilter


class Filtered(Dialog[None]):
    """A subclass says with `body` what scrolls, and fills it in `write` for the width there is."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1,question_mark", "leave", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("g", "edge(False)", "Top", show=False),
        Binding("G", "edge(True)", "End", show=False),
    ]
    DEFAULT_CSS = """
    Filtered {
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #filter { height: 1; color: $text-accent; text-style: bold; display: none; }
    }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._filter = TypedFilter(self._filter_changed)

    def body(self) -> Iterable[Widget]:
        """What scrolls."""
        raise NotImplementedError

    def write(self) -> int:
        """Show what `fits` the filter, and return how many lines that are."""
        raise NotImplementedError

    def fits(self, about: str) -> bool:
        """Whether all words of the filter are in a text, in any case."""
        return all(
            word in about.casefold() for word in (self._filter.text or "").casefold().split()
        )

    def compose(self) -> ComposeResult:
        """The filter while there is one, and what scrolls below it."""
        with Frame(self._title, ("Esc", "close"), ("j k", "scroll"), ("/", "filter")):
            yield Static(id="filter")
            with VerticalScroll():
                yield from self.body()

    def on_resize(self, event: events.Resize) -> None:
        """Write anew for the width there is."""
        del event
        self.query_one(Frame).styles.min_height = None
        self._write()

    def on_key(self, event: events.Key) -> None:
        """Letters belong to the filter while it is typed."""
        self._filter.take_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        self._filter.take_paste(event)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_edge(self, last: bool) -> None:
        """Go to the start or the end."""
        scroll = self.query_one(VerticalScroll)
        (scroll.scroll_end if last else scroll.scroll_home)(animate=False)

    def _filter_changed(self) -> None:
        frame = self.query_one(Frame)
        if self._filter.text is not None and frame.styles.min_height is None:
            frame.styles.min_height = frame.outer_size.height  # what is typed moves no edges
        self._write()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _write(self) -> None:
        count = self.write()
        line = self.query_one("#filter", Static)
        line.display = self._filter.text is not None
        line.update(Content(f"/{self._filter.shown}  {count or 'nothing like that'}"))

"""The help: Markdown on a screen of its own."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from conduit_tui.tui.screens.dialog import Dialog, Frame


class HelpScreen(Dialog[None]):
    """Shows a Markdown text of ours; Escape or q closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1", "leave", "Close", show=False),
        Binding("j", "scroll_text(1)", "Down", show=False),
        Binding("k", "scroll_text(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        & Frame { width: 90; height: 90%; }
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & Markdown { padding: 0 1; background: transparent; }
        & MarkdownTableContent { keyline: none; grid-gutter: 0 2; }
    }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text."""
        with Frame(self._title, ("j k", "scroll"), ("Esc", "close")), VerticalScroll():
            yield Markdown(self._text, open_links=False)

    def action_scroll_text(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

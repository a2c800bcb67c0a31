"""The screen that shows one text in full: an attachment or a message."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from conduit_tui.core.amounts import short_size
from conduit_tui.core.clean import clean
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.screens.text_lines import TextLines


class TextView(Dialog[None]):
    """Shows a text over the whole screen; any length opens at once. `lines` draws it."""

    AUTO_FOCUS = "TextLines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("j", "line(1)", "Down", show=False),
        Binding("k", "line(-1)", "Up", show=False),
        Binding("space", "page", "Page down", show=False),
        Binding("g", "edge(False)", "Top", show=False),
        Binding("G", "edge(True)", "End", show=False),
    ]
    DEFAULT_CSS = """
    TextView Frame { width: 100%; height: 100%; padding: 0 0 0 1; background: $background; }
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        tells_size: bool = True,
        lines: type[TextLines] = TextLines,
    ) -> None:
        super().__init__()
        self._lines_type = lines
        self._tells_size = tells_size
        self._title = title
        self._text = clean(text)

    def compose(self) -> ComposeResult:
        """The text in a frame that says how much it is, if that is wanted."""
        amount = self._amount() if self._tells_size else ()
        with Frame(self._title, *amount, ("Esc", "close")):
            yield self._lines_type(self._text)

    def action_line(self, rows: int) -> None:
        """Scroll by lines."""
        self._lines.scroll_relative(y=rows, animate=False)

    def action_page(self) -> None:
        """Scroll by what is in view."""
        self._lines.scroll_page_down(animate=False)

    def action_edge(self, last: bool) -> None:
        """Go to the start or the end."""
        if last:
            self._lines.scroll_end(animate=False)
        else:
            self._lines.scroll_home(animate=False)

    @property
    def _lines(self) -> TextLines:
        return self.query_one(TextLines)

    def _amount(self) -> tuple[tuple[str, str], ...]:
        lines = self._text.count("\n") + (not self._text.endswith("\n"))
        words = f"{lines:,} {'line' if lines == 1 else 'lines'}"
        return (("", f"{words}, {short_size(len(self._text.encode()))}"),)

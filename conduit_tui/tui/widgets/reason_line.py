"""The line in which one says why a tool may not do something."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static


class _Text(Input):
    def __init__(self) -> None:
        super().__init__(placeholder="a reason for the model, or nothing", select_on_focus=False)
        self.cursor_blink = False


class ReasonLine(Horizontal):
    """One line; Enter and Escape are left to the screen, so that they act before the next key."""

    DEFAULT_CSS = """
    ReasonLine {
        display: none;
        height: 1;
        padding: 0 1;
        background: $panel;
        & > Static { width: auto; background: $panel; color: $text-warning; }
        & > _Text {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0;
            background: $panel;
            &:focus { border: none; background-tint: $foreground 0%; }
        }
    }
    """

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(_Text).value

    @property
    def has_focus_within(self) -> bool:
        """Whether it has the keys."""
        return self.query_one(_Text).has_focus

    def compose(self) -> ComposeResult:
        """What it is for, and the text."""
        yield Static("No, because: ", markup=False)
        yield _Text()

    def open(self) -> None:
        """Show the line, empty, and take the keys."""
        text = self.query_one(_Text)
        self.display = True
        text.value = ""
        text.focus()

    def take_keys(self) -> None:
        """Take the keys back; what is typed stays."""
        self.query_one(_Text).focus()

    def close(self) -> None:
        """Hide the line."""
        self.display = False

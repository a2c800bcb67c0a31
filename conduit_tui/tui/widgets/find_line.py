"""The line in which one types what to find in the transcript."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message as Posted
from textual.widgets import Input, Static


class _Text(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "bring_last", "Last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(select_on_focus=False)
        self.cursor_blink = False
        self.last = ""

    def action_bring_last(self) -> None:
        """Bring what was looked for the last time, if nothing is typed."""
        if not self.value:
            self.value = self.last
            self.cursor_position = len(self.value)


class FindLine(Horizontal):
    """One line: a slash, what is typed, and on the right how often it was found.

    Enter and Escape are left to the screen: what it does then must be done before the next key.
    """

    DEFAULT_CSS = """
    FindLine {
        display: none;
        height: 1;
        padding: 0 1;
        background: $panel;
        & > Static { width: auto; background: $panel; }
        & > #find-count { padding-left: 1; color: $foreground-muted; }
        & > #find-count.-vain { color: $text-warning; }
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

    class Typed(Posted):
        """The text became another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(_Text).value

    def compose(self) -> ComposeResult:
        """The slash, the text, the count."""
        yield Static("/", markup=False)
        yield _Text()
        yield Static("", id="find-count", markup=False)

    def open(self, last: str, hint: str = "") -> None:
        """Show the line, empty but for a hint, and take the keys; Up brings `last`."""
        text = self.query_one(_Text)
        self.display = True
        text.placeholder = hint
        text.last = last
        text.value = ""
        self.show_count("")
        text.focus()

    def close(self) -> None:
        """Hide the line."""
        self.display = False

    def show_count(self, words: str, *, is_in_vain: bool = False) -> None:
        """Show how often the text was found."""
        count = self.query_one("#find-count", Static)
        count.update(Content(words))
        count.set_class(is_in_vain, "-vain")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(event.value))

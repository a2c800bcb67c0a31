"""The line for `:` commands, shown in COMMAND mode only."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message as Posted
from textual.suggester import SuggestFromList
from textual.widgets import Input


class CommandLine(Input):
    """One line that begins with `:`; Tab takes the suggestion, Enter runs it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take_suggestion", "Complete", show=False),
    ]
    DEFAULT_CSS = """
    CommandLine {
        display: none;
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        &:focus { border: none; }
    }
    """

    class Entered(Posted):
        """A command was typed; an empty one means it was left."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            suggester=SuggestFromList([f":{name}" for name in names]), select_on_focus=False
        )
        self.cursor_blink = False

    def open(self) -> None:
        """Show the line, empty but for its colon, and take the keys."""
        self.display = True
        self.value = ":"
        self.cursor_position = 1
        self.focus()

    def close(self) -> None:
        """Hide the line."""
        self.display = False
        self.value = ""

    def action_take_suggestion(self) -> None:
        """Complete the name as suggested."""
        self.action_cursor_right()
        self.action_end()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Deleting the colon leaves the line."""
        event.stop()
        if self.display and not event.value.startswith(":"):
            self.post_message(self.Entered(""))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value.removeprefix(":").strip()))

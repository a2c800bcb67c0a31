"""Screens that ask for a line, and for several."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea

from conduit_tui.core.clean import clean, clean_line
from conduit_tui.tui.screens.dialog import Dialog, Frame


class _Line(Input):
    """Enter calls `save` at once: a message would come behind the next key."""

    def __init__(self, value: str, placeholder: str, save: Callable[[str], object]) -> None:
        super().__init__(value, placeholder=placeholder, select_on_focus=False)
        self._save = save

    async def action_submit(self) -> None:
        """Save the line."""
        self._save(self.value)


class LineInput(Dialog[str]):
    """Asks for one line; returns it stripped (it may be empty), or None after Escape."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    LineInput Frame { width: 60; }
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        placeholder: str = "",
        *,
        does: tuple[str, str] = ("save", "leave as it is"),
    ) -> None:
        """`does` says what Enter and Escape do."""
        super().__init__()
        self._title = title
        self._value = value
        self._placeholder = placeholder
        self._does = does

    def compose(self) -> ComposeResult:
        """The line."""
        with Frame(self._title, ("Enter", self._does[0]), ("Esc", self._does[1])):
            yield _Line(clean_line(self._value), self._placeholder, self._save)

    def on_mount(self) -> None:
        """Keep the cursor still: blinking is output while nothing moves."""
        self.query_one(Input).cursor_blink = False

    def _save(self, value: str) -> None:
        self.dismiss(value.strip())


class _Lines(TextArea):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "break_line", "Break", show=False)
    ]

    def __init__(self, text: str, placeholder: str, save: Callable[[str], object]) -> None:
        super().__init__(text, placeholder=placeholder, highlight_cursor_line=False)
        self._save = save

    def on_key(self, event: events.Key) -> None:
        """Enter saves; TextArea by itself would break the line."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._save(self.text)

    def action_break_line(self) -> None:
        """Break the line at the cursor."""
        self.insert("\n")


class TextInput(Dialog[str]):
    """Asks for text of several lines; Enter saves it, Ctrl+J breaks the line, as in the prompt."""

    AUTO_FOCUS = "TextArea"
    DEFAULT_CSS = """
    TextInput {
        & Frame { width: 76; }
        & TextArea {
            height: auto; min-height: 5; max-height: 16; border: none; padding: 0;
            background: transparent;
            &:focus { border: none; }
        }
        &.-low TextArea { min-height: 3; }
        &.-tiny TextArea { min-height: 1; height: 1fr; }
    }
    """

    def __init__(self, title: str, value: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The text."""
        with Frame(
            self._title, ("Enter", "save"), ("Ctrl+J", "break the line"), ("Esc", "leave as it is")
        ):
            yield _Lines(clean(self._value), self._placeholder, self._save)

    def on_mount(self) -> None:
        """Start at the end, with a still cursor."""
        lines = self.query_one(_Lines)
        lines.cursor_blink = False
        lines.move_cursor(lines.document.end)

    def _save(self, text: str) -> None:
        self.dismiss(text.strip())

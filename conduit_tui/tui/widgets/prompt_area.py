"""The text area inside the prompt: it asks the prompt about each key before it takes it."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widgets import TextArea

MOST_LINES = 10
SHARE_OF_SCREEN = 0.4


class PromptArea(TextArea):
    """Grows with its text up to ten lines or two fifths of the screen, then scrolls.

    `take_key` returns True for a key the prompt has dealt with; `take_paste` gets every paste.
    Both are called at once, not by message: a letter typed right after Enter must not be sent
    along with the text before it.
    """

    LEFT_TO_SCREEN: ClassVar[set[str]] = {"copy", "paste", "select_line", "select_all"}
    """Actions bound to Ctrl+C, Ctrl+V, F6 and F7, which belong to the screen."""
    PAGING: ClassVar[set[str]] = {"cursor_page_up", "cursor_page_down"}

    DEFAULT_CSS = """
    PromptArea, PromptArea:focus {
        width: 1fr;
        height: auto;
        min-height: 1;
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self, take_key: Callable[[events.Key], bool], take_paste: Callable[[str], None]
    ) -> None:
        super().__init__(soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._take_key = take_key
        self._take_paste = take_paste

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines the wrapped text takes, within bounds."""
        wanted = super().get_content_height(container, viewport, width)
        most = min(MOST_LINES, int(self.screen.size.height * SHARE_OF_SCREEN))
        return max(1, min(wanted, most))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave to the screen what is the screen's; paging too, while all text is in view."""
        if action in self.LEFT_TO_SCREEN:
            return False
        if action in self.PAGING and self.wrapped_document.height <= self.size.height:
            return False
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Let the prompt go first."""
        if self._take_key(event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """The prompt decides what a paste becomes."""
        event.stop()
        event.prevent_default()
        self._take_paste(event.text)

    def put(self, text: str) -> None:
        """Replace the text, the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def type_text(self, text: str) -> None:
        """Put text at the cursor, in place of the selection, as one step of undo."""
        self.history.checkpoint()
        self.replace(text, *self.selection, maintain_selection_offset=False)
        self.history.checkpoint()

    def replace_before_cursor(self, start_column: int, text: str) -> None:
        """Replace what stands between a column of the cursor's line and the cursor."""
        row, column = self.cursor_location
        self.replace(text, (row, start_column), (row, column), maintain_selection_offset=False)

    @property
    def before_cursor(self) -> str:
        """The cursor's line up to the cursor."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    @property
    def is_on_first_row(self) -> bool:
        """Whether the cursor is on the first row as wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    @property
    def is_on_last_row(self) -> bool:
        """Whether the cursor is on the last row as wrapped."""
        offset = self.wrapped_document.location_to_offset(self.cursor_location)
        return offset.y == self.wrapped_document.height - 1

    def show_placeholder(self, words: str) -> None:
        """Say what can be typed, while there is no text."""
        self.placeholder = Content(words)

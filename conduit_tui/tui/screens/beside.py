"""A list with what is under its cursor read beside it, or below where there is no room."""

from datetime import UTC, datetime
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from conduit_tui.core.message import Message, Text
from conduit_tui.tui.screens.choices import Choices
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_preview import MessagePreview
from conduit_tui.tui.widgets.remarks import Remark

Result = TypeVar("Result")

_NOW = datetime.now(UTC)  # of no meaning: the reading shows no time


class Beside(Dialog[Result]):
    """A subclass shows rows in `choices`, and says with `read` what stands beside the cursor.

    The list keeps the keys; `Ctrl+D`, `Ctrl+U` and the wheel scroll what is read. On a low screen
    there is the list alone.
    """

    AUTO_FOCUS = "Choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("ctrl+d", "scroll_reading(1)", "Read on", show=False),
        Binding("ctrl+u", "scroll_reading(-1)", "Read back", show=False),
    ]
    DEFAULT_CSS = """
    Beside {
        & Frame { width: 100%; height: 100%; background: $background; }
        & #beside { height: 1fr; layout: vertical; }
        & Choices { height: auto; max-height: 50%; width: 100%; }
        & #reading { height: 1fr; width: 100%; border-top: solid $border; }
        &.-wide #beside { layout: horizontal; }
        &.-wide Choices { width: 52%; height: 100%; max-height: 100%; }
        &.-wide #reading {
            width: 1fr; height: 100%; border-top: none; border-left: solid $border;
        }
        &.-low #reading, &.-tiny #reading { display: none; }
        &.-low Choices, &.-tiny Choices { max-height: 100%; }
    }
    """

    def __init__(self, title: str, empty: str, *hints: tuple[str, str]) -> None:
        super().__init__()
        self._title = title
        self._empty = empty
        self._hints = hints

    def compose(self) -> ComposeResult:
        """The list and the reading."""
        with Frame(self._title, *self._hints, ("Esc", "close")), Container(id="beside"):
            yield Choices(empty=self._empty, is_careful=True)
            with Container(id="reading"):
                yield MessagePreview()

    def on_mount(self) -> None:
        """Show the rows, and read the first once there is a height to read it in."""
        self.show_rows()
        self.watch(self.choices, "cursor", self.reread, init=False)
        self.call_after_refresh(self.reread)

    def show_rows(self) -> None:
        """Put the rows into the list."""
        raise NotImplementedError

    def reread(self) -> None:
        """Say what is read beside the row under the cursor, with `read`."""
        raise NotImplementedError

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    def read(self, name: str, markdown: str, *remarks: Remark) -> None:
        """Read a text below its name, with remarks between both; another name from its start."""
        shown = Message(name, "", None, "assistant", (Text(markdown),), _NOW, model=name)
        self.query_one(MessagePreview).show([Entry(shown, remarks=remarks)], 0)

    def action_scroll_reading(self, pages: int) -> None:
        """Read on, or back."""
        preview = self.query_one(MessagePreview)
        rows = max(1, preview.size.height - 1)
        preview.scroll_relative(y=pages * rows, animate=False)

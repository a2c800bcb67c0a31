"""What the small screens have in common: one thin frame with a title and hints."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from conduit_tui.core.clean import clean_line

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A screen over the others; Escape leaves it without a result.

    Below 8 rows it has no frame, so that what matters stays in view.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (8, "-low"), (14, "-high")]  # noqa: RUF012
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        &.-tiny Frame { border: none; padding: 0; }
        & Input {
            border: none; padding: 0; height: 1;
            background: transparent; background-tint: transparent;
            &:focus { border: none; background-tint: transparent; }
        }
        &:ansi Input > .input--cursor {
            color: ansi_default; background: ansi_default; text-style: reverse;
        }
    }
    """

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)


class Frame(Vertical):
    """The frame of a dialog: as high as what is in it, at most as high as the screen.

    `hints` are keys and what they do, `("Enter", "save")`; they stand in the lower edge.
    """

    DEFAULT_CSS = """
    Frame {
        width: 72;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 0 1;
        background: $surface;
        border: round $border;
        border-title-color: $text-accent;
        border-title-style: bold;
        border-subtitle-color: $foreground;
    }
    """

    def __init__(self, title: str, *hints: tuple[str, str]) -> None:
        super().__init__()
        self.border_title = Content(clean_line(title))
        self.border_subtitle = _hint_line(hints)


def _hint_line(hints: Sequence[tuple[str, str]]) -> Content:
    parts: list[str | tuple[str, str]] = []
    for key, what in hints:
        parts += ["  " if parts else "", (key, "$foreground"), (f" {what}", "dim")]
    return Content.assemble(*parts)

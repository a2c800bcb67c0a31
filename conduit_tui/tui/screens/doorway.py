"""The first frame: a prompt that takes keys while the rest of the program is being loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message as Posted
from textual.screen import Screen
from textual.widget import Widget

from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment

OPEN_AFTER_SECONDS = 0.15
"""After the first frame: a key that is typed at once is shown before the loading begins."""

Draft: TypeAlias = "tuple[str, tuple[Attachment, ...]]"


@dataclass(slots=True)
class TypedAhead:
    """What a person typed before the chat stood: sent already, and not yet."""

    sent: list[Draft] = field(default_factory=list["Draft"])
    unsent: Draft = ("", ())


class _Side(Widget):
    """The place of the sidebar, empty: a plain widget would show its own name."""

    def render(self) -> str:
        """Nothing."""
        return ""


class Doorway(Screen[None]):
    """Looks like the chat will, empty but for the prompt. Posts `Shown`; the app replaces it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Doorway {
        layers: side main;
        & #doorway-side {
            layer: side; dock: left; width: 30; max-width: 32%; height: 1fr; margin-bottom: 1;
            background: $surface;
        }
        & Prompt { layer: main; dock: bottom; margin: 0 0 1 30; }
        & StatusBar { layer: main; dock: bottom; }
        &.-narrow #doorway-side { display: none; }
        &.-narrow Prompt { margin: 0 0 1 0; }
    }
    """

    class Shown(Posted):
        """The prompt was painted and had a moment to itself."""

    def __init__(self) -> None:
        super().__init__()
        self._sent: list[Draft] = []

    def compose(self) -> ComposeResult:
        """The place of the sidebar, the prompt, the status bar."""
        yield _Side(id="doorway-side")
        yield Prompt()
        yield StatusBar()

    def on_mount(self) -> None:
        """Take keys, and say so a moment after the first frame."""
        self.query_one(Prompt).focus()
        self.call_after_refresh(self.set_timer, OPEN_AFTER_SECONDS, self._shown)

    def on_key(self, event: events.Key) -> None:
        """Keep what was typed before the prompt had the keys."""
        if event.is_printable:
            self.query_one(Prompt).paste(event.character or "")

    def take(self) -> TypedAhead:
        """What was typed here."""
        prompt = self.query_one(Prompt)
        return TypedAhead(self._sent, (prompt.text, tuple(prompt.attachments)))

    @on(Prompt.Sent)
    def _keep_sent(self, event: Prompt.Sent) -> None:
        self._sent.append((event.text, tuple(event.attachments)))

    def _shown(self) -> None:
        self.post_message(self.Shown())

"""The screen of all that was done to a session's tree."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from conduit_tui.core.age import ago
from conduit_tui.core.journal import Entry, Journal
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame

FIRST = "first"
"""What is returned for the state before all of the steps."""


class Reflog(Dialog[str]):
    """Lists the steps, the newest first; returns the id of the chosen one, or `FIRST`."""

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", "Close", show=False)]
    DEFAULT_CSS = """
    Reflog {
        & Frame { width: 96; max-height: 90%; }
        & Choices { max-height: 100%; }
        &.-tiny Frame, &.-low Frame { max-height: 100%; }
    }
    """

    def __init__(self, journal: Journal, now: datetime) -> None:
        super().__init__()
        self._journal = journal
        self._now = now

    def compose(self) -> ComposeResult:
        """The steps."""
        hints = ("Enter", "back to right after it"), ("Esc", "close")
        with Frame("Steps of this tree", *hints):
            yield Choices(is_careful=True)

    def on_mount(self) -> None:
        """Show the steps."""
        self.query_one(Choices).show([*self._rows()])

    @on(Choices.Chosen)
    def _choose(self, event: Choices.Chosen) -> None:
        self.dismiss(event.value)

    def _rows(self) -> Iterator[Row]:
        entries = list(self._journal)
        for entry in reversed(entries):
            is_now = entry is entries[-1]
            when = "here" if is_now else ago(entry.at, self._now)
            note = f"{when}  {self._clock(entry.at)}"
            yield Row(_words(entry), entry.id, note, is_now, entry.kind != "do", keeps_note=True)
        if self._journal.is_all:
            yield Row("before all of this", FIRST)
        else:
            yield Row("before all of these", FIRST)
            yield Row(f"Older steps than these {len(entries):,} are not listed.")

    def _clock(self, at: datetime) -> str:
        at, now = at.astimezone(), self._now.astimezone()
        return at.strftime("%H:%M:%S" if at.date() == now.date() else "%Y-%m-%d %H:%M")


def _words(entry: Entry) -> str:
    return f"{entry.kind}: {entry.words}" if entry.kind in ("undo", "redo") else entry.words

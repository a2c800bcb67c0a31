"""The screen of deleted sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from conduit_tui.core.amounts import counted
from conduit_tui.core.summary import SessionSummary
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.confirm import Confirm
from conduit_tui.tui.screens.dialog import Dialog, Frame

TrashAnswer: TypeAlias = tuple[Literal["restore", "erase", "empty"], str]


class Trash(Dialog[TrashAnswer]):
    """Returns what to do with which session: `(what, session_id)`, or None.

    Emptying is of no session, and like erasing asks first, because it cannot be undone.
    """

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("r", "restore", "Restore", show=False),
        Binding("x,delete", "erase", "Erase", show=False),
        Binding("X", "empty", "Erase all", show=False),
    ]
    DEFAULT_CSS = """
    Trash {
        & Frame { max-height: 90%; }
        & Choices { max-height: 100%; }
        &.-tiny Frame, &.-low Frame { max-height: 100%; }
    }
    """

    def __init__(self, summaries: Sequence[SessionSummary]) -> None:
        super().__init__()
        self._summaries = {summary.id: summary for summary in summaries}

    def compose(self) -> ComposeResult:
        """The sessions."""
        hints = (("Enter", "restore"), ("x", "erase for good"), ("X", "all"), ("Esc", "close"))
        with Frame("Trash", *hints):
            yield Choices(empty="The trash is empty.")

    def on_mount(self) -> None:
        """Show the sessions in the order given."""
        self.query_one(Choices).show([_row(each) for each in self._summaries.values()])

    @on(Choices.Chosen)
    def _restore(self, event: Choices.Chosen) -> None:
        self.dismiss(("restore", event.value))

    def action_restore(self) -> None:
        """Restore the session under the cursor."""
        if session_id := self.query_one(Choices).value:
            self.dismiss(("restore", session_id))

    @work
    async def action_erase(self) -> None:
        """Ask, then erase the session under the cursor."""
        session_id = self.query_one(Choices).value
        if session_id is None:
            return
        summary = self._summaries[session_id]
        question = f"Erase {_title(summary)!r} and its {_count(summary)}? This cannot be undone."
        if await self._is_sure(question, "Erase"):
            self.dismiss(("erase", session_id))

    @work
    async def action_empty(self) -> None:
        """Ask, then erase all of them."""
        if not self._summaries:
            return
        sessions = counted(len(self._summaries), "session", "sessions")
        messages = sum(summary.message_count for summary in self._summaries.values())
        question = (
            f"Erase all {sessions} in the trash, with {counted(messages, 'message', 'messages')}? "
            "This cannot be undone."
        )
        if await self._is_sure(question, "Erase all"):
            self.dismiss(("empty", ""))

    async def _is_sure(self, question: str, yes: str) -> bool:
        # Textual leaves the type of an app's result open.
        app = self.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return bool(await app.push_screen_wait(Confirm(question, yes, "Keep")))


def _row(summary: SessionSummary) -> Row:
    deleted = f"deleted {_day(summary.deleted_at)}" if summary.deleted_at else ""
    return Row(_title(summary), summary.id, f"{_count(summary)}  {deleted}".rstrip())


def _title(summary: SessionSummary) -> str:
    return summary.title[:200].strip() or "New session"


def _count(summary: SessionSummary) -> str:
    return counted(summary.message_count, "message", "messages")


def _day(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d")

"""Turns as the chat shows them: what changes on the screen when one moves on."""

from time import perf_counter
from typing import TYPE_CHECKING

from textual.message import Message as TextualMessage
from textual.timer import Timer

from conduit_tui.controller.turn import Turn
from conduit_tui.core.consent import Approval
from conduit_tui.core.events import TurnEnded
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

FRAME_SECONDS = 1 / 30
LEAST_REST = 3
"""How many times as long as showing calls took nothing of them is shown: keys go in between."""


class ProgramEnded(TextualMessage):
    """For the app: a program that may have written to the terminal has ended."""


class TurnsShown:
    """Brings the screen up to date as `TurnWatch` tells of turns."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._took = 0.0
        self._redraws = False

    def reply_grew(self, message_id: str) -> None:
        """A draft got longer."""
        self._screen.transcript.touch(message_id)
        self._screen.exploring.reply_grew(message_id)
        self._screen.comparing.reply_grew(message_id)

    def branch_changed(self, session_id: str) -> None:
        """Messages or drafts came or went."""
        if session_id == self._screen.session.id:
            self._screen.refresh_path()
        else:
            self._screen.refresh_status()

    def message_committed(self, session_id: str, message: Message) -> None:
        """A message is stored."""
        self.branch_changed(session_id)
        if message.role == "user":
            self._screen.refresh_sessions()

    def calls_moved(self, session: Session) -> None:
        """Calls of a session began, ended or were answered: show them with the next frame."""
        del session  # the bar tells of questions in others too
        if self._timer is None:
            wait = max(FRAME_SECONDS, LEAST_REST * self._took)
            self._timer = self._screen.set_timer(wait, self._show_calls)

    def call_ended(self, tool: str) -> None:
        """A call is over: what a program wrote to the terminal is painted over."""
        self._redraws = self._redraws or self._screen.controller.tooling.runs_programs(tool)

    def _show_calls(self) -> None:
        self._timer = None
        screen, began = self._screen, perf_counter()
        if screen.is_gone:
            return
        if self._redraws:
            self._redraws = False
            screen.post_message(ProgramEnded())
        screen.calls_shown.refresh()
        screen.answering.questions_changed()
        screen.refresh_status()
        self._took = perf_counter() - began

    def asked(self, session: Session, approval: Approval) -> None:
        """A call waits for a person's word."""
        self._screen.endings.asked(session, approval)

    def params_fitted(self, session_id: str, words: tuple[str, ...]) -> None:
        """What the model would have refused was left out."""
        self._screen.params.tell(session_id, words)

    def turn_ended(self, turn: Turn, session: Session, event: TurnEnded) -> None:
        """A turn is over."""
        screen = self._screen
        screen.endings.turn_ended(turn, session, event)
        last = session.get(turn.last_id)
        if last is None or last.role != "assistant" or event.reason == "interrupted":
            return
        if not screen.is_on_view(session, last.id):
            screen.unseen.add(session, last.id)
            screen.refresh_sessions()

"""The calls of the session on view as its transcript, tree and lists show them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from conduit_tui.core.consent import Approval
from conduit_tui.tui.calls_at_work import CallsAtWork
from conduit_tui.tui.widgets.call_state import CallState, Question
from conduit_tui.tui.widgets.entry import NO_CALLS

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

TICK_SECONDS = 1.0


class CallsShown:
    """Brings lines of calls up to date. Its clock runs only while a call runs on view."""

    def __init__(self, screen: "ChatScreen", calls: CallsAtWork) -> None:
        self._screen = screen
        self._calls = calls
        self._ticker: Timer | None = None

    def states(self) -> dict[str, Mapping[int, CallState]]:
        """How calls stand, by their messages, in the session on view."""
        asked: dict[str, list[Approval]] = {}
        for each in sorted(self._open(), key=lambda each: each.index):
            asked.setdefault(each.message_id, []).append(each)
        questions = {message_id: self._questions(each) for message_id, each in asked.items()}
        session = self._screen.session
        ids = dict.fromkeys((*self._calls.message_ids, *questions))
        return {
            message_id: self._calls.states(message_id, questions.get(message_id, {}))
            for message_id in ids
            if message_id in session
        }

    def refresh(self) -> None:
        """Show how the calls on view stand now; what looks the same is not painted again."""
        screen = self._screen
        if screen.is_gone:
            return
        states = self.states()
        transcript = screen.transcript
        for entry in [each for each in transcript.entries if each.calls or each.id in states]:
            transcript.set_calls(entry.id, states.get(entry.id, NO_CALLS))
        screen.message_tree.mark_asking(self.asking_messages())
        self.keep_time()

    def asking_messages(self) -> frozenset[str]:
        """The messages of the session on view that wait for an answer."""
        return frozenset(each.message_id for each in self._open())

    def asking_sessions(self) -> frozenset[str]:
        """The sessions in which an answer is waited for."""
        waiting = self._screen.controller.tooling.open_approvals()
        return frozenset(each.session_id for each in waiting)

    @property
    def is_any_running(self) -> bool:
        """Whether a call on view runs."""
        entries = self._screen.transcript.entries
        return any(state.is_running for each in entries for state in each.calls.values())

    def keep_time(self) -> None:
        """Let the clock run while a call on view does, and no longer."""
        runs = self.is_any_running
        if runs and self._ticker is None:
            self._ticker = self._screen.set_interval(TICK_SECONDS, self.refresh)
        elif not runs and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _open(self) -> tuple[Approval, ...]:
        return self._screen.controller.tooling.open_approvals(self._screen.session)

    def _questions(self, asked: Sequence[Approval]) -> dict[int, Question]:
        """The questions of one message; the key stands at the one that it goes to next."""
        answering = self._screen.answering
        key = self._screen.keymap.hint("answer") or "/answer"
        has_keys = [answering.is_about(each) for each in asked]
        following = (has_keys.index(True) + 1) % len(asked) if True in has_keys else 0
        return {
            each.index: Question(each, key if at == following else "", has_keys[at])
            for at, each in enumerate(asked)
        }

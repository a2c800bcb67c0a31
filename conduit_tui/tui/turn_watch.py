"""Follows turns for the screen: feeds the drafts on view, and says when something changed."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Protocol

from conduit_tui.controller.turn import Turn
from conduit_tui.core.consent import Approval
from conduit_tui.core.events import (
    ApprovalNeeded,
    ApprovalSettled,
    Event,
    GenerationStarted,
    MessageCommitted,
    ParamsFitted,
    RetryScheduled,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.tui.calls_at_work import CallsAtWork
from conduit_tui.tui.live import LiveReplies, is_stream_event


class ShowsTurns(Protocol):
    """What a screen does when a turn moves on. `session_id` tells whether it is on view."""

    def reply_grew(self, message_id: str) -> None:
        """A draft got longer: paint it with the next frame."""
        ...

    def branch_changed(self, session_id: str) -> None:
        """Messages or drafts came or went."""
        ...

    def message_committed(self, session_id: str, message: Message) -> None:
        """A message is stored."""
        ...

    def calls_moved(self, session: Session) -> None:
        """Calls of a session began, ended or were answered."""
        ...

    def call_ended(self, tool: str) -> None:
        """A call of a tool is over; its program may have written to the terminal."""
        ...

    def asked(self, session: Session, approval: Approval) -> None:
        """A call waits for a person's word."""
        ...

    def params_fitted(self, session_id: str, words: tuple[str, ...]) -> None:
        """What the model would have refused was left out."""
        ...

    def turn_ended(self, turn: Turn, session: Session, event: TurnEnded) -> None:
        """A turn is over; everything of it is in the tree."""
        ...


class TurnWatch:
    """Reads the events of every turn the screen started, until each ends."""

    def __init__(self, live: LiveReplies, calls: CallsAtWork, screen: ShowsTurns) -> None:
        self._live = live
        self._calls = calls
        self._screen = screen

    async def follow(
        self, turn: Turn, session: Session, then: Callable[[Turn, Session], None]
    ) -> None:
        """Read a turn to its end; holding `session` keeps it open meanwhile."""
        async with aclosing(turn.events()) as events:
            async for event in events:
                self._take(turn, session, event)
        self._live.end_turn(turn)
        self._calls.end_turn(turn.id)
        self._screen.branch_changed(session.id)
        then(turn, session)

    def _take(self, turn: Turn, session: Session, event: Event) -> None:
        if is_stream_event(event):
            for reply in self._live.of_turn(turn):
                has_waited = reply.wait_until is not None
                reply.feed(event)
                self._screen.reply_grew(reply.message_id)
                if has_waited:
                    self._screen.branch_changed(turn.session_id)  # no countdown under its words
            return
        match event:
            case GenerationStarted():
                self._live.start(turn, event)
                self._screen.branch_changed(turn.session_id)
            case RetryScheduled():
                for reply in self._live.of_turn(turn):
                    reply.wait(event)
                self._screen.branch_changed(turn.session_id)
            case MessageCommitted(message):
                self._live.finish(message.id)
                if message.role == "tool" and message.predecessor_id is not None:
                    self._calls.answered(message.predecessor_id)
                self._screen.message_committed(turn.session_id, message)
            case ParamsFitted(words):
                self._screen.params_fitted(turn.session_id, words)
            case ToolStarted(call, message_id, index):
                self._calls.started(turn.id, message_id, index, call.name)
                self._screen.calls_moved(session)
            case ToolFinished(call, result, _, message_id, index):
                self._calls.finished(message_id, index, result)
                self._screen.call_ended(call.name)
                self._screen.calls_moved(session)
            case ApprovalNeeded(approval):
                self._calls.asked(approval)
                self._screen.calls_moved(session)
                self._screen.asked(session, approval)
            case ApprovalSettled(approval):
                self._calls.settled(approval)
                self._screen.calls_moved(session)
            case TurnEnded():
                self._screen.turn_ended(turn, session, event)
            case _:
                pass

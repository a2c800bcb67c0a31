"""Follows turns for the screen: feeds the drafts on view, and says when something changed."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Protocol

from conduit_tui.controller.turn import Turn
from conduit_tui.core.events import (
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

    def params_fitted(self, session_id: str, words: tuple[str, ...]) -> None:
        """What the model would have refused was left out."""
        ...

    def turn_ended(self, turn: Turn, session: Session, event: TurnEnded) -> None:
        """A turn is over; everything of it is in the tree."""
        ...


class TurnWatch:
    """Reads the events of every turn the screen started, until each ends."""

    def __init__(self, live: LiveReplies, screen: ShowsTurns) -> None:
        self._live = live
        self._screen = screen
        self._running_tools: dict[str, str] = {}

    def running_tool(self, turn: Turn) -> str:
        """The name of the tool a turn runs now, or nothing."""
        return self._running_tools.get(turn.id, "")

    async def follow(
        self, turn: Turn, session: Session, then: Callable[[Turn, Session], None]
    ) -> None:
        """Read a turn to its end; holding `session` keeps it open meanwhile."""
        async with aclosing(turn.events()) as events:
            async for event in events:
                self._take(turn, session, event)
        self._live.end_turn(turn)
        self._running_tools.pop(turn.id, None)
        self._screen.branch_changed(session.id)
        then(turn, session)

    def _take(self, turn: Turn, session: Session, event: Event) -> None:
        if is_stream_event(event):
            for reply in self._live.of_turn(turn):
                reply.feed(event)
                self._screen.reply_grew(reply.message_id)
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
                self._screen.message_committed(turn.session_id, message)
            case ParamsFitted(words):
                self._screen.params_fitted(turn.session_id, words)
            case ToolStarted(call):
                self._running_tools[turn.id] = call.name
                self._screen.branch_changed(turn.session_id)
            case ToolFinished():
                self._running_tools.pop(turn.id, None)
            case TurnEnded():
                self._screen.turn_ended(turn, session, event)
            case _:
                pass

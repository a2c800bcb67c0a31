"""Replies that stream right now: their drafts, how fast they come, what they wait for."""

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeGuard, get_args

from conduit_tui.controller.turn import Turn
from conduit_tui.core.errors import InvalidAnswer
from conduit_tui.core.events import GenerationStarted, RetryScheduled, StreamEvent
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import LiveNode
from conduit_tui.engine.draft import Draft

_RATE_WINDOW_SECONDS = 3.0
_STREAM_EVENTS = get_args(StreamEvent)


@dataclass(slots=True)
class LiveReply:
    """One reply on its way. `wait_until` is set, on the monotonic clock, while a retry waits.

    `is_unfit` says that what it waits for is no server but a better answer.
    """

    turn: Turn
    draft: Draft
    shell: Message
    wait_words: str = ""
    wait_until: float | None = None
    is_unfit: bool = False
    has_begun: bool = False
    _arrivals: deque[float] = field(default_factory=lambda: deque[float](maxlen=600))

    @property
    def message_id(self) -> str:
        """The id the reply will be committed under."""
        return self.draft.message_id

    def feed(self, event: StreamEvent) -> None:
        """Let the draft grow."""
        self.wait_until = None
        self.has_begun = True
        self._arrivals.append(time.monotonic())
        self.draft.feed(event)

    def wait(self, event: RetryScheduled) -> None:
        """Take note that the request is tried again later."""
        self.wait_words = str(event.error)
        self.wait_until = time.monotonic() + event.seconds
        self.is_unfit = isinstance(event.error, InvalidAnswer)

    def note(self) -> str:
        """A line for the person: why nothing comes, or nothing."""
        if self.wait_until is None:
            return ""
        seconds = max(0, round(self.wait_until - time.monotonic()))
        if self.is_unfit:
            return f"{self.wait_words} Asking again."
        return f"{self.wait_words} Trying again in {seconds} s."

    def pieces_per_second(self) -> float:
        """Pieces received per second over the last seconds; with most servers one is a token."""
        now = time.monotonic()
        recent = sum(1 for arrival in self._arrivals if arrival > now - _RATE_WINDOW_SECONDS)
        if not recent:
            return 0.0
        began = max(self._arrivals[0], now - _RATE_WINDOW_SECONDS)
        return recent / max(now - began, 0.25)


class LiveReplies:
    """All replies that stream, on any branch of any session."""

    def __init__(self) -> None:
        self._replies: dict[str, LiveReply] = {}
        self._seen: dict[str | None, str] = {}  # which was on view below a message, the last time

    def start(self, turn: Turn, event: GenerationStarted) -> LiveReply:
        """Take note of a generation that began."""
        now = datetime.now(UTC)
        draft = Draft(
            message_id=event.message_id,
            session_id=turn.session_id,
            predecessor_id=event.predecessor_id,
            provider="",
            model=event.model,
            params=Params(),
            started_at=now,
        )
        reply = LiveReply(turn, draft, draft.seal("complete", now))
        self._replies[event.message_id] = reply
        return reply

    def get(self, message_id: str) -> LiveReply | None:
        """The reply that will be committed under an id, while it streams."""
        return self._replies.get(message_id)

    def finish(self, message_id: str) -> None:
        """Forget a reply: it was committed, or its turn is over."""
        reply = self._replies.pop(message_id, None)
        if reply is not None and self._seen.get(reply.draft.predecessor_id) == message_id:
            del self._seen[reply.draft.predecessor_id]

    def end_turn(self, turn: Turn) -> None:
        """Forget whatever a turn that ended left behind."""
        for reply in list(self.of_turn(turn)):
            self.finish(reply.message_id)

    def of_turn(self, turn: Turn) -> Iterator[LiveReply]:
        """The replies of one turn: at most one at a time."""
        return (reply for reply in self._replies.values() if reply.turn is turn)

    def of_session(self, session_id: str) -> tuple[LiveReply, ...]:
        """The replies on all branches of a session, in the order they began."""
        return tuple(
            reply for reply in self._replies.values() if reply.draft.session_id == session_id
        )

    def nodes(self, session: Session) -> list[LiveNode]:
        """The replies on all branches of a session, as the rows of its tree take them."""
        return [
            LiveNode(reply.message_id, reply.draft.predecessor_id, reply.draft.model)
            for reply in self.of_session(session.id)
        ]

    def all_below(self, session: Session, message_id: str | None) -> tuple[LiveReply, ...]:
        """The replies that grow right below a message, in the order they began."""
        return tuple(
            reply
            for reply in self.of_session(session.id)
            if reply.draft.predecessor_id == message_id and reply.message_id not in session
        )

    def on_view(self, session: Session) -> LiveReply | None:
        """The reply that grows below the leaf of a session and is the one to look at."""
        if session.leaf_id is None or session.awaited_id is None:
            return None
        reply = self._replies.get(session.awaited_id)
        if reply is None or reply.message_id in session:
            return None
        return reply if reply.draft.predecessor_id == session.leaf_id else None

    def settle(self, session: Session) -> None:
        """Where replies grow below the leaf and none is awaited, await the one seen there last."""
        if session.awaited_id is None:
            below = self.all_below(session, session.leaf_id)
            seen = self._seen.get(session.leaf_id)
            if below:
                ids = [reply.message_id for reply in below]
                session.awaited_id = seen if seen in ids else ids[-1]
        if reply := self.on_view(session):
            self._seen[session.leaf_id] = reply.message_id

    def sibling_ids(self, session: Session, above: str | None) -> list[str]:
        """The messages right below one, those that stream last."""
        ids = [message.id for message in session.children(above)]
        return ids + [reply.message_id for reply in self.all_below(session, above)]

    def counts_below(self, session: Session) -> Counter[str | None]:
        """How many replies grow right below each message of a session."""
        return Counter(
            reply.draft.predecessor_id
            for reply in self.of_session(session.id)
            if reply.message_id not in session
        )

    def waiting(self) -> Iterator[LiveReply]:
        """The replies that wait for a retry."""
        return (reply for reply in self._replies.values() if reply.wait_until is not None)


def is_stream_event(event: object) -> TypeGuard[StreamEvent]:
    """Whether an event belongs to a draft."""
    return isinstance(event, _STREAM_EVENTS)

from datetime import UTC, datetime

import pytest

from conduit_tui.controller.turn import Turn
from conduit_tui.core.errors import Overloaded
from conduit_tui.core.events import (
    GenerationStarted,
    MessageCommitted,
    RetryScheduled,
    TextDelta,
    TurnEnded,
)
from conduit_tui.core.message import Text
from conduit_tui.core.session import Session
from conduit_tui.tui import live as live_module
from conduit_tui.tui.live import LiveReplies, LiveReply, is_stream_event


class Clock:
    """Stands in for `time` in the module."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(live_module, "time", clock)
    return clock


@pytest.fixture
def session(make_message) -> Session:
    session = Session("s")
    session.add(make_message("user", "hi", id="u", session_id="s"))
    session.visit("u")
    return session


def begin(live: LiveReplies, message_id: str = "m", above: str = "u", session: str = "s"):
    return live.start(Turn(session, above), GenerationStarted(message_id, above, "guide", 1))


def test_a_reply_is_found_below_its_predecessor_until_it_is_finished(session):
    live = LiveReplies()
    reply = begin(live)
    assert live.all_below(session, "u") == (reply,)
    assert live.all_below(session, "elsewhere") == ()
    assert live.of_session("s") == (reply,)
    assert live.of_session("other") == ()
    live.finish("m")
    assert live.all_below(session, "u") == ()
    assert live.get("m") is None


def test_of_several_below_one_message_the_awaited_one_is_on_view(session):
    live = LiveReplies()
    first, second = begin(live, "first"), begin(live, "second")
    assert live.on_view(session) is None
    session.awaited_id = "first"
    assert live.on_view(session) is first
    session.awaited_id = "second"
    assert live.on_view(session) is second
    session.awaited_id = "u"
    assert live.on_view(session) is None, "the message itself is the end of the path"


def test_where_none_is_awaited_the_one_seen_last_is_and_else_the_newest(session):
    live = LiveReplies()
    begin(live, "first")
    begin(live, "second")
    live.settle(session)
    assert session.awaited_id == "second"
    session.awaited_id = "first"
    live.settle(session)
    session.visit("u")
    live.settle(session)
    assert session.awaited_id == "first", "one was there before"


def test_siblings_are_those_that_were_committed_and_then_those_that_stream(session, make_message):
    live = LiveReplies()
    begin(live, "m1")
    begin(live, "m2")
    session.add(make_message("assistant", "done", id="m1", session_id="s", after=session["u"]))
    assert live.sibling_ids(session, "u") == ["m1", "m2"], "m1 is not there twice"
    assert live.counts_below(session) == {"u": 1}


def test_finishing_what_is_unknown_changes_nothing():
    live = LiveReplies()
    begin(live)
    live.finish("nothing")
    assert live.get("m")


def test_the_end_of_a_turn_forgets_only_its_own_replies():
    live = LiveReplies()
    ended, other = begin(live, "a"), begin(live, "b")
    live.end_turn(ended.turn)
    assert live.get("a") is None
    assert live.get("b") is other


def test_what_is_fed_is_in_the_draft_and_the_shell_stays_empty():
    reply = begin(LiveReplies())
    reply.feed(TextDelta("one "))
    reply.feed(TextDelta("two"))
    assert reply.draft.parts() == (Text("one two"),)
    assert reply.shell.parts == ()
    assert reply.shell.id == reply.message_id == "m"


def test_a_retry_counts_down_until_something_comes(clock: Clock):
    live = LiveReplies()
    reply = begin(live)
    assert reply.note() == ""
    reply.wait(RetryScheduled(Overloaded("Busy."), 8.0, 1))
    assert reply.note() == "Busy. Trying again in 8 s."
    assert list(live.waiting()) == [reply]
    clock.now += 5
    assert reply.note() == "Busy. Trying again in 3 s."
    clock.now += 50
    assert reply.note() == "Busy. Trying again in 0 s."
    reply.feed(TextDelta("x"))
    assert reply.note() == ""
    assert list(live.waiting()) == []


def test_the_rate_is_that_of_the_last_seconds(clock: Clock):
    reply: LiveReply = begin(LiveReplies())
    assert reply.pieces_per_second() == 0
    for _ in range(20):
        clock.now += 0.1
        reply.feed(TextDelta("x"))
    assert reply.pieces_per_second() == pytest.approx(10.5, abs=0.6)
    clock.now += 10
    assert reply.pieces_per_second() == 0


def test_only_what_belongs_to_a_draft_is_a_stream_event():
    assert is_stream_event(TextDelta("x"))
    for event in (
        TurnEnded("done"),
        GenerationStarted("m", "u", "guide", 1),
        RetryScheduled(Overloaded("Busy."), 1.0, 1),
        MessageCommitted(begin(LiveReplies()).draft.seal("complete", datetime.now(UTC))),
    ):
        assert not is_stream_event(event)

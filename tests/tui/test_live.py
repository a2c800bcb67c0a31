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


def begin(live: LiveReplies, message_id: str = "m", above: str = "u", session: str = "s"):
    return live.start(Turn(session, above), GenerationStarted(message_id, above, "guide", 1))


def test_a_reply_is_found_below_its_predecessor_until_it_is_finished():
    live = LiveReplies()
    reply = begin(live)
    assert live.below("u") is live.get("m") is reply
    assert live.below("elsewhere") is None
    assert live.of_session("s") == (reply,)
    assert live.of_session("other") == ()
    live.finish("m")
    assert live.below("u") is live.get("m") is None


def test_the_newest_of_several_below_one_message_is_the_one_on_view():
    live = LiveReplies()
    begin(live, "first")
    second = begin(live, "second")
    assert live.below("u") is second


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

from conduit_tui.controller.turn import Turn
from conduit_tui.core.consent import Act, Approval, Decision
from conduit_tui.core.errors import Overloaded
from conduit_tui.core.events import (
    ApprovalNeeded,
    ApprovalSettled,
    GenerationStarted,
    MessageCommitted,
    ParamsFitted,
    RetryScheduled,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from conduit_tui.core.message import Message, ToolCall, ToolResult
from conduit_tui.core.session import Session
from conduit_tui.tui.calls_at_work import CallsAtWork
from conduit_tui.tui.live import LiveReplies
from conduit_tui.tui.turn_watch import TurnWatch

CALL = ToolCall("c", "current_time", "{}")


class Noted:
    """A screen that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def reply_grew(self, message_id: str) -> None:
        self.told.append(("grew", message_id))

    def branch_changed(self, session_id: str) -> None:
        self.told.append(("branch", session_id))

    def message_committed(self, session_id: str, message: Message) -> None:
        self.told.append(("committed", message.id))

    def call_ended(self, tool: str) -> None:
        self.told.append(("call ended", tool))

    def calls_moved(self, session: Session) -> None:
        self.told.append(("calls", session.id))

    def asked(self, session: Session, approval: Approval) -> None:
        self.told.append(("asked", approval.id))

    def params_fitted(self, session_id: str, words: tuple[str, ...]) -> None:
        self.told.append(("fitted", *words))

    def turn_ended(self, turn: Turn, session: Session, event: TurnEnded) -> None:
        self.told.append(("ended", event.reason))


async def follow(*events, watch: TurnWatch | None = None, screen: Noted | None = None):
    """Play events to a watch; returns what the screen was told, and the turns that were over."""
    screen = screen or Noted()
    watch = watch or TurnWatch(LiveReplies(), CallsAtWork(), screen)
    turn, over = Turn("s1", "q"), []
    for event in events:
        turn.publish(event)
    await watch.follow(turn, Session("s1"), lambda *ended: over.append(ended[0]))
    return screen.told, over == [turn]


async def test_a_reply_is_told_as_it_begins_grows_and_is_committed(make_message):
    committed = make_message("assistant", "hi", id="m")
    told, is_over = await follow(
        GenerationStarted("m", "q", "guide", 1),
        TextDelta("h"),
        TextDelta("i"),
        MessageCommitted(committed),
        TurnEnded("done"),
    )
    assert told == [
        ("branch", "s1"),
        ("grew", "m"),
        ("grew", "m"),
        ("committed", "m"),
        ("ended", "done"),
        ("branch", "s1"),
    ]
    assert is_over


async def test_a_reply_is_live_only_until_it_is_committed(make_message):
    live = LiveReplies()
    seen = []

    class Looking(Noted):
        def reply_grew(self, message_id: str) -> None:
            seen.append(live.get("m") is not None)

        def message_committed(self, session_id: str, message: Message) -> None:
            seen.append(live.get("m") is not None)

    screen = Looking()
    await follow(
        GenerationStarted("m", "q", "guide", 1),
        TextDelta("h"),
        MessageCommitted(make_message("assistant", "h", id="m")),
        TurnEnded("done"),
        watch=TurnWatch(live, CallsAtWork(), screen),
        screen=screen,
    )
    assert seen == [True, False]


async def test_a_turn_that_ends_without_a_commit_leaves_nothing_live():
    live, screen = LiveReplies(), Noted()
    await follow(
        GenerationStarted("m", "q", "guide", 1),
        TurnEnded("interrupted"),
        watch=TurnWatch(live, CallsAtWork(), screen),
        screen=screen,
    )
    assert live.get("m") is None


async def test_a_retry_is_noted_on_the_reply_and_shown():
    live = LiveReplies()
    notes: list[str] = []

    class Looking(Noted):
        def branch_changed(self, session_id: str) -> None:
            notes.extend(reply.note() for reply in live.waiting())

    screen = Looking()
    await follow(
        GenerationStarted("m", "q", "guide", 1),
        RetryScheduled(Overloaded("Busy."), 60.0, 1),
        TurnEnded("interrupted"),
        watch=TurnWatch(live, CallsAtWork(), screen),
        screen=screen,
    )
    assert notes == ["Busy. Trying again in 60 s."]


async def test_calls_are_known_while_they_run() -> None:
    calls, running = CallsAtWork(), []

    class Looking(Noted):
        def calls_moved(self, session: Session) -> None:
            running.append(calls.running(turn.id))

    screen = Looking()
    turn = Turn("s1", "q")
    result = ToolResult("c", "noon")
    for event in (
        ToolStarted(CALL, "m", 0),
        ToolStarted(CALL, "m", 1),
        ToolFinished(CALL, result, 0.1, "m", 0),
        ToolFinished(CALL, result, 0.1, "m", 1),
        TurnEnded("done"),
    ):
        turn.publish(event)
    await TurnWatch(LiveReplies(), calls, screen).follow(turn, Session("s1"), lambda *_: None)
    assert running == ["current_time", "current_time +1", "current_time", ""]


async def test_a_question_is_told_when_it_comes_and_when_it_is_settled() -> None:
    approval = Approval("p", "s1", "m", 0, CALL, Act("current_time", "write", "x"))
    told, _ = await follow(
        ToolStarted(CALL, "m", 0),
        ApprovalNeeded(approval),
        ApprovalSettled(approval, Decision("once")),
        TurnEnded("done"),
    )
    assert told[:4] == [("calls", "s1"), ("calls", "s1"), ("asked", "p"), ("calls", "s1")]


async def test_the_end_is_told():
    told, is_over = await follow(TurnEnded("error", Overloaded("Busy.")))
    assert told == [("ended", "error"), ("branch", "s1")]
    assert is_over


async def test_what_was_left_out_is_told():
    told, is_over = await follow(ParamsFitted(("x takes no seed.", "And more.")), TurnEnded("done"))
    assert told[0] == ("fitted", "x takes no seed.", "And more.")
    assert is_over

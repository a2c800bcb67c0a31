"""Sends, edits and regenerations: what becomes of the tree, the view and the file."""

import asyncio
from contextlib import aclosing

import pytest

from conduit_tui.controller.turn import QueuedMessage
from conduit_tui.core.errors import Overloaded, SettingsError, UnknownModel
from conduit_tui.core.events import (
    GenerationStarted,
    GenerationStopped,
    MessageCommitted,
    TextDelta,
    ToolCallDelta,
    TurnEnded,
    UsageReported,
)
from conduit_tui.core.message import Attachment, Message, Text
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import reply
from tests.conftest import stalling
from tests.controller.desk import Desk, committed, events_of, texts


async def assert_stored(desk: Desk, session: Session) -> None:
    """What another program finds is what is on the screen."""
    stored = await desk.stored(session)
    assert list(stored) == list(session)
    assert stored.leaf_id == session.leaf_id
    assert stored.title == session.title
    assert await desk.draft_count() == 0


async def test_a_message_is_sent_answered_and_stored(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["hello"] = (UsageReported(Usage(5, 2)), *reply("Hi ", "there."))
    events = await events_of(desk.controller.send(session, "hello"))
    question, answer = session.path(session.leaf_id)
    assert events == [
        MessageCommitted(question),
        GenerationStarted(answer.id, question.id, "guide", 1),
        UsageReported(Usage(5, 2)),
        TextDelta("Hi "),
        TextDelta("there."),
        GenerationStopped("end_turn"),
        MessageCommitted(answer),
        TurnEnded("done"),
    ]
    assert (question.role, question.text, answer.text) == ("user", "hello", "Hi there.")
    assert (answer.provider, answer.model, answer.usage) == ("demo", "guide", Usage(5, 2))
    assert answer.params == Params(system_prompt="Be kind.", tools=("current_time",))
    await assert_stored(desk, session)


async def test_a_commit_is_told_only_when_the_message_is_in_the_file(desk: Desk) -> None:
    session = desk.shelf.new()
    async with aclosing(desk.controller.send(session, "hello").events()) as events:
        async for event in events:
            if isinstance(event, MessageCommitted):
                assert event.message.id in await desk.stored(session)


async def test_a_conversation_goes_on_below_its_leaf(desk: Desk) -> None:
    session = desk.shelf.new()
    line = await desk.talk(session, "one", "two")
    assert texts(line) == ["one", "Re: one", "two", "Re: two"]
    assert texts(desk.provider.requests[1].messages) == ["one", "Re: one", "two"]
    await assert_stored(desk, session)


async def test_attachments_go_with_the_words_or_alone(desk: Desk) -> None:
    session = desk.shelf.new()
    file = Attachment("text/plain", b"diff", "a.diff")
    await desk.controller.send(session, "review", (file,)).wait()
    await desk.controller.send(session, "", (file,)).wait()
    first, _, second, _ = session.path(session.leaf_id)
    assert first.parts == (Text("review"), file)
    assert second.parts == (file,)
    await assert_stored(desk, session)


async def test_a_tool_call_is_answered_within_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["time?"] = (
        ToolCallDelta(0, "c1", "current_time", "{}"),
        GenerationStopped("tool_calls"),
    )
    turn = desk.controller.send(session, "time?")
    await turn.wait()
    line = session.path(session.leaf_id)
    assert [message.role for message in line] == ["user", "assistant", "tool", "assistant"]
    assert "2026-11-22" in line[2].tool_results[0].output
    assert turn.last_id == line[-1].id
    await assert_stored(desk, session)


async def test_a_provider_without_tools_is_offered_none(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.controller.send(session, "hello", model="plain/x").wait()
    (request,) = desk.provider.requests
    assert (request.model, request.tools, request.params.tools) == ("x", (), ())


async def test_a_session_speaks_with_its_own_model_prompt_and_tools(desk: Desk) -> None:
    session = desk.shelf.new("demo/other")
    await desk.shelf.set_system_prompt(session, "")
    await desk.shelf.set_tools(session, ())
    await desk.talk(session, "hello")
    (request,) = desk.provider.requests
    assert request.model == "other"
    assert request.params == Params(system_prompt="", tools=())


async def test_an_edit_makes_a_sibling_and_goes_there(desk: Desk) -> None:
    session = desk.shelf.new()
    _, _, two, old = await desk.talk(session, "one", "two")
    await desk.controller.edit(session, two.id, "2").wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "2", "Re: 2"]
    assert texts(session.siblings(two.id)) == ["two", "2"]
    assert old.id in session
    await assert_stored(desk, session)


async def test_editing_the_first_message_makes_another_root(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    await desk.controller.edit(session, one.id, "1").wait()
    assert texts(session.children(None)) == ["one", "1"]
    assert texts(session.path(session.leaf_id)) == ["1", "Re: 1"]
    assert session.title == "one"
    await assert_stored(desk, session)


async def test_an_edit_on_another_branch_takes_the_view_there(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _, two, _ = await desk.talk(session, "one", "two")
    await desk.controller.edit(session, one.id, "1").wait()
    await desk.controller.edit(session, two.id, "2").wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "2", "Re: 2"]
    await assert_stored(desk, session)


async def test_an_edited_reply_stands_as_it_is(desk: Desk) -> None:
    session = desk.shelf.new()
    _, answer = await desk.talk(session, "one")
    events = await events_of(desk.controller.edit(session, answer.id, "Better words."))
    assert committed(events) == ["Better words."]
    assert events[-1] == TurnEnded("done")
    assert len(desk.provider.requests) == 1
    assert texts(await desk.talk(session, "two")) == ["one", "Better words.", "two", "Re: two"]
    await assert_stored(desk, session)


async def test_regenerating_a_reply_makes_a_sibling(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "one")
    desk.scripts["one"] = reply("Another.")
    await desk.controller.regenerate(session, answer.id).wait()
    assert texts(session.children(question.id)) == ["Re: one", "Another."]
    assert texts(session.path(session.leaf_id)) == ["one", "Another."]
    assert texts(desk.provider.requests[1].messages) == ["one"]
    await assert_stored(desk, session)


async def test_regenerating_from_a_question_asks_it_again(desk: Desk) -> None:
    session = desk.shelf.new()
    question, _ = await desk.talk(session, "one")
    await desk.controller.regenerate(session, question.id, model="demo/other").wait()
    assert [reply.model for reply in session.children(question.id)] == ["guide", "other"]
    await assert_stored(desk, session)


async def test_a_first_message_that_is_a_reply_has_nothing_to_ask_again(
    desk: Desk,
) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    lone = Message("m", session.id, None, "assistant", (Text("x"),), one.created_at)
    session.add(lone)
    with pytest.raises(ValueError, match="answers nothing"):
        desk.controller.regenerate(session, "m")


async def test_two_sends_in_a_row_never_share_a_predecessor(desk: Desk) -> None:
    session = desk.shelf.new()
    turns = [desk.controller.send(session, text) for text in ("one", "two", "three")]
    await asyncio.gather(*(turn.wait() for turn in turns))
    one, two, three = (message for message in session if message.role == "user")
    assert (one.predecessor_id, two.predecessor_id, three.predecessor_id) == (None, one.id, two.id)
    assert session.leaf_id == session.children(three.id)[0].id
    await assert_stored(desk, session)


async def test_a_reply_on_a_branch_one_has_left_does_not_steal_the_view(desk: Desk) -> None:
    session = desk.shelf.new()
    _, answer, two, _ = await desk.talk(session, "one", "two")
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = _gated(reached, gate)
    turn = desk.controller.edit(session, two.id, "slow")
    await reached.wait()
    assert texts(session.path(session.leaf_id))[-1] == "slow"
    await desk.shelf.switch(session, two.id)
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "two", "Re: two"]
    assert texts(session.children(session.children(answer.id)[1].id)) == ["slowly"]
    await assert_stored(desk, session)


async def test_several_turns_run_at_once_on_different_branches(desk: Desk) -> None:
    session = desk.shelf.new()
    (one, _) = await desk.talk(session, "one")
    gates = [asyncio.Event() for _ in range(4)]
    reached = [asyncio.Event() for _ in range(4)]
    for number in range(4):
        desk.scripts[f"q{number}"] = _gated(reached[number], gates[number])
    turns = [desk.controller.edit(session, one.id, f"q{number}") for number in range(4)]
    await asyncio.gather(*(one.wait() for one in reached))
    assert list(desk.controller.running(session)) == turns
    assert desk.controller.running_at_leaf(session) is turns[3]
    for gate in reversed(gates):
        gate.set()
    await asyncio.gather(*(turn.wait() for turn in turns))
    assert texts(session.children(None)) == ["one", "q0", "q1", "q2", "q3"]
    assert all(len(session.children(root.id)) == 1 for root in session.children(None))
    assert texts(session.path(session.leaf_id)) == ["q3", "slowly"]
    assert list(desk.controller.running()) == []
    await assert_stored(desk, session)


async def test_turns_of_many_sessions_at_once_are_all_stored(desk: Desk) -> None:
    sessions = [desk.shelf.new() for _ in range(12)]
    turns = [desk.controller.send(session, f"{number}") for number, session in enumerate(sessions)]
    for turn in turns:
        assert (await events_of(turn))[-1] == TurnEnded("done")
    for session in sessions:
        await assert_stored(desk, session)


async def test_three_regenerations_at_once_make_three_siblings(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "one")
    turns = [desk.controller.regenerate(session, answer.id) for _ in range(3)]
    await asyncio.gather(*(turn.wait() for turn in turns))
    assert len(session.children(question.id)) == 4
    assert session.leaf_id in {reply.id for reply in session.children(question.id)[1:]}
    await assert_stored(desk, session)


async def test_cancelling_keeps_the_partial_text_marked(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once ", "upon")
    turn = desk.controller.send(session, "tell")
    await reached.wait()
    assert desk.controller.running_at_leaf(session) is turn
    await desk.controller.cancel(turn.id)
    assert not turn.is_running
    _, answer = session.path(session.leaf_id)
    assert (answer.text, answer.status) == ("Once upon", "interrupted")
    events = await events_of(turn)
    assert committed(events) == ["tell", "Once upon"]
    assert events[-1] == TurnEnded("interrupted")
    assert desk.provider.closed_early == 1
    await assert_stored(desk, session)


async def test_cancelling_again_or_after_the_end_changes_nothing(desk: Desk) -> None:
    session = desk.shelf.new()
    turn = desk.controller.send(session, "one")
    await turn.wait()
    await desk.controller.cancel(turn.id)
    await turn.cancel()
    await desk.controller.cancel("unknown")
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one"]


async def test_cancelling_at_once_still_stores_and_tells_what_was_sent(desk: Desk) -> None:
    session = desk.shelf.new()
    turn = desk.controller.send(session, "hello")
    await desk.controller.cancel(turn.id)
    assert texts(session)[0] == "hello"
    events = await events_of(turn)
    assert committed(events)[0] == "hello"
    assert events[-1] == TurnEnded("interrupted")
    await assert_stored(desk, session)


@pytest.mark.parametrize("rounds", [*range(0, 60, 3)])
async def test_cancelling_at_any_moment_stores_all_that_is_in_the_tree(
    desk: Desk, rounds: int
) -> None:
    session = desk.shelf.new()
    desk.scripts["hello"] = stalling(asyncio.Event(), "a", "b")
    turn = desk.controller.send(session, "hello")
    for _ in range(rounds):
        await asyncio.sleep(0)
    await desk.controller.cancel(turn.id)
    assert texts(session)[0] == "hello"
    assert committed(await events_of(turn)) == texts(session)
    await assert_stored(desk, session)


async def test_cancelling_twice_at_once_commits_once(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once")
    turn = desk.controller.send(session, "tell")
    await reached.wait()
    await asyncio.gather(*(desk.controller.cancel(turn.id) for _ in range(3)))
    assert committed(await events_of(turn)) == ["tell", "Once"]
    await assert_stored(desk, session)


async def test_abandoning_the_reader_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    turn = desk.controller.send(session, "hello")
    async with aclosing(turn.events()) as events:
        await anext(events)
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["hello", "Re: hello"]
    await assert_stored(desk, session)


async def test_a_cancelled_reader_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = _gated(reached, gate)
    turn = desk.controller.send(session, "slow")
    reader = asyncio.create_task(events_of(turn))
    await reached.wait()
    reader.cancel()
    await asyncio.wait({reader})
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["slow", "slowly"]


async def test_giving_up_waiting_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = _gated(reached, gate)
    turn = desk.controller.send(session, "slow")
    waiting = asyncio.create_task(turn.wait())
    await reached.wait()
    waiting.cancel()
    await asyncio.wait({waiting})
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["slow", "slowly"]


async def test_what_is_queued_follows_the_turn_one_by_one(desk: Desk) -> None:
    session = desk.shelf.new()
    first = desk.controller.send(session, "one")
    first.queued = [QueuedMessage("two"), QueuedMessage("three")]
    assert desk.controller.send_queued(session, first) is None
    await first.wait()
    second = desk.controller.send_queued(session, first)
    assert second is not None
    assert desk.controller.send_queued(session, first) is None
    await second.wait()
    third = desk.controller.send_queued(session, second)
    assert third is not None
    await third.wait()
    assert desk.controller.send_queued(session, third) is None
    line = session.path(session.leaf_id)
    assert texts(line) == ["one", "Re: one", "two", "Re: two", "three", "Re: three"]
    await assert_stored(desk, session)


async def test_what_is_queued_continues_its_own_branch(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    turn = desk.controller.edit(session, one.id, "1")
    turn.queued = [QueuedMessage("2")]
    await turn.wait()
    await desk.shelf.switch(session, one.id)
    following = desk.controller.send_queued(session, turn)
    assert following is not None
    await following.wait()
    assert texts(session.path(following.last_id)) == ["1", "Re: 1", "2", "Re: 2"]
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one"]


async def test_closing_keeps_the_partial_text_of_every_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = [asyncio.Event(), asyncio.Event()]
    for number in (0, 1):
        desk.scripts[f"q{number}"] = stalling(reached[number], f"part {number}")
    desk.controller.send(session, "q0")
    desk.controller.send(session, "q1", after=None)
    await asyncio.gather(*(one.wait() for one in reached))
    await desk.controller.aclose()
    kept = {m.text: m.status for m in await desk.stored(session) if m.role == "assistant"}
    assert kept == {"part 0": "interrupted", "part 1": "interrupted"}
    await assert_stored(desk, session)


async def test_an_error_of_the_server_ends_the_turn_in_words(desk: Desk) -> None:
    session = desk.shelf.new()
    error = Overloaded("demo is overloaded. Press r to try again.")
    desk.scripts["hello"] = ("Hi", error)
    events = await events_of(desk.controller.send(session, "hello"))
    assert events[-1] == TurnEnded("error", error)
    _, answer = session.path(session.leaf_id)
    assert (answer.text, answer.status, answer.error) == ("Hi", "error", str(error))
    await assert_stored(desk, session)


async def test_an_unknown_model_ends_the_turn_in_words(desk: Desk) -> None:
    session = desk.shelf.new()
    events = await events_of(desk.controller.send(session, "hello", model="gudie"))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.reason == "error"
    assert isinstance(ended.error, UnknownModel)
    assert "'gudie'" in str(ended.error)
    assert ended.error.nearest == ("demo/guide",)
    assert committed(events) == ["hello"]
    await assert_stored(desk, session)


async def test_a_provider_that_cannot_be_built_ends_the_turn_in_words(desk: Desk) -> None:
    def refuse(_: object) -> object:
        raise SettingsError("The provider 'demo' needs a base_url.")

    desk.models._build = refuse  # type: ignore[assignment]  # noqa: SLF001
    session = desk.shelf.new()
    events = await events_of(desk.controller.send(session, "hello"))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert str(ended.error) == "The provider 'demo' needs a base_url."
    await assert_stored(desk, session)


async def test_a_bug_inside_a_turn_reaches_its_reader(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.scripts["hello"] = ("Hi", KeyError("choices"))
    turn = desk.controller.send(session, "hello")
    with pytest.raises(KeyError):
        await events_of(turn)
    await turn.wait()
    assert not turn.is_running
    assert texts(session.path(session.leaf_id)) == ["hello", "Hi"]
    await assert_stored(desk, session)


def _gated(reached: asyncio.Event, gate: asyncio.Event):  # noqa: ANN202
    """A script that tells it was reached, and goes on when the gate opens."""
    reached.set()
    yield gate
    yield from reply("slowly")

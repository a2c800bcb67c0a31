"""Turns beside and behind each other, and readers that go away."""

import asyncio
from contextlib import aclosing

from conduit_tui.controller.turn import QueuedMessage, Turn
from conduit_tui.core.events import (
    TurnEnded,
)
from tests.conftest import gated, until
from tests.controller.desk import Desk, events_of, texts


async def test_two_sends_in_a_row_never_share_a_predecessor(desk: Desk) -> None:
    session = desk.shelf.new()
    turns = [desk.controller.send(session, text) for text in ("one", "two", "three")]
    await asyncio.gather(*(turn.wait() for turn in turns))
    one, two, three = (message for message in session if message.role == "user")
    assert (one.predecessor_id, two.predecessor_id, three.predecessor_id) == (None, one.id, two.id)
    assert session.leaf_id == session.children(three.id)[0].id
    await desk.assert_stored(session)


async def test_a_reply_on_a_branch_one_has_left_does_not_steal_the_view(desk: Desk) -> None:
    session = desk.shelf.new()
    _, answer, two, _ = await desk.talk(session, "one", "two")
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = gated(reached, gate)
    turn = desk.controller.edit(session, two.id, "slow")
    await until(reached)
    assert texts(session.path(session.leaf_id))[-1] == "slow"
    await desk.controller.structure.go(session, two.id)
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one", "two", "Re: two"]
    assert texts(session.children(session.children(answer.id)[1].id)) == ["slowly"]
    await desk.assert_stored(session)


async def test_several_turns_run_at_once_on_different_branches(desk: Desk) -> None:
    session = desk.shelf.new()
    (one, _) = await desk.talk(session, "one")
    gates = [asyncio.Event() for _ in range(4)]
    reached = [asyncio.Event() for _ in range(4)]
    for number in range(4):
        desk.scripts[f"q{number}"] = gated(reached[number], gates[number])
    turns = [desk.controller.edit(session, one.id, f"q{number}") for number in range(4)]
    await asyncio.gather(*(until(one) for one in reached))
    assert list(desk.controller.running(session)) == turns
    assert desk.controller.running_at_leaf(session) is turns[3]
    for gate in reversed(gates):
        gate.set()
    await asyncio.gather(*(turn.wait() for turn in turns))
    assert texts(session.children(None)) == ["one", "q0", "q1", "q2", "q3"]
    assert all(len(session.children(root.id)) == 1 for root in session.children(None))
    assert texts(session.path(session.leaf_id)) == ["q3", "slowly"]
    assert list(desk.controller.running()) == []
    await desk.assert_stored(session)


async def test_turns_of_many_sessions_at_once_are_all_stored(desk: Desk) -> None:
    sessions = [desk.shelf.new() for _ in range(12)]
    turns = [desk.controller.send(session, f"{number}") for number, session in enumerate(sessions)]
    for turn in turns:
        assert (await events_of(turn))[-1] == TurnEnded("done")
    for session in sessions:
        await desk.assert_stored(session)


async def test_three_regenerations_at_once_make_three_siblings(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "one")
    turns = [desk.controller.regenerate(session, answer.id) for _ in range(3)]
    await asyncio.gather(*(turn.wait() for turn in turns))
    assert len(session.children(question.id)) == 4
    assert session.leaf_id in {reply.id for reply in session.children(question.id)[1:]}
    await desk.assert_stored(session)


async def test_of_several_at_once_the_one_on_view_takes_the_leaf(desk: Desk) -> None:
    session = desk.shelf.new()
    question, answer = await desk.talk(session, "one")
    gates = [asyncio.Event() for _ in range(3)]
    reached = [asyncio.Event() for _ in range(3)]
    turns: list[Turn] = []
    for number in range(3):
        desk.scripts["one"] = gated(reached[number], gates[number])
        beside = turns[0] if turns else None
        turns.append(desk.controller.regenerate(session, answer.id, beside=beside))
        await until(reached[number])
    assert session.awaited_id == turns[0].draft_id
    assert desk.controller.running_at_leaf(session) is turns[0]
    session.awaited_id = turns[1].draft_id
    assert desk.controller.running_at_leaf(session) is turns[1]
    for number in (0, 2):
        gates[number].set()
        await turns[number].wait()
        assert session.leaf_id == question.id
        assert (await desk.stored(session)).leaf_id == question.id
    gates[1].set()
    await turns[1].wait()
    assert session.leaf_id == turns[1].last_id
    assert desk.controller.running_at_leaf(session) is None
    await desk.assert_stored(session)


async def test_a_turn_that_comes_to_nothing_is_awaited_no_more(desk: Desk) -> None:
    session = desk.shelf.new()
    _, answer = await desk.talk(session, "one")
    turn = desk.controller.regenerate(session, answer.id, model="nowhere/at-all")
    assert session.awaited_id == turn.group_id
    await turn.wait()
    await asyncio.sleep(0)
    assert session.awaited_id is None


async def test_what_a_person_sends_goes_on_from_where_no_reply_is_awaited(desk: Desk) -> None:
    session = desk.shelf.new()
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = gated(reached, gate)
    turn = desk.controller.send(session, "slow")
    await until(reached)
    session.awaited_id = session.leaf_id
    assert desk.controller.running_at_leaf(session) is None
    following = desk.controller.send(session, "other")
    await following.wait()
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["slow", "other", "Re: other"]
    await desk.assert_stored(session)


async def test_abandoning_the_reader_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    turn = desk.controller.send(session, "hello")
    async with aclosing(turn.events()) as events:
        await anext(events)
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["hello", "Re: hello"]
    await desk.assert_stored(session)


async def test_giving_up_waiting_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = gated(reached, gate)
    turn = desk.controller.send(session, "slow")
    waiting = asyncio.create_task(turn.wait())
    await until(reached)
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
    await desk.assert_stored(session)


async def test_what_is_queued_continues_its_own_branch(desk: Desk) -> None:
    session = desk.shelf.new()
    one, _ = await desk.talk(session, "one")
    turn = desk.controller.edit(session, one.id, "1")
    turn.queued = [QueuedMessage("2")]
    await turn.wait()
    await desk.controller.structure.go(session, one.id)
    following = desk.controller.send_queued(session, turn)
    assert following is not None
    await following.wait()
    assert texts(session.path(following.last_id)) == ["1", "Re: 1", "2", "Re: 2"]
    assert texts(session.path(session.leaf_id)) == ["one", "Re: one"]


async def test_a_cancelled_reader_does_not_stop_the_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    gate, reached = asyncio.Event(), asyncio.Event()
    desk.scripts["slow"] = gated(reached, gate)
    turn = desk.controller.send(session, "slow")
    reader = asyncio.create_task(events_of(turn))
    await until(reached)
    reader.cancel()
    await asyncio.wait({reader})
    gate.set()
    await turn.wait()
    assert texts(session.path(session.leaf_id)) == ["slow", "slowly"]

"""Whenever a turn is stopped, what it had received is in the tree and in the file."""

import asyncio
import itertools
from typing import Any

import pytest

from conduit_tui.core.errors import NotPossible
from conduit_tui.core.events import (
    GenerationStopped,
    MessageCommitted,
    ToolCallDelta,
    TurnEnded,
)
from conduit_tui.core.structure import prune
from tests.conftest import AT, stalling, until
from tests.controller.desk import Desk, committed, events_of, texts


async def test_cancelling_keeps_the_partial_text_marked(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once ", "upon")
    turn = desk.controller.send(session, "tell")
    await until(reached)
    assert desk.controller.running_at_leaf(session) is turn
    await desk.controller.cancel(turn.id)
    assert not turn.is_running
    _, answer = session.path(session.leaf_id)
    assert (answer.text, answer.status) == ("Once upon", "interrupted")
    events = await events_of(turn)
    assert committed(events) == ["tell", "Once upon"]
    assert events[-1] == TurnEnded("interrupted")
    assert desk.provider.closed_early == 1
    await desk.assert_stored(session)


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
    await desk.assert_stored(session)


@pytest.mark.parametrize("words", ["hello", "time?"])
@pytest.mark.parametrize("number", range(1, 10))
async def test_cancelling_during_any_write_stores_all_that_is_in_the_tree(
    desk: Desk, number: int, words: str
) -> None:
    session = desk.shelf.new()
    desk.scripts["time?"] = (
        ToolCallDelta(0, "c1", "current_time", "{}"),
        GenerationStopped("tool_calls"),
    )
    is_writing = _as_write_begins(desk, number)
    turn = desk.controller.send(session, words)
    writing, ended = asyncio.create_task(is_writing.wait()), asyncio.create_task(turn.wait())
    await asyncio.wait({writing, ended}, return_when=asyncio.FIRST_COMPLETED)
    await desk.controller.cancel(turn.id)
    writing.cancel()
    await asyncio.wait({writing, ended})
    assert texts(session)[0] == words
    events = await events_of(turn)
    assert [e.message for e in events if isinstance(e, MessageCommitted)] == list(session)
    await desk.assert_stored(session)


async def test_cancelling_twice_at_once_commits_once(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once")
    turn = desk.controller.send(session, "tell")
    await until(reached)
    await asyncio.gather(*(desk.controller.cancel(turn.id) for _ in range(3)))
    assert committed(await events_of(turn)) == ["tell", "Once"]
    await desk.assert_stored(session)


async def test_closing_keeps_the_partial_text_of_every_turn(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = [asyncio.Event(), asyncio.Event()]
    for number in (0, 1):
        desk.scripts[f"q{number}"] = stalling(reached[number], f"part {number}")
    desk.controller.send(session, "q0")
    desk.controller.send(session, "q1")
    await asyncio.gather(*(until(one) for one in reached))
    await desk.controller.aclose()
    kept = {m.text: m.status for m in await desk.stored(session) if m.role == "assistant"}
    assert kept == {"part 0": "interrupted", "part 1": "interrupted"}
    await desk.assert_stored(session)


def _as_write_begins(desk: Desk, number: int) -> asyncio.Event:
    """An event that is set when the database is asked for its so many-th write from now."""
    begins, write, count = asyncio.Event(), desk.database.write, itertools.count(1)

    async def counted(work: Any) -> Any:
        if next(count) == number:
            begins.set()
        return await write(work)

    desk.database.write = counted  # type: ignore[method-assign]
    return begins


async def test_erasing_a_pruned_branch_stops_what_streams_there(desk: Desk) -> None:
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once ", "upon")
    turn = desk.controller.send(session, "tell")
    await until(reached)
    root = session.tops[0]
    with pytest.raises(NotPossible):
        await desk.controller.erase(session, root.id)
    assert turn.is_running, "what is in sight stays as it is"
    await desk.controller.structure.carry_out(session, prune(session, root.id, AT), "prune")
    assert await desk.controller.erase(session, root.id) == 2
    assert not turn.is_running
    assert len(session) == 0
    await desk.assert_stored(session)

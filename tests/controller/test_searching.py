"""Searching as a front end does it: in batches, closed and cancelled at any moment."""

import asyncio
from contextlib import aclosing

import pytest

from conduit_tui.core import structure
from conduit_tui.core.errors import StorageError
from conduit_tui.core.events import TextDelta
from conduit_tui.core.params import Params
from conduit_tui.core.query import Query
from conduit_tui.storage.drafts import DraftHeader, DraftStore, process_owner
from tests.conftest import AT
from tests.controller.desk import Desk

RAFT = Query(words=("raft",))


async def words(desk: Desk, query: Query, limit: int = 200) -> list[str]:
    """The excerpts that are found."""
    async with aclosing(desk.controller.search(query, limit)) as batches:
        return [hit.excerpt async for batch in batches for hit in batch]


async def test_what_was_said_is_found_when_the_turn_is_over(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "a raft")
    assert (await words(desk, RAFT))[-1] == "a raft"
    assert await words(desk, Query(words=("boat",))) == []


async def test_no_more_is_found_than_wanted_and_no_batch_is_empty(desk: Desk) -> None:
    session = desk.shelf.new()
    for number in range(5):
        await desk.talk(session, f"raft {number}")
    user = Query(words=("raft",), roles=("user",))
    assert await words(desk, user, 2) == ["raft 4", "raft 3"]
    assert await words(desk, user, 0) == []
    assert all([batch async for batch in desk.controller.search(RAFT, 3)])


async def test_a_search_that_is_let_go_of_leaves_the_next_one_alone(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "raft")
    for _ in range(20):
        searching = asyncio.create_task(words(desk, Query(words=("...",))))
        await asyncio.sleep(0)
        searching.cancel()
        found = await words(desk, RAFT)
        assert found[-1] == "raft"
        assert (await asyncio.gather(searching, return_exceptions=True)) != [None]


async def test_a_history_that_is_closed_is_told(desk: Desk) -> None:
    await desk.database.aclose()
    with pytest.raises(StorageError, match="closed"):
        await words(desk, RAFT)


async def test_every_way_a_message_comes_brings_it_into_the_index(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer = await desk.talk(session, "raft")
    await desk.controller.edit(session, one.id, "raft edited").wait()
    await desk.controller.regenerate(session, answer.id).wait()
    await desk.controller.put_beside(session, answer.id, "raft beside")
    plan = structure.graft(session, one.id, answer.id)
    await desk.controller.structure.carry_out(session, plan, "graft")
    forked = await desk.controller.fork(session, one.id, with_subtree=True)
    header = DraftHeader("lost", session.id, one.id, "demo", "guide", Params(), AT)
    host, pid, _ = process_owner().split(":", 2)
    dead = DraftStore(desk.database, f"{host}:{pid}:long-ago")
    await dead.open(header)
    await dead.append("lost", [TextDelta("raft lost")])
    assert await desk.ledger.recover() == 1
    found = await words(desk, RAFT)
    assert sum("raft lost" in each for each in found) == 1
    assert len(found) == len(session) + len(forked) + 1

"""Searching as a front end does it: in batches, closed and cancelled at any moment."""

import asyncio
from contextlib import aclosing

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.query import Query
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

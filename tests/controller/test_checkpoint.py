"""A growing draft is saved now and then, whole and in order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from conduit_tui.controller.checkpoint import Checkpoint
from conduit_tui.core.events import StreamEvent, TextDelta
from tests.conftest import until


class Saves:
    """Takes down what it is given; each save waits while the gate is shut."""

    def __init__(self) -> None:
        self.saved: list[tuple[StreamEvent, ...]] = []
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def save(self, events: Sequence[StreamEvent]) -> None:
        self.begun.set()
        await self.gate.wait()
        self.saved.append(tuple(events))


@asynccontextmanager
async def checkpoint(saves: Saves) -> AsyncIterator[Checkpoint]:
    made = Checkpoint(saves.save, interval_seconds=0)
    try:
        yield made
    finally:
        await made.aclose()


A, B, C = TextDelta("a"), TextDelta("b"), TextDelta("c")


async def test_events_that_come_together_are_saved_together() -> None:
    saves = Saves()
    async with checkpoint(saves) as growing:
        for event in (A, B, C):
            growing.add(event)
        await until(saves.begun)
    assert saves.saved == [(A, B, C)]


async def test_what_comes_during_a_save_is_in_the_next_one() -> None:
    saves = Saves()
    saves.gate.clear()
    async with checkpoint(saves) as growing:
        growing.add(A)
        await until(saves.begun)
        growing.add(B)
        growing.add(C)
        saves.begun.clear()
        saves.gate.set()
        await until(saves.begun)
    assert saves.saved == [(A,), (B, C)]


async def test_nothing_is_saved_while_nothing_comes_or_after_the_end() -> None:
    saves = Saves()
    async with checkpoint(saves) as growing:
        growing.add(A)
    growing.add(B)
    await growing.aclose()
    assert saves.saved == []

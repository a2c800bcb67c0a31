"""Work on a loop of its own."""

import asyncio
import threading

import pytest

from conduit_tui.tools.apart import run_apart


async def test_what_comes_of_it_is_returned_or_raised() -> None:
    async def where() -> threading.Thread:
        await asyncio.sleep(0)
        return threading.current_thread()

    async def failing() -> None:
        raise KeyError("x")

    assert await run_apart(where) is not threading.current_thread()
    with pytest.raises(KeyError):
        await run_apart(failing)


async def test_a_cancelled_caller_waits_until_the_work_has_cleaned_up() -> None:
    begun, ended = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    task = asyncio.create_task(run_apart(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_work_that_is_cancelled_before_it_begins_ends_at_once() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(run_apart(work))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

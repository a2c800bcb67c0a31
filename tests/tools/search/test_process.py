"""Searches in a process of their own."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.search.job import Job
from conduit_tui.tools.search.process import run


@pytest.fixture
def root(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "file").write_text("needle\n")
    opened = os.open(tmp_path, os.O_RDONLY)
    yield opened
    os.close(opened)


@pytest.fixture
def endless(tmp_path: Path) -> str:
    """A program in the place of ripgrep that never ends, with a child of its own."""
    program = tmp_path / "rg"
    program.write_text("#!/bin/sh\necho started > here\n/bin/sleep 600 &\n/bin/sleep 600\n")
    program.chmod(0o755)
    return str(program)


async def until_started(folder: Path) -> None:
    while not (folder / "here").exists():  # noqa: ASYNC110 - another process says so
        await asyncio.sleep(0.005)


async def test_a_search_that_is_cancelled_ends_all_it_started(
    root: int, endless: str, tmp_path: Path
) -> None:
    before = set(psutil.Process().children(recursive=True))
    task = asyncio.ensure_future(run(Job("grep", "needle", ripgrep=endless), root, {}))
    async with asyncio.timeout(20):
        await until_started(tmp_path)
    started = set(psutil.Process().children(recursive=True)) - before
    assert len(started) >= 2
    cancelled_at = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    took = time.monotonic() - cancelled_at
    _, alive = psutil.wait_procs(started, timeout=1)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
    assert set(psutil.Process().children()) <= before
    assert took < 1


async def test_a_search_that_hears_nothing_goes_its_own_way(root: int, endless: str) -> None:
    text = await run(Job("glob", "**", ripgrep=endless, seconds=2), root, {})
    assert text == "file\nhere\nrg"


async def test_a_search_ends_in_time_with_what_it_has(
    root: int, endless: str, tmp_path: Path
) -> None:
    (tmp_path / "rg").write_text("#!/bin/sh\nprintf './file\\0'\n/bin/sleep 600\n")
    text = await run(Job("glob", "**", ripgrep=endless, seconds=0.3), root, {})
    assert "took too long" in text


async def test_a_program_that_is_no_ripgrep_is_done_without(root: int) -> None:
    assert await run(Job("grep", "needle", ripgrep="/bin/false"), root, {}) == "file:1: needle"


async def test_a_worker_that_dies_is_a_failure_in_words(
    root: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ToolError, match="without a result"):
        await run(Job("glob", "**"), root, {})


async def test_a_worker_that_cannot_be_started_is_a_failure_in_words(
    root: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(ToolError, match="No search could be started"):
        await run(Job("glob", "**"), root, {})


async def test_what_a_process_has_started_does_not_outlive_it(
    root: int, endless: str, tmp_path: Path
) -> None:
    before = set(psutil.Process().children(recursive=True))
    task = asyncio.ensure_future(run(Job("grep", "needle", ripgrep=endless), root, {}))
    async with asyncio.timeout(20):
        await until_started(tmp_path)
    started = set(psutil.Process().children(recursive=True)) - before
    worker = next(each for each in started if each.ppid() == os.getpid())
    worker.kill()
    with pytest.raises(ToolError, match="without a result"):
        await task
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive

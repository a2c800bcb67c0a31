"""Programs are bounded in time and output, and leave nothing running."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from conduit_tui.tools.processes import HEAD_BYTES, MOST_BYTES, TAIL_BYTES, Ran, run_program

HERE = Path("/")
ENVIRON = {"PATH": os.environ["PATH"]}


async def shell(command: str, seconds: float = 30, directory: Path = HERE) -> Ran:
    return await run_program(("/bin/sh", "-c", command), directory, ENVIRON, seconds)


def is_running(pid: int) -> bool:
    """Whether a process is there and is no zombie that waits to be looked at."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def gone(pid: int) -> None:
    """Wait until a process has ended."""
    async with asyncio.timeout(10):
        while is_running(pid):  # noqa: ASYNC110  nothing else tells of it
            await asyncio.sleep(0.01)


async def written(path: Path) -> int:
    """Wait for a process id that a program writes."""
    async with asyncio.timeout(10):
        while not (path.exists() and path.read_text().strip()):  # noqa: ASYNC110  nothing else tells of it
            await asyncio.sleep(0.01)
    return int(path.read_text())


async def test_output_and_errors_come_together_with_the_exit_code() -> None:
    ran = await shell("echo one; echo two >&2; exit 3")
    assert ran == Ran(3, b"one\ntwo\n", b"", 0)


async def test_there_is_no_input_and_no_terminal() -> None:
    ran = await shell("cat; test -t 0 || echo none; (: < /dev/tty) 2>/dev/null || echo no tty")
    assert ran.head == b"none\nno tty\n"


async def test_a_program_ended_by_a_signal_says_so() -> None:
    assert (await shell("kill -9 $$")).code == -9


async def test_the_middle_of_a_long_output_is_left_out() -> None:
    ran = await shell("head -c 1000000 /dev/zero | tr '\\0' a; echo end")
    assert len(ran.head) == HEAD_BYTES
    assert len(ran.tail) == TAIL_BYTES
    assert ran.tail.endswith(b"aend\n")
    assert ran.left_out == 1_000_004 - HEAD_BYTES - TAIL_BYTES


async def test_a_flood_is_stopped_and_the_loop_goes_on_meanwhile() -> None:
    longest, is_over = 0.0, False

    async def tick() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not is_over:
            await asyncio.sleep(0)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()

    ticking = asyncio.create_task(tick())
    ran = await shell("yes flood")
    is_over = True
    await ticking
    assert ran.stopped == "flood"
    assert ran.left_out < MOST_BYTES
    assert longest < 1


async def test_time_over_stops_it_with_everything_it_started(tmp_path: Path) -> None:
    ran = await shell(f"echo begun; sleep 600 & echo $! > {tmp_path}/child; wait", seconds=0.5)
    assert (ran.stopped, ran.head) == ("time", b"begun\n")
    await gone(await written(tmp_path / "child"))


async def test_what_it_leaves_running_is_stopped_and_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    ran = await shell(f"sleep 600 & echo $! > {tmp_path}/child; echo done")
    assert time.monotonic() - began < 20
    assert (ran.code, ran.head) == (0, b"done\n")
    await gone(await written(tmp_path / "child"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets one look into processes")
async def test_what_leaves_its_process_group_is_stopped_too(tmp_path: Path) -> None:
    await shell(f"setsid sh -c 'echo $$ > {tmp_path}/child; exec sleep 600' & sleep 0.3")
    await gone(await written(tmp_path / "child"))


async def test_cancelling_stops_it_at_once(tmp_path: Path) -> None:
    task = asyncio.create_task(shell(f"echo $$ > {tmp_path}/child; trap '' TERM INT; sleep 600"))
    child = await written(tmp_path / "child")
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 10
    await gone(child)


async def test_what_cannot_start_is_an_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        await run_program(("/no/such/program",), HERE, ENVIRON, 5)
    with pytest.raises(OSError, match="No such file"):
        await shell("true", directory=Path("/no/such/directory"))


async def test_a_fork_bomb_in_small_ends_with_its_time(tmp_path: Path) -> None:
    command = "for i in 1 2 3 4 5 6 7 8; do (sleep 600 & sleep 600) & done; wait"
    ran = await shell(f"echo $$ > {tmp_path}/leader; {command}", seconds=0.5)
    assert ran.stopped == "time"
    leader = await written(tmp_path / "leader")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            group = int((entry / "stat").read_text().rpartition(")")[2].split()[2])
        except (OSError, ValueError, IndexError):
            continue
        if group == leader:
            await gone(int(entry.name))

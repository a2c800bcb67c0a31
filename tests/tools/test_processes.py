"""Programs are bounded in time and output, and leave nothing running."""

import asyncio
import os
import sys
import time
from contextlib import suppress
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


def running(program: str) -> list[int]:
    """The processes in whose command a program is named."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if program in (entry / "cmdline").read_text(errors="replace"):
                found.append(int(entry.name))
    return found


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


ESCAPES = {
    "with an empty environment": "env -i setsid {run} &",
    "by a double fork": "env -i sh -c 'setsid setsid {run} & setsid {run} &' &",
    "with its output closed": "env -i setsid {run} </dev/null >/dev/null 2>&1 &",
    "ignoring signals": "trap '' TERM HUP INT; env -i setsid {run} &",
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans on")
@pytest.mark.parametrize("how", ESCAPES)
async def test_what_hides_from_its_parent_is_stopped_too(tmp_path: Path, how: str) -> None:
    (tmp_path / "run").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/child\nexec sleep 600\n")
    (tmp_path / "run").chmod(0o755)
    command = ESCAPES[how].format(run=tmp_path / "run")
    await shell(f"{command} while [ ! -s {tmp_path}/child ]; do sleep 0.01; done")
    await gone(await written(tmp_path / "child"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans on")
async def test_what_forks_as_fast_as_it_can_is_stopped_too(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.write_text(f"#!/bin/sh\nsetsid {run} &\n")
    run.chmod(0o755)
    ran = await shell(f"env -i {run} & sleep 600", seconds=0.5)
    assert ran.stopped == "time"
    async with asyncio.timeout(10):
        while any(map(is_running, running(str(run)))):  # noqa: ASYNC110  nothing else tells of it
            await asyncio.sleep(0.01)


async def test_who_tells_its_keeper_to_end_is_not_heeded(tmp_path: Path) -> None:
    ran = await shell("kill -TERM $PPID; kill -HUP $PPID; kill -INT $PPID; echo here")
    assert (ran.code, ran.head) == (0, b"here\n")


async def test_who_kills_or_stops_its_keeper_is_stopped_all_the_same(tmp_path: Path) -> None:
    for number in ("KILL", "STOP"):
        child = tmp_path / number
        await shell(f"sleep 600 & echo $! > {child}; kill -{number} $PPID; sleep 600", seconds=1)
        await gone(await written(child))


async def test_it_ends_with_the_program_that_wanted_it(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib\n"
        "from conduit_tui.tools.processes import run_program\n"
        f"command = ('/bin/sh', '-c', 'echo $$ > {tmp_path}/child; exec sleep 600')\n"
        f"asyncio.run(run_program(command, pathlib.Path('/'), {ENVIRON!r}, 600))\n"
    )
    wanting = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    child = await written(tmp_path / "child")
    wanting.kill()
    await wanting.wait()
    await gone(child)


async def test_pipes_break_as_they_usually_do() -> None:
    ran = await shell("yes | head -n 1; echo over")
    assert (ran.code, ran.head) == (0, b"y\nover\n")


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

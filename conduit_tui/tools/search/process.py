"""Runs a search in a process of its own, and ends it with the call that wanted it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.search.job import Answer, Job

_GRACE_SECONDS = 0.08
"""How long a process has to end what it started before all of it is killed."""
_OVER_SECONDS = 3.0
_PACKAGES = str(Path(__file__).parents[3])
_CODE = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from conduit_tui.tools.search.worker import main; main(int(sys.argv[1]))"
)


async def run(job: Job, root: int) -> str:
    """Do a job in the folder that is open as `root`; return the text of its result.

    Raises ToolError for a job that cannot be done, and when there is no result in time.
    """
    try:
        async with asyncio.timeout(job.seconds + _OVER_SECONDS):
            written = await _asked(job, root)
    except TimeoutError as error:
        raise ToolError(
            f"The search took longer than {job.seconds:g} s. Name a folder as `path`, or a "
            "simpler pattern."
        ) from error
    except OSError as error:
        raise ToolError(f"No search could be started: {error.strerror or error}.") from error
    try:
        answer = Answer.from_json(written.decode())
    except (ValueError, TypeError) as error:
        raise ToolError("The search ended without a result. Ask for less at once.") from error
    if answer.is_error:
        raise ToolError(answer.text)
    return answer.text


async def _asked(job: Job, root: int) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-S", "-X", "utf8", "-c", _CODE, str(root), _PACKAGES),
        *(path for path in sys.path if path.startswith("/")),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={},
        pass_fds=(root,),
        start_new_session=True,
    )
    try:
        written, _ = await process.communicate(job.as_json().encode())
        return written
    finally:
        await _ended(process)


async def _ended(process: Process) -> None:
    """End a process and all it started; it is waited for, also by who is cancelled again."""
    if process.returncode is not None:
        _kill_group(process)  # it may have died before what it had started
    else:
        ending = asyncio.ensure_future(_end(process))
        while not ending.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(ending)


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE_SECONDS):
            await process.wait()
    _kill_group(process)
    await process.wait()


def _kill_group(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

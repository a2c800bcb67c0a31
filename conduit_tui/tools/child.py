"""Pythons of our own that are given work, answer once, and end with the call that wanted it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress

_GRACE_SECONDS = 0.08
"""How long a process has to end what it started before all of it is killed."""
_LOADER = ("LD_", "DYLD_")
"""Variables some Pythons need to find their libraries. No others are handed on: no keys."""


async def answered(
    arguments: Sequence[str], work: bytes, environ: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> tuple[bytes, int]:
    """Start a Python, hand it work on stdin, and return what it wrote and its exit code.

    It is alone: no site, no working directory, a group of its own. Raises OSError if it cannot
    start. However this ends, the process and all it started have ended then.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={name: value for name, value in environ.items() if name.startswith(_LOADER)},
        pass_fds=pass_fds,
        start_new_session=True,
    )
    try:
        written, _ = await process.communicate(work)
    finally:
        await _ended(process)
    return written, await process.wait()


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

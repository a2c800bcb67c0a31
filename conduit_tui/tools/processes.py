"""Programs that a tool starts: bounded in time and output, and none of them left behind."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from conduit_tui.core.message import new_id

MARK = "CONDUIT_CALL"
"""A variable by which programs are found that have left their process group."""

HEAD_BYTES = 64_000
TAIL_BYTES = 32_000
MOST_BYTES = 16_000_000
"""Output after which a program is stopped: nobody reads it, and it only burns."""

_CHUNK_BYTES = 65_536
_SWEEP_SECONDS = 3.0
"""How long `program_child.py` may take to end what it has started; it is killed then."""
_CHILD = str(Path(__file__).with_name("program_child.py"))
_AFTER_END_SECONDS = 0.3

Stopped: TypeAlias = Literal["", "time", "flood"]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended; `head` and `tail` are what it printed, with `left_out` bytes between.

    `code` is its exit code, negative for a signal; `stopped` says why it was stopped, if it was.
    """

    code: int
    head: bytes
    tail: bytes
    left_out: int
    stopped: Stopped = ""


async def run_program(
    arguments: Sequence[str], directory: Path, environ: Mapping[str, str], seconds: float
) -> Ran:
    """Run a program without input, output and errors together; raises OSError if it cannot start.

    It has a session of its own and no terminal. Whatever it started is killed when it ends, when
    the time is over, when this is cancelled, and when this program itself is killed:
    `program_child.py` sees to that. Where a program ends that too, what it started is still found
    by its group and by a mark in its environment.
    """
    mark = new_id()
    started = await _started(arguments, directory, {**environ, MARK: mark})
    program = started.program
    output = _Output()
    stopped: Stopped = ""
    ended = _when_ended(program)
    try:
        async with asyncio.timeout(seconds):
            stopped = await _watch(program, ended, output)
    except TimeoutError:
        stopped = "time"
    finally:
        started.let_go()
        await _swept(ended)
        _kill_group(program.pid)
        await asyncio.shield(asyncio.to_thread(_kill_marked, mark))
        await asyncio.shield(ended)
    return Ran(program.returncode, output.head, output.tail, output.left_out, stopped)


@dataclass(frozen=True, slots=True)
class _Started:
    """A program that runs; `control` is the pipe whose end is that of the program."""

    program: subprocess.Popen[bytes]
    control: int

    def let_go(self) -> None:
        """Have it end with all it has started; once."""
        os.close(self.control)


async def _started(
    arguments: Sequence[str], directory: Path, environ: Mapping[str, str]
) -> _Started:
    starting = asyncio.ensure_future(asyncio.to_thread(_start, arguments, directory, environ))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(_drop)
        raise


def _drop(starting: "asyncio.Future[_Started]") -> None:
    """End a program that had been started when nobody wanted it any more."""
    if not starting.cancelled() and starting.exception() is None:
        started = starting.result()
        started.let_go()
        if started.program.stdout is not None:
            started.program.stdout.close()
        threading.Thread(target=started.program.wait, daemon=True).start()


def _start(arguments: Sequence[str], directory: Path, environ: Mapping[str, str]) -> _Started:
    if not os.access(arguments[0], os.X_OK):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), arguments[0])
    held, control = os.pipe()
    try:
        program = subprocess.Popen(
            (sys.executable, "-I", "-S", _CHILD, str(held), *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=environ,
            pass_fds=(held,),
            start_new_session=True,
        )
    except BaseException:
        os.close(control)
        raise
    finally:
        os.close(held)
    return _Started(program, control)


async def _swept(ended: asyncio.Future[None]) -> None:
    """Wait until the program has ended, with all it started; not for ever."""
    waiting = asyncio.ensure_future(asyncio.wait({ended}, timeout=_SWEEP_SECONDS))
    with suppress(asyncio.CancelledError):
        await asyncio.shield(waiting)


def _when_ended(program: subprocess.Popen[bytes]) -> asyncio.Future[None]:
    """A future for the end of the program itself, whoever still holds its output.

    asyncio's own waits for the output too in some releases of Python.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def settle() -> None:
        if not ended.done():
            ended.set_result(None)

    def wait() -> None:
        program.wait()
        with suppress(RuntimeError):  # the loop is gone
            loop.call_soon_threadsafe(settle)

    threading.Thread(target=wait, name=f"program {program.pid}", daemon=True).start()
    return ended


async def _watch(
    program: subprocess.Popen[bytes], ended: asyncio.Future[None], output: "_Output"
) -> Stopped:
    """Read until the program has ended; what it left running may hold its output open for ever."""
    assert program.stdout is not None
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), program.stdout
    )
    reading = asyncio.create_task(_read(reader, output), name=f"output of program {program.pid}")
    try:
        await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            await asyncio.wait({reading}, timeout=_AFTER_END_SECONDS)
        if reading.done() and reading.result() == "flood":
            return "flood"
        await asyncio.shield(ended)
        return ""
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        transport.close()


async def _read(stream: asyncio.StreamReader, output: "_Output") -> Stopped:
    while chunk := await stream.read(_CHUNK_BYTES):
        output.add(chunk)
        if output.size > MOST_BYTES:
            return "flood"
        await asyncio.sleep(0)  # a flood must not keep the screen waiting
    return ""


class _Output:
    """The beginning and the end of what was printed."""

    def __init__(self) -> None:
        self.head = b""
        self.size = 0
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""
        self.size += len(chunk)
        room = HEAD_BYTES - len(self.head)
        if room > 0:
            self.head += chunk[:room]
            chunk = chunk[room:]
        if chunk:
            self._tail.append(chunk)
            self._tail_size += len(chunk)
            while self._tail_size - len(self._tail[0]) >= TAIL_BYTES:
                self._tail_size -= len(self._tail.popleft())

    @property
    def tail(self) -> bytes:
        """What was printed last and is not in the head."""
        return b"".join(self._tail)[-TAIL_BYTES:]

    @property
    def left_out(self) -> int:
        """The bytes between head and tail."""
        return self.size - len(self.head) - len(self.tail)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _kill_marked(mark: str) -> None:
    """Kill every process whose environment has the mark, where the system lets one look."""
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue  # it has ended, or is not ours

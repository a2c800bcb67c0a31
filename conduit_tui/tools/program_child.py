"""Runs one program and ends all that it leaves behind, as a program of its own.

    python -I -S program_child.py CONTROL PROGRAM ARGUMENT...

It ends as that program does, or once the other end of the pipe CONTROL is closed, which also
happens when Conduit is killed. On Linux what has lost its parent is handed to this process, in
whatever session it is and whatever has become of its environment: so it is found and killed.
"""

import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

SWEEP_SECONDS = 2.0
"""How long what is left is killed, again and again; forking programs may outrun one round."""

_UNHEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)
_USUAL = (*_UNHEARD, signal.SIGPIPE, signal.SIGXFSZ)  # Python lets its children ignore the last two
_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Run it, wait, and end."""
    control = int(sys.argv[1])
    os.set_inheritable(control, False)
    adopt_orphans()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _wake_up)
    for number in _UNHEARD:
        signal.signal(number, signal.SIG_IGN)
    os.nice(10)  # eight busy loops made a key wait for 0.7 s on two cores
    leader = start(sys.argv[2:])
    close_output()
    status = until_over(leader, control, woken)
    sweep(leader)
    end_as(status)


def adopt_orphans() -> None:
    """Become the parent of what loses its own, where the system can do that."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command: list[str]) -> int:
    """Start the program, in a session of its own; return its process id."""
    leader = os.fork()
    if leader:
        return leader
    try:
        os.setsid()
        for number in _USUAL:
            signal.signal(number, signal.SIG_DFL)
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def close_output() -> None:
    """Leave the output to the programs: it is at its end when the last of them is gone."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)


def until_over(leader: int, control: int, woken: int) -> int | None:
    """Wait for the program; its status, or None when nobody wants it any more."""
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if control in ready:
            return None
        with suppress(BlockingIOError):
            os.read(woken, 4_096)
        if (status := _reaped(leader)) is not None:
            return status


def sweep(leader: int) -> None:
    """Kill what is left, until nothing is."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    until = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < until:
        for child in children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)  # this process has no other work, and the kernel tells of no orphans


def children() -> list[int]:
    """The processes whose parent this is, where the system tells of them."""
    try:
        return [int(word) for word in Path("/proc/thread-self/children").read_text().split()]
    except OSError:
        return _found_children()


def end_as(status: int | None) -> None:
    """End with the program's exit code, or by its signal."""
    code = -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)


def _wake_up(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: that a signal came is told by the pipe."""


def _reaped(leader: int) -> int | None:
    """Take note of what has ended; the status of the program, if it is among that."""
    found: int | None = None
    with suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                break
            found = status if child == leader else found
    return found


def _found_children() -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            parent = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    main()

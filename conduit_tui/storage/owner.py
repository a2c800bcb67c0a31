"""Which process owns a draft, and whether it is still there."""

import os
import socket
import subprocess
from pathlib import Path

_STAT = Path("/proc/self/stat")
_ENDED = ("Z", "X")
"""States of a process that ran to its end, but whose parent has not asked how it ended."""


def process_owner() -> str:
    """Return this process as `host:pid:start`; the start tells apart processes of one number."""
    pid = os.getpid()
    _, started = _look(pid)
    return f"{_host()}:{pid}:{started}"


def is_here(owner: str) -> bool:
    """Whether the owner ran on this host."""
    return owner.partition(":")[0] == _host()


def is_alive(owner: str) -> bool:
    """Whether the owner, a process of this host, still runs."""
    _, pid, started = owner.split(":", 2)
    if not _exists(int(pid)):
        return False
    state, started_now = _look(int(pid))
    if state.startswith(_ENDED):
        return False
    return not started or not started_now or started == started_now


def _host() -> str:
    return socket.gethostname().replace(":", "_")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _look(pid: int) -> tuple[str, str]:
    """Return a process's state and when it began; both empty where that cannot be told."""
    return _look_in_proc(pid) if _STAT.exists() else _ask_ps(pid)


def _look_in_proc(pid: int) -> tuple[str, str]:
    """Fields 3 and 22 of proc(5) stat; the name before them may hold spaces and parentheses."""
    try:
        stat = (_STAT.parents[1] / str(pid) / "stat").read_bytes()
    except OSError:
        return "", ""
    fields = stat.rpartition(b")")[2].split()
    return fields[0].decode("ascii"), fields[19].decode("ascii")


def _ask_ps(pid: int) -> tuple[str, str]:
    try:
        told = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        )
    except FileNotFoundError:
        return "", ""
    state, _, started = told.stdout.strip().partition(" ")
    return state, " ".join(started.split())

"""Whether a process is still there."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conduit_tui.storage import owner
from conduit_tui.storage.owner import is_alive, is_here, process_owner

HOST = socket.gethostname()


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def test_this_process_is_here_and_alive() -> None:
    assert is_here(process_owner())
    assert is_alive(process_owner())


def test_another_host_is_elsewhere() -> None:
    assert not is_here("elsewhere:1:1")


def test_a_process_that_was_killed_is_dead_before_and_after_its_parent_looked() -> None:
    with sleeper() as process:
        named = f"{HOST}:{process.pid}:"
        assert is_alive(named)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(named)
        process.wait()
        assert not is_alive(named)


def test_another_start_is_another_process() -> None:
    host, pid, _ = process_owner().split(":", 2)
    assert not is_alive(f"{host}:{pid}:1")


def test_without_proc_the_ps_command_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ps = tmp_path / "ps"
    ps.write_text("#!/bin/sh\necho 'S+   Sun Nov 22 17:15:00 2026'\n")
    ps.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(owner, "_STAT", tmp_path / "stat")
    named = process_owner()
    assert named == f"{HOST}:{os.getpid()}:Sun Nov 22 17:15:00 2026"
    assert is_alive(named)
    assert not is_alive(f"{HOST}:{os.getpid()}:Sat Nov 21 17:15:00 2026")


def test_where_nothing_tells_the_start_the_number_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(owner, "_STAT", tmp_path / "stat")
    assert process_owner() == f"{HOST}:{os.getpid()}:"
    assert is_alive(process_owner())
    assert is_alive(f"{HOST}:{os.getpid()}:1")

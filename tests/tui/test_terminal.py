"""Taking over a terminal and giving it back, on a real pseudo-terminal."""

import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from conduit_tui.tui.terminal import NoTerminal, TerminalGuard, take_terminal

pytestmark = pytest.mark.terminal

# A small program that reads a line of keys and the pipe, and reports on what is where.
PROGRAM = """
import os, sys
from conduit_tui.tui.terminal import take_terminal
with take_terminal(os.environ) as terminal:
    os.write(2, b"keys? ")
    keys = os.read(0, 100).decode().strip()
    pipe = os.read(terminal.pipe_fd, 100).decode().strip() if terminal.pipe_fd else None
    report = [os.isatty(n) for n in range(3)], keys, pipe
    os.write(1, f"{report}\\n".encode())
print("to stdout")
print("to stderr", file=sys.stderr)
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Runs the small program with redirections on a terminal, types a line, returns the screen."""
    (tmp_path / "program.py").write_text(PROGRAM)
    children: list[pexpect.spawn[str]] = []

    def run_line(line: str) -> str:
        shell = line.format(f"{sys.executable} program.py")
        child: pexpect.spawn[str] = pexpect.spawn(
            "/bin/sh",
            ["-c", shell],
            cwd=str(tmp_path),
            env={**os.environ, "TERM": "xterm", "PYTHONPATH": os.getcwd()},
            encoding="utf-8",
            timeout=60,
        )
        children.append(child)
        child.expect("keys. ")
        child.sendline("typed")
        child.expect(pexpect.EOF)
        return child.before or ""

    yield run_line
    for child in children:
        child.close(force=True)


@pytest.mark.parametrize(
    ("line", "pipe", "on_screen"),
    [
        ("{}", "None", {"to stdout", "to stderr"}),
        ("echo piped | {}", "'piped'", {"to stdout", "to stderr"}),
        ("echo piped | {} | cat >out", "'piped'", {"to stderr"}),
        ("{} </dev/null", "None", {"to stdout", "to stderr"}),
        ("{} 2>err", "None", {"to stdout"}),
        ("{} >out 2>err </dev/null", "None", set[str]()),
    ],
)
def test_keys_and_screen_are_the_terminal_whatever_is_redirected(
    run: Callable[[str], str], line: str, pipe: str, on_screen: set[str]
) -> None:
    output = run(line)
    assert f"([True, True, True], 'typed', {pipe})" in output
    assert {words for words in ("to stdout", "to stderr") if words in output} == on_screen


def test_what_is_printed_afterwards_goes_where_it_was_sent(
    run: Callable[[str], str], tmp_path: Path
) -> None:
    run("{} >out 2>err")
    assert (tmp_path / "out").read_text() == "to stdout\n"
    assert (tmp_path / "err").read_text() == "to stderr\n"


@pytest.mark.parametrize("name", ["dumb", "unknown"])
def test_a_dumb_terminal_is_refused_in_words(name: str) -> None:
    with pytest.raises(NoTerminal, match=name):
        take_terminal({"TERM": name})


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal."""
    master, slave = os.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def test_a_terminal_left_in_raw_mode_is_restored(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    before = termios.tcgetattr(slave)

    def crash() -> None:
        with TerminalGuard(slave):
            tty.setraw(slave)
            raise ValueError("crash")

    with pytest.raises(ValueError, match="crash"):
        crash()
    assert termios.tcgetattr(slave) == before
    written = os.read(master, 1000)
    assert all(sequence in written for sequence in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1003l"))


def test_a_terminal_that_was_given_back_keeps_its_cursor_position(
    terminal: tuple[int, int],
) -> None:
    master, slave = terminal
    with TerminalGuard(slave):
        pass
    written = os.read(master, 1000)
    assert b"\x1b[?1049l" not in written
    assert b"\x1b[?25h" in written


def test_a_terminal_that_is_gone_is_no_error() -> None:
    master, slave = os.openpty()
    with TerminalGuard(slave):
        os.close(master)
        os.close(slave)


def test_without_a_terminal_the_guard_does_nothing(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file, TerminalGuard(file.fileno()):
        pass
    assert (tmp_path / "file").read_bytes() == b""

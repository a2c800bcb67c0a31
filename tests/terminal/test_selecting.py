"""The mouse in a real terminal: dragging over messages, beyond the view, and copying."""

import base64
import re

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine
from tests.terminal.program import SIDEBAR, Program

pytestmark = pytest.mark.terminal

PRESSED, MOVED = 0, 32
_OSC_52 = re.compile(rb"\x1b\]52;c;([\w+/=]*)\x07")


def mouse(program: Program, kind: int, column: int, row: int, *, is_up: bool = False) -> None:
    """Report the mouse as a terminal does, from cell (0, 0)."""
    program.send(f"\x1b[<{kind};{column + 1};{row + 1}{'m' if is_up else 'M'}")


def place_of(program: Program, text: str) -> tuple[int, int]:
    """Where a text stands in the transcript."""
    for row, line in enumerate(program.screen.split("\n")):
        if row and (column := line.find(text, SIDEBAR)) >= 0:
            return column, row
    raise AssertionError(f"{text!r} is not on the screen:\n{program.screen}")


def drag(program: Program, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press, move down or up row by row, and stay there with the button held."""
    mouse(program, PRESSED, *start)
    step = 1 if end[1] >= start[1] else -1
    for row in range(start[1], end[1] + step, step):
        mouse(program, MOVED, end[0], row)


def copied(program: Program) -> str:
    """Copy what is selected, by OSC 52."""
    since = len(program.raw)
    program.press("ctrl+c")
    program.wait_for(lambda: bool(_OSC_52.search(program.raw, since)))
    found = _OSC_52.search(program.raw, since)
    assert found
    return base64.b64decode(found[1]).decode()


def long_reply(machine: Machine, server: BackgroundServer) -> Program:
    """A reply of many rows, seen in its middle."""
    server.answers("\n\n".join(f"line {number} of it" for number in range(60)))
    program = machine.asked("a question", "line 59 of it")
    program.to_normal()
    program.press("pageup", "pageup")
    program.wait_for("line 30 of it")
    program.wait_until_gone("line 59 of it")
    return program


def test_a_drag_that_ends_beside_the_transcript_ends_at_its_edge(
    machine: Machine, server: BackgroundServer
) -> None:
    program = long_reply(machine, server)
    column, row = place_of(program, "line 30")
    mouse(program, PRESSED, column, row)
    for at in range(column, 0, -4):
        mouse(program, MOVED, at, row + 2)
    mouse(program, PRESSED, 2, row + 2, is_up=True)
    assert copied(program) == "line 30 of it\n\nl"


@pytest.mark.parametrize(("below", "first", "last"), [(28, 30, 59), (0, 0, 30)])
def test_a_drag_beyond_the_view_scrolls_to_the_end(
    machine: Machine, server: BackgroundServer, below: int, first: int, last: int
) -> None:
    program = long_reply(machine, server)
    column, row = place_of(program, "line 30")
    drag(program, (column + (0 if below else 9), row), (60, below))
    program.wait_for("line 59 of it" if below else "▌ you")  # the last row, the first one
    mouse(program, PRESSED, 60, below, is_up=True)
    text = copied(program)
    lines = [int(number) for number in re.findall(r"line (\d+)", text)]
    assert lines == list(range(first, last + 1))


def test_a_block_of_code_is_copied_bare(machine: Machine, server: BackgroundServer) -> None:
    server.answers("Here:\n\n```python\ndef f():\n\treturn 文字\n```\n\nSo it is.")
    program = machine.asked("a question", "So it is.")
    start, end = place_of(program, "def f"), place_of(program, "return")
    drag(program, start, (end[0] + 20, end[1]))
    mouse(program, PRESSED, end[0] + 20, end[1], is_up=True)
    assert copied(program).rstrip("\n") == "def f():\n\treturn 文字"


def test_a_desktop_that_is_gone_is_passed_over_and_its_complaint_is_not_on_the_screen(
    machine: Machine, server: BackgroundServer
) -> None:
    tool = machine.write("bin/xclip", "#!/bin/sh\necho 'Error: no display' >&2\nexit 1\n")
    tool.chmod(0o755)
    machine.environ |= {"DISPLAY": ":99", "PATH": f"{tool.parent}:{machine.environ['PATH']}"}
    program = machine.asked("a question", "You said")
    program.to_normal()
    program.press("k", "y")
    program.wait_for("copied 10 characters (OSC 52)")
    assert b"no display" not in program.raw


def test_an_old_tmux_is_passed_through(machine: Machine, server: BackgroundServer) -> None:
    tool = machine.write("bin/tmux", "#!/bin/sh\ncat > /dev/null\nexit 1\n")
    tool.chmod(0o755)
    machine.environ |= {"TMUX": "/tmp/x,1,0", "PATH": f"{tool.parent}:{machine.environ['PATH']}"}
    program = machine.asked("a question", "You said")
    program.to_normal()
    program.press("k", "y")
    program.wait_for("allow-passthrough on")
    sequence = f"]52;c;{base64.b64encode(b'a question').decode()}\x07".encode()
    assert b"\x1b" + sequence in program.raw
    assert b"\x1bPtmux;\x1b\x1b" + sequence + b"\x1b\\" in program.raw

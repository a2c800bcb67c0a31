"""`ask` on a real pseudo-terminal: rendered, interrupted, and with stdout elsewhere."""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pexpect
import pyte
import pytest

from tests.commands.conftest import Program
from tests.servers.openai_server import OpenAIServer, streamed

pytestmark = pytest.mark.terminal

HEIGHT, WIDTH = 20, 80
Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def spawn(program: Program) -> Iterator[Spawn]:
    """Starts the program, or a shell line, on a terminal of 80x20."""
    children: list[pexpect.spawn[str]] = []

    def start(*arguments: str, shell: str | None = None) -> "pexpect.spawn[str]":
        line = ["/bin/sh", "-c", shell] if shell else [sys.executable, "-m", "conduit_tui"]
        child: Any = pexpect.spawn(
            line[0],
            [*line[1:], *arguments],
            env=program.environ,
            dimensions=(HEIGHT, WIDTH),
            encoding="utf-8",
            timeout=60,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def _end(child: "pexpect.spawn[str]") -> str:
    child.expect(pexpect.EOF)
    child.close()
    return child.before or ""


def _all_rows(output: str) -> list[str]:
    """Everything the terminal holds at the end, scrollback included."""
    screen = pyte.HistoryScreen(WIDTH, HEIGHT, history=10_000, ratio=0.5)
    pyte.Stream(screen).feed(output)
    past = ["".join(row[x].data for x in range(WIDTH)) for row in screen.history.top]
    return [row.rstrip() for row in (*past, *screen.display)]


async def test_an_answer_longer_than_the_screen_is_rendered_and_kept_once(
    spawn: Spawn, program: Program
) -> None:
    items = [f"- item {number}\n" for number in range(60)]
    code = ["```python\n", *(f"line_{number} = {number}\n" for number in range(60)), "```\n\n"]
    async with OpenAIServer(streamed("# Title\n\n", *items, "\n", *code, "**End**")) as server:
        program.use(server)
        child = spawn("ask", "-m", "openai/test", "go")
        output = await asyncio.to_thread(_end, child)
    assert child.exitstatus == 0
    rows = [row.strip() for row in _all_rows(output)]
    assert rows[0] == "Title"
    assert [row for row in rows if "item" in row] == [f"• item {n}" for n in range(60)]
    assert [row for row in rows if "line_" in row] == [f"line_{n} = {n}" for n in range(60)]
    assert [row for row in rows if row][-1] == "End"
    assert output.rfind("\x1b[?25h") > output.rfind("\x1b[?25l")


def test_ctrl_c_keeps_what_came_and_gives_the_cursor_back(spawn: Spawn) -> None:
    child = spawn("ask", "-m", "demo/guide", "long")
    child.expect("divided by")
    child.sendintr()
    output = _end(child)
    assert child.exitstatus == 130
    assert "Interrupted; what had arrived is kept." in output
    assert "Traceback" not in output
    assert output.rfind("\x1b[?25h") > output.rfind("\x1b[?25l")


def test_thinking_is_dim_on_a_terminal_and_never_in_a_file(spawn: Spawn, program: Program) -> None:
    target = program.home.parent / "out.md"
    run = f"{sys.executable} -m conduit_tui ask -m demo/guide think"
    output = _end(spawn(shell=f"{run} > {target}"))
    assert "\x1b[2m" in output
    assert "The quick answer is" in " ".join(_all_rows(output))
    written = target.read_text()
    assert "The ball costs **0.05**" in written
    assert "The quick answer is" not in written
    assert "\x1b" not in written


def test_no_color_is_respected(spawn: Spawn, program: Program) -> None:
    program.environ["NO_COLOR"] = "1"
    output = _end(spawn("ask", "-m", "demo/guide", "code"))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", output)


def test_a_dumb_terminal_gets_the_answer_instead_of_the_screen(
    spawn: Spawn, program: Program
) -> None:
    program.environ["TERM"] = "dumb"
    output = _end(child := spawn("-m", "demo/guide", "time"))
    assert child.exitstatus == 0
    assert "TERM is 'dumb'" in output
    assert "current_time" in output

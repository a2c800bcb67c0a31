"""`show` and `tree` on a real pseudo-terminal."""

import asyncio
import sys
from typing import Any

import pexpect
import pytest

from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from tests.commands.conftest import Program
from tests.commands.history import keep
from tests.conftest import AT

pytestmark = pytest.mark.terminal

TEXT = "**bold** \x1b]0;title\x07 \u202eback\n\n```sh\necho \x1b[2J\n```"


@pytest.fixture
async def kept(program: Program) -> Program:
    """The program with one reply that would like to steer the terminal."""
    session = Session("5e55" * 8, "T\x1b]0;title\x07", title_is_manual=True)
    parts = (Text(TEXT),)
    session.add(Message("a" * 32, session.id, None, "assistant", parts, AT, model="m" * 200))
    session.visit("a" * 32)
    await keep(program.home, session, last=session)
    return program


async def printed(program: Program, *arguments: str) -> str:
    """What comes out on a terminal of 60 cells."""

    def run() -> str:
        child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "conduit_tui", *arguments],
            env=program.environ,
            dimensions=(20, 60),
            encoding="utf-8",
            timeout=60,
        )
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        return child.before.replace("\r\n", "\n")

    return await asyncio.to_thread(run)


async def test_a_message_is_rendered_and_cannot_steer_the_terminal(kept: Program) -> None:
    output = await printed(kept, "show", "@")
    assert "\x1b[1mbold\x1b[0m" in output
    for active in ("\x1b]0", "\x07", "\u202e", "\x1b[2J", "**"):
        assert active not in output


async def test_source_and_code_are_cleaned_for_a_terminal_alone(kept: Program) -> None:
    assert await printed(kept, "show", "@", "--code", "1") == "echo ␛[2J\n"
    assert (await printed(kept, "show", "@", "--raw")).startswith(
        "**bold** ␛]0;title␇ <U+202E>back"
    )
    assert (await kept.run("show", "@", "--raw")).stdout == TEXT


async def test_a_tree_has_the_width_of_the_terminal_and_colours_where_they_are_wanted(
    kept: Program,
) -> None:
    assert "\x1b[33maaaaaaa\x1b[0m" in await printed(kept, "tree")
    kept.environ["NO_COLOR"] = "1"
    heading, line = (await printed(kept, "tree")).splitlines()
    assert heading == "T␛]0;title␇ (5e555e5, 1 message)"
    assert line.startswith(f"aaaaaaa @ {'m' * 29}…: bold ␛]0;")
    assert len(line) <= 60

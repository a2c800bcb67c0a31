"""Nothing that comes from outside drives the terminal."""

import re

import pytest

from tests.servers.http import Reply
from tests.servers.openai_server import DONE, chunk, error, refused, usage
from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

CLIPBOARD = "\x1b]52;c;ZXZpbA==\x07"
TITLE = "\x1b]0;gotcha\x1b\\"
REPORT = "\x1b[6n\x1b[?1337h\x1bPq\x1b\\"
C1 = "\x9d0;gotcha\x9c\x9b6n"
BIDI = "\u202eturned"
HOSTILE = f"before {CLIPBOARD}{TITLE}{REPORT}{C1}{BIDI}\x00 after"


def assert_tame(program: Program) -> None:
    """Nothing of `HOSTILE` has reached the terminal in a form that acts."""
    raw = program.raw
    own_pointer_shapes = rb"22;"
    commands = re.findall(rb"\x1b\](.{0,40})", raw, re.DOTALL)
    assert [each for each in commands if not each.startswith(own_pointer_shapes)] == []
    for sequence in (b"\x1b[6n", b"\x1b[?1337h", b"\x1bP", b"\xc2\x9d", b"\xc2\x9b", b"\x00"):
        assert sequence not in raw
    assert "\u202e".encode() not in raw


def test_escape_sequences_of_a_model_do_not_reach_the_terminal(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answer = lambda exchange: Reply(
        [
            chunk({"reasoning_content": HOSTILE}),
            chunk({"content": f"{HOSTILE}\n\n`{HOSTILE}`\n\n```sh\n{HOSTILE}\n```\n\n"}),
            chunk(
                {"content": f"| {HOSTILE} |\n| - |\n| x |\n\n[{HOSTILE}](https://e.org/{TITLE})"}
            ),
            chunk({"content": " cut in two: \x1b"}),
            chunk({"content": "]52;c;ZXZpbA==\x07 the end"}),
            chunk(finish="stop"),
            usage(),
            DONE,
        ]
    )
    program = machine.ready()
    program.say("hello")
    program.wait_for("the end")
    program.wait_for("Esc reads")
    program.to_normal()
    program.press("enter")
    program.press("f1")
    program.wait_for("Esc close")
    assert_tame(program)


def test_escape_sequences_of_an_error_do_not_reach_the_terminal(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answer = lambda exchange: refused(400, error(HOSTILE))
    program = machine.ready()
    program.say("hello")
    program.wait_for("before")
    program.wait_for("Press r")
    assert_tame(program)


def test_escape_sequences_of_titles_and_pastes_do_not_reach_the_terminal(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("hello", "You said")
    program.paste(f"/title weird {C1}{BIDI} title")
    program.wait_for("title")
    program.press("enter")
    program.wait_for(lambda: "weird" in program.screen.split("\n")[0])
    program.paste(HOSTILE.replace("\x1b", "\x9b"))
    program.wait_for("after")
    program.press("enter")
    program.wait_for("of 3 messages")
    assert_tame(program)


def test_escape_sequences_of_file_names_and_pipes_do_not_reach_the_terminal(
    machine: Machine, server: BackgroundServer
) -> None:
    name = f"notes{TITLE}{CLIPBOARD}.md"
    machine.write(name, HOSTILE)
    program = machine.shell(f"printf '%s' '{TITLE} piped' | conduit-tui -f '{name}' 'read this'")
    program.wait_for("│ read this")
    program.wait_for("Esc reads")
    program.command("/title seen")
    program.wait_for(lambda: "seen" in program.screen.split("\n")[0])
    assert_tame(program)
    program.press("ctrl+q")
    assert program.exit_code() == 0
    missing = machine.start("-f", f"no{TITLE}where")
    assert missing.exit_code() == 2
    assert_tame(missing)


def test_markup_is_text(machine: Machine, server: BackgroundServer) -> None:
    server.answers("[bold]not markup[/bold] [link=http://x]nor a link[/link] [/]")
    program = machine.ready()
    program.say("[bold")
    program.wait_for("[bold]not markup[/bold] [link=http://x]nor a link[/link] [/]")
    program.command("/title [bold")
    program.wait_for(lambda: "[bold" in program.screen.split("\n")[0])
    program.press("ctrl+n")
    program.wait_for("New session")
    program.wait_for(lambda: "[bold" in program.screen.split("\n")[1])
    program.command("/model [/nope")
    program.wait_for("'[/nope'")
    program.command("/theme [/nope")
    program.wait_for("[/nope")
    program.press("ctrl+q")
    assert program.exit_code() == 0

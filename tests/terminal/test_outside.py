"""The terminal is lent to a pager or an editor, and the screen is back afterwards as it was."""

from pathlib import Path

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal

REPLY = "See \x1b[31mthis\x07:\n\n```python\nprint(1)\n```\n"


def script(machine: Machine, name: str, lines: str) -> str:
    """A program of these lines of shell."""
    path = machine.write(name, f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return str(path)


def test_o_opens_the_message_in_the_pager_and_the_screen_comes_back(
    machine: Machine, server: BackgroundServer
) -> None:
    seen = machine.home / "seen"
    machine.environ["PAGER"] = script(
        machine,
        "pager",
        f'cp "$1" {seen}; stat -c "%a %n" "$1" > {seen}.name; echo THE PAGER; read line',
    )
    server.answers(REPLY)
    program = machine.asked("a question", "print(1)")
    program.to_normal()
    before = program.still_screen()
    program.press("o")
    program.wait_for("THE PAGER")
    assert seen.read_text() == "See ␛[31mthis␇:\n\n```python\nprint(1)\n```\n"
    mode, name = Path(f"{seen}.name").read_text().split()
    assert mode == "600"
    assert name.endswith(".md")
    program.press("enter")
    program.wait_for_screen(before)
    program.wait_for(lambda: not Path(name).exists())
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.modes == program.modes_before


def test_a_block_is_opened_in_the_editor_as_a_file_of_its_language_and_is_only_a_copy(
    machine: Machine, server: BackgroundServer
) -> None:
    seen = machine.home / "seen"
    editor = script(machine, "editor", f'echo "$2" > {seen}; cat "$2" >> {seen}; echo more >> "$2"')
    machine.environ |= {"PAGER": "false", "VISUAL": f"{editor} --wait"}
    server.answers(REPLY)
    program = machine.asked("a question", "print(1)")
    program.to_normal()
    program.press("Y")
    program.wait_for("1 Enter copy")
    program.press("o")
    program.wait_for("That was a copy of block 1")
    program.wait_for("print(1)")
    name, *code = seen.read_text().splitlines()
    assert name.endswith(".py")
    assert code == ["print(1)"]
    assert "more" not in program.screen


def test_a_reply_goes_on_while_the_pager_is_open(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.environ["PAGER"] = script(machine, "pager", "echo THE PAGER; read line")
    gate = server.gate()
    server.answers("The first half. ", gate, "The second half.")
    program = machine.ready()
    program.say("go on")
    program.wait_for("The first half.")
    program.to_normal()
    program.press("o")
    program.wait_for("THE PAGER")
    gate.open()
    stored = machine.database.with_name("conduit.db-wal")
    program.wait_for(lambda: b"The second half." in stored.read_bytes())
    assert b"second half" not in program.raw
    program.press("enter")
    program.wait_for("The first half. The second half.")
    program.wait_for("i writes")


def test_a_program_that_is_not_there_leaves_the_screen_as_it_was(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.environ |= {"PAGER": "no-such-pager", "EDITOR": "no-such-editor"}
    program = machine.asked("a question", "You said")
    program.to_normal()
    program.press("o")
    program.wait_for("The pager 'no-such-pager' did not start")
    program.wait_for("You said")
    program.to_insert()
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.press("ctrl+g")
    program.wait_for("The editor 'no-such-editor' did not start")
    program.wait_for("> half a thought")
    program.send(" and more")
    program.wait_for("> half a thought and more")

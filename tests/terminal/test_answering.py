"""A tool that asks, in a real terminal."""

import time

import pytest

from conduit_tui.tui.answer_guard import GUARD_SECONDS
from tests.servers.acting import act
from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

STILL_SECONDS = 2.5
"""Longer than anything that would paint again and again waits."""


def asking(machine: Machine) -> Program:
    """The program with the guide's tool waiting for an answer."""
    machine.write("conduit/config/settings.toml", '[permissions]\nask = ["current_time"]\n')
    program = machine.ready()
    program.say("time")
    program.wait_for("current_time wants to run")
    program.wait_for("a tool asks")
    return program


def test_a_tool_is_answered_with_one_key_and_goes_on(machine: Machine) -> None:
    program = asking(machine)
    program.press("f4")
    program.wait_for("ANSWER")
    began = time.monotonic()
    program.wait_for(lambda: time.monotonic() - began > GUARD_SECONDS)
    program.press("y")
    program.wait_for("current_time said:")
    program.wait_for("Esc reads")


def test_what_is_typed_into_the_prompt_answers_nothing(machine: Machine) -> None:
    program = asking(machine)
    program.press("y", "e", "s")
    program.wait_for("> yes")
    assert "a tool asks" in program.screen
    program.press("ctrl+c")
    program.wait_for("Cancelled before it finished.")
    program.wait_for(lambda: "a tool asks" not in program.screen)


def test_what_is_pasted_answers_nothing(machine: Machine) -> None:
    program = asking(machine)
    program.press("f4")
    program.wait_for("ANSWER")
    began = time.monotonic()
    program.wait_for(lambda: time.monotonic() - began > GUARD_SECONDS)
    program.paste("y\ny\n")
    program.press("f1")
    program.wait_for("answer a tool that asks")
    program.press("escape")
    program.wait_until_gone("answer a tool that asks")
    program.wait_for("current_time wants to run")


def test_nothing_is_painted_while_a_tool_waits_for_an_answer(machine: Machine) -> None:
    asking(machine).still_screen(STILL_SECONDS)


def test_an_escape_in_what_is_pasted_presses_no_key(machine: Machine) -> None:
    program = machine.ready()
    program.paste("one \x1b]0;\x07\x11\x03 two")
    program.wait_for("two")
    program.send("!")
    program.wait_for("two!")
    assert "INSERT" in program.status


def test_what_a_program_writes_to_the_terminal_is_painted_over(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write(
        "conduit/config/settings.toml",
        'tools = ["run_shell"]\n[permissions]\nallow = ["run_shell"]\n',
    )
    server.answer = act("openai-chat")
    program = machine.ready("-m", "openai/gpt-4o", size=(120, 30))
    program.say("hi")
    program.wait_for("All done after 0.")
    evil = r"printf '\033[2J\033[5;20r\033[?1049l\033[HEV%sL\033[?25h' I"
    program.say(f'run_shell {{"command": "{evil} > {program.device}"}}'.replace("\\0", "\\\\0"))
    program.wait_for("done after 1.")
    assert b"EVIL" in program.raw
    program.wait_until_gone("EVIL")
    assert "All done after 0." in program.still_screen()
    assert program.raw.rindex(b"\x1b[?1049h") > program.raw.rindex(b"\x1b[?1049l")

"""A tool that asks, in a real terminal."""

import time

import pytest

from conduit_tui.tui.answer_guard import GUARD_SECONDS
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

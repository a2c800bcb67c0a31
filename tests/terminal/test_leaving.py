"""What is left in the terminal when the screen is gone, and how it calls meanwhile."""

import signal

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal

SETTINGS = "conduit/config/settings.toml"
PRINTS = "print_on_quit = true\n"


def test_nothing_is_left_in_the_terminal(machine: Machine, server: BackgroundServer) -> None:
    server.answers("The reply, *rendered*.")
    program = machine.asked("the question", "The reply, rendered.")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.left_behind == [""]


def test_the_last_reply_is_left_rendered_if_wanted(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write(SETTINGS, PRINTS)
    server.answers("The reply, *rendered*.\n\n- one\n- \x1b[2Jtwo")
    program = machine.asked("the question", "The reply, rendered.")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.left_behind == [
        "The reply, rendered.",
        "",
        " • one",
        " • ␛[2Jtwo",
    ]
    assert program.modes == program.modes_before


def test_a_reply_that_still_streams_is_left_as_far_as_it_came(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write(SETTINGS, PRINTS)
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.left_behind == ["As far as it came."]


def test_a_session_without_a_reply_leaves_nothing(machine: Machine) -> None:
    machine.write(SETTINGS, PRINTS)
    program = machine.ready()
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.left_behind == [""]


def test_the_last_reply_goes_plain_where_stdout_was_redirected(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write(SETTINGS, PRINTS)
    server.answers("The reply, *rendered*.")
    program = machine.shell("conduit-tui > out.md")
    program.wait_for("Esc reads")
    program.say("the question")
    program.wait_for("The reply, rendered.")
    program.wait_for("Esc reads")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert (machine.home / "out.md").read_text() == "The reply, *rendered*.\n"
    assert program.left_behind == [""]


def test_a_reader_that_is_gone_is_no_mistake(machine: Machine, server: BackgroundServer) -> None:
    machine.write(SETTINGS, PRINTS)
    server.answers("The reply, *rendered*.")
    program = machine.shell("conduit-tui 2>errors | true")
    program.wait_for("Esc reads")
    program.say("the question")
    program.wait_for("The reply, rendered.")
    program.wait_for("Esc reads")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert (machine.home / "errors").read_text() == ""


def test_after_a_signal_nothing_is_printed(machine: Machine, server: BackgroundServer) -> None:
    machine.write(SETTINGS, PRINTS)
    server.answers("The reply, *rendered*.")
    program = machine.asked("the question", "The reply, rendered.")
    program.signal(signal.SIGTERM)
    assert program.exit_code() == 128 + signal.SIGTERM
    assert program.left_behind == [""]


def test_the_bell_rings_only_while_the_terminal_has_no_focus(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("the first question", "│ the first question")
    assert program.bells == 0
    gate = server.gate()
    server.answers("Still ", gate, "there.")
    program.say("the second question")
    program.wait_for("Still")
    lit = program.colours_of("╰")
    program.send("\x1b[O")  # the terminal reports that it lost the focus
    program.wait_for(lambda: program.colours_of("╰") != lit)
    gate.open()
    program.wait_for("Still there.")
    program.wait_for(lambda: program.bells == 1)

"""Every way a run can end: the terminal is restored, and nothing is lost."""

import signal
import sys

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal


def test_quitting_gives_the_terminal_back_as_it_was(machine: Machine) -> None:
    program = machine.ready()
    assert program.modes != program.modes_before
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert program.modes == program.modes_before
    assert b"\x1b[?25h" in program.after_screen
    assert b"\x1b[?2004l" in program.raw


def test_ctrl_c_cancels_then_clears_then_quits_at_the_second_press(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.press("ctrl+c")
    program.wait_for("interrupted")
    program.wait_for("Esc reads")
    assert "> half a thought" in program.screen
    program.press("ctrl+c")
    program.wait_for("Ask anything")
    program.press("ctrl+c")
    program.wait_for("Ctrl+C again quits")
    program.press("ctrl+c")
    assert program.exit_code() == 0


def test_what_ctrl_c_cleared_is_found_with_up(machine: Machine) -> None:
    program = machine.ready()
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.press("ctrl+c")
    program.wait_for("Ask anything")
    program.press("up")
    program.wait_for("> half a thought")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_restores_the_terminal_and_keeps_the_draft(
    machine: Machine, server: BackgroundServer, number: signal.Signals, code: int
) -> None:
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.signal(number)
    assert program.exit_code() == code
    assert program.modes == program.modes_before
    assert program.after_screen
    again = machine.ready()
    again.wait_for("As far as it came.")
    again.wait_for("interrupted")
    again.wait_for("> half a thought")


def test_closing_the_terminal_ends_the_program_and_keeps_the_draft(machine: Machine) -> None:
    program = machine.ready()
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.hang_up()
    assert program.exit_code() > 0
    machine.ready().wait_for("> half a thought")


def test_closing_the_terminal_in_mid_stream_ends_the_program_and_keeps_what_came(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    program.hang_up()
    assert program.exit_code() > 0
    again = machine.ready()
    again.wait_for("As far as it came.")
    again.wait_for("interrupted")


def test_after_a_kill_in_mid_stream_the_partial_reply_is_there_and_marked(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    log = machine.database.with_name("conduit.db-wal")
    program.wait_for(lambda: b"As far as it came." in log.read_bytes())
    program.signal(signal.SIGKILL)
    assert program.exit_code() == -signal.SIGKILL
    again = machine.ready()
    again.wait_for("a long story")
    again.wait_for("As far as it came.")
    again.wait_for("interrupted")
    again.wait_for("Press r")


def test_a_crash_names_the_log_and_shows_no_secrets(machine: Machine) -> None:
    program = machine.run((sys.executable, "-m", "tests.terminal.crashing"))
    program.wait_for("Esc reads")
    program.press("f1")
    assert program.exit_code() == 70
    assert program.modes == program.modes_before
    log = machine.conduit_home / "state" / "conduit.log"
    words = program.after_screen.decode()
    assert "ZeroDivisionError" in words
    assert str(log) in words  # in one piece, to be copied
    assert "Traceback" not in words
    assert "textual run" not in words
    for text in (words, log.read_text()):
        assert "sk-in-a-local-variable" not in text
    assert "crashing.py" in log.read_text()

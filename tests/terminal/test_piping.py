"""Starting with a prompt, files and pipes."""

import pytest

from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal

DIFF = "--- a/lamp\n+++ b/lamp\n-off\n+on\n"


def test_a_pipe_with_a_prompt_is_sent_after_it_and_the_keys_are_the_terminals(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write("lamp.diff", DIFF)
    program = machine.shell('cat lamp.diff | conduit-tui "review this"')
    program.wait_for("│ review this")
    words = server.last_words
    assert words.index("review this") < words.index("+on")
    program.wait_for("Esc reads")
    program.say("and now by hand")
    program.wait_for("│ and now by hand")
    program.press("ctrl+q")
    assert program.exit_code() == 0


def test_a_pipe_without_a_prompt_waits_as_a_chip_for_one(
    machine: Machine, server: BackgroundServer
) -> None:
    machine.write("lamp.diff", DIFF)
    program = machine.shell("cat lamp.diff | conduit-tui")
    program.wait_for("stdin")
    program.wait_for("Esc reads")
    assert not server.questions
    program.say("what changed?")
    program.wait_for("│ what changed?")
    words = server.last_words
    assert words.index("what changed?") < words.index("+on")


def test_a_slow_pipe_does_not_hold_up_the_keys(machine: Machine, server: BackgroundServer) -> None:
    machine.run(("mkfifo", "slow")).exit_code()
    program = machine.shell('cat slow | conduit-tui "what is it?"')
    program.send("typed meanwhile")
    program.wait_for("> typed meanwhile")
    assert not server.questions
    (machine.home / "slow").write_text("it came late\n")
    program.wait_for("│ what is it?")
    assert "it came late" in server.last_words
    assert "typed meanwhile" not in server.last_words
    program.wait_for("> typed meanwhile")


def test_a_file_is_attached_to_the_prompt(machine: Machine, server: BackgroundServer) -> None:
    machine.write("notes.md", "milk and bread\n")
    program = machine.start("-f", "notes.md", "what do I buy?")
    program.wait_for("│ what do I buy?")
    assert "milk and bread" in server.last_words
    assert "notes.md" in server.last_words
    program.wait_for("notes.md")


def test_a_file_that_is_not_there_is_a_usage_error(machine: Machine) -> None:
    program = machine.start("-f", "missing.md", "what is it?")
    assert program.exit_code() == 2
    assert b"missing.md" in program.raw
    assert b"\x1b" not in program.raw


def test_a_prompt_starts_a_new_session_and_a_bare_start_reopens_it(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("in the first", "│ in the first")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    program = machine.start("in the second")
    program.wait_for("│ in the second")
    program.wait_for("Esc reads")
    assert len(server.questions[-1].body["messages"]) == 1
    program.press("ctrl+q")
    assert program.exit_code() == 0
    machine.ready().wait_for("│ in the second")


def test_ask_prints_the_reply_and_leaves_no_screen_behind(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("The reply, *rendered*.")
    program = machine.start("ask", "the question")
    assert program.exit_code() == 0
    assert "The reply, rendered." in program.screen
    assert b"\x1b[?1049h" not in program.raw

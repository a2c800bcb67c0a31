"""Sessions: what is there again after a restart, commands, the trash, two instances."""

import time

import pytest

from conduit_tui.tui.widgets.spinner import FRAMES
from tests.servers.http import Reply, Stall
from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine
from tests.terminal.program import SIDEBAR, Program

pytestmark = pytest.mark.terminal


def sidebar(program: Program) -> str:
    """The list of sessions, without the tree below it."""
    lines = [line[:SIDEBAR] for line in program.screen.split("\n")]
    tree = next(number for number, line in enumerate(lines) if line.strip() == "Tree")
    return "\n".join(lines[:tree])


def test_quitting_and_starting_again_brings_back_place_and_draft(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("The first reply.")
    program = machine.asked("the question", "The first reply.")
    server.answers("The second reply.")
    program.command("/retry")
    program.wait_for("2/2")
    program.wait_for("Esc reads")
    program.to_normal()
    program.press("h")
    program.wait_for("The first reply.")
    program.to_insert()
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    again = machine.ready()
    again.wait_for("The first reply.")
    again.wait_for("1/2")
    again.wait_for("> half a thought")


def test_two_sessions_stand_in_the_sidebar_and_can_be_opened(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("the older one", "│ the older one")
    program.press("ctrl+n")
    program.wait_for("New session")
    program.say("the newer one")
    program.wait_for("│ the newer one")

    def order() -> list[str]:
        lines = sidebar(program).split("\n")
        return [line.strip(f" ▌●{FRAMES}").split("  ")[0] for line in lines if " one" in line]

    program.wait_for(lambda: order() == ["the newer one", "the older one"])


def test_commands_title_delete_and_restore_a_session(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("about the weather", "You said")
    program.command("/title Weather in Oslo")
    program.wait_for(lambda: "Weather in Oslo" in sidebar(program))
    program.command("/new")
    program.wait_for("New session")
    program.say("something else")
    program.wait_for("│ something else")
    program.wait_for(lambda: "something else" in sidebar(program))
    program.command("/delete")
    program.wait_for(lambda: "something else" not in sidebar(program))
    program.wait_for("about the weather")
    program.command("/trash")
    program.wait_for("Enter restore")
    program.press("enter")
    program.wait_for("│ something else")
    program.wait_for(lambda: "something else" in sidebar(program))
    assert "Weather in Oslo" in sidebar(program)


def test_a_message_sent_in_one_instance_appears_in_the_other(
    machine: Machine, server: BackgroundServer
) -> None:
    one = machine.asked("from the first", "│ from the first")
    other = machine.ready()
    other.wait_for("│ from the first")
    other.say("from the second")
    other.wait_for("│ from the second")
    one.wait_for("from the second")
    other.wait_for("Esc reads")
    one.say("and back")
    one.wait_for("│ and back")
    other.wait_for("and back")
    assert server.questions[-1].body["messages"][0]["content"] == "from the first"


def test_a_slash_that_is_no_command_is_told_and_kept(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.ready()
    program.command("/gibberish")
    program.wait_for("> /gibberish")
    program.wait_for("/help")
    assert not server.questions


def test_an_unknown_model_names_the_nearest(machine: Machine, server: BackgroundServer) -> None:
    program = machine.ready()
    program.command("/model gtp-5")
    program.wait_for("No model is named 'gtp-5'. The nearest are ")
    program.send("typed beside the notice")
    program.wait_for("> typed beside the notice")
    assert "No model is named" in program.screen


def test_the_model_names_a_session_and_the_name_is_there_after_a_restart(
    machine: Machine, server: BackgroundServer
) -> None:
    server.title = "A question about nothing"
    server.answers("The reply.")
    program = machine.asked("the question", "The reply.")
    program.wait_for("A question about nothing")
    program.press("ctrl+q")
    assert program.exit_code() == 0
    machine.ready().wait_for("A question about nothing")
    assert [each.body["messages"][-1]["content"] for each in server.questions] == ["the question"]


def test_a_title_that_does_not_come_keeps_nobody_from_quitting(
    machine: Machine, server: BackgroundServer
) -> None:
    server.title = Reply([Stall])
    server.answers("The reply.")
    program = machine.asked("the question", "The reply.")
    program.say("another one")
    program.wait_for("another one")
    began = time.monotonic()
    program.press("ctrl+q")
    assert program.exit_code() == 0
    assert time.monotonic() - began < 10


def test_sessions_are_found_renamed_and_deleted_by_keys(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("the trip to Oslo", "the trip to Oslo")
    program.press("ctrl+n")
    program.wait_for("every conversation is a tree")
    program.say("pancakes")
    program.wait_for(lambda: "▌pancakes" in sidebar(program))
    program.to_normal()
    program.send("s/osl")
    program.wait_for("/osl")
    program.wait_for(lambda: "pancakes" not in sidebar(program))
    program.press("escape")
    program.wait_until_gone("/osl")
    program.send("r")
    program.wait_for("Title")
    program.send("!")
    program.press("enter")
    program.wait_until_gone("leave as it is")
    program.wait_for(lambda: "the trip to Oslo!" in sidebar(program))
    program.send("d")
    program.wait_for("is in the trash; /trash brings it back.")
    program.wait_for(lambda: "Oslo" not in sidebar(program))

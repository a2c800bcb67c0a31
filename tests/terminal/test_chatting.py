"""Sending, streaming, cancelling, failing, and the tree that grows from it."""

import pytest

from tests.servers.http import Reply
from tests.servers.openai_server import said
from tests.servers.scripts import FAULTS
from tests.terminal.background import BackgroundServer
from tests.terminal.conftest import Machine

pytestmark = pytest.mark.terminal

CODE = "Here:\n\n```python\ndef area(radius):\n    return 3.14 * radius**2\n```\n"


def test_the_first_run_names_what_was_found_and_the_guide_answers(machine: Machine) -> None:
    program = machine.ready()
    program.wait_for("no API key")
    program.wait_for("OPENAI_API_KEY")
    program.wait_for("demo/guide")
    program.say("show me code")
    program.wait_for("def primes_below")
    program.wait_for("no model was asked")


def test_a_reply_of_a_server_is_rendered_with_its_code_highlighted(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers(CODE)
    program = machine.ready()
    program.wait_for("OPENAI_API_KEY")
    program.say("a circle, please")
    program.wait_for("return 3.14")
    program.wait_for(lambda: program.colours_of("def") != program.colours_of("radius"))
    assert "```" not in program.screen
    assert server.last_words == "a circle, please"


def test_a_reply_appears_while_it_streams(machine: Machine, server: BackgroundServer) -> None:
    gate = server.gate()
    server.answers("The first half. ", gate, "The second half.")
    program = machine.ready()
    program.say("go on")
    program.wait_for("The first half.")
    program.wait_for("Ctrl+C cancels")
    assert "The second half." not in program.screen
    gate.open()
    program.wait_for("The second half.")
    program.wait_for("Esc reads")


def test_cancelling_keeps_what_came_and_marks_it(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("As far as it came. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("As far as it came.")
    program.press("ctrl+c")
    program.wait_for("interrupted")
    program.wait_for("Press r")
    assert "As far as it came." in program.screen
    program.wait_for(server.questions[0].left.is_set)


def test_escape_reads_and_a_second_one_cancels(machine: Machine, server: BackgroundServer) -> None:
    server.answers("Still going. ", server.gate())
    program = machine.ready()
    program.say("a long story")
    program.wait_for("Still going.")
    program.to_normal()
    program.wait_for("Esc cancels")
    program.press("escape")
    program.wait_for("interrupted")


def test_an_error_is_told_in_words_and_r_tries_again_as_a_sibling(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answer = lambda exchange: FAULTS["401"]()
    program = machine.ready()
    program.say("hello")
    program.wait_for("does not accept the key; check OPENAI_API_KEY")
    program.wait_for("Press r")
    server.answers("Now it works.")
    program.to_normal()
    program.press("r")
    program.wait_for("Now it works.")
    program.wait_for("2/2")
    program.press("h")
    program.wait_for("1/2")
    program.wait_for("does not accept the key")


def test_a_server_that_fails_is_asked_again_with_a_countdown(
    machine: Machine, server: BackgroundServer
) -> None:
    replies = iter([FAULTS["429"](), Reply(said("At the second try."))])
    server.answer = lambda exchange: next(replies)
    program = machine.ready(size=(150, 30))
    program.say("hello")
    program.wait_for("Trying again in")
    program.wait_for("At the second try.")
    assert len(server.questions) == 2


def test_a_stream_that_breaks_keeps_its_words_and_says_so(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.ready(size=(100, 60))

    def kept_and_marked() -> int:
        marks = program.screen.count("s · interrupted") + program.screen.count("s · error")
        return min(marks, program.screen.count("  Half of an answer"))

    for count, fault in enumerate(("cut", "end", "garbage", "error"), 1):
        server.answer = lambda exchange, fault=fault: FAULTS[fault]()
        program.say(f"number {count}")
        program.wait_for(lambda count=count: kept_and_marked() == count)
        program.wait_for("Press r")
        program.wait_for("Esc reads")


def test_an_edit_makes_a_sibling_and_h_and_l_move_between(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("Explain Raft to a child", "You said")
    program.to_normal()
    program.press("k", "e")
    program.wait_for("sending makes a sibling")
    program.send(", briefly")
    program.wait_for("> Explain Raft to a child, briefly")
    program.press("enter")
    program.wait_for("2/2")
    program.wait_for("Esc reads")
    assert server.last_words == "Explain Raft to a child, briefly"
    program.to_normal()
    program.press("k", "h")
    program.wait_for("1/2")
    program.wait_until_gone("│ Explain Raft to a child, briefly")
    program.press("l")
    program.wait_for("2/2")
    program.wait_for("│ Explain Raft to a child, briefly")


def test_leaving_an_edit_brings_back_what_was_typed_before(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("the question", "You said")
    program.send("half a thought")
    program.wait_for("> half a thought")
    program.to_normal()
    program.press("k", "e")
    program.wait_for("> the question")
    program.press("escape")
    program.wait_for("> half a thought")


def test_regenerating_asks_the_same_again_beside_the_first_reply(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("One way to put it.")
    program = machine.asked("put it", "One way to put it.")
    server.answers("Another way to put it.")
    program.command("/retry")
    program.wait_for("2/2")
    program.wait_for("Another way to put it.")
    assert [each["content"] for each in server.questions[-1].body["messages"]] == ["put it"]


def test_t_opens_the_tree_and_enter_jumps_to_any_branch(
    machine: Machine, server: BackgroundServer
) -> None:
    server.answers("The first reply.")
    program = machine.asked("the question", "The first reply.")
    server.answers("The other reply.")
    program.to_normal()
    program.press("r")
    program.wait_for("2/2")
    program.wait_for("i writes")
    program.press("t")
    program.press("up", "enter")
    program.wait_for("1/2")
    program.wait_for("The first reply.")


def test_the_model_calls_a_tool_and_goes_on(machine: Machine, server: BackgroundServer) -> None:
    program = machine.ready()
    program.say("use a tool")
    program.wait_for("current_time")
    program.wait_for("The tool said")
    assert server.questions[-1].body["messages"][-1]["role"] == "tool"


def test_a_message_sent_meanwhile_waits_for_the_reply(
    machine: Machine, server: BackgroundServer
) -> None:
    gate = server.gate()
    server.answers("Thinking about it. ", gate, "Done.")
    program = machine.ready()
    program.say("first")
    program.wait_for("Thinking about it.")
    program.say("second")
    program.wait_until_gone("> second")
    assert len(server.questions) == 1
    gate.open()
    program.wait_for(lambda: len(server.questions) == 2)
    assert server.last_words == "second"


def test_keys_that_come_in_one_packet_act_in_their_order(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.ready()
    program.send("x\x7fhello\x1b[Dl\x7f\r")
    program.wait_for("You said")
    assert server.last_words == "hello"
    program.wait_for("Esc reads")
    program.to_normal()
    program.send("ihello again\rand this")
    program.wait_for("> and this")
    program.wait_for(lambda: len(server.questions) == 2)
    assert server.last_words == "hello again"


def test_what_is_typed_right_after_a_new_session_belongs_to_it(
    machine: Machine, server: BackgroundServer
) -> None:
    program = machine.asked("in the old one", "You said")
    program.send("not sent\x0ein the new one\r")
    program.wait_for("in a conversation of 1 messages")
    program.wait_for(lambda: len(server.questions) == 2)
    assert server.last_words == "in the new one"

import pytest

from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.slash import (
    COMMANDS,
    AsMessage,
    Invocation,
    Mistake,
    complete,
    help_text,
    parse,
    parse_command,
)


def invoked(text):
    parsed = parse(text)
    assert isinstance(parsed, Invocation)
    return parsed.command.name, parsed.argument


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/new", ("new", "")),
        ("/NEW ", ("new", "")),
        ("/title  Explain Raft ", ("title", "Explain Raft")),
        ("/system be terse\nand kind", ("system", "be terse\nand kind")),
        ("/model openai/gpt-5", ("model", "openai/gpt-5")),
    ],
)
def test_a_line_with_a_slash_is_a_command_with_its_argument(text, expected):
    assert invoked(text) == expected


@pytest.mark.parametrize(
    ("text", "sent"),
    [("hello", "hello"), ("//usr/bin is a path", "/usr/bin is a path"), (" /new", " /new")],
)
def test_other_text_is_a_message(text, sent):
    assert parse(text) == AsMessage(sent)


def test_an_unknown_command_names_the_nearest():
    parsed = parse("/modle gpt")
    assert isinstance(parsed, Mistake)
    assert "'/modle' is no command" in parsed.words
    assert "/model" in parsed.words


def test_a_path_is_told_how_to_be_sent():
    parsed = parse("/usr/bin/env fails for me")
    assert isinstance(parsed, Mistake)
    assert "begin with // or a space" in parsed.words


def test_words_on_a_wrong_command_are_short_and_hold_nothing_active():
    parsed = parse("/" + "\x1b[2J" * 1000)
    assert isinstance(parsed, Mistake)
    assert "\x1b" not in parsed.words
    assert len(parsed.words) < 200


def test_an_argument_to_a_command_that_takes_none_is_a_mistake():
    assert parse("/new session") == Mistake("/new stands alone; nothing may follow it.")


def test_a_bare_slash_is_a_mistake():
    assert isinstance(parse("/"), Mistake)


def test_command_mode_needs_no_slash():
    assert parse_command("quit") == parse_command("/quit") == parse("/quit")
    wrong = parse_command("usr/bin")
    assert isinstance(wrong, Mistake)
    assert "//" not in wrong.words


def test_completion_offers_what_the_text_may_become():
    assert [command.name for command in complete("/mod")] == ["model", "models"]
    assert complete("/") == COMMANDS
    assert complete("//") == complete("hello") == ()


def test_every_command_names_an_action_that_exists():
    known = {action.id for action in ACTIONS} | {""}
    assert {command.action for command in COMMANDS} <= known


def test_help_names_every_command_and_every_key_in_force():
    text = help_text(load_keymap({"copy": "f9", "tree": "`"}))
    for command in COMMANDS:
        assert f"| `/{command.name}" in text
    for action in ACTIONS:
        assert action.summary in text
    assert "| `F9` | copy the message |" in text
    assert "| `` ` `` | go to the tree |" in text
    assert "[on NAME... \\| off [NAME...]" in text

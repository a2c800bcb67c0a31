import string

import pytest
from textual import events
from textual.app import App

from conduit_tui.tui.key_names import display_name, parse_keys, types_a_character
from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.widgets.message_tree import MessageTree


def test_the_default_table_has_no_clash_and_no_notice():
    keymap = load_keymap({action.id: ",".join(action.keys) for action in movable()})
    assert keymap.notices == ()
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_what_an_action_does_is_said_within_a_column_of_the_keys_screen():
    assert [action.summary for action in ACTIONS if len(action.summary) > 31] == []


def movable():
    return [action for action in ACTIONS if not action.is_fixed]


OF_THE_CHAT = [action for action in ACTIONS if action.mode not in ("sessions", "tree", "answer")]


def test_the_keys_of_the_tree_are_all_in_the_table():
    bound = {
        parse_keys(key)[0]
        for binding in MessageTree.BINDINGS
        for key in binding.key.split(",")  # type: ignore[union-attr]
    }
    told = {key for action in ACTIONS if action.mode == "tree" for key in action.keys}
    assert {parse_keys(key)[0] for key in told} - {"/", "enter"} == bound


@pytest.mark.parametrize("action", OF_THE_CHAT, ids=lambda action: action.id)
def test_every_default_key_finds_its_action_where_it_acts(action):
    keymap = load_keymap({})
    mode = "insert" if action.mode == "insert" else "normal"
    for key in action.keys:
        *before, last = key.split(" ")
        for each in before:
            assert keymap.action_for(each, mode) is None
            assert keymap.pending == each
        assert keymap.action_for(last, mode) == action.id
        assert keymap.pending == ""


@pytest.mark.parametrize(
    ("key", "mode", "expected"),
    [
        ("question_mark", "normal", "keys"),
        ("question_mark", "insert", None),
        ("colon", "normal", "command"),
        ("left_square_bracket", "normal", "previous_sibling"),
        ("right_square_bracket", "normal", "next_sibling"),
        ("G", "normal", "last_message"),
        ("shift+g", "normal", "last_message"),
        ("enter", "normal", "fold"),
        ("enter", "insert", "send"),
        ("space", "normal", "fold"),
        ("space", "insert", None),
        ("e", "insert", None),
        ("f1", "insert", "keys"),
        ("ctrl+b", "insert", "sidebar"),
        ("ctrl+j", "normal", None),
        ("escape", "insert", "escape"),
        ("nonsense", "normal", None),
    ],
)
def test_a_key_as_textual_names_it_finds_its_action(key, mode, expected):
    assert load_keymap({}).action_for(key, mode) == expected


def test_a_key_that_completes_no_sequence_counts_by_itself():
    keymap = load_keymap({})
    assert keymap.action_for("g", "normal") is None
    assert keymap.action_for("j", "normal") == "next_message"
    assert keymap.pending == ""


def test_a_sequence_begun_in_one_mode_does_not_end_in_another():
    keymap = load_keymap({})
    keymap.action_for("g", "normal")
    assert keymap.action_for("g", "insert") is None
    assert keymap.pending == ""
    assert keymap.action_for("g", "normal") is None
    assert keymap.pending == "g"


@pytest.mark.parametrize(
    ("keys", "action", "count"),
    [
        ("j", "next_message", 1),
        ("5j", "next_message", 5),
        ("12j", "next_message", 12),
        ("10j", "next_message", 10),
        ("0j", "next_message", 1),
        ("12345j", "next_message", 99),
        ("3gg", "first_message", 3),
        ("3]", "next_sibling", 3),
    ],
)
def test_digits_before_a_key_count_how_often_it_acts(keys, action, count):
    keymap = load_keymap({})
    found = [keymap.action_for(key, "normal") for key in keys]
    assert found == [None] * (len(keys) - 1) + [action]
    assert keymap.count == count
    keymap.action_for("k", "normal")
    assert keymap.count == 1, "a count is for one key"


def test_what_waits_is_told_and_can_be_dropped():
    keymap = load_keymap({})
    for key in ("3", "g"):
        keymap.action_for(key, "normal")
    assert keymap.typed == "3g"
    assert keymap.is_key_of("interrupt", "ctrl+c")
    assert keymap.typed == "3g", "asking changes nothing"
    keymap.drop()
    assert keymap.typed == ""


def test_a_key_without_an_action_and_another_mode_end_a_count():
    keymap = load_keymap({})
    for key, mode in (("3", "normal"), ("ö", "normal")):
        keymap.action_for(key, mode)
    assert keymap.typed == ""
    for key, mode in (("3", "insert"), ("3", "normal"), ("j", "insert")):
        keymap.action_for(key, mode)
    assert keymap.typed == ""


def test_a_digit_that_a_setting_gives_an_action_is_no_count():
    keymap = load_keymap({"copy": "1"})
    assert keymap.action_for("1", "normal") == "copy"
    assert keymap.action_for("2", "normal") is None
    assert keymap.typed == "2"


def test_a_setting_replaces_the_keys_of_an_action():
    keymap = load_keymap({"sidebar": "Ctrl+X, f5"})
    assert keymap.notices == ()
    assert keymap.keys_of("sidebar") == ("Ctrl+X", "F5")
    assert keymap.action_for("ctrl+x", "insert") == "sidebar"
    assert keymap.action_for("f2", "insert") is None


def test_a_setting_may_be_a_sequence():
    keymap = load_keymap({"tree": "q t", "copy": "yy"})
    assert keymap.notices == ()
    assert [keymap.action_for(key, "normal") for key in "qtyy"] == [None, "tree", None, "copy"]
    assert keymap.keys_of("copy") == ("yy",)


def test_two_actions_may_swap_keys():
    keymap = load_keymap({"copy": "r", "regenerate": "y"})
    assert keymap.notices == ()
    assert keymap.action_for("r", "normal") == "copy"
    assert keymap.action_for("y", "normal") == "regenerate"


def test_an_empty_setting_takes_the_keys_away():
    keymap = load_keymap({"tree": ""})
    assert keymap.notices == ()
    assert keymap.hint("tree") == ""
    assert keymap.action_for("t", "normal") is None


@pytest.mark.parametrize(
    ("overrides", "words", "kept"),
    [
        ({"copi": "x"}, "'copi' is no action; near it: copy", None),
        ({"xyzzy": "x"}, "'xyzzy' is no action; known: ", None),
        ({"send": "f5"}, "send cannot be moved; it stays Enter.", "send"),
        ({"copy": "hyper+x"}, "'hyper+x' is no key", "copy"),
        ({"copy": "abc"}, "'abc' is no key", "copy"),
        ({"copy": "a b c"}, "'a b c' is longer than two keys", "copy"),
        ({"newline": "x"}, "'x' types a character in the prompt", "newline"),
        ({"copy": "r"}, "copy: 'r' is taken by regenerate; copy stays y.", "copy"),
        ({"copy": "g"}, "copy: 'g' is taken by first_message; copy stays y.", "copy"),
        ({"copy": "q", "tree": "q"}, "tree: 'q' is taken by copy; tree stays t.", "tree"),
        ({"editor": "ctrl+q"}, "editor: 'Ctrl+Q' is taken by quit", "editor"),
        ({"copy": "\x1b[2J"}, "is no key", "copy"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_and_the_default_kept(overrides, words, kept):
    keymap = load_keymap(overrides)
    assert len(keymap.notices) == 1
    assert words in keymap.notices[0]
    assert "\x1b" not in keymap.notices[0]
    if kept:
        assert keymap.keys_of(kept) == load_keymap({}).keys_of(kept)


def test_a_default_that_comes_back_takes_its_key_from_who_had_taken_it():
    keymap = load_keymap({"copy": "r", "tree": "y"})
    assert keymap.keys_of("copy") == ("y",)
    assert keymap.keys_of("tree") == ("t",)
    assert len(keymap.notices) == 2


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("ctrl+c", "Ctrl+C"),
        ("g g", "gg"),
        ("ctrl+x s", "Ctrl+X s"),
        ("G", "G"),
        ("?", "?"),
        ("pageup", "PgUp"),
        ("up", "↑"),
        ("escape", "Esc"),
        ("f1", "F1"),
        ("shift+enter", "Shift+Enter"),
        ("ctrl++", "Ctrl++"),
    ],
)
def test_a_key_is_shown_as_people_read_it(key, shown):
    assert display_name(key) == shown


def test_what_is_the_same_byte_is_the_same_key():
    assert parse_keys("ctrl+i") == ("tab",)
    assert parse_keys("ctrl+m") == ("enter",)
    assert parse_keys("ctrl+[") == parse_keys("ctrl+left_square_bracket") == ("escape",)


async def test_textuals_name_of_every_typed_character_is_understood():
    names: list[str] = []

    class Listening(App[None]):
        def on_key(self, event: events.Key) -> None:
            names.append(event.key)

    characters = [c for c in string.printable if c.isprintable() and c != " "] + ["ö", "§", "€"]
    async with Listening().run_test() as pilot:
        await pilot.press(*characters)
    assert [parse_keys(name) for name in names] == [(character,) for character in characters]
    assert all(types_a_character(character) for character in characters)

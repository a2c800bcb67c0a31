"""What stands behind `/tools` and `/skills`: switches and names."""

import pytest

from conduit_tui.tui.slash import Mistake
from conduit_tui.tui.switching import Switching, known, offer_switching, read_switching

NAMES = ("file_read", "file_write", "ls")


@pytest.mark.parametrize(
    ("argument", "read"),
    [
        ("on ls", Switching(True, ("ls",))),
        ("ON ls, file_read  file_write", Switching(True, ("ls", "file_read", "file_write"))),
        ("off", Switching(False)),
        ("off ls", Switching(False, ("ls",))),
        ("on", Switching(True)),
    ],
)
def test_a_switch_and_names_are_read(argument, read):
    assert read_switching(argument) == read


@pytest.mark.parametrize("argument", ["", "onward", "ls", "schema ls"])
def test_everything_else_is_no_switch(argument):
    assert read_switching(argument) is None


def test_names_are_found_in_any_case_and_the_first_unknown_one_is_told():
    assert known(["LS", "file_read"], NAMES, "tool") == ["ls", "file_read"]
    match known(["ls", "file_raed", "nothing"], NAMES, "tool"):
        case Mistake(words):
            assert words.startswith("There is no tool named 'file_raed'. Near it: file_read")
        case found:
            pytest.fail(f"found {found}")


def test_where_nothing_is_near_it_is_said_what_lists_them():
    assert known(["x\x1b[2J"], NAMES, "skill") == Mistake(
        "There is no skill named 'x␛[2J'. /skills lists them."
    )


def test_a_switch_is_offered_first_then_names_that_can_be_switched_and_are_not_there():
    assert [*offer_switching("o", ("ls",), ("a", "b"))] == ["on ", "off"]
    assert [*offer_switching("on ", ("ls",), ("a", "b"))] == ["on a", "on b"]
    assert [*offer_switching("on a ", ("ls",), ("a", "b"))] == ["on a b"]
    assert [*offer_switching("off l", ("ls", "x"), ("a",))] == ["off ls", "off x"]

"""What undo and redo take, read from the steps of a session."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.change import SetLeaf
from conduit_tui.core.journal import Entry, Journal, Kind
from tests.conftest import AT

NUMBERS = count()


def step(entry_id: str, kind: Kind = "do", of: str | None = None) -> Entry:
    at = AT + timedelta(seconds=next(NUMBERS))
    return Entry(entry_id, at, kind, entry_id, (SetLeaf(entry_id),), (SetLeaf("-" + entry_id),), of)


def backs(*entries: Entry) -> tuple[str | None, str | None]:
    journal = Journal(entries)
    undo, redo = journal.next_undo(), journal.next_redo()
    return undo and undo.id, redo and redo.id


def test_undo_and_redo_walk_back_and_forth() -> None:
    one, two = step("1"), step("2")
    undo = step("u", "undo", "2")
    redo = step("r", "redo", "u")
    assert backs() == (None, None)
    assert backs(one, two) == ("2", None)
    assert backs(one, two, undo) == ("1", "u")
    assert backs(one, two, undo, redo) == ("r", None)
    assert backs(one, two, undo, step("3")) == ("3", None)


def test_the_same_step_undone_by_two_instances_takes_no_other_with_it() -> None:
    entries = step("1"), step("2"), step("u", "undo", "2"), step("v", "undo", "2")
    assert backs(*entries) == ("1", "v")


def test_an_undo_of_what_is_not_listed_any_more_takes_nothing_else() -> None:
    assert backs(step("1"), step("u", "undo", "long ago")) == ("1", "u")


def test_a_step_that_nothing_takes_back_is_left_alone() -> None:
    begun = Entry("b", AT, "do", "fork", (SetLeaf("1"),), ())
    assert backs(begun) == (None, None)
    assert backs(begun, step("1")) == ("1", None)


def test_the_way_back_is_the_last_word_on_each_thing() -> None:
    journal = Journal([step("1"), step("2"), step("3")])
    assert journal.back_to("3") == ()
    assert journal.back_to("1") == (SetLeaf("-2"),)
    assert journal.back_to(None) == (SetLeaf("-1"),)
    with pytest.raises(KeyError):
        journal.back_to("4")


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_undo_and_redo_are_two_stacks(wished: list[str]) -> None:
    journal, done, undone = Journal(), list[Entry](), list[Entry]()
    for number, wish in enumerate(wished):
        assert journal.next_undo() == (done[-1] if done else None)
        assert journal.next_redo() == (undone[-1] if undone else None)
        if wish == "do":
            taken = step(str(number))
            done, undone = [*done, taken], []
        elif wish == "undo" and done:
            taken = step(str(number), "undo", done.pop().id)
            undone.append(taken)
        elif wish == "redo" and undone:
            taken = step(str(number), "redo", undone.pop().id)
            done.append(taken)
        else:
            continue
        journal.add(taken)

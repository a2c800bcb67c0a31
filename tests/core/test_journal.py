"""Undo and redo as they are read from what was done."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.change import SetTitle
from conduit_tui.core.journal import Entry, Journal, Kind
from tests.conftest import AT


def entry(number: int, kind: Kind = "do", of: str | None = None) -> Entry:
    there, back = (
        SetTitle(f"{number}", is_manual=True),
        SetTitle(f"before {number}", is_manual=True),
    )
    at = AT + timedelta(seconds=number)
    return Entry(str(number), at, kind, f"step {number}", (there,), (back,), of)


def test_an_empty_journal_has_nothing_to_take_back() -> None:
    journal = Journal()
    assert journal.next_undo() is None
    assert journal.next_redo() is None
    assert journal.back_to(None) == ()


def test_undo_takes_back_the_last_step_and_redo_that_undo() -> None:
    journal = Journal([entry(1), entry(2)])
    assert journal.next_undo() == entry(2)
    journal.add(entry(3, "undo", "2"))
    assert journal.next_undo() == entry(1)
    assert journal.next_redo() == entry(3, "undo", "2")
    journal.add(entry(4, "redo", "3"))
    assert journal.next_undo() == entry(4, "redo", "3")
    assert journal.next_redo() is None


@pytest.mark.parametrize("kind", ["do", "restore"])
def test_anything_else_ends_what_could_be_done_again(kind: Kind) -> None:
    journal = Journal([entry(1), entry(2, "undo", "1"), entry(3, kind)])
    assert journal.next_redo() is None
    assert journal.next_undo() == entry(3, kind)


def test_the_way_back_takes_back_the_last_step_first() -> None:
    journal = Journal([entry(1), entry(2), entry(3)])
    assert journal.back_to("1") == (*entry(3).inverse, *entry(2).inverse)
    assert journal.back_to("3") == ()
    assert len(journal.back_to(None)) == 3
    with pytest.raises(KeyError):
        journal.back_to("unknown")


def test_an_undo_whose_step_is_not_remembered_any_more_takes_back_nothing_else() -> None:
    journal = Journal([entry(5, "undo", "gone"), entry(6)])
    assert journal.next_undo() == entry(6)
    journal.add(entry(7, "undo", "6"))
    assert journal.next_undo() is None
    assert journal.next_redo() == entry(7, "undo", "6")


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_undo_and_redo_are_two_stacks(wished: list[str]) -> None:
    journal, done, undone = Journal(), list[Entry](), list[Entry]()
    for number, wish in enumerate(wished):
        assert journal.next_undo() == (done[-1] if done else None)
        assert journal.next_redo() == (undone[-1] if undone else None)
        if wish == "do":
            step = entry(number)
            done, undone = [*done, step], []
        elif wish == "undo" and done:
            step = entry(number, "undo", done.pop().id)
            undone.append(step)
        elif wish == "redo" and undone:
            step = entry(number, "redo", undone.pop().id)
            done.append(step)
        else:
            continue
        journal.add(step)

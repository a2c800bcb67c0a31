"""What can be done to a session's structure: what each deed does, and that nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core import structure
from conduit_tui.core.change import Changes, SetAbsence, SetLeaf, SetMark, apply
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Loss, Plan
from conduit_tui.core.usage import Usage
from tests.conftest import AT
from tests.core.growing import DEEDS, SHAPES, Deed, grow, picture

FORK: list[int | None] = [None, 0, 1, 1, 2, 2, 3]
"""0 above 1; 1 above 2 and 3; 2 above 4 and 5; 3 above 6, the leaf."""


def ids(messages: object) -> list[str]:
    return [found.id for found in messages]  # type: ignore[attr-defined]


def carry_out(session: Session, plan: Plan) -> Changes:
    for message in plan.added:
        session.add(message)
    inverse = apply(session, plan.changes)
    roots = [each for each in plan.added if each.predecessor_id not in {m.id for m in plan.added}]
    gone = Absence("undone", AT)
    return (*inverse, *(SetAbsence(each.id, gone) for each in roots))


@given(SHAPES, DEEDS)
def test_every_deed_followed_by_its_undo_changes_nothing(
    shape: list[int | None], deed: Deed
) -> None:
    session = grow(shape)
    before = picture(session)
    if (plan := deed.plan(session)) is not None:
        inverse = carry_out(session, plan)
        apply(session, inverse)
    assert picture(session) == before


@given(SHAPES, st.lists(DEEDS, max_size=12))
def test_many_deeds_undone_in_turn_and_done_again_lead_there_and_back(
    shape: list[int | None], deeds: list[Deed]
) -> None:
    session = grow(shape)
    pictures = [picture(session)]
    inverses: list[Changes] = []
    for deed in deeds:
        if (plan := deed.plan(session)) is not None:
            inverses.append(carry_out(session, plan))
            pictures.append(picture(session))
    again: list[Changes] = []
    for inverse, expected in zip(reversed(inverses), reversed(pictures[:-1]), strict=True):
        again.append(apply(session, inverse))
        assert picture(session) == expected
    for changes, expected in zip(reversed(again), pictures[1:], strict=True):
        apply(session, changes)
        assert picture(session) == expected


@given(SHAPES, st.lists(DEEDS, max_size=12))
def test_no_deed_loses_or_changes_a_message(shape: list[int | None], deeds: list[Deed]) -> None:
    session = grow(shape)
    for deed in deeds:
        before = list(session)
        if (plan := deed.plan(session)) is not None:
            carry_out(session, plan)
        assert list(session)[: len(before)] == before
        hidden = set(ids(session)) - set(ids(session.visible()))
        below = {each.id for root in session.absences for each in session.everything_below(root)}
        assert hidden == below, "what is out of sight can be told where it hangs"


@given(SHAPES, st.lists(DEEDS, max_size=12))
def test_the_leaf_is_always_in_sight_and_labels_are_unique(
    shape: list[int | None], deeds: list[Deed]
) -> None:
    session = grow(shape)
    for deed in deeds:
        if (plan := deed.plan(session)) is not None:
            carry_out(session, plan)
        assert session.leaf_id is None or session.is_visible(session.leaf_id)
        labels = [mark.label for mark in session.marks.values() if mark.label]
        assert len(labels) == len(set(labels))
        in_sight = set(ids(session.visible()))
        for message in session.visible():
            assert message.predecessor_id is None or message.predecessor_id in in_sight
            assert set(ids(session.subtree(message.id))) <= in_sight


@given(SHAPES, st.integers(0, 30), st.integers(0, 30))
def test_a_graft_is_the_same_tree_in_another_place(
    shape: list[int | None], one: int, other: int
) -> None:
    session = grow(shape)
    message_id, onto_id = str(one % len(shape)), str(other % len(shape))
    original = outline(session, message_id)
    plan = structure.graft(session, message_id, onto_id)
    carry_out(session, plan)
    root = next(each for each in plan.added if each.predecessor_id == onto_id)
    assert outline(session, root.id) == original
    assert root in session.children(onto_id)
    for copy in plan.added:
        assert copy.copy_of is not None
        kept = session[copy.copy_of]
        assert replace(copy, id=kept.id, predecessor_id=kept.predecessor_id, copy_of=None) == kept


@given(SHAPES, st.integers(0, 30), st.booleans())
def test_a_fork_holds_the_path_and_if_wanted_all_below_it(
    shape: list[int | None], one: int, with_subtree: bool
) -> None:
    session = grow(shape)
    message_id = str(one % len(shape))
    make = structure.fork_subtree if with_subtree else structure.fork_path
    plan = make(session, message_id, "s2")
    forked = Session("s2")
    carry_out(forked, plan)
    expected = ids(session.path(message_id))
    if with_subtree:
        expected += ids(session.subtree(message_id))[1:]
    assert [each.copy_of for each in forked] == expected
    leaf = session.leaf_below(message_id) if with_subtree else message_id
    assert forked.leaf_id is not None
    assert forked[forked.leaf_id].copy_of == leaf
    assert [each.copy_of for each in forked.path(forked.leaf_id)] == ids(session.path(leaf))


def outline(session: Session, message_id: str) -> list[object]:
    """The texts of a subtree with how many children each has, parents first."""
    return [(each.text, len(session.children(each.id))) for each in session.subtree(message_id)]


def test_pruning_goes_to_the_sibling_before() -> None:
    session = grow(FORK)
    carry_out(session, structure.prune(session, "3", AT))
    assert session.leaf_id == "5"
    assert ids(session.children("1")) == ["2"]
    assert not session.is_visible("6")
    assert session.position(session["2"]) == (1, 1)


def test_pruning_an_only_child_goes_to_what_is_above() -> None:
    session = grow([None, 0])
    carry_out(session, structure.prune(session, "1", AT))
    assert session.leaf_id == "0"
    carry_out(session, structure.prune(session, "0", AT))
    assert session.leaf_id is None
    assert ids(session.visible()) == []


def test_pruning_elsewhere_leaves_the_leaf() -> None:
    session = grow(FORK)
    carry_out(session, structure.prune(session, "2", AT))
    assert session.leaf_id == "6"


def test_everything_but_a_path_can_be_pruned() -> None:
    session = grow(FORK)
    session.visit("4")
    carry_out(session, structure.prune_others(session, AT))
    assert ids(session.visible()) == ["0", "1", "2", "4"]
    assert session.leaf_id == "4"
    with pytest.raises(NotPossible):
        structure.prune_others(session, AT)


def test_what_was_pruned_inside_a_pruned_branch_stays_so_when_that_comes_back() -> None:
    session = grow(FORK)
    carry_out(session, structure.prune(session, "4", AT))
    carry_out(session, structure.prune(session, "2", AT))
    carry_out(session, structure.restore(session, "2"))
    assert ids(session.visible()) == ["0", "1", "2", "3", "5", "6"]
    assert session.leaf_id == "5"


def test_restoring_brings_back_what_it_hangs_on() -> None:
    session = grow(FORK)
    carry_out(session, structure.prune(session, "4", AT))
    carry_out(session, structure.prune(session, "2", AT))
    carry_out(session, structure.restore(session, "4"))
    assert ids(session.visible()) == ["0", "1", "2", "3", "4", "5", "6"]
    assert session.leaf_id == "4"


def test_siblings_come_back_in_their_order() -> None:
    session = grow([None, 0, 0, 0])
    carry_out(session, structure.prune(session, "2", AT))
    assert ids(session.children("0")) == ["1", "3"]
    carry_out(session, structure.restore(session, "2"))
    assert ids(session.children("0")) == ["1", "2", "3"]


def test_the_loss_counts_messages_tokens_money_stars_labels_and_notes() -> None:
    session = grow(FORK)
    paid = Message(
        "7", "s1", "6", "assistant", (Text("x"),), AT, usage=Usage(3, 4), cost_usd=Decimal("0.5")
    )
    session.add(paid)
    session.set_mark("6", Mark("best", AT, "why"))
    session.set_mark("2", Mark("other"))
    assert structure.loss(session, ["3"]) == Loss(3, 13, Decimal("0.5"), 1, ("best",), 1)
    assert structure.loss(session, []) == Loss()


def test_a_label_moves_from_the_message_that_has_it() -> None:
    session = grow(FORK)
    carry_out(session, structure.label(session, "2", "best"))
    inverse = carry_out(session, structure.label(session, "3", "best"))
    found = session.labelled("best")
    assert found is not None
    assert found.id == "3"
    apply(session, inverse)
    assert session.labelled("best") == session["2"]


def test_star_and_note_do_not_touch_each_other() -> None:
    session = grow(FORK)
    carry_out(session, structure.star(session, "2", AT))
    carry_out(session, structure.annotate(session, "2", "why"))
    carry_out(session, structure.label(session, "2", "best"))
    assert session.mark("2") == Mark("best", AT, "why")
    carry_out(session, structure.star(session, "2", None))
    assert session.mark("2") == Mark("best", None, "why")


def test_a_move_takes_labels_along_and_leaves_the_original_in_the_trash() -> None:
    session = grow(FORK)
    session.set_mark("4", Mark("best"))
    later = AT + timedelta(hours=1)
    plan = structure.move(session, "2", "6", later)
    inverse = carry_out(session, plan)
    moved = session.labelled("best")
    assert moved is not None
    assert moved.copy_of == "4"
    assert ids(session.path(moved.id))[:4] == ["0", "1", "3", "6"]
    assert session.absence("2") == Absence("pruned", later)
    apply(session, inverse)
    assert session.labelled("best") == session["4"]
    assert ids(session.visible()) == [str(each) for each in range(7)]


@pytest.mark.parametrize("onto", ["2", "4", "1"])
def test_a_move_below_itself_or_to_where_it_hangs_is_refused(onto: str) -> None:
    with pytest.raises(NotPossible):
        structure.move(grow(FORK), "2", onto, AT)


def test_a_copy_below_itself_is_possible() -> None:
    session = grow(FORK)
    plan = structure.graft(session, "2", "4")
    carry_out(session, plan)
    assert len(plan.added) == 3
    assert len(session) == 10


def test_a_change_to_what_was_erased_is_left_out() -> None:
    session = grow([None, 0])
    session.visit("0")
    session.forget(["1"])
    gone = (SetMark("1", Mark("best")), SetAbsence("1", None), SetLeaf("1"))
    assert apply(session, gone) == (SetLeaf("0"),)
    assert session.leaf_id is None or session.leaf_id == "0"
    assert ids(session) == ["0"]

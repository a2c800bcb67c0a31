"""Changes to a session, and what takes them back."""

from datetime import timedelta

import pytest

from conduit_tui.core.change import (
    Changes,
    SetAbsence,
    SetLeaf,
    SetMark,
    SetTitle,
    apply,
    compacted,
    touches,
    without,
)
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.session import Session
from tests.conftest import AT
from tests.core.test_session import message

GONE = Absence("pruned", AT)


@pytest.fixture
def session() -> Session:
    """1 above 2 and 3; 2 above 4. One is at 4."""
    session = Session("s1", "Raft")
    for name, above in (("1", None), ("2", "1"), ("3", "1"), ("4", "2")):
        session.add(message(name, above))
    session.visit("4")
    return session


def state(session: Session) -> object:
    return (
        session.leaf_id,
        dict(session.marks),
        dict(session.absences),
        session.title,
        session.title_is_manual,
    )


@pytest.mark.parametrize(
    "changes",
    [
        (SetAbsence("2", GONE), SetLeaf("3")),
        (SetLeaf("3"), SetAbsence("2", GONE)),
        (SetAbsence("2", GONE),),
        (SetAbsence("1", GONE), SetLeaf(None)),
        (SetMark("4", Mark("best", AT, "why")), SetTitle("Paxos", is_manual=True)),
        (SetMark("4", Mark("best")), SetMark("3", Mark("best"))),
        (SetLeaf("2"), SetLeaf("3"), SetLeaf("1")),
    ],
)
def test_the_inverse_takes_all_of_it_back(session: Session, changes: Changes) -> None:
    before = state(session)
    inverse = apply(session, changes)
    after = state(session)
    assert after != before
    again = apply(session, inverse)
    assert state(session) == before
    apply(session, again)
    assert state(session) == after


def test_the_leaf_never_stays_out_of_sight(session: Session) -> None:
    apply(session, (SetAbsence("2", GONE),))
    assert session.leaf_id == "1"
    apply(session, (SetLeaf("4"),))
    assert session.leaf_id == "1"


def test_a_leaf_that_was_erased_is_not_gone_to(session: Session) -> None:
    apply(session, (SetLeaf("erased"),))
    assert session.leaf_id == "4"


def test_a_label_is_on_one_message_at_most(session: Session) -> None:
    apply(session, (SetMark("4", Mark("best", AT)),))
    apply(session, (SetMark("3", Mark("best")),))
    assert (session.mark("4"), session.mark("3")) == (Mark(None, AT), Mark("best"))


def test_of_many_changes_the_last_of_each_thing_counts() -> None:
    later = Absence("pruned", AT + timedelta(1))
    changes = (
        SetLeaf("1"),
        SetAbsence("2", GONE),
        SetMark("2", Mark("a")),
        SetLeaf("2"),
        SetAbsence("2", None),
        SetAbsence("3", GONE),
        SetAbsence("2", later),
        SetTitle("x", is_manual=False),
    )
    assert compacted(changes) == (
        SetMark("2", Mark("a")),
        SetAbsence("3", GONE),
        SetAbsence("2", later),
        SetTitle("x", is_manual=False),
        SetLeaf("2"),
    )


def test_what_is_said_of_some_messages_can_be_left_out() -> None:
    changes = (
        SetAbsence("1", GONE),
        SetMark("2", Mark("a")),
        SetLeaf("1"),
        SetLeaf("2"),
        SetTitle("one", is_manual=False),
        SetTitle("two", is_manual=False),
    )
    assert without(changes, {"1"}, {"one"}) == (changes[1], changes[3], changes[5])
    assert touches(changes, {"2"})
    assert not touches((SetLeaf("2"),), {"2"})

"""Changes of the tree keep calls of tools and what answers them together."""

import pytest

from conduit_tui.core.errors import NotPossible
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.session import Session
from conduit_tui.core.structure import (
    answering,
    calling,
    fork_path,
    graft,
    hidden_by,
    move,
    prune,
    prune_others,
    pruned_roots,
)
from tests.conftest import AT, MakeMessage

CALL = ToolCall("c1", "current_time", "{}")
RESULT = ToolResult("c1", "noon")


@pytest.fixture
def session(make_message: MakeMessage) -> Session:
    """What time is it? A call, its result, the answer; below the question another answer too."""
    session = Session("s1")
    question = make_message("user", "time?", id="question")
    call = make_message("assistant", CALL, after=question, id="call")
    result = make_message("tool", RESULT, after=call, id="result")
    answer = make_message("assistant", "Noon.", after=result, id="answer")
    other = make_message("assistant", "Look up.", after=question, id="other")
    lonely = make_message("assistant", CALL, after=question, id="lonely")
    for each in (question, call, result, answer, other, lonely):
        session.add(each)
    session.visit("answer")
    return session


def test_results_are_pruned_with_the_call_they_answer(session: Session) -> None:
    assert pruned_roots(prune(session, "result", AT)) == ("call",)
    assert pruned_roots(prune(session, "answer", AT)) == ("answer",)


def test_the_only_path_left_keeps_the_results_of_its_last_call(session: Session) -> None:
    session.visit("call")
    assert set(pruned_roots(prune_others(session, AT))) == {"answer", "other", "lonely"}


def test_the_path_through_another_message_can_be_the_one_that_stays(session: Session) -> None:
    plan = prune_others(session, AT, "other")
    assert set(pruned_roots(plan)) == {"call", "lonely"}
    assert plan.changes[-1].leaf_id == "other"  # type: ignore[union-attr]


def test_a_fork_at_a_call_takes_its_results_along(session: Session) -> None:
    added = fork_path(session, "call", "s2").added
    assert [each.role for each in added] == ["user", "assistant", "tool"]
    assert [each.role for each in fork_path(session, "lonely", "s2").added] == ["user", "assistant"]


def test_a_graft_of_results_takes_the_call_and_one_onto_a_call_goes_below_its_results(
    session: Session,
) -> None:
    assert [each.role for each in graft(session, "result", "other").added] == [
        *("assistant", "tool", "assistant")
    ]
    assert graft(session, "other", "call").added[0].predecessor_id == "result"


def test_nothing_is_put_below_a_call_that_nothing_answers(session: Session) -> None:
    with pytest.raises(NotPossible, match="calls tools"):
        graft(session, "other", "lonely")


def test_what_is_out_of_sight_is_neither_put_anywhere_nor_put_upon(session: Session) -> None:
    session.set_absence("other", Absence("pruned", AT))
    with pytest.raises(NotPossible, match="in the trash"):
        graft(session, "other", "question")
    with pytest.raises(NotPossible, match="in the trash"):
        move(session, "answer", "other", AT)


def test_a_call_knows_the_results_that_were_visited_last(
    session: Session, make_message: MakeMessage
) -> None:
    second = make_message("tool", RESULT, after=session["call"], id="second")
    session.add(second)
    assert answering(session, "call") == "result"
    session.visit("second")
    assert answering(session, "call") == "second"
    assert (answering(session, "other"), calling(session, "second")) == ("other", "call")


def test_changes_tell_what_they_would_hide(session: Session) -> None:
    plan = prune(session, "call", AT)
    assert hidden_by(session, plan.changes) == ("call",)
    session.set_absence("call", Absence("pruned", AT))
    assert hidden_by(session, plan.changes) == ()

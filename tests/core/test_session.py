"""The tree of a session, and the line of it that a model is sent."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.conversation import NO_RESULT, Conversation
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import Message, Text, Thinking, ToolCall, ToolResult
from conduit_tui.core.session import Session
from tests.conftest import AT, MakeMessage

TREES = st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=30)
"""For each message in turn, which earlier one it stands below; None makes a root."""


def grow(shape: list[int | None]) -> Session:
    session = Session("s1")
    for position, above in enumerate(shape):
        predecessor = None if above is None or not position else str(above % position)
        session.add(message(str(position), predecessor))
    return session


def message(message_id: str, predecessor_id: str | None, session_id: str = "s1") -> Message:
    return Message(message_id, session_id, predecessor_id, "user", (Text(message_id),), AT)


def ids(messages: object) -> list[str]:
    return [found.id for found in messages]  # type: ignore[attr-defined]


@pytest.fixture
def fork() -> Session:
    """1 above 2 and 3; 2 above 4 and 5; 3 above 6."""
    session = Session("s1")
    for name, above in (("1", None), ("2", "1"), ("3", "1"), ("4", "2"), ("5", "2"), ("6", "3")):
        session.add(message(name, above))
    return session


def test_a_new_session_is_empty() -> None:
    session = Session("s1")
    assert len(session) == 0
    assert session.path(session.leaf_id) == ()
    assert list(session.leaves()) == []
    assert session.children(None) == ()
    assert session.get(None) is None
    assert session.get("nowhere") is None


def test_the_parts_of_a_tree_can_be_asked_for(fork: Session) -> None:
    assert ids(fork.path("5")) == ["1", "2", "5"]
    assert ids(fork.children("1")) == ["2", "3"]
    assert ids(fork.siblings("5")) == ["4", "5"]
    assert ids(fork.siblings("1")) == ["1"]
    assert fork.position(fork["5"]) == (2, 2)
    assert fork.position(fork["1"]) == (1, 1)
    assert ids(fork.subtree("2")) == ["2", "4", "5"]
    assert ids(fork.subtree("1")) == ["1", "2", "4", "5", "3", "6"]
    assert ids(fork.leaves()) == ["4", "5", "6"]
    assert ids(fork.leaves("3")) == ["6"]
    assert ids(fork) == ["1", "2", "3", "4", "5", "6"]
    assert "5" in fork
    assert "7" not in fork
    assert fork["5"].text == "5"


def test_the_same_id_again_changes_nothing(fork: Session) -> None:
    fork.add(message("5", "3"))
    assert len(fork) == 6
    assert fork["5"].predecessor_id == "2"
    assert ids(fork.children("3")) == ["6"]


def test_a_message_needs_its_predecessor_to_be_there(fork: Session) -> None:
    with pytest.raises(ValueError, match="no predecessor 'gone'"):
        fork.add(message("7", "gone"))
    assert "7" not in fork


def test_a_message_of_another_session_is_refused(fork: Session) -> None:
    with pytest.raises(ValueError, match="belongs to session 's2'"):
        fork.add(message("7", "1", session_id="s2"))


def test_adding_does_not_move_the_leaf(fork: Session) -> None:
    fork.visit("4")
    fork.add(message("7", "4"))
    assert fork.leaf_id == "4"


def test_a_fork_never_visited_leads_down_its_newest_children(fork: Session) -> None:
    assert fork.leaf_below("1") == "6"
    assert fork.leaf_below("2") == "5"
    assert fork.leaf_below("6") == "6"


def test_a_fork_leads_where_one_was_last(fork: Session) -> None:
    fork.visit("4")
    fork.visit("6")
    assert fork.leaf_below("2") == "4"
    assert fork.leaf_below("1") == "6"
    fork.visit("4")
    assert fork.leaf_below("1") == "4"


def test_below_the_leaf_visited_one_goes_on_to_what_grew_there(fork: Session) -> None:
    fork.visit("4")
    fork.add(message("7", "4"))
    assert fork.leaf_below("1") == "7"


def test_visiting_what_is_not_there_goes_nowhere(fork: Session) -> None:
    fork.visit("4")
    with pytest.raises(KeyError):
        fork.visit("gone")
    assert fork.leaf_id == "4"
    assert fork.leaf_below("1") == "4"


def test_one_can_go_back_to_before_the_first_message(fork: Session) -> None:
    fork.visit("4")
    fork.visit(None)
    assert fork.leaf_id is None


@given(TREES)
def test_every_message_is_a_child_of_its_predecessor_and_of_nothing_else(
    shape: list[int | None],
) -> None:
    session = grow(shape)
    below = [child for above in (None, *ids(session)) for child in session.children(above)]
    assert sorted(ids(below)) == sorted(ids(session))
    for found in session:
        assert found in session.children(found.predecessor_id)
        assert found in session.siblings(found.id)
        assert {other.predecessor_id for other in session.siblings(found.id)} == {
            found.predecessor_id
        }


@given(TREES)
def test_a_path_runs_from_a_root_down_predecessor_by_predecessor(shape: list[int | None]) -> None:
    session = grow(shape)
    for found in session:
        path = session.path(found.id)
        assert path[-1] is found
        assert [step.predecessor_id for step in path] == [None, *ids(path[:-1])]


@given(TREES)
def test_a_subtree_is_all_whose_path_leads_through_its_top(shape: list[int | None]) -> None:
    session = grow(shape)
    for top in session:
        subtree = ids(session.subtree(top.id))
        expected = [other.id for other in session if top in session.path(other.id)]
        assert sorted(subtree) == sorted(expected)
        assert all(
            subtree.index(session[found].predecessor_id or "") < subtree.index(found)
            for found in subtree
            if found != top.id
        )


@given(TREES)
def test_leaves_are_the_messages_nothing_stands_below(shape: list[int | None]) -> None:
    session = grow(shape)
    above = {found.predecessor_id for found in session}
    assert sorted(ids(session.leaves())) == sorted(set(ids(session)) - above - {None})


@given(TREES, st.lists(st.integers(0, 29), max_size=12))
def test_one_always_comes_back_to_the_leaf_visited_last(
    shape: list[int | None], visits: list[int]
) -> None:
    session = grow(shape)
    last_below: dict[str, str] = {}
    for visit in visits:
        leaf = session.leaf_below(str(visit % len(session)))
        session.visit(leaf)
        last_below |= dict.fromkeys(ids(session.path(leaf)), leaf)
        assert session.leaf_id == leaf
    for found, leaf in last_below.items():
        assert session.leaf_below(found) == leaf


@given(TREES, st.data())
def test_whatever_changes_what_is_seen_from_above_changes_the_shape(
    shape: list[int | None], data: st.DataObject
) -> None:
    session = grow(shape)
    one = data.draw(st.sampled_from(ids(session)))
    steps = {
        "add": lambda: session.add(message("new", one)),
        "hide": lambda: session.set_absence(one, Absence("pruned", AT)),
        "bring back": lambda: session.set_absence(one, None),
        "star": lambda: session.set_mark(one, Mark(label="x")),
        "visit": lambda: session.visit(one),
        "take marks": lambda: session.take_marks(grow(shape)),
        "complete": lambda: session.complete(grow(shape)),
        "forget": lambda: session.forget(ids(session.everything_below(one))),
    }
    for name in data.draw(st.lists(st.sampled_from(sorted(steps)), max_size=6)):
        if one not in session:
            break
        seen, before = _seen(session), session.shape
        steps[name]()
        assert session.shape != before or _seen(session) == seen
        assert session.shape == before or name not in ("star", "visit")


def _seen(session: Session) -> dict[str | None, list[str]]:
    return {above: ids(session.children(above)) for above in (None, *ids(session))}


def test_a_chain_of_twenty_thousand_messages_needs_no_recursion() -> None:
    session = grow([None, *range(19_999)])
    last = "19999"
    session.visit(last)
    assert len(session.path(last)) == 20_000
    assert sum(1 for _ in session.subtree("0")) == 20_000
    assert ids(session.leaves()) == [last]
    assert session.leaf_below("0") == last
    assert len(Conversation(session.path(last)).for_model()) == 20_000


CALL = ToolCall("c1", "current_time", "{}")
OTHER_CALL = ToolCall("c2", "current_time", "{}")


def test_an_empty_conversation_sends_nothing() -> None:
    assert Conversation(()).for_model() == ()


def test_a_whole_conversation_is_sent_as_it_is(make_message: MakeMessage) -> None:
    question = make_message("user", "What time is it?")
    asking = make_message("assistant", "I look.", CALL, OTHER_CALL, after=question)
    answers = make_message("tool", ToolResult("c1", "noon"), ToolResult("c2", "one"), after=asking)
    reply = make_message("assistant", "Noon.", after=answers)
    line = (question, asking, answers, reply)
    assert Conversation(line).for_model() == line


@pytest.mark.parametrize("cut", [{"status": "interrupted"}, {"stop": "max_tokens"}])
def test_calls_that_were_cut_short_are_left_out(
    make_message: MakeMessage, cut: dict[str, Any]
) -> None:
    question = make_message("user", "What time is it?")
    asking = make_message("assistant", Thinking("hm"), "I look.", CALL, after=question, **cut)
    again = make_message("user", "Well?", after=asking)
    sent = Conversation((question, asking, again)).for_model()
    assert [each.id for each in sent] == [question.id, asking.id, again.id]
    assert sent[1].parts == (Thinking("hm"), Text("I look."))


def test_calls_that_were_under_way_when_the_program_ended_are_answered_so(
    make_message: MakeMessage,
) -> None:
    question = make_message("user", "What time is it?")
    asking = make_message("assistant", CALL, OTHER_CALL, after=question)
    again = make_message("user", "Well?", after=asking)
    sent = Conversation((question, asking, again)).for_model()
    assert [each.role for each in sent] == ["user", "assistant", "tool", "user"]
    assert sent[1] == asking
    assert sent[2].tool_results == (
        ToolResult("c1", NO_RESULT, is_error=True),
        ToolResult("c2", NO_RESULT, is_error=True),
    )


def test_calls_at_the_very_end_are_left_out(make_message: MakeMessage) -> None:
    question = make_message("user", "What time is it?")
    cut = make_message("assistant", "I look.", CALL, after=question)
    assert Conversation((question, cut)).for_model()[1].parts == (Text("I look."),)


def test_only_the_unanswered_of_several_calls_are_left_out(make_message: MakeMessage) -> None:
    asking = make_message("assistant", CALL, OTHER_CALL)
    answers = make_message("tool", ToolResult("c2", "noon"), after=asking)
    assert Conversation((asking, answers)).for_model()[0].tool_calls == (OTHER_CALL,)


def test_messages_with_nothing_in_them_are_left_out(make_message: MakeMessage) -> None:
    question = make_message("user", "Hello?")
    failed = make_message("assistant", after=question, status="error", error="refused")
    only_a_call = make_message("assistant", CALL, after=failed, status="interrupted")
    again = make_message("user", "Hello??", after=only_a_call)
    line = (question, failed, only_a_call, again)
    assert Conversation(line).for_model() == (question, again)


def test_a_session_opened_at_its_end_has_paths_that_begin_there(make_message: MakeMessage) -> None:
    root = make_message("user", "one")
    reply = make_message("assistant", "two", after=root)
    question = make_message("user", "three", after=reply)
    session = Session(root.session_id, is_whole=False)
    session.add(reply)
    session.add(question)
    session.visit(question.id)
    assert session.path(question.id) == (reply, question)
    assert session.children(root.id) == (reply,)
    assert session.tops == (reply,)


def test_completing_brings_the_rest_and_keeps_what_is_here(make_message: MakeMessage) -> None:
    root = make_message("user", "one")
    reply = make_message("assistant", "two", after=root)
    other = make_message("assistant", "zwei", after=root)
    unsaved = make_message("user", "three", after=other)
    session = Session(root.session_id, is_whole=False)
    session.add(reply)
    session.add(other)
    session.add(unsaved)
    session.visit(unsaved.id)
    stored_again = replace(other)
    session.complete([root, reply, stored_again])
    assert session.is_whole
    assert list(session) == [root, reply, other, unsaved]
    assert session.tops == (root,)
    assert session[other.id] is other
    assert session.path(session.leaf_id) == (root, other, unsaved)
    assert session.leaf_below(root.id) == unsaved.id
    with pytest.raises(ValueError, match="no predecessor"):
        session.add(make_message("user", "lost", after=make_message("user", "gone")))


def test_earlier_siblings_are_the_first_and_the_last_of_many() -> None:
    session = grow([None] * 9)
    assert ids(session.earlier_siblings(session["2"], 3)) == ["0", "1"]
    assert ids(session.earlier_siblings(session["7"], 3)) == ["0", "4", "5", "6"]
    session.set_absence("7", Absence("pruned", AT))
    assert session.earlier_siblings(session["7"], 3) == ()

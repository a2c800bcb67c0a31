"""Steps through the rows of the tree."""

from dataclasses import replace

import pytest

from conduit_tui.core.marks import NO_MARK
from conduit_tui.core.message import ToolResult
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import tree_rows
from conduit_tui.tui.tree_walk import step
from tests.conftest import AT


@pytest.fixture
def session(make_message) -> Session:
    """a has the replies b and c; below c is d, a call with its result t, and e."""
    session = Session("s1")
    a = make_message("user", "a", id="a")
    b, c = (make_message("assistant", each, id=each, after=a) for each in "bc")
    d = make_message("user", "d", id="d", after=c)
    call = make_message("assistant", "call", id="call", after=d)
    t = make_message("tool", ToolResult("1", "noon"), id="t", after=call)
    e = make_message("assistant", "e", id="e", after=t)
    for message in (a, b, c, d, call, t, e):
        session.add(message)
    session.visit("e")
    return session


def star(session: Session, message_id: str) -> None:
    session.set_mark(message_id, replace(NO_MARK, starred_at=AT))


@pytest.mark.parametrize(
    ("from_id", "what", "direction", "expected"),
    [
        ("b", "parent", -1, "a"),
        ("e", "parent", -1, "call"),
        ("t", "parent", -1, "d"),
        ("a", "parent", -1, None),
        ("a", "child", 1, "b"),
        ("call", "child", 1, "e"),
        ("b", "child", 1, None),
        ("e", "fork", -1, "a"),
        ("a", "fork", -1, None),
        ("a", "fork", 1, None),
        ("d", "star", 1, "e"),
        ("d", "star", -1, "b"),
        ("b", "star", -1, None),
        ("e", "star", 1, None),
    ],
)
def test_a_step_leads_to_the_next_of_its_kind_and_not_around(
    session, from_id, what, direction, expected
):
    star(session, "b")
    star(session, "e")
    rows = tree_rows(session, session.leaf_id)
    assert step(rows, session, from_id, what, direction) == expected


def test_several_first_messages_are_a_fork_at_the_first_row(session, make_message):
    session.add(make_message("user", "other", id="other"))
    rows = tree_rows(session, session.leaf_id)
    assert step(rows, session, "other", "fork", -1) == "a"


def test_an_empty_session_leads_nowhere():
    session = Session("s1")
    rows = tree_rows(session, None)
    for what in ("parent", "child", "fork", "star"):
        assert step(rows, session, None, what, 1) is None

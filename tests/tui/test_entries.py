import pytest

from conduit_tui.controller.turn import Turn
from conduit_tui.core.events import GenerationStarted, TextDelta
from conduit_tui.core.message import Text, ToolCall, ToolResult
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.tui.entries import LOST_NOTE, RETRY_NOTE, UNANSWERED_NOTE, path_entries
from conduit_tui.tui.live import LiveReplies


@pytest.fixture
def session(make_message) -> Session:
    """A question with three answers, the second on view."""
    session = Session("s1")
    question = make_message("user", "q", id="q")
    session.add(question)
    for name in ("a", "b", "c"):
        session.add(make_message("assistant", name, after=question, id=name))
    session.visit("b")
    return session


def test_the_path_comes_with_sibling_positions(session):
    entries = path_entries(session, LiveReplies(), Params(), is_running=False)
    assert [(each.id, each.position, each.siblings) for each in entries] == [
        ("q", 1, 1),
        ("b", 2, 3),
    ]
    assert [each.note for each in entries] == ["", ""]


def test_an_empty_session_has_no_entries():
    assert path_entries(Session("s1"), LiveReplies(), Params(), is_running=False) == []


def test_a_reply_that_streams_at_the_leaf_comes_last_and_is_the_newest_sibling(session):
    live = LiveReplies()
    session.visit("q")
    reply = live.start(Turn("s1", "q"), GenerationStarted("new", "q", "guide", 1))
    live.settle(session)
    entry = path_entries(session, live, Params(), is_running=True)[-1]
    assert (entry.id, entry.position, entry.siblings) == ("new", 4, 4)
    assert entry.parts() == ()
    reply.feed(TextDelta("grows"))
    assert entry.parts() == (Text("grows"),)


def test_a_reply_that_streams_elsewhere_is_not_on_the_path(session):
    live = LiveReplies()
    live.start(Turn("s1", "q"), GenerationStarted("new", "q", "guide", 1))
    assert [each.id for each in path_entries(session, live, Params(), is_running=False)] == [
        "q",
        "b",
    ]


@pytest.mark.parametrize(
    ("role", "status", "note"),
    [
        ("user", "complete", UNANSWERED_NOTE),
        ("tool", "complete", UNANSWERED_NOTE),
        ("assistant", "complete", ""),
        ("assistant", "interrupted", RETRY_NOTE),
        ("assistant", "error", RETRY_NOTE),
    ],
)
def test_the_leaf_says_how_to_go_on(make_message, session, role, status, note):
    parts = (ToolResult("c", "noon"),) if role == "tool" else ("words",)
    leaf = make_message(role, *parts, after=session["b"], id="leaf", status=status)
    session.add(leaf)
    session.visit("leaf")
    assert path_entries(session, LiveReplies(), Params(), is_running=False)[-1].note == note
    assert path_entries(session, LiveReplies(), Params(), is_running=True)[-1].note == ""


def test_a_reply_made_with_other_settings_than_the_sessions_says_so(make_message):
    session = Session("s1")
    question = make_message("user", "hi")
    session.add(question)
    chosen = Params(temperature=0.9, seed=1, search=True, system_prompt="x")
    for params in (chosen, Params()):
        session.add(make_message("assistant", "Hello.", after=question, params=params))
    first, second = session.children(question.id)
    session.visit(first.id)
    now = Params(seed=1, max_tokens=9)
    entries = path_entries(session, LiveReplies(), now, is_running=False)
    assert [each.sampled for each in entries] == ["", "temp 0.9 · search"]
    assert path_entries(session, LiveReplies(), chosen, is_running=False)[-1].sampled == ""
    session.visit(second.id)
    assert path_entries(session, LiveReplies(), now, is_running=False)[-1].sampled == ""


CALL = ToolCall("c", "run_shell", "{}")


@pytest.mark.parametrize(
    ("stop", "fate", "note"),
    [("tool_calls", "lost", LOST_NOTE), ("max_tokens", "never_ran", "")],
)
def test_calls_that_nothing_answers_say_what_became_of_them(
    make_message, session, stop, fate, note
):
    leaf = make_message("assistant", CALL, after=session["q"], id="leaf", stop=stop)
    session.add(leaf)
    session.visit("leaf")
    last = path_entries(session, LiveReplies(), Params(), is_running=False)[-1]
    assert (last.fate, last.note) == (fate, note)
    assert path_entries(session, LiveReplies(), Params(), is_running=True)[-1].fate == ""


def test_calls_say_that_they_were_lost_where_words_follow_and_not_where_results_do(
    make_message, session
):
    asking = make_message("assistant", CALL, after=session["q"], id="asking", stop="tool_calls")
    answer = make_message("tool", ToolResult("c", "noon"), after=asking, id="answer")
    words = make_message("user", "go on", after=asking, id="words")
    for each in (asking, answer, words):
        session.add(each)
    for leaf, fate in (("answer", ""), ("words", "lost")):
        session.visit(leaf)
        entries = path_entries(session, LiveReplies(), Params(), is_running=False)
        assert entries[1].fate == fate

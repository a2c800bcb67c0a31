from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.clean import clean_line
from conduit_tui.core.edges import ROOM, edge_words, short_model
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import BY_HAND, Attachment, Message, Text
from conduit_tui.core.params import Params
from conduit_tui.core.schema import Schema
from conduit_tui.core.session import Session
from tests.tui.widgets.building import NOW, Growing

PLAIN = Params()


def edits(*texts: str) -> Session:
    tree = Growing()
    for number, text in enumerate(texts):
        tree.add(f"m{number}", None, text=text)
    return tree.session


def edge(session: Session) -> str:
    """What the newest message says."""
    return edge_words(session, list(session)[-1])


def replies(*asked: Params, models: tuple[str | None, ...] = (None, None), room: int = ROOM) -> str:
    session = Session("s")
    for number, (params, model) in enumerate(zip(asked, models, strict=True)):
        message = Message(
            f"a{number}", "s", None, "assistant", (Text("x"),), NOW, model=model, params=params
        )
        session.add(message)
    return edge_words(session, list(session)[-1], room)


def test_where_there_is_no_room_a_reply_says_only_what_came_anew():
    models = "claude-sonnet-4", "gpt-5-mini"
    asked = Params(temperature=0.2), Params(temperature=0.9)
    assert replies(*asked, models=models) == "sonnet-4 → gpt-5-mini, temp 0.2 → 0.9"
    assert replies(*asked, models=models, room=24) == "→ gpt-5-mini, temp 0.9"
    assert replies(*asked, models=models, room=12) == "→ gpt-5-min…"


def test_an_edit_is_told_by_the_words_it_changed():
    session = edits("Explain raft in 3 bullets", "Explain raft to a child")
    assert edge(session) == '"in 3 bullets" → "to a child"'
    assert edge_words(session, session["m0"]) == ""


def test_an_edit_is_held_against_the_most_alike_of_the_earlier_ones():
    assert edge(edits("Write a poem on snow", "Tell a joke", "Write a poem on rain")) == (
        '"snow" → "rain"'
    )
    assert edge(edits("a b c", "a b d", "a b e")) == '"d" → "e"'


def test_an_edit_that_shares_nothing_says_its_own_words_only():
    assert edge(edits("Explain raft", "What is snow?")) == ""


def test_attachments_that_came_and_went_are_named():
    def holding(message_id: str, text: str, *files: tuple[str, bytes]) -> Message:
        parts = (Text(text), *(Attachment("text/plain", data, name) for name, data in files))
        return Message(message_id, "s", None, "user", parts, NOW)

    def said(before: Message, after: Message) -> str:
        session = Session("s")
        session.add(before)
        session.add(after)
        return edge(session)

    a, b = ("a.txt", b"1"), ("b\x1b.pdf", b"1")
    assert said(holding("1", "read"), holding("2", "read", b)) == "+b␛.pdf"
    assert said(holding("1", "read", a), holding("2", "read", b)) == "+b␛.pdf -a.txt"
    assert said(holding("1", "x", a), holding("2", "x", ("a.txt", b"2"))) == "a.txt changed"
    assert said(holding("1", "read it"), holding("2", "read us", a)) == '+a.txt "it" → "us"'
    assert said(holding("1", "read it"), holding("2", "now?", a)) == '+a.txt "now?"'


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Params(temperature=0.2), Params(temperature=0.9), "temp 0.2 → 0.9"),
        (PLAIN, Params(max_tokens=100, top_p=0.5), "top_p 0.5, max 100"),
        (Params(effort="low"), PLAIN, "effort off"),
        (Params(search=True), PLAIN, "search off"),
        (PLAIN, Params(system_prompt="Be brief."), "system changed"),
        (Params(tools=("time", "x")), Params(tools=("web", "x")), "tools +web -time"),
        (PLAIN, Params(schema=Schema("s", {})), "schema on"),
        (Params(schema=Schema("s", {})), PLAIN, "schema off"),
        (Params(schema=Schema("s", {})), Params(schema=Schema("t", {})), "schema changed"),
        (PLAIN, Params(extra={"a": 1}), "extra changed"),
        (Params(system_prompt=""), PLAIN, ""),
    ],
)
def test_a_reply_is_told_by_what_it_was_asked_with(before, after, said):
    assert replies(before, after) == said


def test_a_reply_is_told_by_its_model_in_few_letters():
    assert replies(PLAIN, PLAIN, models=("claude-sonnet-4-5-20250929", "openai/gpt-5")) == (
        "sonnet-4-5 → gpt-5"
    )
    assert replies(PLAIN, PLAIN, models=("gpt-4o-2024-08-06", "gpt-4o")) == (
        "gpt-4o-2024-08-06 → gpt-4o"
    )
    assert short_model("meta/llama3:latest") == "llama3"


def test_a_reply_is_held_against_the_one_before():
    hot = Params(temperature=0.9)
    assert replies(PLAIN, hot, hot, models=("x", "x", "x")) == ""


def test_siblings_of_another_role_or_out_of_sight_are_not_looked_at():
    tree = Growing().add("a", None, "assistant", "say one").add("u", None, text="say two")
    assert edge(tree.session) == ""
    session = edits("say one", "say two")
    session.set_absence("m0", Absence("pruned", NOW))
    assert edge(session) == ""
    session.set_absence("m1", Absence("pruned", NOW))
    assert edge(session) == ""


def test_words_stay_short_whatever_names_and_values_are():
    long = "x" * 10_000
    many = tuple(f"{long}{number}" for number in range(100))
    said = replies(PLAIN, Params(stop=many, tools=many), models=(long, f"{long}y"))
    assert len(said) <= ROOM


def test_hundreds_of_siblings_cost_no_more_than_the_last_of_them(monkeypatch):
    session = edits(*(f"Say {number} to me" for number in range(500)))
    read: list[str] = []
    text = Message.text.fget
    assert text is not None

    def reading(message: Message) -> str:
        read.append(message.id)
        return text(message)

    monkeypatch.setattr(Message, "text", property(reading))
    assert edge(session) == '"498" → "499"'
    assert len(read) < 40


TEXTS = st.text(max_size=30)
ASKED = st.builds(
    Params,
    system_prompt=st.none() | TEXTS,
    temperature=st.none() | st.floats(),
    stop=st.lists(TEXTS, max_size=3).map(tuple),
    tools=st.lists(TEXTS, max_size=7).map(tuple),
)
FILES = st.builds(Attachment, st.just("text/plain"), st.binary(max_size=2), TEXTS)
MESSAGES = st.builds(
    Message,
    st.uuids().map(str),
    st.just("s"),
    st.none(),
    st.sampled_from(["user", "assistant", "system", "tool"]),
    st.lists(st.one_of(st.builds(Text, TEXTS), FILES), max_size=3).map(tuple),
    st.just(NOW),
    provider=st.none() | TEXTS,
    model=st.none() | TEXTS,
    params=ASKED,
)


@given(st.lists(MESSAGES, max_size=5, unique_by=lambda each: each.id), st.integers(0, 60))
def test_whatever_the_siblings_are_the_words_are_short_and_clean(messages, room):
    session = Session("s")
    for message in messages:
        session.add(message)
    for message in messages:
        said = edge_words(session, message, room)
        assert len(said) <= room
        assert said == clean_line(said)


@given(MESSAGES)
def test_equal_siblings_have_nothing_to_say(message):
    session = Session("s")
    session.add(message)
    session.add(replace(message, id="other"))
    assert edge(session) == ""


def test_a_reply_written_by_hand_is_an_edit_and_replies_are_not_held_against_it():
    session = Session("s")
    asked = Params(tools=("time",))
    for name, text, data in (
        ("a0", "Raft elects a leader.", None),
        ("a1", "Raft elects one leader.", {BY_HAND: True}),
        ("a2", "A leader is elected.", None),
    ):
        params = PLAIN if data else asked
        parts = (Text(text),)
        session.add(
            Message(name, "s", None, "assistant", parts, NOW, params=params, provider_data=data)
        )
    assert edge_words(session, session["a1"]) == '"a" → "one"'
    assert edge_words(session, session["a2"]) == ""

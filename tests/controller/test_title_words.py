import pytest

from conduit_tui.controller.title_words import LONGEST_EXCERPT, question, title_of
from conduit_tui.core.message import Attachment


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Raft explained to children", "Raft explained to children"),
        ('"Raft explained to children."', "Raft explained to children"),
        ("**Title: Raft explained to children**", "Raft explained to children"),
        ("„Raft für Kinder erklärt“", "Raft für Kinder erklärt"),
        ("  Raft   for \t children \n", "Raft for children"),
        ("Who wrote this, and why?", "Who wrote this, and why?"),
        ("C++ for absolute beginners", "C++ for absolute beginners"),
        ("Raft 合意アルゴリズムの説明", "Raft 合意アルゴリズムの説明"),
        ("子供に合意を説明する", "子供に合意を説明する"),
        ("「挪威旅行计划」。", "挪威旅行计划"),
        ("การเดินทางไปออสโล", "การเดินทางไปออสโล"),
        ("Paint it \x1b[31m red", "Paint it ␛[31m red"),
    ],
)
def test_a_title_is_taken_without_what_models_put_around_it(said, title):
    assert title_of({"title": said}) == title


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "Raft",
        "Two words",
        "One more word than there may be in it all",
        "Here is a title:\nRaft for children",
        "?? !! ??",
        "合意",
        "合意" * 16,
        "wordwithoutend " * 3 + "x" * 80,
        "x" * 100_000,
        None,
        7,
        ["Raft for children"],
    ],
)
def test_what_is_no_title_is_none(said):
    assert title_of({"title": said}) is None


@pytest.mark.parametrize("value", [None, "Raft for children", [], {}, {"name": "a b c"}])
def test_a_value_of_another_shape_is_no_title(value):
    assert title_of(value) is None


def test_the_question_shows_the_first_exchange_alone(make_message):
    asked = make_message("user", "Explain Raft", Attachment("text/plain", b"x", "notes.md"))
    called = make_message("assistant", "Let me look.", after=asked)
    answered = make_message("assistant", "Like a class.", after=called)
    again = make_message("user", "Shorter", after=answered)
    later = make_message("assistant", "A vote.", after=again)
    words = question([asked, called, answered, again, later])
    assert "Explain Raft" in words
    assert "notes.md" in words
    assert "Like a class." in words
    assert "Let me look." not in words
    assert "Shorter" not in words
    assert "A vote." not in words


def test_long_messages_are_cut(make_message):
    asked = make_message("user", "q" * 1_000_000)
    answered = make_message("assistant", "a" * 1_000_000, after=asked)
    assert len(question([asked, answered])) < 2 * LONGEST_EXCERPT + 200

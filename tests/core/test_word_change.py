import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.clean import clean_line
from conduit_tui.core.word_change import change_words, in_quotes, likeness

PIECES = ("raft", "in 3 bullets", "to a", "child", "now,", "天", "気", "สวัสดี", "e\u0301", "\x1b")
WORDS = st.lists(st.sampled_from(PIECES))
TEXTS = st.one_of(st.text(max_size=60), WORDS.map(" ".join), WORDS.map("".join))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Explain raft in 3 bullets", "Explain raft to a child", '"in 3 bullets" → "to a child"'),
        ("Explain raft in 3 bullets.", "Explain raft to a child.", '"in 3 bullets" → "to a child"'),
        ("temp 0.2 now", "temp 0.9 now", '"0.2" → "0.9"'),
        ("why", "why?", '+ "?"'),
        ("Say it please", "Say it", '- "please"'),
        ("the cat", "the the cat", '+ "the"'),
        ("東京の天気を教えて", "京都の天気を教えて", '"東京" → "京都"'),
        ("สวัสดีครับ", "สวัสดีค่ะ", '"ครับ" → "ค่ะ"'),
        ("one\n\ntwo three", "one\n\n2 three", '"two" → "2"'),
        ("a \x1b[31mred", "a \x1b[32mred", '"␛[31mred" → "␛[32mred"'),
    ],
)
def test_the_words_that_changed_are_said(before, after, said):
    assert change_words(before, after, 48) == said


def test_changes_far_from_each_other_are_told_apart():
    before = "Explain raft in 3 bullets please now"
    after = "Explain Paxos in 3 bullets please later"
    assert change_words(before, after, 48) == '"raft" → "Paxos", "now" → "later"'
    assert change_words(before, after, 24) == '"raft" → "Paxos" …'


def test_where_there_is_little_room_the_new_words_stay():
    def said(room):
        return change_words("Explain in 3 bullets", "Explain to a child", room)

    assert said(24) == '"in 3…" → "to a child"'
    assert said(14) == '→ "to a child"'


def test_long_words_lose_their_middle():
    assert in_quotes("one two three four five six seven", 20) == '"one two…six seven"'


def test_texts_that_look_the_same_or_share_nothing_have_no_change_to_tell():
    assert change_words("one two", "one  two", 48) == ""
    assert change_words("hi", "what is raft", 48) == ""


def test_two_letters_of_one_sign_are_not_torn_apart():
    assert change_words("say cafe\u0301", "say cafe\u0300", 48) == '"cafe\u0301" → "cafe\u0300"'


@given(TEXTS, TEXTS, st.integers(-3, 80))
def test_whatever_the_texts_are_the_words_are_short_and_clean(before, after, room):
    said = change_words(before, after, room)
    assert len(said) <= max(room, 16)
    assert said == clean_line(said)


@given(TEXTS)
def test_a_text_has_not_changed_against_itself(text):
    assert change_words(text, text, 48) == ""
    assert likeness(text, text) == len(text)


@given(TEXTS, TEXTS)
def test_no_more_is_shared_than_there_is(before, after):
    assert 0 <= likeness(before, after) <= min(len(before), len(after))


def test_the_change_is_found_in_texts_of_100_kb():
    before = "word " * 20_000
    after = before[:50_000] + "X " + before[50_000:] + "y"
    assert change_words(before, after, 48) == '+ "X", "word…" → "word word…"'
    assert change_words("天" * 100_000, "天" * 50_000 + "気" + "天" * 50_000, 48) == '+ "気"'
    letters = "x" * 100_000
    assert change_words(f"a {letters}", f"a {letters}y", 48) == '+ "y"'

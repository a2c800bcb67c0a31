"""Where words stand in texts, and the line around the first of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.excerpt import CHARACTERS, excerpt
from conduit_tui.core.folding import composed, fold
from conduit_tui.core.wording import Word, first, spans, words_of


def lit(word: str, text: str) -> list[str]:
    """What a word lights up in a text."""
    return [text[begin:end] for begin, end in spans(words_of([word]), composed(text))]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("raf", "Raft, raft; craft", ["Raf", "raf"]),
        ("aft", "raft", []),
        ("c++", "C++ and c+ and abc++", ["C++"]),
        ("c#", "in C#.", ["C#"]),
        ("don't", "Don’t, dont, don't", ["Don’t", "don't"]),
        ("foo-bar", "foo-bar foo bar foobar", ["foo-bar"]),
        ("bar", "foo_bar foo-bar", ["bar", "bar"]),
        ("leader election", "leader\n\t election", ["leader\n\t election"]),
        ("-x", "a -x b-x", ["-x", "-x"]),
        ("user@x.com", "<User@X.com>", ["User@X.com"]),
        ("都", "東京都庁", ["都"]),
        ("京都", "東京都庁", ["京都"]),
        ("tower", "東京tower", ["tower"]),
        ("♥", "I ♥️ you", ["♥️"]),
        ("👩", "👨‍👩‍👧", ["👩\u200d"]),
        ("strass", "Straße", ["Straß"]),
        ("...", "so... and …", ["..."]),
        ("'; drop table", "'; DROP  TABLE x", ["'; DROP  TABLE"]),
        ("שלום", "אמר שלום.", ["שלום"]),
    ],
)
def test_a_word_is_found_where_its_letters_stand(word: str, text: str, found: list[str]) -> None:
    assert lit(word, text) == found


def test_all_words_must_be_there_and_the_first_place_counts() -> None:
    words = words_of(["two", "one", "ONE", "  "])
    assert len(words) == 2
    assert first(words, "one two") == 0
    assert first(words, "a two one") == 2
    assert first(words, "one") is None


def test_places_that_overlap_are_one() -> None:
    assert spans(words_of(["rafts", "raft"]), "rafts") == ((0, 5),)


@given(st.text(max_size=30), st.text(max_size=30), st.text(min_size=1, max_size=8))
def test_a_word_between_blanks_is_found(before: str, after: str, word: str) -> None:
    (*words,) = words_of([word])
    text = composed(f"{before} {word} {after}")
    assert all(each.find(fold(text)) is not None for each in words)


@given(st.text(max_size=400), st.text("ab+é東 \n", min_size=1, max_size=4), st.text(max_size=400))
def test_an_excerpt_is_one_line_that_can_be_shown_and_holds_what_it_lights(
    before: str, word: str, after: str
) -> None:
    text = composed(f"{before} {word} {after}")
    words = words_of([word])
    at = first(words, fold(text))
    line, found = excerpt(text, words, at or 0)
    assert "\n" not in line
    assert "\x1b" not in line
    for begin, end in found:
        assert 0 <= begin < end <= len(line)
        assert any(fold(line[begin:end]).startswith(each.folded.split()[0]) for each in words)


def test_an_excerpt_stands_around_the_first_match() -> None:
    text = "before " * 100 + "the raft\n\n  floats " + "after " * 100
    words = words_of(["raft"])
    line, ((begin, end),) = excerpt(text, words, text.index("raft"))
    assert line[begin:end] == "raft"
    assert line.startswith("…before ")
    assert "raft floats after" in line
    assert line.endswith("after…")
    assert CHARACTERS - 20 < len(line) < CHARACTERS + 3


def test_an_excerpt_cannot_steer_a_terminal() -> None:
    line, found = excerpt("a\x1b[31m raft \u202e", words_of(["raft"]), 7)
    assert line == "a␛[31m raft <U+202E>"
    assert [line[begin:end] for begin, end in found] == ["raft"]


def test_a_word_of_its_letters_knows_its_fold() -> None:
    assert Word(" Élan  Vital ").folded == "elan  vital"


SOURCE = "## Raft\n\n**so** [see](https://a.example)\n```python\nrun()\n```"


@pytest.mark.parametrize(
    ("looked_for", "line"),
    [
        ("see", "Raft so see run()"),
        ("**", " ".join(SOURCE.split())),
        ("python", " ".join(SOURCE.split())),
        ("a.example", " ".join(SOURCE.split())),
    ],
)
def test_an_excerpt_of_markdown_reads_as_drawn_unless_the_match_is_in_its_marks(
    looked_for: str, line: str
) -> None:
    words = words_of([looked_for])
    at = first(words, fold(SOURCE))
    assert at is not None
    shown, found = excerpt(SOURCE, words, at, is_markdown=True)
    assert shown == line
    assert found
    assert excerpt(SOURCE, words, at)[0] == " ".join(SOURCE.split())

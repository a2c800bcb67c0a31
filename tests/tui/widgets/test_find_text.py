"""A query and the text that holds it: smart case, and places in the text as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tui.widgets.find_text import Query

LETTERS = st.text(st.sampled_from("aAbBsSßẞiIİıéÉ σςΣ\u00a0.*[(\\日👩"), max_size=12)


def found(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in Query(query).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("raft", "Raft, RAFT and raft", ["Raft", "RAFT", "raft"]),
        ("Raft", "Raft, RAFT and raft", ["Raft"]),
        ("rAft", "Raft raft", []),
        ("straße", "Straße STRASSE strasse STRAẞE", ["Straße", "STRASSE", "strasse", "STRAẞE"]),
        ("strasse", "Straße", ["Straße"]),
        ("istanbul", "İstanbul", ["İstanbul"]),
        ("İstanbul", "istanbul İstanbul", ["İstanbul"]),
        ("élan", "ÉLAN", ["ÉLAN"]),
        ("σοφος", "ΣΟΦΟΣ", ["ΣΟΦΟΣ"]),
        ("a.c", "abc a.c", ["a.c"]),
        ("(x|y)*", "xy (x|y)*", ["(x|y)*"]),
        ("two words", "two words two\u00a0words two\u202fwords", ["two words"] * 3),
        ("aa", "aaaaa", ["aa", "aa"]),
        ("文", "日本文文字", ["文", "文"]),
        ("", "anything", []),
    ],
)
def test_a_query_finds_its_text(query: str, text: str, expected: list[str]) -> None:
    pieces = [re.sub("[\u00a0\u202f]", " ", piece) for piece in found(query, text)]
    assert pieces == expected


def test_places_are_counted_in_the_text_as_it_is() -> None:
    assert Query("x").spans("İİßßx") == [(4, 5)]


def test_control_characters_in_a_query_are_sought_as_they_are_shown() -> None:
    assert Query("\x1b[").spans("a ␛[ b") == [(2, 4)]


@given(LETTERS, LETTERS)
def test_counting_agrees_with_finding(query: str, text: str) -> None:
    asked = Query(query)
    assert asked.count(text) == len(asked.spans(text))


@given(LETTERS, LETTERS, LETTERS)
def test_what_holds_a_match_is_never_passed_over(before: str, query: str, after: str) -> None:
    text = before + query + after
    asked = Query(query)
    if asked.spans(text):
        assert asked.may_be_in(text)


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("bold words", "**bold** words"),
        ("unbelievable", "un*believ*able"),
        ("snake_case", "`snake`\\_case"),
        ("café", "caf&eacute; here"),
        ("no description", "![](http://i/p.png)"),
        ("istanbul", "İ*stan*bul"),
        ("strasse", "STRAẞE"),
        ("**", "anything at all"),
    ],
)
def test_markup_inside_words_hides_nothing(query: str, source: str) -> None:
    assert Query(query).may_be_in(source)


def test_a_source_without_the_words_is_passed_over() -> None:
    assert not Query("raft leader").may_be_in("a raft without the other word")


@given(LETTERS, LETTERS, LETTERS)
def test_what_narrows_a_query_is_only_found_where_that_is(one: str, more: str, text: str) -> None:
    wide, narrow = Query(one), Query(one + more)
    if one and narrow.narrows(wide) and narrow.count(text):
        assert wide.count(text)


def test_one_of_several_words_is_enough_in_any_case_and_longer_ones_win() -> None:
    query = Query("raft rafting", ["Raft", "rafting", "élan", ""])
    text = "rafting on a RAFT with Élan"
    assert [text[start:end] for start, end in query.spans(text)] == ["rafting", "RAFT", "Élan"]
    assert query.count(text) == 3
    assert query.may_be_in("an élan")
    assert not query.may_be_in("an elan")
    assert query.text == "raft rafting"


def test_a_query_of_several_words_narrows_nothing_and_is_not_narrowed() -> None:
    several = Query("a", ["a", "b"])
    assert not Query("ab").narrows(several)
    assert not several.narrows(Query("a"))

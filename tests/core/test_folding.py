"""Text as search compares it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.folding import composed, fold, fold_character, place

ANY = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Raft RAFT", "raft raft"),
        ("Été naïve Ångström", "ete naive angstrom"),
        ("e\u0301te\u0301", "ete"),
        ("Straße ﬁn İstanbul", "strasse fin istanbul"),
        ("don’t “so” foo‑bar", 'don\'t "so" foo-bar'),
        ("ΌΣΟΣ όσος", "οσοσ οσοσ"),
        ("がぎ か\u3099", "がぎ が"),
        ("한국어 ไทย", "한국어 ไทย"),
        ("ＡＢＣ ｱ", "abc ア"),
        ("❤️ 👨‍👩‍👧 zero\u200bwidth", "❤ 👨👩👧 zerowidth"),
        ("\ud800", "\ufffd"),
    ],
)
def test_a_text_loses_its_case_its_accents_and_what_cannot_be_seen(text: str, folded: str) -> None:
    assert fold(composed(text)) == folded


def test_folding_every_character_twice_changes_nothing() -> None:
    letters = (chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000)
    odd = [each for each in letters if fold(composed(fold(each))) != fold(each)]
    assert odd == []


@given(ANY, ANY)
def test_the_folds_of_two_texts_joined_are_the_fold_of_both(one: str, other: str) -> None:
    assert fold(one) + fold(other) == fold(one + other)


@given(ANY)
def test_a_text_is_folded_character_by_character(text: str) -> None:
    assert fold(text) == "".join(fold(each) for each in text)


@given(ANY, st.data())
def test_a_place_in_a_fold_leads_to_the_character_that_made_it(
    text: str, data: st.DataObject
) -> None:
    text = composed(text)
    folded = fold(text)
    at = data.draw(st.integers(0, len(folded)))
    found = place(text, at)
    assert len(fold(text[:found])) <= at
    assert found == len(text) or len(fold(text[: found + 1])) > at


def test_a_place_is_found_behind_megabytes() -> None:
    text = "ß é " * 100_000 + "here"
    assert text[place(text, fold(text).index("here")) :] == "here"


def test_what_has_no_accent_is_left_as_it_is() -> None:
    marks = [chr(code) for code in range(0x0E31, 0x0E4F) if unicodedata.category(chr(code)) == "Mn"]
    assert [fold_character(mark) for mark in marks] == marks

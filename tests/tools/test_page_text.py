"""Bytes as text, also where a server means to keep us busy."""

import time

import pytest

from conduit_tui.tools.page_text import decoded

LETTERS = [
    ("utf-8", "å"),
    ("utf-16le", "漢"),
    ("gb18030", "漢"),
    ("big5", "漢"),
    ("euc-jp", "漢"),
    ("shift_jis", "漢"),
    ("iso-2022-jp", "漢"),
    ("euc-kr", "한"),
    ("windows-1251", "д"),
]


@pytest.mark.parametrize(("charset", "letter"), LETTERS)
def test_letters_are_whole_wherever_a_text_is_taken_apart(charset: str, letter: str) -> None:
    text = "a" + letter * 60_000
    assert decoded(text.encode(charset), f"text/plain; charset={charset}") == text


def test_a_letter_that_is_cut_off_at_the_end_becomes_a_mark() -> None:
    assert decoded("aå".encode()[:-1], "text/plain") == "a\ufffd"
    assert decoded("aå".encode()[:-1], "text/plain; charset=utf-8") == "a\ufffd"


@pytest.mark.parametrize("type_", ["charset=" + " " * 90_000 + ";", "charset" * 13_000])
def test_no_content_type_takes_long_to_read(type_: str) -> None:
    began = time.perf_counter()
    assert decoded(b"ok", f"text/plain; {type_}") == "ok"
    assert time.perf_counter() - began < 1

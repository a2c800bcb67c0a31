"""The first words of a text on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.first_words import LONGEST_WORDS, first_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Welcome\n\nI am a **script, not an AI**.", "Welcome I am a script, not an AI."),
        ("> ## Quoted\n> *so*", "Quoted so"),
        ("```python\nprint(1)\n```\nDone", "print(1) Done"),
        ("Call `f(x)` and [see](https://a.b/c)", "Call f(x) and see"),
        ("![a tree](x.png) here", "a tree here"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b | | 1 | 2 |"),
        ("- one\n- two", "one - two"),
        ("1. first", "first"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("_so_ it __is__", "so it is"),
        ("Raft 是一种**共识算法**，用于", "Raft 是一种共识算法，用于"),
        ("**kwargs and **args stay", "**kwargs and **args stay"),
        ("#hashtag stays", "#hashtag stays"),
        ("---\nBelow a rule", "Below a rule"),
    ],
)
def test_marks_of_markdown_are_left_out(text: str, words: str) -> None:
    assert first_words(text, is_markdown=True) == words


def test_a_persons_own_words_stay_as_they_were_typed() -> None:
    assert first_words("# what does **kwargs do?\nnow") == "# what does **kwargs do? now"


@given(st.text(max_size=LONGEST_WORDS * 2), st.booleans())
def test_they_are_one_clean_line_of_bounded_length(text: str, is_markdown: bool) -> None:
    words = first_words(text, is_markdown=is_markdown)
    assert "\n" not in words
    assert words == words.strip()
    assert len(words) <= LONGEST_WORDS * len("<U+10FFFF>")

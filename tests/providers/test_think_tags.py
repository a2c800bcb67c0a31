from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.events import TextDelta, ThinkingDelta
from conduit_tui.providers.think_tags import Mode, ThinkTags, mode_of


def sorted_out(*pieces: str, mode: Mode = "tagged") -> tuple[str, str]:
    """Thinking and text, joined."""
    tags = ThinkTags(mode)
    found: list[Any] = [event for piece in pieces for event in tags.feed(piece)]
    found += tags.finish()
    assert all(event.text for event in found)
    return (
        "".join(one.text for one in found if isinstance(one, ThinkingDelta)),
        "".join(one.text for one in found if isinstance(one, TextDelta)),
    )


CASES = [
    ("<think>hm</think>\n\nSo.", "hm", "So."),
    (" \n<think>\nhm\n</think>So. </think> stays", "\nhm\n", "So. </think> stays"),
    ("<think>a < b </thin b</think>x", "a < b </thin b", "x"),
    ("<think>never closed </thi", "never closed </thi", ""),
    ("<think></think>x", "", "x"),
    ("No <think>tag</think> here", "", "No <think>tag</think> here"),
    ("<thin", "", "<thin"),
    ("<thinking>x", "", "<thinking>x"),
    ("  plain", "", "  plain"),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "thinking", "answer"), CASES)
def test_a_whole_text(text: str, thinking: str, answer: str) -> None:
    assert sorted_out(text) == (thinking, answer)


@given(case=st.sampled_from(CASES), cuts=st.lists(st.integers(0, 40), max_size=6))
def test_pieces_cut_anywhere_come_to_the_same(case: tuple[str, str, str], cuts: list[int]) -> None:
    text, *expected = case
    at = sorted({0, *(cut for cut in cuts if cut < len(text)), len(text)})
    pieces = [text[start:end] for start, end in pairwise(at)]

    assert sorted_out(*pieces) == tuple(expected)
    assert sorted_out(*text) == tuple(expected)


@pytest.mark.parametrize("pieces", [("hm</think>So.",), ("h", "m</", "think>", "So.")])
def test_an_opening_tag_may_be_implied(pieces: tuple[str, ...]) -> None:
    assert sorted_out(*pieces, mode="implied") == ("hm", "So.")
    assert sorted_out("<think>", *pieces, mode="implied") == ("hm", "So.")


def test_thinking_is_told_while_it_comes() -> None:
    tags = ThinkTags("tagged")

    assert list(tags.feed("<think>one ")) == [ThinkingDelta("one ")]
    assert list(tags.feed("two <")) == [ThinkingDelta("two ")]
    assert list(tags.feed("3")) == [ThinkingDelta("<3")]


def test_the_setting_in_words() -> None:
    assert [mode_of(value) for value in (True, False, None, "implied")] == [
        "tagged",
        "",
        "",
        "implied",
    ]

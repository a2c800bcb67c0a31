"""Filters are completed, and what is wrong with one is told."""

from datetime import UTC, datetime

import pytest

from conduit_tui.core.query import parse_query
from conduit_tui.tui.widgets.query_words import complete, nothing_found, without_unfinished

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def tabs(text: str, times: int = 1) -> str:
    """A text after Tab was pressed at its end so many times."""
    for _ in range(times):
        completed = complete(text, len(text))
        text = completed.text if completed else text
    return text


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("ro", "role:"),
        ("raft MO", "raft model:"),
        ("role:a", "role:assistant"),
        ("role:", "role:system"),
        ("status:in", "status:interrupted"),
        ("sta", "starred"),
        ("", "role:"),
        ("raft", "raft"),
        ("std::so", "std::so"),
        ("model:g", "model:g"),
        ("starred", "starred"),
    ],
)
def test_tab_completes_the_last_word_if_it_may_become_a_filter(text: str, completed: str):
    assert tabs(text) == completed


def test_tab_again_takes_the_next_value_and_comes_around():
    assert tabs("role:user", 1) == "role:assistant"
    assert tabs("role:user", 4) == "role:user"


def test_a_word_in_the_middle_is_completed_in_place():
    assert complete("ro raft", 2) == ("role: raft", 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raft role:nobody", "role: takes system, user, assistant, tool"),
        ("before:soon", "before: takes a day such as"),
        ("raft model:x", "take a filter away"),
        ("model:x", "Another filter"),
        ("raft boat", "fewer words"),
        ("std::sort", "fewer words"),
    ],
)
def test_in_vain_the_next_step_is_said(text: str, words: str):
    assert words in nothing_found(parse_query(text, NOW))[0]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("raft role:", "raft "),
        ("raft role:us", "raft "),
        ("raft role:user", "raft role:user"),
        ("raft role:robot", "raft role:robot"),
        ("session:", ""),
        ("session:o", "session:o"),
        ("after:2026-1", ""),
        ("after:2026-11-2", ""),
        ("after:2026-11-22", "after:2026-11-22"),
        ("after:12", ""),
        ("after:12d", "after:12d"),
        ("before:yes", ""),
        ("before:soon", "before:soon"),
        ("role: raft", "role: raft"),
        ("std:", "std:"),
        ("starred", "starred"),
        ("", ""),
    ],
)
def test_a_filter_that_is_still_being_typed_is_no_word(text: str, rest: str):
    assert without_unfinished(text) == rest

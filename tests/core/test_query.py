"""What a person types to filter and to search."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.marks import Mark
from conduit_tui.core.message import Message, Text
from conduit_tui.core.query import Query, parse_query
from tests.conftest import AT

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("   ", Query()),
        ("raft", Query(words=("raft",))),
        ("Raft  leader", Query(words=("Raft", "leader"))),
        ('"leader election" raft', Query(words=("leader election", "raft"))),
        ('"not closed', Query(words=("not closed",))),
        ("role:user", Query(roles=("user",))),
        ("ROLE:User", Query(words=("ROLE:User",))),
        ("role:user role:assistant", Query(roles=("user", "assistant"))),
        ("role:nobody", Query(words=("role:nobody",))),
        ("status:interrupted", Query(statuses=("interrupted",))),
        ("model:gpt", Query(model="gpt")),
        ('session:"Trip to Oslo"', Query(session="Trip to Oslo")),
        ("label:best", Query(label="best")),
        ("label:", Query(words=("label:",))),
        ("starred", Query(is_starred=True)),
        ('"starred"', Query(words=("starred",))),
        (
            "std::sort http://a.b c++ don't",
            Query(words=("std::sort", "http://a.b", "c++", "don't")),
        ),
        ("before:2026-01-02", Query(before=datetime(2026, 1, 2, tzinfo=UTC))),
        ("after:yesterday", Query(after=datetime(2026, 11, 25, tzinfo=UTC))),
        ("before:never", Query(words=("before:never",))),
        ('x="a" y', Query(words=('x="a"', "y"))),
        ("中文 🎉", Query(words=("中文", "🎉"))),
    ],
)
def test_words_and_filters_are_told_apart(typed: str, query: Query) -> None:
    assert parse_query(typed, NOW) == query


@given(st.text(max_size=60))
def test_anything_typed_is_a_query(typed: str) -> None:
    query = parse_query(typed, NOW)
    assert query.is_empty == (query == Query())
    assert all(query.words)


MESSAGE = Message(
    "1", "s1", None, "assistant", (Text("Raft elects a Leader in C++."),), AT, model="GPT-5"
)


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("", True),
        ("raft", True),
        ("leader raft", True),
        ('"a leader"', True),
        ('"leader raft"', False),
        ("c++", True),
        ("paxos", False),
        ("aft", True),
        ("role:assistant", True),
        ("role:user", False),
        ("role:user role:assistant", True),
        ("status:complete raft", True),
        ("status:error", False),
        ("model:gpt", True),
        ("model:sonnet", False),
        ("starred", True),
        ("label:be", True),
        ("label:worst", False),
        ("before:2026-11-23", True),
        ("before:2026-11-22", False),
        ("after:2026-11-22", True),
        ("after:2026-11-23", False),
        ("tool_name", True),
    ],
)
def test_everything_given_has_to_hold(typed: str, matches: bool) -> None:
    mark = Mark("best", AT)
    assert parse_query(typed, NOW).matches(MESSAGE, mark, "tool_name") is matches


@pytest.mark.parametrize("typed", ["starred", "label:best"])
def test_what_carries_no_mark_is_not_found_by_one(typed: str) -> None:
    assert not parse_query(typed, NOW).matches(MESSAGE)


def test_before_is_earlier_and_after_is_from_then_on() -> None:
    query = Query(before=AT, after=AT - timedelta(hours=1))
    assert not query.matches(MESSAGE)
    assert query.matches(replace(MESSAGE, created_at=AT - timedelta(hours=1)))

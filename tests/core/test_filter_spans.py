"""Where filters stand in what was typed."""

from datetime import UTC, datetime

from conduit_tui.core.query import filter_spans

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_filters_are_where_they_are_read_as_such() -> None:
    text = 'raft role:user role:nobody "role:tool" starred model:"gpt 5" before:soon after:3d'
    assert [text[start:end] for start, end in filter_spans(text, NOW)] == [
        "role:user",
        "starred",
        'model:"gpt 5"',
        "after:3d",
    ]

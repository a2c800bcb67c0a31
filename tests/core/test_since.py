"""Since when: dates and how long ago, in the person's own time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.since import parse_since

ZONE = timezone(timedelta(hours=5, minutes=30))
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=ZONE)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2026-11-01", day(2026, 11, 1)),
        ("today", day(2026, 11, 22)),
        ("Yesterday", day(2026, 11, 21)),
        ("7d", day(2026, 11, 15)),
        ("7 days", day(2026, 11, 15)),
        ("1 day ago", day(2026, 11, 21)),
        ("2 weeks ago", day(2026, 11, 8)),
        (" a  week ago ", day(2026, 11, 15)),
        ("last month", day(2026, 10, 23)),
        ("1y", day(2025, 11, 22)),
        ("3h", NOW - timedelta(hours=3)),
    ],
)
def test_a_time_is_read(text: str, since: datetime) -> None:
    assert parse_since(text, NOW) == since


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "7", "7 parsecs", "-1d", "9999y", "22.11.2026"]
)
def test_what_cannot_be_read_is_told_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time that can be read.*2026-11-22.*2 weeks ago"):
        parse_since(text, NOW)


def test_what_is_still_to_come_is_told() -> None:
    with pytest.raises(ValueError, match="'2026-11-23' is still to come"):
        parse_since("2026-11-23", NOW)


@given(st.text(max_size=20))
def test_nothing_but_words_comes_of_any_text(text: str) -> None:
    try:
        since = parse_since(text, NOW)
    except ValueError:
        return
    assert since <= NOW


def test_days_of_this_machine_begin_at_its_midnight() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone()
    since = parse_since("2026-01-15", now)
    assert since == datetime(2026, 1, 15).astimezone()

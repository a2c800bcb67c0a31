from datetime import UTC, datetime, timedelta

import pytest

from conduit_tui.core.age import age

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), ""),
        (timedelta(seconds=59), ""),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=119), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=3, hours=5), "3 days"),
        (timedelta(days=45), "1 month"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(passed: timedelta, words: str) -> None:
    assert age(NOW - passed, NOW) == words

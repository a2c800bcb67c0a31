from datetime import UTC, datetime, timedelta

import pytest

from conduit_tui.providers.waits import asked_wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "600"}, 600),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2.5s"}, 62.5),
        ({"x-ratelimit-remaining-tokens": "17", "x-ratelimit-reset-tokens": "6m0s"}, None),
        ({"x-ratelimit-reset-tokens": "6m0s"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        (
            {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "20ms",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "7s",
            },
            7,
        ),
        ({"retry-after": "Wed, 21 Oct 99999 07:28:00 GMT"}, None),
        ({"retry-after": "9" * 400}, None),
    ],
)
def test_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, None, "") == seconds


def test_a_reset_may_be_a_moment() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=90)
    cases = [
        {
            "anthropic-ratelimit-tokens-remaining": "0",
            "anthropic-ratelimit-tokens-reset": moment.isoformat(),
        },
        {
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(moment.timestamp() * 1000)),
        },
    ]

    for headers in cases:
        seconds = asked_wait(headers, None, "")
        assert seconds is not None
        assert 60 < seconds <= 90


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached. Please try again in 20s. Visit the page", 20),
        ("Please try again in 6m0s.", 360),
        ("Please try again in 250ms.", 0.25),
        ("Please retry in 34.2s.", 34.2),
        ("Please retry after 3 seconds.", 3),
        ("Try again in 1 minute and see", 60),
        ("Try again in 500 milliseconds", 0.5),
        ("Please try again in a while", None),
        ("Limit 20s", None),
    ],
)
def test_words(words: str, seconds: float | None) -> None:
    assert asked_wait({}, None, words) == seconds


def test_the_header_has_the_word_before_the_sentence() -> None:
    assert asked_wait({"retry-after": "3"}, None, "Please try again in 20s.") == 3

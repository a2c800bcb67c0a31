"""How long a server that takes no more requests asks to wait.

Said by `retry-after` in seconds or as a date, by `retry-after-ms`, inside Google's error
(https://cloud.google.com/apis/design/errors, RetryInfo), by the reset of a limit of which nothing
remains, or in the sentence itself ("Please try again in 6m0s").
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_list, as_object, as_text

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|[smhd])(?![a-z])")
_IN_WORDS = re.compile(
    r"(?:try again|retry) (?:in|after) ((?:\d{1,9}(?:\.\d{1,9})?\s*(?:ms|[smhd])(?![a-z])\s*)+)",
    re.IGNORECASE,
)
_UNIT_WORDS = re.compile(r"(?<=\d)\s*(milli)?(second|minute|hour|day)s?\b", re.IGNORECASE)
_RESET = re.compile(r"(?:[a-z]+-)?rate-?limit-(?:reset(?:-(.+))?|(.+)-reset)")


def asked_wait(headers: Mapping[str, str], error: Json, words: str) -> float | None:
    """Return the seconds a refusal asks to wait; None if it says nothing of them."""
    lowered = {name.lower(): value for name, value in headers.items()}
    for wait in (_retry_after(lowered), _retry_info(error), _reset(lowered), _in_words(words)):
        if wait is not None:
            return wait
    return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        return _until(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def _retry_info(error: Json) -> float | None:
    for detail in map(as_object, as_list(as_object(error).get("details"))):
        if as_text(detail.get("@type")).endswith("RetryInfo"):
            return _duration(as_text(detail.get("retryDelay")))
    return None


def _reset(headers: Mapping[str, str]) -> float | None:
    """The longest reset among the limits of which nothing remains."""
    waits: list[float] = []
    for name, value in headers.items():
        if not (found := _RESET.fullmatch(name.removeprefix("x-"))):
            continue
        if headers.get(name.replace("reset", "remaining"), "").strip() in {"0", "0.0"}:
            moment = _moment(value, is_plain=not any(found.groups()))
            waits.extend(() if moment is None else (moment,))
    return max(waits, default=None)


def _moment(value: str, *, is_plain: bool) -> float | None:
    """A reset as a duration (`6m0s`), a date, or, where it is the only one, a Unix time."""
    if (duration := _duration(value)) is not None:
        return duration
    if (number := _number(value)) is not None:
        if number > 1e11:  # milliseconds
            number /= 1000
        if number < 1e9:
            return number
        return max(number - datetime.now(UTC).timestamp(), 0.0) if is_plain else None
    try:
        return _until(datetime.fromisoformat(value.strip()))
    except (ValueError, OverflowError):
        return None


def _in_words(words: str) -> float | None:
    found = _IN_WORDS.search(_UNIT_WORDS.sub(_unit, words))
    return _duration(found[1]) if found else None


def _unit(found: re.Match[str]) -> str:
    """`seconds` as `s`."""
    return "ms" if found[1] else found[2][0].lower()


def _duration(value: str) -> float | None:
    pieces = _DURATION.findall(value.lower())
    whole = "".join(value.lower().split())
    if not pieces or "".join(f"{number}{unit}" for number, unit in pieces) != whole:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in pieces)


def _until(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\s*\d{1,13}(?:\.\d{1,9})?\s*", value) else None

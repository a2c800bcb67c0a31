"""Reads since when something is wanted: a date, or how long ago."""

import re
from datetime import datetime, timedelta

GRAMMAR = "Write a date as 2026-11-22, or today, yesterday, 7d, 2 weeks ago, 3 months."

_AGO = re.compile(r"(\d{1,4}) ?(h|d|w|m|y|hours?|days?|weeks?|months?|years?)(?: ago)?")
_NUMBERS = {"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "last": "1"}
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def parse_since(text: str, now: datetime) -> datetime:
    """Return the aware time that a text such as `today`, `7d` or `2 weeks ago` means.

    `now` is aware, in the person's own time zone. Days begin at midnight there; a month is 30
    days. Raises ValueError, in words, for what cannot be read and for what is still to come.
    """
    words = text.strip().lower().split()
    if words and words[0] in _NUMBERS:
        words[0] = _NUMBERS[words[0]]
    since = _parse(" ".join(words), now)
    if since is None:
        raise ValueError(f"{text!r} is no time that can be read. {GRAMMAR}")
    if since > now:
        raise ValueError(f"{text!r} is still to come. {GRAMMAR}")
    return since


def _parse(text: str, now: datetime) -> datetime | None:
    match text:
        case "today":
            return days_ago(0, now)
        case "yesterday":
            return days_ago(1, now)
        case _:
            pass
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return _midnight(datetime.fromisoformat(text), now)
        except (ValueError, OverflowError):
            return None
    if not (found := _AGO.fullmatch(text)):
        return None
    count, unit = int(found[1]), found[2][0]
    if unit == "h":
        return now - timedelta(hours=count)
    return days_ago(count * _DAYS[unit], now)


def days_ago(days: int, now: datetime) -> datetime | None:
    """The midnight at which the day so many days before today began; None before year 1."""
    try:
        return _midnight(now - timedelta(days=days), now)
    except OverflowError:
        return None


def _midnight(day: datetime, now: datetime) -> datetime:
    """The beginning of a day; daylight saving may have been another then."""
    naive = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    offset = now.astimezone(None).utcoffset()
    is_of_this_machine = now.utcoffset() == offset
    return naive.astimezone() if is_of_this_machine else naive.replace(tzinfo=now.tzinfo)

"""How long ago something was, in words."""

from datetime import datetime

_UNITS = (
    *(("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400)),
    *(("hour", 3600), ("minute", 60)),
)


def age(then: datetime, now: datetime) -> str:
    """The largest whole unit: `5 minutes`, `1 day`; nothing below a minute. Times are aware."""
    passed = (now - then).total_seconds()
    for unit, seconds in _UNITS:
        if count := int(passed // seconds) if passed > 0 else 0:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return ""


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was: `3 days ago`, or `just now`."""
    passed = age(then, now)
    return f"{passed} ago" if passed else "just now"

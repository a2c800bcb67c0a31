"""How long ago something was, in words."""

from datetime import datetime

_UNITS = (
    *(("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400)),
    *(("hour", 3600), ("minute", 60)),
)


def age_in_words(then: datetime, now: datetime) -> str:
    """The largest whole unit: `just now`, `5 minutes ago`, `1 day ago`; both times are aware."""
    passed = (now - then).total_seconds()
    for unit, seconds in _UNITS:
        if count := int(passed // seconds) if passed > 0 else 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"

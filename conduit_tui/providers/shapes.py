"""Reads values of the expected shape out of JSON from outside; anything else reads as empty."""

from conduit_tui.core.json import Json


def as_object(value: Json) -> dict[str, Json]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """Return the list, or an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: Json) -> str:
    """Return the string, or an empty one."""
    return value if isinstance(value, str) else ""


def as_count(value: Json) -> int:
    """Return a count of at least 0; a whole float counts as its number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return max(int(value), 0) if value == value and abs(value) < 1e18 else 0

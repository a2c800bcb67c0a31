"""Reads values of the expected shape out of JSON; anything else reads as empty."""

from decimal import Decimal, InvalidOperation

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


def as_money(value: Json) -> Decimal | None:
    """Return an amount as it was written; None for anything but a finite number from 0.

    A float's `repr` is the shortest text that means it, so `0.00012` stays what it was.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def as_size(value: Json) -> int | None:
    """Return a size of at least 1; a text of digits counts, anything else is None."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 16:
        value = int(value)
    return as_count(value) or None


def given(fields: dict[str, Json]) -> dict[str, Json]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}

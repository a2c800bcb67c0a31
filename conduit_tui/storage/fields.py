"""Single values as the database and JSON hold them: text, times, and the fields of objects.

Every reader of a field raises ValueError if it is not what it should be.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, cast

from conduit_tui.core.json import Json

JsonObject: TypeAlias = dict[str, Json]

LONG_AGO = datetime.fromtimestamp(0, UTC)
"""When something happened whose time cannot be read."""

_DECODER = json.JSONDecoder()


def plain(text: str) -> str:
    """Return text that SQLite can hold: lone surrogates become U+FFFD, pairs their character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def to_json(value: "Json | Sequence[Json]") -> str:
    """Return a value as compact JSON text."""
    return plain(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def from_json(text: str) -> Json:
    """Return the value of compact JSON text; raises ValueError for anything else."""
    # Without `json.loads`, which also looks for white space around: half the time of a long load.
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("expected nothing after the value")
    return cast("Json", value)


def encode_time(at: datetime) -> str:
    """Return an aware time as text that sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def decode_time(text: str) -> datetime:
    """Return the aware UTC time of `encode_time`'s text."""
    return datetime.fromisoformat(text)


def readable_time(value: object) -> datetime | None:
    """Return the time of `encode_time`'s text, or None for whatever else stands in a row."""
    try:
        at = decode_time(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if at is None or at.tzinfo is None else at


def as_object(value: Json) -> JsonObject:
    """Return a value that is an object."""
    if isinstance(value, dict):
        return value
    raise ValueError("expected an object")


def as_list(value: Json) -> list[Json]:
    """Return a value that is a list."""
    if isinstance(value, list):
        return value
    raise ValueError("expected a list")


def string(fields: JsonObject, name: str) -> str:
    """Return a field that is text."""
    value = fields.get(name)
    if isinstance(value, str):
        return value
    raise ValueError(f"expected text in {name!r}")


def optional_string(fields: JsonObject, name: str) -> str | None:
    """Return a field that is text or absent."""
    return None if fields.get(name) is None else string(fields, name)


def whole(fields: JsonObject, name: str) -> int | None:
    """Return a field that is a whole number or absent."""
    value = fields.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"expected a whole number in {name!r}")


def number(fields: JsonObject, name: str) -> float | None:
    """Return a field that is a number or absent."""
    value = fields.get(name)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise ValueError(f"expected a number in {name!r}")


def money(fields: JsonObject, name: str) -> Decimal | None:
    """Return a field that is an amount in decimal text, or absent."""
    text = optional_string(fields, name)
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"expected an amount in {name!r}") from error


def strings(value: Json) -> tuple[str, ...]:
    """Return a value that is a list of texts."""
    items = as_list(value)
    if not all(isinstance(item, str) for item in items):
        raise ValueError("expected a list of texts")
    return tuple(cast("list[str]", items))

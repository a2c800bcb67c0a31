"""Single checks of JSON Schema, as pydantic validators and types."""

import datetime
import ipaddress
import json
import re
import uuid
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Annotated, Any, TypeAlias, cast

from pydantic import AfterValidator, AnyUrl, Field, Strict, TypeAdapter, ValidationError
from pydantic.functional_validators import BeforeValidator
from pydantic_core import PydanticCustomError, SchemaError

from conduit_tui.core.json import Json

Check: TypeAlias = Callable[[Any], Any]
"""Returns the value, or raises what pydantic collects."""

BOOLEAN = Annotated[bool, Strict()]

_LONGEST_SHOWN = 60
_FORMATS: dict[str, Any] = {
    "date": datetime.date,
    "date-time": datetime.datetime,
    "time": datetime.time,
    "uuid": uuid.UUID,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "uri": AnyUrl,
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def string_type(shape: dict[str, Json], where: str, notes: dict[str, None]) -> Any:
    """A string with its length, pattern and format; what cannot be checked is noted."""
    rules: list[Any] = [
        Strict(),
        Field(min_length=count(shape.get("minLength")), max_length=count(shape.get("maxLength"))),
    ]
    if isinstance(pattern := shape.get("pattern"), str):
        try:
            TypeAdapter(Annotated[str, Field(pattern=pattern)])
        except (
            SchemaError
        ):  # the engine is linear, and so has neither look-around nor backreferences
            notes[f"'pattern' at {where} is not checked: {pattern!r} cannot be read."] = None
        else:
            rules.append(Field(pattern=pattern))
    named = shape.get("format")
    if named == "email":
        rules.append(AfterValidator(_email))
    elif isinstance(named, str) and named in _FORMATS:
        rules.append(AfterValidator(_format(TypeAdapter(_FORMATS[named]))))
    elif named is not None:
        notes[f"'format' at {where} is not checked: {named!r}."] = None
    return Annotated[(str, *rules)]


def number_type(kind: str, shape: dict[str, Json]) -> Any:
    """A number with its bounds; `1.0` is an integer too, and `true` is no number."""
    lowest, highest = number(shape.get("minimum")), number(shape.get("maximum"))
    above, below = shape.get("exclusiveMinimum"), shape.get("exclusiveMaximum")
    rules = Field(
        ge=None if above is True else lowest,
        gt=lowest if above is True else number(above),
        le=None if below is True else highest,
        lt=highest if below is True else number(below),
        multiple_of=number(shape.get("multipleOf")) or None,
    )
    if kind == "integer":
        return Annotated[int, Strict(), rules, BeforeValidator(_whole)]
    return Annotated[Any, AfterValidator(_number), rules]


def number(value: Json) -> float | int | None:
    """A number, or None for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return cast("float | int", value) if is_number else None


def count(value: Json) -> int | None:
    """A count, or None for anything else."""
    found = number(value)
    return int(found) if found is not None and found >= 0 else None


def nothing(_: Any) -> Any:
    """No value is right."""
    raise PydanticCustomError("nothing", "No value is allowed here")


def also(adapter: "TypeAdapter[Any]") -> Check:
    """The value must be right for another type as well."""

    def check(value: Any) -> Any:
        adapter.validate_python(value)
        return value

    return check


def just_one(adapters: Sequence["TypeAdapter[Any]"]) -> Check:
    """The value must not be right for more than one type."""

    def fits(adapter: "TypeAdapter[Any]", value: Any) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    def check(value: Any) -> Any:
        if sum(fits(adapter, value) for adapter in adapters) > 1:
            raise PydanticCustomError("one_of", "Input fits more than one shape of oneOf")
        return value

    return check


def one_of(allowed: Sequence[Json]) -> Check:
    """The value must be one of these, of the same kind: `1` is not `true`."""
    spelled = {_spelled(each) for each in allowed}
    words = ", ".join(json.dumps(each, ensure_ascii=False) for each in allowed[:20])
    words = words.replace("{", "(").replace("}", ")")  # braces are pydantic's own

    def check(value: Any) -> Any:
        if _spelled(value) not in spelled:
            start = "Input should be" if len(allowed) == 1 else "Input should be one of"
            raise PydanticCustomError("one_of", f"{start} {words}")  # pyright: ignore[reportArgumentType] - made of the schema
        return value

    return check


def with_defaults(defaults: dict[str, Json]) -> Check:
    """Put defaults where fields were left out."""

    def fill(value: Json) -> Json:
        if not isinstance(value, dict):
            return value
        return {**value, **{k: deepcopy(v) for k, v in defaults.items() if k not in value}}

    return fill


def others(adapter: "TypeAdapter[Any]", known: frozenset[str]) -> Check:
    """Fields that are not named must be right for one type."""

    def check(value: Json) -> Json:
        if isinstance(value, dict):
            adapter.validate_python({k: v for k, v in value.items() if k not in known})
        return value

    return check


def field_count(least: int | None, most: int | None) -> Check:
    """An object must have so many fields."""

    def check(value: Json) -> Json:
        if isinstance(value, dict):
            size = len(value)
            if least is not None and size < least:
                raise PydanticCustomError(
                    "too_few", "Input should have at least {n} fields", {"n": least}
                )
            if most is not None and size > most:
                raise PydanticCustomError(
                    "too_many", "Input should have at most {n} fields", {"n": most}
                )
        return value

    return check


def distinct(value: Json) -> Json:
    """The items of a list must differ."""
    if isinstance(value, list):
        items = [_spelled(item) for item in value]
        if len(set(items)) < len(items):
            raise PydanticCustomError("distinct", "Input should have no item twice")
    return value


def shown(value: Any) -> str:
    """A wrong value in a few letters; nothing for one that is long."""
    words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _LONGEST_SHOWN else ""


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number_type", "Input should be a valid number")
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise PydanticCustomError("email", "Input should be an e-mail address")
    return value


def _format(adapter: "TypeAdapter[Any]") -> Check:
    def check(value: str) -> str:
        adapter.validate_json(json.dumps(value), strict=True)
        return value

    return check


def _spelled(value: Json) -> str:
    """A value in one spelling: 1 and 1.0 are the same, 1 and true are not."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case dict():
            inner = (f"{json.dumps(k)}:{_spelled(v)}" for k, v in sorted(value.items()))
            return f"{{{','.join(inner)}}}"
        case list():
            return f"[{','.join(map(_spelled, value))}]"
        case _:
            return json.dumps(value)

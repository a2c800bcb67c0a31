"""Types that a model can be told of: what JSON Schema has and every server takes."""

import types
from enum import Enum
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
)

from pydantic import BaseModel

Hint: TypeAlias = Any
"""A type as it is written in an annotation: there is no name for all that may stand there."""

_PLAIN = (str, int, float, bool, type(None))
_UNIONS = (Union, types.UnionType)
_CONTAINERS = (list, dict)
_SUPPORTED = (
    "use str, int, float, bool, Literal, Enum, | None, list, dict with str as keys, "
    "or a pydantic model"
)


def unsupported(hint: Hint, around: tuple[Hint, ...] = ()) -> str:
    """Words about what no model can be told of in a type, or nothing. `around` are outer models."""
    hint = _unwrapped(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN or hint in _CONTAINERS:
        return ""
    if origin is Literal:
        fine = all(isinstance(value, str | int | bool) or value is None for value in inner)
        return "" if fine else f"{plain_name(hint)} may only name str, int and bool"
    if origin in _UNIONS:
        return _first(inner, around)
    if origin is list:
        return _first(_known(inner), around)
    if origin is dict:
        if _unwrapped(inner[0]) is not str:
            return f"the keys of {plain_name(hint)} must be str"
        return _first(_known(inner[1:]), around)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _of_enum(hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _of_model(hint, around)
    return f"a model cannot be told of {plain_name(hint)}; {_SUPPORTED}"


def plain_name(hint: Hint) -> str:
    """A type as one would write it."""
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return str(hint).replace("typing.", "")[:120]


def _of_enum(hint: type[Enum]) -> str:
    values = [cast("object", member.value) for member in hint]
    if not values:
        return f"{hint.__name__} has no members"
    fine = all(isinstance(value, str | int) for value in values)
    return "" if fine else f"the values of {hint.__name__} must be str or int"


def _of_model(hint: type[BaseModel], around: tuple[Hint, ...]) -> str:
    if hint in around:
        return f"{hint.__name__} holds itself, which not every server takes"
    if not hint.__pydantic_complete__ and not hint.model_rebuild(raise_errors=False):
        return f"{hint.__name__} has an annotation that cannot be resolved"
    for name, field in hint.model_fields.items():
        if words := unsupported(field.annotation, (*around, hint)):
            return f"{hint.__name__}.{name}: {words}"
    return ""


def _first(hints: tuple[Hint, ...], around: tuple[Hint, ...]) -> str:
    return next((words for hint in hints if (words := unsupported(hint, around))), "")


def _known(hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    """Without those that say that anything may stand there, as a bare list does."""
    return tuple(hint for hint in hints if hint not in (Any, object))


def _unwrapped(hint: Hint) -> Hint:
    """What a name for a type stands for, without notes on it."""
    while True:
        if get_origin(hint) is Annotated:
            hint = get_args(hint)[0]
        elif isinstance(hint, NewType):
            hint = cast("Hint", hint.__supertype__)
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        else:
            return hint

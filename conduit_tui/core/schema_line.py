"""A schema on one line: `name, age int, tags list[str]?: what they like`.

Fields stand between commas, or one on a line. A field is a name, then a type (`str` if none is
given), then words about it behind a colon; `name: str` is read as well. A `?` behind the name or
the type lets the field be left out. Types: `str`, `int`, `float`, `bool`, `date`, `datetime`,
`object`, a choice such as `red|green`, and a `list` of one of them, such as `list[int]`.
"""

import re
from difflib import get_close_matches

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema

LINE_NAME = "answer"
"""What a schema is called that has no name of its own."""

_TYPES: dict[str, dict[str, Json]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
}
_ALSO = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "dict": "object"}
_EXAMPLE = "Write fields as in 'name, age int, tags list[str]?: what they like'."
_NAME = re.compile(r"[^\W\d][\w-]{0,63}")
_LIST = re.compile(r"list(?:\[\s*(.*?)\s*\])?")
_CHOICE = re.compile(r"[\w.+-]+(?:\|[\w.+-]+)+")


def schema_of_line(line: str) -> Schema:
    """Return the schema that a line describes; raises SettingsError in words."""
    properties: dict[str, Json] = {}
    required: list[Json] = []
    fields = line.split("\n") if "\n" in line.strip() else line.split(",")
    for field in filter(None, map(str.strip, fields)):
        name, shape, is_optional = _field(field.removesuffix(","))
        if name in properties:
            raise SettingsError(f"The schema names the field {name!r} twice.")
        properties[name] = shape
        if not is_optional:
            required.append(name)
    if not properties:
        raise SettingsError("The schema names no field. Write one as in 'name, age int'.")
    shape: dict[str, Json] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return Schema(LINE_NAME, shape)


def _field(field: str) -> tuple[str, dict[str, Json], bool]:
    """The name, the shape and whether it may be left out."""
    head, _, words = (part.strip() for part in field.partition(":"))
    name, *types = head.split(maxsplit=1) or [""]
    if not types and words and _is_type(first := re.split(r"[:\s]", words, maxsplit=1)[0]):
        types, words = [first], words[len(first) :].lstrip(" :")
    written = types[0] if types else "str"
    is_optional = name.endswith("?") or written.endswith("?")
    name, written = name.removesuffix("?"), written.removesuffix("?").strip()
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} is no name for a field. {_EXAMPLE}")
    shape = _shape(written, name)
    return name, {**shape, "description": words} if words else shape, is_optional


def _is_type(word: str) -> bool:
    word = word.removesuffix("?")
    return word in _TYPES or word in _ALSO or bool(_LIST.fullmatch(word))


def _shape(written: str, name: str) -> dict[str, Json]:
    if found := _LIST.fullmatch(written):
        return {"type": "array", "items": _shape(found[1] or "str", name)}
    if known := _TYPES.get(_ALSO.get(written, written)):
        return dict(known)
    if _CHOICE.fullmatch(written):
        return {"type": "string", "enum": [*written.split("|")]}
    near = get_close_matches(written, [*_TYPES, "list"], 1, 0.5)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    raise SettingsError(f"The field {name!r} has no known type {written!r}.{meant} {_EXAMPLE}")

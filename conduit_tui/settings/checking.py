"""Checks the values of settings.toml: what is right counts, each mistake becomes words."""

from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from conduit_tui.core.json import Json
from conduit_tui.settings.schema import (
    ParamsTable,
    PermissionsTable,
    ProviderTable,
    SettingsTable,
)
from conduit_tui.settings.toml_lines import KeyPath, line_of
from conduit_tui.settings.toml_text import Mistake, Parsed

# Without its address or wire a provider would mean another server than the one that was meant.
_ESSENTIAL = {"kind", "base_url"}


def check(parsed: Parsed) -> tuple[SettingsTable, tuple[Mistake, ...]]:
    """Return the settings without what is wrong in them, and what is wrong.

    A value is never repeated in the words: it might be a key in the wrong place.
    """
    values = parsed.values
    mistakes: dict[KeyPath, Mistake] = {}
    while True:
        try:
            table = SettingsTable.model_validate(values)
            return table, tuple(sorted(mistakes.values(), key=lambda each: each.line))
        except ValidationError as failure:
            errors = failure.errors(include_url=False, include_context=False)
            for error in reversed(errors):  # so that the places before it in a list stay
                path = _path_of(error["loc"])
                is_unknown = error["type"] == "extra_forbidden"
                words = _unknown(path) if is_unknown else _wrong(path)
                mistakes.setdefault(path, Mistake(line_of(parsed.text, path), words))
                _remove(values, path)


def _path_of(location: tuple[str | int, ...]) -> KeyPath:
    """The key a person wrote: without list positions and pydantic's names of alternatives.

    A rule has its position, so that one which is wrong takes no other along.
    """
    if location[0] == "permissions":
        return location[:3]
    depth = 3 if location[0] == "providers" else 2 if location[0] in ("keys", "params") else 1
    is_about_name = location[2:3] == ("[key]",)
    return location[: 2 if is_about_name else depth]


def _unknown(path: KeyPath) -> str:
    known = _table_at(path).model_fields
    nearest = get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(known)}."
    return f"{_dotted(path)!r} is no setting; {hint}"


def _wrong(path: KeyPath) -> str:
    if path[0] == "permissions" and len(path) == 3:
        name = _dotted(path[:2])
        return f"rule {int(path[2]) + 1} of {name!r} is none; write TOOL or TOOL(pattern)."
    is_inside = (path[0], len(path)) in {("providers", 3), ("params", 2), ("permissions", 2)}
    table, key = (_table_at(path), path[-1]) if is_inside else (SettingsTable, path[0])
    description = table.model_fields[str(key)].description
    words = f"{_dotted(path)!r} must be {description}."
    if path[-1] in _ESSENTIAL:
        words += f" [{_dotted(path[:-1])}] is left out."
    return words


def _table_at(path: KeyPath) -> type[BaseModel]:
    """The table a key stands in."""
    if path[0] == "providers":
        return ProviderTable
    inner: dict[str | int, type[BaseModel]] = {
        "params": ParamsTable,
        "permissions": PermissionsTable,
    }
    return inner.get(path[0], SettingsTable) if path[1:] else SettingsTable


def _remove(values: dict[str, Json], path: KeyPath) -> None:
    if len(path) == 3 and path[-1] in _ESSENTIAL:
        path = path[:-1]
    table: Json = values
    for key in path[:-1]:
        table = table.get(str(key)) if isinstance(table, dict) else None
    if isinstance(table, list):
        del table[int(path[-1])]
    elif isinstance(table, dict):
        table.pop(str(path[-1]), None)


def _dotted(path: KeyPath) -> str:
    return ".".join(str(key) for key in path)

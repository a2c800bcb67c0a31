"""Reads what a person writes where a schema is wanted: a file, JSON, or fields on a line."""

import json
import re
from pathlib import Path
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema
from conduit_tui.core.schema_line import LINE_NAME, schema_of_line
from conduit_tui.settings.reading import read_file

MOST_BYTES = 200_000
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]+")


def read_schema(written: str) -> tuple[Schema, tuple[str, ...]]:
    """Return a schema, and words about what of it is not checked.

    Reads a file, and imports pydantic: call it in a thread. Raises SettingsError, in words, for
    what is no schema or one that cannot be asked for.
    """
    from conduit_tui.providers.schema_model import SchemaModel

    schema = _read(written.strip())
    return schema, SchemaModel(schema).notes


def _read(written: str) -> Schema:
    if written.startswith("{"):
        return _named(_parsed(written, "The schema"), LINE_NAME)
    if not _is_path(written):
        return schema_of_line(written)
    path = _expanded(written)
    try:
        data = read_file(path, MOST_BYTES)
    except FileNotFoundError as error:
        raise SettingsError(f"There is no schema file {clean_line(written)!r}.") from error
    shown = repr(clean_line(written))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown} is no JSON: it is not UTF-8 text.") from error
    return _named(_parsed(text, shown), path.stem)


def _is_path(written: str) -> bool:
    """A line of fields has neither a slash nor the ending of a JSON file."""
    return written.lower().endswith(".json") or "/" in written.split(":")[0].split(",")[0]


def _expanded(written: str) -> Path:
    try:
        return Path(written).expanduser()
    except RuntimeError:  # the home of nobody here
        return Path(written)


def _parsed(text: str, what: str) -> dict[str, Json]:
    try:
        found: object = json.loads(text)
    except RecursionError as error:
        raise SettingsError(f"{what} is nested too deeply.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SettingsError(f"{what} is no JSON: {error.msg} at {where}.") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{what} is no JSON Schema: it must be an object, {{…}}.")
    return _unwrapped(cast("dict[str, Json]", found))


def _unwrapped(found: dict[str, Json]) -> dict[str, Json]:
    """The schema inside what OpenAI takes as a response format: name, strict and schema."""
    inner = found.get("json_schema", found)
    shape = inner.get("schema") if isinstance(inner, dict) else None
    if not isinstance(shape, dict) or ("type" in found and found["type"] != "json_schema"):
        return found
    title = inner.get("name") if isinstance(inner, dict) else None
    return {"title": title, **shape} if isinstance(title, str) else shape


def _named(shape: dict[str, Json], otherwise: str) -> Schema:
    title = shape.get("title")
    name = title if isinstance(title, str) else otherwise
    return Schema(_NOT_IN_A_NAME.sub("_", name).strip("_")[:64] or LINE_NAME, shape)

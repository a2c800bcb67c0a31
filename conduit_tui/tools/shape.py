"""JSON Schema in the plain form that every wire takes.

Nested models are written out where pydantic points to them, since Gemini and Ollama do not follow
every `$ref`; `const` becomes an `enum` of one and `oneOf` an `anyOf`; titles, which only repeat
names, are gone. What may be left out is not said to be null as well.
"""

from typing import cast

from pydantic.json_schema import GenerateJsonSchema

from conduit_tui.core.json import Json

Schema = dict[str, Json]

_DROPPED = ("title", "$defs", "discriminator")
_LISTS = ("anyOf", "allOf")


class QuietJsonSchema(GenerateJsonSchema):
    """pydantic's own, without warnings about defaults that JSON does not have."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012


def plain(schema: Schema) -> Schema:
    """Return a schema of pydantic's, which must not be recursive, in the plain form."""
    definitions = cast("dict[str, Schema]", schema.get("$defs", {}))
    return _plain(schema, definitions)


def _plain(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    if isinstance(reference := schema.get("$ref"), str):
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _plain({**definitions[reference.rsplit("/", 1)[-1]], **rest}, definitions)
    found: Schema = {}
    for key, value in schema.items():
        name = "anyOf" if key == "oneOf" else key
        if key in _DROPPED or (key == "default" and value is None):
            continue
        if key == "const":
            found["enum"] = [value]
        elif key == "properties" and isinstance(value, dict):
            found[key] = {
                each: _property(cast("Schema", one), definitions) for each, one in value.items()
            }
        elif isinstance(value, dict) and key in ("items", "additionalProperties"):
            found[key] = _plain(value, definitions)
        elif isinstance(value, list) and name in _LISTS:
            found[name] = [_plain(cast("Schema", one), definitions) for one in value]
        else:
            found[name] = value
    return found


def _property(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    found = _plain(schema, definitions)
    branches = found.get("anyOf")
    if not isinstance(branches, list) or schema.get("default", 0) is not None:
        return found
    left = [one for one in branches if one != {"type": "null"}]
    if len(left) > 1:
        return {**found, "anyOf": left}
    only = cast("Schema", left[0] if left else {"type": "null"})
    return {**only, **{key: value for key, value in found.items() if key != "anyOf"}}

"""A value of any shape, as an example: what the guide answers where a schema is asked for."""

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_list, as_object, as_text

_DEEPEST = 6
_STRINGS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "email": "guide@example.org",
    "uri": "https://example.org/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


def example(shape: dict[str, Json], root: dict[str, Json] | None = None, depth: int = 0) -> Json:
    """Return a value that fits a JSON Schema of the usual kinds, the same each time."""
    root = shape if root is None else root
    if reference := as_text(shape.get("$ref")):
        return example(_target(root, reference), root, depth + 1) if depth < _DEEPEST else None
    for keyword in ("const", "default"):
        if keyword in shape:
            return shape[keyword]
    if choices := as_list(shape.get("enum")):
        return choices[0]
    for keyword in ("anyOf", "oneOf", "allOf"):
        if inner := as_list(shape.get(keyword)):
            return example(as_object(inner[0]), root, depth + 1)
    return _of_kind(shape, root, depth)


def _of_kind(shape: dict[str, Json], root: dict[str, Json], depth: int) -> Json:
    kinds = shape.get("type")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    match kind or ("object" if "properties" in shape else None):
        case "string":
            return _STRINGS.get(as_text(shape.get("format")), "an example")
        case "integer" | "number":
            least = shape.get("minimum")
            return least if isinstance(least, int | float) else 7
        case "boolean":
            return True
        case "array":
            items = as_object(shape.get("items")) or {"type": "string"}
            return [example(items, root, depth + 1)] if depth < _DEEPEST else []
        case "object":
            fields = as_object(shape.get("properties"))
            return {n: example(as_object(each), root, depth + 1) for n, each in fields.items()}
        case _:
            return None


def _target(root: dict[str, Json], reference: str) -> dict[str, Json]:
    at: Json = root
    for name in filter(None, reference.removeprefix("#").split("/")):
        at = as_object(at).get(name)
    return as_object(at)

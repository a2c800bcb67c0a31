"""A pydantic model for a JSON Schema, so that what a model answers can be validated.

Checked as JSON Schema says it (draft 2020-12), without pydantic's own readiness to convert: the
value is kept as it was sent, with the defaults of fields that were left out. A `$ref` is looked up
only when a value has come that far, so schemas may be recursive. Keywords that are not checked are
named in `notes`.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Annotated, Any, TypeAlias, Union, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import from_json

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema
from conduit_tui.providers import schema_checks as checks

DEEPEST = 60
NO_JSON = "Invalid JSON"
"""How a mistake begins that is none of the value's: pydantic's own words, and ours."""
_KNOWN = frozenset(
    (
        *("$schema", "$id", "$defs", "definitions", "$comment", "title", "description"),
        *("default", "examples", "example", "deprecated", "readOnly", "writeOnly"),
        *("$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "nullable"),
        *("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
        *("items", "minItems", "maxItems", "uniqueItems", "propertyOrdering"),
        *("minLength", "maxLength", "pattern", "format", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    )
)
_NOT_SHOWN = ("missing", "json_invalid")
_SCALARS = ("string", "number", "integer", "boolean", "null")

Type: TypeAlias = Any
"""A type as pydantic reads it: made here at run time, so there is no name for it."""


class Unfit(Exception):
    """A text is no value of the shape; `mistakes` has a line for each."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = tuple(mistakes)


class SchemaModel:
    """Validates JSON text against a schema. `model` is the pydantic model that does it.

    Raises SettingsError, in words, for a schema that cannot be used.
    """

    def __init__(self, schema: Schema) -> None:
        builder = _Builder(schema.shape)
        root = builder.type_of(schema.shape, "the schema", 0)
        self.kind = builder.kind_of_root()
        self.notes = tuple(builder.notes)
        self.model = _root_model(schema, root)

    def value_of(self, text: str) -> Json:
        """Return the value that a JSON text holds. Raises Unfit."""
        raw = text.encode("utf-8", "replace")
        try:
            from_json(raw, allow_inf_nan=False)  # pydantic reads NaN, which is no JSON
            found = self.model.model_validate_json(raw)
            return cast("Json", found.model_dump(by_alias=True, exclude_unset=True, warnings=False))
        except ValidationError as error:
            raise Unfit(_mistakes(error)) from error
        except ValueError as error:
            raise Unfit([f"{NO_JSON}: {error}"]) from error
        except RecursionError as error:
            raise Unfit(["it is nested too deeply"]) from error


def _root_model(schema: Schema, root: Type) -> type[BaseModel]:
    shape = {"title": schema.name, **deepcopy(schema.shape)}
    shape["title"] = schema.name

    class Root(RootModel[root]):
        @classmethod
        def __get_pydantic_json_schema__(cls, *_: object) -> JsonSchemaValue:
            return deepcopy(shape)

    Root.__name__ = Root.__qualname__ = schema.name
    return Root


class _Builder:
    """Makes types of shapes. `where` names a shape for a person."""

    def __init__(self, root: dict[str, Json]) -> None:
        self.notes: dict[str, None] = {}
        self._root = root
        self._referred: dict[str, Type] = {}

    def kind_of_root(self) -> str:
        """Whether the value is an object or an array; nothing else can be asked for."""
        shape: Json = self._root
        for _ in range(DEEPEST):
            if not isinstance(shape, dict) or not isinstance(reference := shape.get("$ref"), str):
                break
            shape = self._target(reference)
        kind = shape.get("type") if isinstance(shape, dict) else None
        if kind in _SCALARS:
            raise SettingsError(
                f"The schema describes a {kind}; only an object or an array can be asked for. "
                'Give it a name, as in {"type": "object", "properties": {"value": …}}.'
            )
        is_object = kind == "object" or (isinstance(shape, dict) and "properties" in shape)
        return "object" if is_object else "array" if kind == "array" else "any"

    def type_of(self, shape: Json, where: str, depth: int) -> Type:
        """The type of a shape, with all that is checked of it."""
        if depth > DEEPEST:
            raise SettingsError(f"The schema is nested more than {DEEPEST} deep at {where}.")
        if isinstance(shape, bool):
            return Any if shape else Annotated[Any, BeforeValidator(checks.nothing)]
        if not isinstance(shape, dict):
            raise SettingsError(f"The schema is wrong at {where}: a shape is an object.")
        for keyword in shape:
            if keyword not in _KNOWN and not keyword.startswith("x-"):
                self.notes[f"{keyword!r} at {where} is not checked."] = None
        ways = [
            *self._by_type(shape, where, depth),
            *self._combined(shape, where, depth),
            *self._by_value(shape),
        ]
        found = ways[0] if ways else Any
        others = [BeforeValidator(checks.also(TypeAdapter(way))) for way in ways[1:]]
        whole: Type = Annotated[(found, *others)] if others else found
        is_nullable = shape.get("nullable") is True
        return Union[(whole, None)] if is_nullable else whole  # noqa: UP007 - made at run time

    def _by_type(self, shape: dict[str, Json], where: str, depth: int) -> list[Type]:
        kinds = shape.get("type")
        if kinds is None and ("properties" in shape or "required" in shape):
            kinds = "object"
        if kinds is None and "items" in shape:
            kinds = "array"
        if kinds is None:
            return []
        named = kinds if isinstance(kinds, list) else [kinds]
        types = [self._of_kind(kind, shape, where, depth) for kind in named]
        if not types:
            raise SettingsError(f"The schema names no type at {where}.")
        return [Union[tuple(types)]]  # noqa: UP007 - of a list made at run time

    def _of_kind(self, kind: Json, shape: dict[str, Json], where: str, depth: int) -> Type:
        match kind:
            case "string":
                return checks.string_type(shape, where, self.notes)
            case "integer" | "number":
                return checks.number_type(kind, shape)
            case "boolean":
                return checks.BOOLEAN
            case "null":
                return None
            case "array":
                return self._array(shape, where, depth)
            case "object":
                return self._object(shape, where, depth)
            case _:
                at = "" if where == "the schema" else f" at {where}"
                raise SettingsError(f"The schema has the unknown type {kind!r}{at}.")

    def _array(self, shape: dict[str, Json], where: str, depth: int) -> Type:
        item = self.type_of(shape.get("items", True), f"the items of {where}", depth + 1)
        limits = Field(
            min_length=checks.count(shape.get("minItems")),
            max_length=checks.count(shape.get("maxItems")),
        )
        if shape.get("uniqueItems") is True:
            return Annotated[list[item], limits, BeforeValidator(checks.distinct)]
        return Annotated[list[item], limits]

    def _object(self, shape: dict[str, Json], where: str, depth: int) -> Type:
        properties = shape.get("properties", {})
        required = shape.get("required", [])
        if not isinstance(properties, dict) or not isinstance(required, list):
            raise SettingsError(f"The schema is wrong at {where}: see properties and required.")
        shapes = {name: True for name in required if isinstance(name, str)} | properties
        fields: dict[str, Any] = {}
        for number, (name, inner) in enumerate(shapes.items()):
            kind = self.type_of(inner, name, depth + 1)
            is_needed = name in required
            fields[f"field_{number}_"] = (
                kind,
                Field(alias=name) if is_needed else Field(default=None, alias=name),
            )
        others = shape.get("additionalProperties", True)
        filled = {
            name: inner["default"]
            for name, inner in properties.items()
            if isinstance(inner, dict) and "default" in inner
        }
        before: list[Callable[[Any], Any]] = [checks.with_defaults(filled)] if filled else []
        if isinstance(others, dict):
            other = self.type_of(others, f"the other fields of {where}", depth + 1)
            before.append(checks.others(TypeAdapter(dict[str, other]), frozenset(shapes)))
        before.append(
            checks.field_count(
                checks.count(shape.get("minProperties")), checks.count(shape.get("maxProperties"))
            )
        )
        config = ConfigDict(extra="forbid" if others is False else "allow", protected_namespaces=())
        model = create_model("Fields", __config__=config, **fields)
        return Annotated[(model, *(BeforeValidator(each) for each in reversed(before)))]

    def _combined(self, shape: dict[str, Json], where: str, depth: int) -> list[Type]:
        ways: list[Type] = []
        if isinstance(reference := shape.get("$ref"), str):
            ways.append(self._reference(reference, depth))
        for keyword in ("anyOf", "oneOf", "allOf"):
            inner = shape.get(keyword)
            if inner is None:
                continue
            if not isinstance(inner, list) or not inner:
                raise SettingsError(f"{keyword} of {where} must be a list of shapes.")
            types = [self.type_of(each, where, depth + 1) for each in inner]
            if keyword == "allOf":
                ways += types
                continue
            either: Type = Union[tuple(types)]  # noqa: UP007 - of a list made at run time
            if keyword == "oneOf":
                just_one = checks.just_one([TypeAdapter(each) for each in types])
                either = Annotated[either, BeforeValidator(just_one)]
            ways.append(either)
        return ways

    def _by_value(self, shape: dict[str, Json]) -> list[Type]:
        allowed = shape.get("enum")
        ways: list[Type] = []
        if isinstance(allowed, list):
            ways.append(Annotated[Any, AfterValidator(checks.one_of(allowed))])
        if "const" in shape:
            ways.append(Annotated[Any, AfterValidator(checks.one_of([shape["const"]]))])
        return ways

    def _reference(self, reference: str, depth: int) -> Type:
        """A type that is looked up when a value is validated: it may contain itself."""
        if reference not in self._referred:
            self._referred[reference] = Any
            target = self._target(reference)
            name = reference.rpartition("/")[2] or "the schema"
            self._referred[reference] = self.type_of(target, name, depth + 1)
        adapters: list[TypeAdapter[Any]] = []

        def look_up(value: Any) -> Any:
            if not adapters:
                adapters.append(TypeAdapter(self._referred[reference]))
            found = adapters[0].validate_python(value)
            return adapters[0].dump_python(found, by_alias=True, exclude_unset=True, warnings=False)

        return Annotated[Any, AfterValidator(look_up)]

    def _target(self, reference: str) -> Json:
        at: Json = self._root
        if not reference.startswith("#"):
            raise SettingsError(
                f"The schema refers to {reference!r}; only what is in the schema itself is read. "
                "Copy it in below $defs."
            )
        for step in filter(None, reference.removeprefix("#").split("/")):
            name = step.replace("~1", "/").replace("~0", "~")
            match at:
                case list() if name.isdecimal() and int(name) < len(at):
                    at = at[int(name)]
                case dict() if name in at:
                    at = at[name]
                case _:
                    raise SettingsError(f"The schema has nothing at {reference!r}.")
        return at


def _mistakes(error: ValidationError, most: int = 5) -> list[str]:
    """What is wrong, a line for each: `age: Input should be a valid integer, not 'old'`."""
    lines: dict[str, None] = {}
    found = error.errors(include_url=False, include_context=False)
    for each in found:
        loc = ".".join(str(step) for step in each["loc"])
        shown = checks.shown(each["input"]) if each["type"] not in _NOT_SHOWN else ""
        words = f"{each['msg']}, not {shown}" if shown else each["msg"]
        lines[f"{loc}: {words}" if loc else words] = None
    listed = list(lines)
    return listed[:most] + ([f"and {len(listed) - most} more"] if len(listed) > most else [])

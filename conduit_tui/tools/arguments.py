"""The arguments of a tool's function: their JSON Schema, and what a model sent, validated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.tools.definition import Parameter
from conduit_tui.tools.shape import QuietJsonSchema, Schema, plain

MOST_TOLD = 20
"""Wrong arguments that are named; a model needs no more to see what it did."""
_MOST_READ = 60
"""Mistakes that are put into words: those of one place are joined, so there are more of them."""
_LONGEST_VALUE = 80
_LONGEST_WORDS = 300

Place = tuple[str | int, ...]


class Arguments:
    """What a tool is called with. `schema` is the JSON Schema a model sees."""

    def __init__(self, tool: str, parameters: Sequence[Parameter]) -> None:
        self._tool = tool
        self._names = tuple(parameter.name for parameter in parameters)
        self._model = _model(tool, parameters)
        schema = self._model.model_json_schema(schema_generator=QuietJsonSchema)
        self.schema: Schema = plain(cast("Schema", schema))
        self.schema.setdefault("properties", {})

    def read(self, given: Mapping[str, Json]) -> dict[str, object]:
        """Return the values by the names of the parameters. Raises ToolError with all mistakes."""
        truths = _misplaced_truths(dict(given), self.schema, ())
        mistakes = list(islice(truths, _MOST_READ))
        try:
            found = self._model.model_validate(given)
        except ValidationError as error:
            mistakes += _mistakes(error, dict(given), self.schema)
        else:
            if not mistakes:
                return {name: getattr(found, f"a{at}") for at, name in enumerate(self._names)}
        raise ToolError(self._words(mistakes))

    def _words(self, mistakes: Iterable[tuple[Place, str]]) -> str:
        by_place: dict[Place, list[str]] = {}
        for place, words in mistakes:
            said = by_place.setdefault(place, [])
            if words not in said:
                said.append(words)
        lines = [f"- {_written(place)} {' or '.join(said)}" for place, said in by_place.items()]
        if len(lines) > MOST_TOLD:
            lines = [*lines[:MOST_TOLD], "- and more"]
        known = f"Its arguments are: {', '.join(self._names)}." if self._names else "It takes none."
        return "\n".join([f"The arguments of {self._tool!r} are wrong.", *lines, known])


def _model(tool: str, parameters: Sequence[Parameter]) -> type[BaseModel]:
    """A model whose fields have names of their own: arguments may be called `schema` or `_x`."""
    fields: dict[str, Any] = {}
    for at, parameter in enumerate(parameters):
        about = Field(alias=parameter.name, description=parameter.description)
        default = ... if parameter.is_required else parameter.default
        fields[f"a{at}"] = (Annotated[parameter.hint, about], default)
    config = ConfigDict(extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)
    return create_model(tool, __config__=config, **fields)


def _mistakes(error: ValidationError, given: Json, schema: Schema) -> Iterator[tuple[Place, str]]:
    for each in error.errors(include_url=False, include_context=False)[:_MOST_READ]:
        yield _mistake(each, given, schema)


def _mistake(error: ErrorDetails, given: Json, schema: Schema) -> tuple[Place, str]:
    kind, place = error["type"], _place(error["loc"], given)
    if kind == "missing":
        place = (*place, error["loc"][-1])
        return place, f"is missing; expected {_expected(_at(schema, place))}"
    if kind == "extra_forbidden":
        return place, "is no argument of it"
    words = error["msg"][:_LONGEST_WORDS].removeprefix("Value error, ")
    if kind.endswith(("_type", "_parsing", "_from_float")) or kind in ("literal_error", "enum"):
        words = f"should be {_expected(_at(schema, place))}"
    elif words.startswith("Input should"):
        words = words.removeprefix("Input ")
    return place, f"{words}, not {_shown(error['input'])}"


def _place(told: Sequence[str | int], given: Json) -> Place:
    """Where in the arguments a mistake is: pydantic names branches of unions as well."""
    place: list[str | int] = []
    value = given
    for step in told:
        match value, step:
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                continue
        place.append(step)
    return tuple(place)


def _misplaced_truths(value: Json, schema: Schema, place: Place) -> Iterator[tuple[Place, str]]:
    """Where true or false stands for a number: pydantic takes them as 1 and 0."""
    branches = _branches(schema)
    match value:
        case bool():
            kinds = {str(branch.get("type")) for branch in branches}
            if kinds & {"integer", "number"} and not kinds & {"boolean", "None"}:
                yield place, f"should be {_expected(schema)}, not {_shown(value)}"
        case dict():
            for key, item in value.items():
                if inner := _at(schema, (key,)):
                    yield from _misplaced_truths(item, inner, (*place, key))
        case list():
            for index, item in enumerate(value):
                if inner := _at(schema, (index,)):
                    yield from _misplaced_truths(item, inner, (*place, index))
        case _:
            pass


def _at(schema: Schema, place: Place) -> Schema:
    """The schema of what stands at a place, empty where it is not known."""
    for step in place:
        found = [inner for branch in _branches(schema) if (inner := _inside(branch, step))]
        schema = found[0] if len(found) == 1 else {"anyOf": [*found]} if found else {}
    return schema


def _inside(branch: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        found = branch.get("items")
    else:
        properties = branch.get("properties")
        named = properties if isinstance(properties, dict) else {}
        found = named.get(step, branch.get("additionalProperties"))
    return found if isinstance(found, dict) else {}


def _branches(schema: Schema) -> list[Schema]:
    branches = schema.get("anyOf")
    if not isinstance(branches, list):
        return [schema]
    return [inner for one in branches for inner in _branches(cast("Schema", one))]


_NAMES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def _expected(schema: Schema) -> str:
    """What a schema asks for, in words."""
    said: list[str] = []
    for branch in _branches(schema):
        if isinstance(values := branch.get("enum"), list):
            shown = ", ".join(_shown(value) for value in values)
            words = shown if len(values) == 1 else f"one of {shown}"
        else:
            words = _NAMES.get(str(branch.get("type")), "another value")
        if isinstance(items := branch.get("items"), dict) and items:
            words = f"{words} whose items are each {_expected(items)}"
        if words not in said:
            said.append(words)
    return " or ".join(said)[:_LONGEST_WORDS]


def _shown(value: object) -> str:
    """A value as JSON would have it, cut short."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            shown = repr(value[:_LONGEST_VALUE])
            return shown if len(value) <= _LONGEST_VALUE else f"{shown[:-1]}…'"
        case int() if abs(value) > 10**_LONGEST_VALUE:
            return "so large a number"
        case _:
            return str(value)[:_LONGEST_VALUE]


def _written(place: Place) -> str:
    """A place as one would write it: `items[2].name`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_name(step)}" for step in place)
    return "".join(steps).removeprefix(".") or "they"


def _name(step: str) -> str:
    return step if step.isidentifier() and len(step) <= 64 else repr(step[:64])

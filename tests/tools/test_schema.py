"""A function becomes a tool: what a model is told of it."""

import subprocess
import sys
from enum import Enum, IntEnum, StrEnum
from types import ModuleType
from typing import Annotated, Any, Literal, NewType, Optional, Union

import pytest
from pydantic import BaseModel, Field

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.providers.adapters import (
    anthropic_messages,
    google_generate,
    ollama_chat,
    openai_chat,
    openai_responses,
)
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext
from tests.providers.asking import endpoint, user


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Size(StrEnum):
    S = "small"


class Point(BaseModel):
    """A place."""

    x: int
    title: str = Field("here", description="What it is called.")
    near: "list[Name]" = []


class Name(BaseModel):
    name: str
    kind: Literal["a"] = "a"
    level: Level | None = None


class Line(BaseModel):
    start: Point
    end: Point


Path = NewType("Path", str)


def made(hint: Any, default: Any = ...) -> Tool:
    """A tool whose one argument `x` has a type."""
    if default is ...:

        async def required(x: Annotated[hint, "What it is."]) -> str:  # type: ignore[valid-type]
            """Do it."""
            return repr(x)

        return tool(required, effect="none")

    async def optional(x: Annotated[hint, "What it is."] = default) -> str:  # type: ignore[valid-type]
        """Do it."""
        return repr(x)

    return tool(optional, effect="none")


def shape(hint: Any, default: Any = ...) -> Json:
    """The schema of one argument, without its description."""
    properties = made(hint, default).spec.schema["properties"]
    assert isinstance(properties, dict)
    found = properties["x"]
    assert isinstance(found, dict)
    assert found.pop("description") == "What it is."
    return found


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (Path, {"type": "string"}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a"], {"type": "string", "enum": ["a"]}),
        (Literal[1, 2], {"type": "integer", "enum": [1, 2]}),
        (Colour, {"type": "string", "enum": ["red", "blue"]}),
        (Size, {"type": "string", "enum": ["small"]}),
        (Level, {"type": "integer", "enum": [1, 2]}),
        (list[str], {"type": "array", "items": {"type": "string"}}),
        (list[Colour], {"type": "array", "items": {"type": "string", "enum": ["red", "blue"]}}),
        (list, {"type": "array", "items": {}}),
        (dict, {"type": "object", "additionalProperties": True}),
        (dict[str, Any], {"type": "object", "additionalProperties": True}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Union[int, None], {"anyOf": [{"type": "integer"}, {"type": "null"}]}),  # noqa: UP007
        (
            Annotated[int, Field(ge=1, le=9)],
            {"type": "integer", "minimum": 1, "maximum": 9},
        ),
        (
            list[Annotated[str, Field(max_length=3)]],
            {"type": "array", "items": {"type": "string", "maxLength": 3}},
        ),
    ],
)
def test_each_type_has_its_schema(hint: Any, schema: Json) -> None:
    assert shape(hint) == schema


@pytest.mark.parametrize(
    ("hint", "default", "schema"),
    [
        (int, 3, {"type": "integer", "default": 3}),
        (str | None, None, {"type": "string"}),
        (Optional[Colour], None, {"type": "string", "enum": ["red", "blue"]}),  # noqa: UP045
        (int | str | None, None, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (
            float | None,
            1.5,
            {"anyOf": [{"type": "number"}, {"type": "null"}], "default": 1.5},
        ),
        (Colour, Colour.RED, {"type": "string", "enum": ["red", "blue"], "default": "red"}),
        (list[int], [1], {"type": "array", "items": {"type": "integer"}, "default": [1]}),
    ],
)
def test_what_has_a_default_may_be_left_out(hint: Any, default: Any, schema: Json) -> None:
    assert shape(hint, default) == schema
    assert "required" not in made(hint, default).spec.schema
    assert made(hint).spec.schema["required"] == ["x"]


def test_nested_models_are_written_out_where_they_stand() -> None:
    name: Json = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "kind": {"type": "string", "enum": ["a"], "default": "a"},
            "level": {"type": "integer", "enum": [1, 2]},
        },
        "required": ["name"],
    }
    point: Json = {
        "type": "object",
        "description": "A place.",
        "properties": {
            "x": {"type": "integer"},
            "title": {"type": "string", "default": "here", "description": "What it is called."},
            "near": {"type": "array", "items": name, "default": []},
        },
        "required": ["x"],
    }
    assert shape(Line) == {
        "type": "object",
        "properties": {"start": point, "end": point},
        "required": ["start", "end"],
    }
    assert shape(Point | None, None) == {
        key: value for key, value in point.items() if key != "description"
    }


async def test_name_description_and_order_are_those_of_the_function() -> None:
    async def paint_it(
        context: ToolContext,
        colour: Annotated[Colour, "Which colour,\n        of two."],
        *,
        schema: Annotated[str, "An argument may have any name."] = "",
        model_config: Annotated[int, Field(description="This one, too.")] = 1,
    ) -> str:
        """Paint it.

        Slowly:
            twice.
        """
        return f"{context.call.name} {colour} {schema} {model_config}"

    spec = tool(paint_it, effect="write", asks_itself=True, time_limit_seconds=5).spec
    assert spec.name == "paint_it"
    assert spec.description == "Paint it.\n\nSlowly:\n    twice."
    assert spec.schema == {
        "type": "object",
        "properties": {
            "colour": {
                "type": "string",
                "enum": ["red", "blue"],
                "description": "Which colour,\nof two.",
            },
            "schema": {
                "type": "string",
                "default": "",
                "description": "An argument may have any name.",
            },
            "model_config": {"type": "integer", "default": 1, "description": "This one, too."},
        },
        "required": ["colour"],
        "additionalProperties": False,
    }


def test_what_a_tool_needs_is_passed_on() -> None:
    async def look() -> str:
        """Look."""
        return ""

    made = tool(look, effect="network", asks_itself=True, time_limit_seconds=5, lacks="a key")
    assert (made.effect, made.asks_itself) == ("network", True)
    assert (made.time_limit_seconds, made.lacks) == (5, "a key")
    assert made.spec.schema == {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }


def _keys(schema: Json) -> set[str]:
    match schema:
        case dict():
            inner = [_keys(value) for key, value in schema.items() if key != "default"]
            return set(schema).union(*inner)
        case list():
            return set[str]().union(*map(_keys, schema))
        case _:
            return set()


@pytest.mark.parametrize("hint", [Line, list[Point] | None, dict[str, Name], Literal[1], Colour])
def test_no_schema_points_elsewhere(hint: Any) -> None:
    keys = _keys(made(hint).spec.schema)
    assert not keys & {"$ref", "$defs", "const", "oneOf", "discriminator"}


def _sent(value: Json, schema: Json) -> bool:
    """Whether a schema stands somewhere in a body."""
    if value == schema:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_sent(one, schema) for one in inner)


@pytest.mark.parametrize(
    "wire",
    [anthropic_messages, google_generate, ollama_chat, openai_chat, openai_responses],
    ids=lambda wire: wire.__name__.rsplit(".")[-1],
)
def test_every_wire_sends_the_schema_as_it_is(wire: ModuleType) -> None:
    spec = made(Line).spec
    facts = ModelFacts("m", has=frozenset({"tools"}))
    request = Request("m", (user("hello"),), Params(), tools=(spec,), facts=facts)
    assert _sent(wire.encode(request, endpoint()), spec.schema)


def test_what_is_needed_to_open_the_chat_needs_no_pydantic() -> None:
    code = (
        "import conduit_tui.tools.toolbox, conduit_tui.tools.builtin.all, "
        "conduit_tui.tools.installed, sys; print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"

"""What a model sends is read, or every wrong argument is named."""

from contextlib import suppress
from enum import Enum, IntEnum
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.tools.schema import tool
from tests.tools.bench import context


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


class Point(BaseModel):
    x: int
    label: str = ""

    @field_validator("label")
    @classmethod
    def check(cls, value: str) -> str:
        if value == "bad":
            raise ValueError("it must not be bad")
        return value


async def draw(
    count: Annotated[int, "A number.", Field(ge=1, le=10)] = 1,
    size: Annotated[float, "A size."] = 1.0,
    name: Annotated[str, "A name."] = "",
    fill: Annotated[bool, "Whether to fill."] = False,
    colour: Annotated[Colour, "A colour."] = Colour.RED,
    level: Annotated[Level | None, "A level."] = None,
    kind: Annotated[Literal["a", "b"], "A kind."] = "a",
    points: Annotated[list[Point], "Where."] = [],  # noqa: B006 - it is copied
    table: Annotated[dict[str, list[int]], "Numbers."] = {},  # noqa: B006
    either: Annotated[int | str | None, "Either."] = None,
    flag: Annotated[bool | int, "A flag."] = False,
) -> str:
    """Draw."""
    given = dict(locals())
    points.append(Point(x=0))  # what is left out must not keep it
    given["points"] = points[:-1]
    seen.append(given)
    return ""


seen: list[dict[str, object]] = []
DRAW = tool(draw, effect="none")


async def read(**arguments: Json) -> dict[str, object]:
    """What the function is given."""
    await DRAW.run(context(), arguments)
    return {name: value for name, value in seen.pop().items() if name in arguments}


def wrong(**arguments: Json) -> list[str]:
    """The lines about wrong arguments."""
    assert DRAW.check is not None
    with pytest.raises(ToolError) as caught:
        DRAW.check(arguments)
    first, *lines, last = str(caught.value).split("\n")
    assert first == "The arguments of 'draw' are wrong."
    assert last.startswith("Its arguments are: count, size, name, ")
    assert "pydantic" not in str(caught.value)
    return lines


@pytest.mark.parametrize(
    ("name", "sent", "value"),
    [
        ("count", 5, 5),
        ("count", "5", 5),
        ("count", 5.0, 5),
        ("size", 2, 2.0),
        ("size", "2.5", 2.5),
        ("name", "x\x1b[0m", "x\x1b[0m"),
        ("fill", True, True),
        ("fill", "true", True),
        ("colour", "blue", Colour.BLUE),
        ("level", 1, Level.LOW),
        ("level", None, None),
        ("kind", "b", "b"),
        ("points", [{"x": "3"}], [Point(x=3)]),
        ("points", [], []),
        ("table", {"a": [1, "2"]}, {"a": [1, 2]}),
        ("either", "5", "5"),
        ("either", 5, 5),
        ("flag", True, True),
        ("flag", 2, 2),
    ],
)
async def test_what_was_meant_is_read(name: str, sent: Json, value: object) -> None:
    read_value = (await read(**{name: sent}))[name]
    assert read_value == value
    assert type(read_value) is type(value)


async def test_what_is_left_out_is_the_default_each_time_anew() -> None:
    for _ in range(2):
        await DRAW.run(context(), {})
        given = seen.pop()
        assert (given["count"], given["colour"], given["points"]) == (1, Colour.RED, [])


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ({"count": True}, ["- count should be an integer, not true"]),
        ({"count": 1.5}, ["- count should be an integer, not 1.5"]),
        ({"count": "five"}, ["- count should be an integer, not 'five'"]),
        ({"count": None}, ["- count should be an integer, not null"]),
        ({"count": [1]}, ["- count should be an integer, not a list"]),
        ({"count": 0}, ["- count should be greater than or equal to 1, not 0"]),
        ({"count": 10**300}, ["- count should be less than or equal to 10, not so large a number"]),
        ({"size": False}, ["- size should be a number, not false"]),
        ({"size": float("nan")}, ["- size should be a finite number, not nan"]),
        ({"size": float("inf")}, ["- size should be a finite number, not inf"]),
        ({"name": 5}, ["- name should be a string, not 5"]),
        ({"fill": 2}, ["- fill should be true or false, not 2"]),
        ({"colour": "green"}, ["- colour should be one of 'red', 'blue', not 'green'"]),
        ({"colour": {}}, ["- colour should be one of 'red', 'blue', not an object"]),
        ({"level": 2}, ["- level should be 1, not 2"]),
        ({"level": True}, ["- level should be 1, not true"]),
        ({"kind": "c"}, ["- kind should be one of 'a', 'b', not 'c'"]),
        (
            {"points": {}},
            ["- points should be a list whose items are each an object, not an object"],
        ),
        ({"points": [{"x": 1}, {}]}, ["- points[1].x is missing; expected an integer"]),
        ({"points": [{"x": True}]}, ["- points[0].x should be an integer, not true"]),
        (
            {"points": [{"x": 1, "label": "bad"}]},
            ["- points[0].label it must not be bad, not 'bad'"],
        ),
        ({"table": {"a b": [1, True]}}, ["- table.'a b'[1] should be an integer, not true"]),
        ({"either": []}, ["- either should be an integer or a string, not a list"]),
        ({"either": True}, ["- either should be an integer or a string, not true"]),
        ({"other": 1}, ["- other is no argument of it"]),
        (
            {"count": "x", "zip": 1, "name": None},
            [
                "- count should be an integer, not 'x'",
                "- name should be a string, not null",
                "- zip is no argument of it",
            ],
        ),
    ],
)
def test_every_wrong_argument_is_named(arguments: dict[str, Json], lines: list[str]) -> None:
    assert wrong(**arguments) == lines


def test_what_is_missing_is_named() -> None:
    async def roll(sides: Annotated[int, "S."], kinds: Annotated[list[str], "K."]) -> str:
        """Roll."""
        return f"{sides}{kinds}"

    check = tool(roll, effect="none").check
    assert check is not None
    with pytest.raises(ToolError) as caught:
        check({})
    assert str(caught.value) == (
        "The arguments of 'roll' are wrong.\n"
        "- sides is missing; expected an integer\n"
        "- kinds is missing; expected a list whose items are each a string\n"
        "Its arguments are: sides, kinds."
    )


async def test_of_two_models_the_one_that_fits_is_read() -> None:
    class Switch(BaseModel):
        x: bool

    async def roll(what: Annotated[Point | list[int] | Switch, "W."]) -> str:
        """Roll."""
        return repr(what)

    rolled = tool(roll, effect="none")
    assert await rolled.run(context(), {"what": {"x": True}}) == "Switch(x=True)"
    assert await rolled.run(context(), {"what": {"x": 2}}) == "Point(x=2, label='')"
    with pytest.raises(ToolError, match=r"what\[0\] should be an integer, not true"):
        await rolled.run(context(), {"what": [True]})


def test_a_tool_without_arguments_says_so() -> None:
    async def roll() -> str:
        """Roll."""
        return ""

    check = tool(roll, effect="none").check
    assert check is not None
    with pytest.raises(ToolError, match="- a is no argument of it\nIt takes none\\."):
        check({"a": 1})


@pytest.mark.parametrize(
    "arguments",
    [
        {"count": "x" * 1_000_000},
        {"x" * 1_000_000: 1},
        {f"k{index}": 1 for index in range(5_000)},
        {"points": [{"x": "a"}] * 5_000},
        {"points": [{"x": True}] * 5_000},
        {"table": {f"k{index}": ["a"] for index in range(5_000)}},
    ],
)
def test_wrong_arguments_are_not_repeated_at_any_length(arguments: dict[str, Json]) -> None:
    assert sum(map(len, wrong(**arguments))) < 5_000


@given(
    st.dictionaries(
        st.sampled_from(("count", "size", "points", "table", "either", "flag", "other")),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(("x", "label", "a")), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    )
)
async def test_nothing_but_a_tool_error_comes_of_any_arguments(arguments: dict[str, Json]) -> None:
    with suppress(ToolError):
        await DRAW.run(context(), arguments)

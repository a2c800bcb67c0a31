"""What cannot be a tool is refused with all that is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from enum import Enum
from functools import partial, wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from conduit_tui.core.consent import Effect
from conduit_tui.core.errors import ConduitError, NotATool
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import ToolContext
from tests.tools.bench import context

if TYPE_CHECKING:
    from pathlib import Path as OnlyForCheckers

UNANNOTATED = 'it has no annotation such as Annotated[str, "what it is"]'
UNDESCRIBED = 'it has no description; write Annotated[..., "what it is"]'
STARRED = "a model can only be told of parameters with a name of their own"
SUPPORTED = (
    "use str, int, float, bool, Literal, Enum, | None, list, dict with str as keys, "
    "or a pydantic model"
)


AT_LEAST_ONE = Field(ge=1)
UNREADABLE = Field(pattern="(")


class Knot(BaseModel):
    end: Knot | None = None


class Dated(BaseModel):
    on: date


class Lost(BaseModel):
    at: Nowhere  # type: ignore[name-defined]  # noqa: F821


class Odd(Enum):
    PAIR = (1, 2)


class Empty(Enum):
    pass


def reasons(function: Any, effect: Any = "none", **options: Any) -> list[str]:
    """Why a function cannot be a tool."""
    with pytest.raises(NotATool) as caught:
        tool(function, effect=effect, **options)
    assert isinstance(caught.value, ConduitError)
    for reason in caught.value.reasons:
        assert reason in str(caught.value)
    return list(caught.value.reasons)


def test_all_reasons_are_told_at_once() -> None:
    def wrong(a, /, b: Annotated[str, " "], *args: int, c: set[int], **kwargs: str) -> str:  # type: ignore[no-untyped-def]
        return ""

    assert reasons(wrong, "everything", time_limit_seconds=0) == [
        "it is not async",
        "it has no docstring, which tells the model what it does",
        "a: it can be given by position only, and models give arguments by name",
        f"a: {UNANNOTATED}",
        f"b: {UNDESCRIBED}",
        f"*args: {STARRED}",
        f"c: {UNDESCRIBED}",
        f"c: a model cannot be told of set[int]; {SUPPORTED}",
        f"**kwargs: {STARRED}",
        "its effect is none of none, read, write, run, network",
        "its time limit is not above zero",
    ]


@pytest.mark.parametrize("offered", [7, None, "roll", int, BaseModel, object()])
def test_what_is_no_function_is_no_tool(offered: object) -> None:
    assert reasons(offered) == ["it is no function"]


def test_a_lambda_and_a_partial_have_no_name() -> None:
    assert "it is a lambda, which has no name" in reasons(lambda: "")

    async def roll() -> str:
        """Roll."""
        return ""

    assert "it has no name" in reasons(partial(roll))


@pytest.mark.parametrize("name", ["würfel", "x" * 65, "roll the dice", "a.b", ""])
def test_a_name_that_models_cannot_call_is_refused(name: str) -> None:
    async def roll() -> str:
        """Roll."""
        return ""

    roll.__name__ = name
    (reason,) = reasons(roll)
    assert reason.startswith("models cannot call its name") or reason == "it has no name"


def test_one_that_yields_is_told_to_return() -> None:
    async def roll() -> AsyncIterator[str]:
        """Roll."""
        yield ""

    assert reasons(roll) == ["it yields, where it should return"]


def test_a_docstring_of_blanks_is_none() -> None:
    async def roll() -> str:
        """ """
        return ""

    assert reasons(roll) == ["it has no docstring, which tells the model what it does"]


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ("bytes", f"a model cannot be told of bytes; {SUPPORTED}"),
        ("date", f"a model cannot be told of date; {SUPPORTED}"),
        ("object", f"a model cannot be told of object; {SUPPORTED}"),
        ("Any", f"a model cannot be told of Any; {SUPPORTED}"),
        ("Callable[[], str]", "a model cannot be told of"),
        ("tuple[int, str]", "a model cannot be told of tuple[int, str]"),
        ("list[bytes]", "a model cannot be told of bytes"),
        ("int | bytes", "a model cannot be told of bytes"),
        ("dict[int, str]", "the keys of dict[int, str] must be str"),
        ("Knot", "Knot.end: Knot holds itself, which not every server takes"),
        ("list[Dated]", "Dated.on: a model cannot be told of date"),
        ("Lost", "Lost has an annotation that cannot be resolved"),
        ("Odd", "the values of Odd must be str or int"),
        ("Empty", "Empty has no members"),
        ("Literal[b'a']", "may only name str, int and bool"),
        ("Annotated[str, UNREADABLE]", "its type cannot be used ("),
    ],
)
def test_a_type_no_model_can_be_told_of_is_refused(annotation: str, words: str) -> None:
    async def roll(x: Any) -> str:
        """Roll."""
        return ""

    roll.__annotations__["x"] = f"Annotated[{annotation}, 'What it is.']"
    (reason,) = reasons(roll)
    assert reason.startswith("x: ")
    assert words in reason
    assert "pydantic.dev" not in reason


@pytest.mark.parametrize(
    ("annotation", "default", "words"),
    [
        ("int", "6", "its default, '6', is no int"),
        ("int", True, "its default, True, is no int"),
        ("str", None, "its default, None, is no str"),
        ("list[int]", ["a"], "its default, ['a'], is no list[int]"),
        ("Literal['a', 'b']", "c", "its default, 'c', is no Literal['a', 'b']"),
        ("Annotated[int, AT_LEAST_ONE]", 0, "its default, 0, is no "),
    ],
)
def test_a_default_of_another_type_is_refused(annotation: str, default: object, words: str) -> None:
    async def roll(x: Any = default) -> str:
        """Roll."""
        return ""

    roll.__annotations__["x"] = f"Annotated[{annotation}, 'What it is.']"
    (reason,) = reasons(roll)
    assert reason.startswith(f"x: {words}")


def test_an_annotation_that_names_what_is_not_there_is_refused_by_its_name() -> None:
    async def roll(
        x: Annotated[OnlyForCheckers, "A path."],
        y: Annotated[nowhere.Thing, "Nothing."],  # type: ignore[name-defined]  # noqa: F821
        z: Annotated[int, "A number."] = 1,
    ) -> str:
        """Roll."""
        return ""

    assert reasons(roll) == [
        "x: its annotation cannot be resolved (name 'OnlyForCheckers' is not defined)",
        "y: its annotation cannot be resolved (name 'nowhere' is not defined)",
    ]


def test_the_context_comes_first_and_is_handed_in_by_position() -> None:
    async def last(x: Annotated[int, "X."], context: ToolContext) -> str:
        """Roll."""
        return ""

    async def keyword(*, context: ToolContext) -> str:
        """Roll."""
        return ""

    async def starred(*context: ToolContext) -> str:
        """Roll."""
        return ""

    assert reasons(last) == ["context: ToolContext must be the first parameter"]
    assert reasons(keyword) == ["context: ToolContext is handed in by position"]
    assert reasons(starred) == ["*context: ToolContext is handed in by position"]


async def test_a_method_and_a_wrapped_function_are_tools() -> None:
    class House:
        def __init__(self, number: int) -> None:
            self.number = number

        async def tell(self, where: ToolContext, /, add: Annotated[int, "More."] = 0) -> str:
            """Tell the number."""
            return f"{self.number + add} {where.call.call_id}"

    def twice(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def run(*args: Any, **kwargs: Any) -> str:
            return 2 * str(await function(*args, **kwargs))

        return run

    told = tool(House(7).tell, effect="none")
    assert told.spec.name == "tell"
    assert await told.run(context(), {"add": 1}) == "8 c1"
    assert await tool(twice(House(7).tell), effect="none").run(context(), {}) == "7 c17 c1"


async def test_names_of_an_enclosing_function_are_known() -> None:
    class Inner(BaseModel):
        a: int

    async def roll(x: Annotated[Inner, "X."]) -> str:
        """Roll."""
        return f"{x.a}{Inner.__name__}"

    assert await tool(roll, effect="none").run(context(), {"x": {"a": 1}}) == "1Inner"


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        ("", ""),
        (None, "null"),
        ({"a": [1.5, True]}, '{"a":[1.5,true]}'),
        (Dated(on=date(2026, 11, 22)), '{"on":"2026-11-22"}'),
        (float("nan"), "NaN"),
    ],
)
async def test_what_is_no_text_is_returned_as_json(returned: object, text: str) -> None:
    async def roll() -> object:
        """Roll."""
        return returned

    assert await tool(roll, effect="none").run(context(), {}) == text


@pytest.mark.parametrize("returned", [object(), asyncio.Event, b"\xff"])
async def test_what_json_does_not_have_is_a_fault_in_words(returned: object) -> None:
    async def roll() -> object:
        """Roll."""
        return returned

    with pytest.raises(ConduitError, match="The tool returned no text, but a "):
        await tool(roll, effect="none").run(context(), {})


def test_every_effect_may_be_said() -> None:
    effects: tuple[Effect, ...] = ("none", "read", "write", "run", "network")

    async def roll(kind: Annotated[Literal["a"], "K."] = "a") -> str:
        """Roll."""
        return kind

    assert [tool(roll, effect=effect).effect for effect in effects] == list(effects)

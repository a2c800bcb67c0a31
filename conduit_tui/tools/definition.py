"""Reads a function that is to be a tool, and finds everything that is wrong with it."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, TypeAlias, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError
from pydantic.fields import FieldInfo
from pydantic_core import SchemaError

from conduit_tui.tools.hints import Hint, plain_name, unsupported
from conduit_tui.tools.tool import ToolContext

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every wire takes as the name of a tool or of an argument."""

_KINDS: Mapping[object, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}

Whatever: TypeAlias = object
"""What a package offers as a function."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a tool's function: its type as written, and whether it may be left out."""

    name: str
    hint: Hint
    description: str
    default: object = inspect.Parameter.empty

    @property
    def is_required(self) -> bool:
        """Whether there is no default."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Definition:
    """A function as a tool. With `reasons`, it cannot be one."""

    name: str
    description: str
    takes_context: bool
    parameters: tuple[Parameter, ...]
    reasons: tuple[str, ...]


def read_definition(function: Whatever) -> Definition:
    """Read a function, or whatever was offered as one."""
    name = getattr(function, "__name__", "")
    name = name if isinstance(name, str) else ""
    if not callable(function) or inspect.isclass(function):
        shown = name or type(function).__name__
        return Definition(shown, "", False, (), ("it is no function",))
    doc = getattr(function, "__doc__", None)
    description = inspect.cleandoc(doc) if isinstance(doc, str) else ""
    reasons = _about_itself(function, name, description)
    parameters, takes_context = _parameters(function, reasons)
    shown = name or type(function).__name__
    return Definition(shown[:100], description, takes_context, tuple(parameters), tuple(reasons))


def _about_itself(function: Callable[..., object], name: str, description: str) -> list[str]:
    reasons: list[str] = []
    if name == "<lambda>":
        reasons.append("it is a lambda, which has no name")
    elif not name:
        reasons.append("it has no name")
    elif not NAME.fullmatch(name):
        what = "letters of ASCII, digits, _ and -, at most 64 of them"
        reasons.append(f"models cannot call its name, which must be {what}")
    if inspect.isasyncgenfunction(function):
        reasons.append("it yields, where it should return")
    elif not inspect.iscoroutinefunction(function):
        reasons.append("it is not async")
    if not description:
        reasons.append("it has no docstring, which tells the model what it does")
    return reasons


def _parameters(
    function: Callable[..., object], reasons: list[str]
) -> tuple[list[Parameter], bool]:
    try:
        written = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError, NameError) as error:
        reasons.append(f"its parameters cannot be read ({_short(error)})")
        return [], False
    found: list[Parameter] = []
    takes_context = False
    for index, parameter in enumerate(written):
        problems: list[str] = []
        hint = _resolved(function, parameter, problems)
        if _without_notes(hint) is ToolContext:
            if index:
                problems.append("ToolContext must be the first parameter")
            elif parameter.kind is inspect.Parameter.KEYWORD_ONLY or parameter.kind in _KINDS:
                problems.append("ToolContext is handed in by position")
            else:
                takes_context = True
        else:
            read = _parameter(parameter, hint, problems)
            found.append(read)
        stars = _KINDS.get(parameter.kind, "")
        reasons += [f"{stars}{parameter.name}: {problem}" for problem in problems]
    return found, takes_context


def _parameter(written: inspect.Parameter, hint: Hint, problems: list[str]) -> Parameter:
    description = _description(hint)
    read = Parameter(written.name, hint, description, written.default)
    if written.kind in _KINDS:
        problems[:] = ["a model can only be told of parameters with a name of their own"]
        return read
    if written.kind is inspect.Parameter.POSITIONAL_ONLY:
        problems.append("it can be given by position only, and models give arguments by name")
    if not NAME.fullmatch(written.name):
        problems.append("not every server takes its name; use letters of ASCII, digits and _")
    if written.annotation is inspect.Parameter.empty:
        problems.append('it has no annotation such as Annotated[str, "what it is"]')
    elif hint is not None:
        problems += _about_type(read)
    return read


def _about_type(read: Parameter) -> list[str]:
    problems: list[str] = []
    if not read.description:
        problems.append('it has no description; write Annotated[..., "what it is"]')
    if words := unsupported(_without_notes(read.hint)):
        return [*problems, words]
    try:
        adapter: TypeAdapter[object] = TypeAdapter(read.hint)
        adapter.json_schema()
    except (PydanticUserError, SchemaError, TypeError, ValueError, NameError) as error:
        return [*problems, f"its type cannot be used ({_short(error)})"]
    if not read.is_required:
        try:
            adapter.validate_python(read.default, strict=True)
        except ValidationError:
            shown = repr(read.default)[:80]
            problems.append(f"its default, {shown}, is no {plain_name(_without_notes(read.hint))}")
    return problems


def _resolved(
    function: Callable[..., object], parameter: inspect.Parameter, problems: list[str]
) -> Hint:
    """The annotation as a type; None where there is none, or where it names what is not there."""
    if parameter.annotation is inspect.Parameter.empty:
        return None
    bare = inspect.unwrap(function)
    bare = getattr(bare, "__func__", bare)
    known: dict[str, object] = getattr(bare, "__globals__", {})
    holder = SimpleNamespace(__annotations__={"hint": parameter.annotation})
    try:
        hints = get_type_hints(holder, known, _closure(bare), include_extras=True)
    except Exception as error:  # an annotation may be any expression
        problems.append(f"its annotation cannot be resolved ({_short(error)})")
        return None
    return hints["hint"]


def _closure(function: object) -> dict[str, object]:
    """The names of an enclosing function that the function has kept."""
    names: Sequence[str] = getattr(getattr(function, "__code__", None), "co_freevars", ())
    cells: Sequence[object] = getattr(function, "__closure__", None) or ()
    found: dict[str, object] = {}
    for name, cell in zip(names, cells, strict=False):
        try:
            found[name] = getattr(cell, "cell_contents")  # noqa: B009 - cells have no type
        except ValueError:  # not filled yet
            continue
    return found


def _description(hint: Hint) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    for note in get_args(hint)[1:]:
        words = note.description if isinstance(note, FieldInfo) else note
        if isinstance(words, str) and words.strip():
            return inspect.cleandoc(words)
    return ""


def _without_notes(hint: Hint) -> Hint:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _short(error: Exception) -> str:
    """The first line of what an error says, without what pydantic adds to it."""
    words = " ".join(str(error).split("\n\n")[0].split()) or type(error).__name__
    return words.split(" For further information")[0][:200].rstrip(".")

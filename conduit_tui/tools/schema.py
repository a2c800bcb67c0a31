"""Makes a tool of an annotated function. Brings pydantic in, so it is imported late."""

from collections.abc import Awaitable, Callable
from typing import get_args

from pydantic_core import PydanticSerializationError, to_json

from conduit_tui.core.consent import Effect
from conduit_tui.core.errors import NotATool, ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.arguments import Arguments
from conduit_tui.tools.definition import read_definition
from conduit_tui.tools.tool import Tool, ToolContext


def tool(
    function: Callable[..., Awaitable[object]],
    *,
    effect: Effect,
    asks_itself: bool = False,
    time_limit_seconds: float | None = None,
    lacks: str = "",
) -> Tool:
    """Make a tool of an async function with a docstring and annotated parameters.

    ```
    async def roll(sides: Annotated[int, "How many sides the die has."] = 6) -> str:
        \"\"\"Roll a die.\"\"\"
    ```
    Its name and docstring are what a model reads; each parameter is `Annotated[T, "description"]`,
    where T is made of str, int, float, bool, Literal, Enum, `| None`, list, dict with str as keys,
    and pydantic models. pydantic's `Field` may stand beside the description, with bounds. A first
    parameter of the type ToolContext is handed in and no argument of the model's. Arguments are
    validated before the function runs. What it returns, where that is no text, is sent as JSON.

    Raises NotATool, with all that is wrong with the function.
    """
    definition = read_definition(function)
    reasons = list(definition.reasons)
    if effect not in get_args(Effect):
        reasons.append(f"its effect is none of {', '.join(get_args(Effect))}")
    if time_limit_seconds is not None and not time_limit_seconds > 0:
        reasons.append("its time limit is not above zero")
    if reasons:
        raise NotATool(
            f"{definition.name!r} cannot be a tool: {'; '.join(reasons)}.", tuple(reasons)
        )
    arguments = Arguments(definition.name, definition.parameters)

    async def run(context: ToolContext, given: dict[str, Json]) -> str:
        first = (context,) if definition.takes_context else ()
        return _as_text(await function(*first, **arguments.read(given)))

    return Tool(
        ToolSpec(definition.name, definition.description, arguments.schema),
        run,
        effect=effect,
        asks_itself=asks_itself,
        lacks=lacks,
        time_limit_seconds=time_limit_seconds,
        check=arguments.read,
    )


def _as_text(returned: object) -> str:
    if isinstance(returned, str):
        return returned
    try:
        return to_json(returned, inf_nan_mode="constants").decode()
    except (PydanticSerializationError, ValueError) as error:
        kind = type(returned).__name__
        raise ToolError(f"The tool returned no text, but a {kind}; this is its fault.") from error

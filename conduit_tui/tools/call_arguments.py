"""What a model sent as arguments, before any tool sees it."""

import json

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall

MOST_CHARACTERS = 4_000_000
"""Characters that the arguments of a call may have: a long file fits."""
MOST_VALUES = 10_000
"""Values in them, at any depth: to check a million, and name what is wrong, takes seconds."""
_SHOWN = 200


def read_arguments(call: ToolCall) -> dict[str, Json]:
    """Return the arguments as an object. Raises ToolError, which says where they go wrong."""
    if len(call.arguments) > MOST_CHARACTERS:
        raise ToolError(
            f"The arguments of {call.name!r} have {len(call.arguments):,} characters, and at most "
            f"{MOST_CHARACTERS:,} are read. Send less at once."
        )
    arguments = call.arguments_object()
    if arguments is None:
        raise ToolError(
            f"The arguments of {call.name!r} are not a JSON object{_why(call.arguments)}: "
            f"{call.arguments[:_SHOWN]}"
        )
    if not _has_at_most(MOST_VALUES, arguments):
        raise ToolError(
            f"The arguments of {call.name!r} hold more than {MOST_VALUES:,} values. Send less at "
            "once, or as one text."
        )
    return arguments


def _has_at_most(most: int, value: Json) -> bool:
    """Whether JSON holds at most so many values."""
    waiting: list[Json] = [value]
    seen = 0
    while waiting:
        seen += len(waiting)
        if seen > most:
            return False
        inside: list[Json] = []
        for one in waiting:
            if isinstance(one, dict):
                inside += one.values()
            elif isinstance(one, list):
                inside += one
        waiting = inside
    return True


def _why(text: str) -> str:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        return f" ({error.msg} at line {error.lineno}, column {error.colno})"
    except (ValueError, RecursionError):
        return " that can be read"
    return " that is nested at most 50 deep" if isinstance(value, dict) else ""

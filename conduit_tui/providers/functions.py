"""Tools as the chat completions wire offers them, and Ollama after it."""

from collections.abc import Sequence

from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec


def functions(tools: Sequence[ToolSpec]) -> list[Json] | None:
    """Return the tools as function definitions; None if there are none."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.schema,
            },
        }
        for tool in tools
    ] or None

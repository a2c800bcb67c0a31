"""How a model is asked for a value, and asked again: in `instructor`'s words.

Its modes are used by their handlers, without the clients they are made for: TOOLS describes the
value as a function to call, MD_JSON as a schema in the system prompt. What a handler would send is
read back out of its request, so that every wire can be asked the same way.

Importing this costs about half a second: do it in a thread.
"""

import re
from typing import Any, cast

from instructor.v2.core.mode import Mode
from instructor.v2.core.providers import Provider
from instructor.v2.core.registry import mode_registry
from pydantic import BaseModel

from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.providers.shapes import as_list, as_object, as_text

_INDENT = re.compile(r"^ {12}", re.MULTILINE)
"""What stands before the lines of instructor's own text."""


class Instructions:
    """The words for one model of a value. `tool` is None where it is asked for in words alone."""

    def __init__(self, model: type[BaseModel], *, by_tool: bool) -> None:
        handlers = mode_registry.get_handlers(
            Provider.OPENAI, Mode.TOOLS if by_tool else Mode.MD_JSON
        )
        begin: list[Json] = [{"role": "user", "content": ""}]
        _, asked = handlers.request_handler(model, {"messages": begin})
        self._reask = handlers.reask_handler
        self.tool = _tool(asked) if by_tool else None
        self.system_prompt = (
            f"Answer by calling the function `{self.tool.name}`, once, and write nothing else."
            if self.tool
            else _words(asked)
        )

    def again(self, mistakes: str) -> str:
        """What is said to a model whose answer had mistakes."""
        empty: list[Json] = []
        asked = self._reask({"messages": empty}, None, ValueError(mistakes))
        return "\n\n".join(_contents(asked))


def _tool(asked: dict[str, Any]) -> ToolSpec:
    tools = as_list(cast("Json", asked.get("tools")))
    function = as_object(as_object(tools[0]).get("function"))
    return ToolSpec(
        as_text(function.get("name")),
        as_text(function.get("description")),
        as_object(function.get("parameters")),
    )


def _words(asked: dict[str, Any]) -> str:
    return "\n\n".join(_INDENT.sub("", content) for content in _contents(asked))


def _contents(asked: dict[str, Any]) -> list[str]:
    messages = map(as_object, as_list(cast("Json", asked.get("messages"))))
    return [text for each in messages if (text := as_text(each.get("content")).strip())]

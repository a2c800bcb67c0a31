"""The tools of a request as the messages wire has them, the server's own search among them."""

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.anthropic_blocks import Block
from conduit_tui.providers.call_names import plain_name

SEARCH_NAME = "web_search"
MOST_SEARCHES = 5
"""Searches in one generation: each costs money of its own."""

_SEARCH: Block = {
    "type": "web_search_20250305",
    "name": SEARCH_NAME,
    "max_uses": MOST_SEARCHES,
}


def offered_tools(request: Request, facts: ModelFacts) -> list[Block]:
    """The tools a model may call. The server's search takes the place of one of the same name."""
    searches = request.params.search and facts.can("search") is not False
    tools: list[Block] = [
        _tool(tool.name, tool.description, tool.schema)
        for tool in request.tools
        if not (searches and tool.name == SEARCH_NAME)
    ]
    return [*tools, dict(_SEARCH)] if searches else tools


def former_tools(request: Request) -> list[Block]:
    """Tools that were called in the conversation: calls are refused where none are defined."""
    names = {call.name for message in request.messages for call in message.tool_calls}
    schema: dict[str, Json] = {"type": "object"}
    return [_tool(name, "Not on offer any more.", schema) for name in sorted(names)]


def real_names(request: Request) -> dict[str, str]:
    """The tools' own names by those they are sent under."""
    return {plain_name(tool.name): tool.name for tool in request.tools}


def _tool(name: str, description: str, schema: dict[str, Json]) -> Block:
    return {"name": plain_name(name), "description": description, "input_schema": schema}

"""Offers tools, runs calls, and turns foreseen failures into results the model can read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec

MOST_OUTPUT_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: how a model sees it, and the function that runs it.

    `run` takes the arguments as an object and returns text; it raises ToolError for failures
    that the model should read.
    """

    spec: ToolSpec
    run: Callable[[dict[str, Json]], Awaitable[str]]


class Toolbox:
    """The tools of a session. `run` raises nothing foreseen: a failure is a result.

    `more` are tools that are brought in only by `load`: it is given the names that are taken, and
    a list for words about what it leaves out.
    """

    def __init__(
        self,
        tools: Iterable[Tool],
        time_limit_seconds: float = 60.0,
        more: Callable[[Sequence[str], list[str]], Iterable[Tool]] | None = None,
    ) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}
        self._time_limit_seconds = time_limit_seconds
        self._more = more
        self._loading = Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tools that are there so far."""
        return tuple(self._tools)

    def has_all(self, names: Sequence[str]) -> bool:
        """Whether these tools are there, or `load` would not bring further ones in."""
        return self._more is None or all(name in self._tools for name in names)

    def load(self) -> tuple[str, ...]:
        """Bring in the other tools, the first time; words for the person. For a thread."""
        with self._loading:
            more, self._more = self._more, None
            notices: list[str] = []
            if more is not None:
                found = {tool.spec.name: tool for tool in more(self.names, notices)}
                self._tools = self._tools | found
            return tuple(notices)

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of, of those asked for."""
        return tuple(tool.spec for name, tool in self._tools.items() if name in names)

    async def run(self, call: ToolCall, offered: Sequence[str]) -> ToolResult:
        """Run one call and return its result; unknown, refused and failed calls are errors."""
        tool = self._tools.get(call.name)
        if tool is None or call.name not in offered:
            known = ", ".join(name for name in self._tools if name in offered) or "none"
            words = f"There is no tool named {call.name[:200]!r} here. Available tools: {known}."
            return ToolResult(call.call_id, words, is_error=True)
        arguments = call.arguments_object()
        if arguments is None:
            words = f"The arguments of {call.name!r} are not a JSON object: {call.arguments[:200]}"
            return ToolResult(call.call_id, words, is_error=True)
        return await self._run_limited(tool, call, arguments)

    async def _run_limited(
        self, tool: Tool, call: ToolCall, arguments: dict[str, Json]
    ) -> ToolResult:
        limit = asyncio.timeout(self._time_limit_seconds)
        try:
            async with limit:
                output = await tool.run(arguments)
        except TimeoutError:
            if not limit.expired():
                raise  # the tool's own, and so a bug: a tool says what failed with a ToolError
            words = f"{call.name!r} took longer than {self._time_limit_seconds:g} s."
            return ToolResult(call.call_id, words, is_error=True)
        except ToolError as error:
            return ToolResult(call.call_id, _cut(str(error)), is_error=True)
        return ToolResult(call.call_id, _cut(output))


def _cut(text: str) -> str:
    """Keep an output within bounds, and tell the model where it was cut."""
    if len(text) <= MOST_OUTPUT_CHARACTERS:
        return text
    return f"{text[:MOST_OUTPUT_CHARACTERS]}\n[Cut here; there were {len(text)} characters.]"

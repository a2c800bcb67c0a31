"""Offers tools, runs calls, and turns foreseen failures into results the model can read."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ConduitError, ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.tool import Surroundings, Tool, ToolContext

MOST_OUTPUT_CHARACTERS = 100_000
TIME_LIMIT_SECONDS = 60.0

log = logging.getLogger(__name__)

Permit = Callable[[Act], Awaitable[None]]
"""Asks for leave to do something; raises Denied."""

LoadTools = Callable[[Sequence[str], list[str]], Iterable[Tool]]
"""Brings tools in; given the names that are taken, and a list for words about what is left out."""


class Toolbox:
    """All tools there are. `more` are brought in only by `load`, each source after the other."""

    def __init__(
        self,
        tools: Iterable[Tool] = (),
        time_limit_seconds: float = TIME_LIMIT_SECONDS,
        more: Sequence[LoadTools] = (),
    ) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}
        self._time_limit_seconds = time_limit_seconds
        self._more = list(more)
        self._loading = Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tools that are there so far."""
        return tuple(self._tools)

    def has_all(self, names: Sequence[str]) -> bool:
        """Whether these tools are there, or `load` would not bring further ones in."""
        return not self._more or all(name in self._tools for name in names)

    def get(self, name: str) -> Tool | None:
        """The tool of a name, if it is there so far."""
        return self._tools.get(name)

    def load(self, wanted: Sequence[str] | None = None) -> tuple[str, ...]:
        """Bring in sources until the wanted tools are there, or all; words for the person.

        Each source is brought in once. For a thread.
        """
        with self._loading:
            notices: list[str] = []
            while self._more and (wanted is None or not self.has_all(wanted)):
                found = {tool.spec.name: tool for tool in self._more[0](self.names, notices)}
                self._tools = self._tools | found
                del self._more[0]
            return tuple(notices)

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of, of those asked for."""
        return tuple(tool.spec for name, tool in self._tools.items() if name in names)

    def bench(self, surroundings: Surroundings, extra: Iterable[Tool] = ()) -> "Bench":
        """The tools, and `extra` ones, at work in the surroundings of a session."""
        tools = self._tools | {tool.spec.name: tool for tool in extra}
        return Bench(tools, surroundings, self._time_limit_seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """Tools at work. `run` raises nothing but cancellation: a failure is a result."""

    tools: Mapping[str, Tool]
    surroundings: Surroundings
    time_limit_seconds: float = TIME_LIMIT_SECONDS

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of, of those asked for."""
        return tuple(tool.spec for name, tool in self.tools.items() if name in names)

    async def run(self, call: ToolCall, offered: Sequence[str], permit: Permit) -> ToolResult:
        """Run one call and return its result; unknown, refused and failed calls are errors."""
        tool = self.tools.get(call.name)
        if tool is None or call.name not in offered:
            known = ", ".join(name for name in self.tools if name in offered) or "none"
            words = f"There is no tool named {call.name[:200]!r} here. Available tools: {known}."
            return ToolResult(call.call_id, words, is_error=True)
        arguments = call.arguments_object()
        if arguments is None:
            words = f"The arguments of {call.name!r} are not a JSON object: {call.arguments[:200]}"
            return ToolResult(call.call_id, words, is_error=True)
        try:
            return ToolResult(call.call_id, _cut(await self._run(tool, call, arguments, permit)))
        except ConduitError as error:
            return ToolResult(call.call_id, _cut(str(error)), is_error=True)
        except Exception as error:  # a tool may fail in any way; the turn goes on
            log.exception("the tool %r failed", call.name)
            words = (
                f"{call.name!r} failed with {type(error).__name__}; this is a fault of the tool."
            )
            return ToolResult(call.call_id, words, is_error=True)

    async def _run(
        self, tool: Tool, call: ToolCall, arguments: dict[str, Json], permit: Permit
    ) -> str:
        limit = _Limit(tool.time_limit_seconds or self.time_limit_seconds)

        async def permit_untimed(act: Act) -> None:
            with limit.held():
                await permit(act)

        if tool.check is not None:
            tool.check(arguments)
        if not tool.asks_itself:
            await permit(_plain_act(tool, arguments))
        context = ToolContext(call, self.surroundings, permit_untimed)
        try:
            async with limit.timeout:
                return await tool.run(context, arguments)
        except TimeoutError as error:
            if not limit.timeout.expired():
                raise  # the tool's own, and so a bug: a tool says what failed with a ToolError
            raise ToolError(f"{call.name!r} took longer than {limit.seconds:g} s.") from error


class _Limit:
    """A time limit that stands still while a person is asked."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timeout = asyncio.timeout(seconds)
        self._holders = 0
        self._left = 0.0

    @contextmanager
    def held(self) -> Generator[None]:
        """Let no time pass; several may hold it at once."""
        now = asyncio.get_running_loop().time
        if not self._holders:
            self._left = max(0.0, (self.timeout.when() or now()) - now())
            self.timeout.reschedule(None)
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self.timeout.reschedule(now() + self._left)


def _plain_act(tool: Tool, arguments: dict[str, Json]) -> Act:
    """What a tool that says nothing about itself is about to do."""
    subject = json.dumps(arguments, ensure_ascii=False)
    return Act(tool.spec.name, tool.effect, subject, wider="**")


def _cut(text: str) -> str:
    """Keep an output within bounds, and tell the model where it was cut."""
    if len(text) <= MOST_OUTPUT_CHARACTERS:
        return text
    return f"{text[:MOST_OUTPUT_CHARACTERS]}\n[Cut here; there were {len(text)} characters.]"

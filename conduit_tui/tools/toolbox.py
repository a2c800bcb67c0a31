"""Offers tools, runs calls, and turns foreseen failures into results the model can read."""

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ConduitError, ToolError
from conduit_tui.core.json import Json, sound_text
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.tools.call_arguments import read_arguments
from conduit_tui.tools.held_work import GRACE_SECONDS, Limit, OutOfTime, ToolDied, hold
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
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}
        self._time_limit_seconds = time_limit_seconds
        self._grace_seconds = grace_seconds
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
        return Bench(tools, surroundings, self._time_limit_seconds, self._grace_seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """Tools at work. `run` raises nothing but cancellation: a failure is a result."""

    tools: Mapping[str, Tool]
    surroundings: Surroundings
    time_limit_seconds: float = TIME_LIMIT_SECONDS
    grace_seconds: float = GRACE_SECONDS

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of, of those asked for."""
        return tuple(tool.spec for name, tool in self.tools.items() if name in names)

    async def run(self, call: ToolCall, offered: Sequence[str], permit: Permit) -> ToolResult:
        """Run one call and return its result; unknown, refused and failed calls are errors."""
        try:
            return ToolResult(call.call_id, _bounded(await self._run(call, offered, permit)))
        except ConduitError as error:
            return ToolResult(call.call_id, _bounded(str(error)), is_error=True)
        except Exception as error:  # a tool may fail in any way; the turn goes on
            log.exception("the tool %r failed", call.name[:64])
            what = str(error) if isinstance(error, ToolDied) else type(error).__name__
            words = f"{call.name!r} failed with {what}; this is a fault of the tool."
            return ToolResult(call.call_id, words, is_error=True)

    async def _run(self, call: ToolCall, offered: Sequence[str], permit: Permit) -> object:
        tool = self.tools.get(call.name)
        if tool is None or call.name not in offered:
            known = ", ".join(name for name in self.tools if name in offered) or "none"
            raise ToolError(
                f"There is no tool named {call.name[:200]!r} here. Available tools: {known}."
            )
        arguments = read_arguments(call)
        if tool.check is not None:
            tool.check(arguments)
        if not tool.asks_itself:
            await permit(_plain_act(tool, arguments))
        limit = Limit(tool.time_limit_seconds or self.time_limit_seconds)

        async def permit_untimed(act: Act) -> None:
            with limit.held():
                await permit(act)

        context = ToolContext(call, self.surroundings, permit_untimed)
        try:
            return await hold(lambda: tool.run(context, arguments), limit, self.grace_seconds)
        except OutOfTime as error:
            raise ToolError(
                f"{call.name!r} took longer than {limit.seconds:g} s and was stopped. "
                "Ask it for less at once."
            ) from error


def _plain_act(tool: Tool, arguments: dict[str, Json]) -> Act:
    """What a tool that says nothing about itself is about to do."""
    subject = json.dumps(arguments, ensure_ascii=False)
    return Act(tool.spec.name, tool.effect, subject, wider="**")


def _bounded(output: object) -> str:
    """Whole characters within bounds; the model is told where an output was cut."""
    if not isinstance(output, str):
        raise ToolError(
            f"The tool returned no text, but {type(output).__name__}; this is a fault of the tool."
        )
    kept = sound_text(output[:MOST_OUTPUT_CHARACTERS])
    if len(output) <= MOST_OUTPUT_CHARACTERS:
        return kept
    return (
        f"{kept}\n[Cut here: these are the first {MOST_OUTPUT_CHARACTERS:,} of {len(output):,} "
        "characters. For more, call again and ask for less: a part, a limit, narrower words.]"
    )

"""Tools that ask, and a model that calls them."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from conduit_tui.core.consent import Act, Effect
from conduit_tui.core.events import GenerationStopped, ToolCallDelta
from conduit_tui.core.json import Json
from conduit_tui.core.request import ToolSpec
from conduit_tui.providers.scripted import Step
from conduit_tui.tools.tool import Tool, ToolContext

DIFF = "--- notes.md\n+++ notes.md\n@@ -1,2 +1,2 @@\n # Notes\n-buy bread\n+buy milk\n"

ActOf = Callable[[dict[str, Json]], Act]


def written(arguments: dict[str, Json]) -> Act:
    """What a tool that writes is about to do."""
    path = str(arguments.get("path", "notes.md"))
    return Act("save", "write", f"/real/{path}", wider="/real/**", preview=DIFF, shown_as="diff")


@dataclass
class Asking:
    """A tool that asks before it does something; `done` has the arguments it went ahead with."""

    name: str = "save"
    effect: Effect = "write"
    act: ActOf = written
    done: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])
    gate: asyncio.Event | None = None

    @property
    def tool(self) -> Tool:
        """The tool, for a stage."""

        async def run(context: ToolContext, arguments: dict[str, Json]) -> str:
            await context.permit(self.act(arguments))
            self.done.append(arguments)
            if self.gate is not None:
                await self.gate.wait()
            return f"Saved {arguments.get('path', 'it')}.\nThat is all."

        spec = ToolSpec(self.name, "Saves.", {"type": "object", "properties": {}})
        return Tool(spec, run, self.effect, asks_itself=True)


def calls(*called: tuple[str, dict[str, Json]], words: str = "") -> Sequence[Step]:
    """A reply that calls tools, all at once."""
    deltas = (
        ToolCallDelta(index, f"c{index}", name, json.dumps(arguments))
        for index, (name, arguments) in enumerate(called)
    )
    return (*([words] if words else []), *deltas, GenerationStopped("tool_calls"))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 10_000_000.0  # later than any real one

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

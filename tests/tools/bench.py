"""Tools at work without a person: everything is permitted, and what was asked is kept."""

from collections.abc import Sequence
from pathlib import Path

from conduit_tui.core.consent import Act
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.engine.execution import Tell
from conduit_tui.tools.tool import Denied, Surroundings, ToolContext
from conduit_tui.tools.toolbox import Toolbox


def context(surroundings: Surroundings | None = None) -> ToolContext:
    """What a call is given where everything is permitted."""
    around = surroundings or Surroundings(Path("/nowhere"))
    return ToolContext(ToolCall("c1", "tool", "{}"), around, Permitted(Toolbox(), around).permit)


class Permitted:
    """Runs tools as an engine wants them run. What is in `denied` by its tool may not be done."""

    def __init__(self, toolbox: Toolbox, surroundings: Surroundings | None = None) -> None:
        self.surroundings = surroundings or Surroundings(Path("/nowhere"))
        self.bench = toolbox.bench(self.surroundings)
        self.acts: list[Act] = []
        self.denied: set[str] = set()

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        return self.bench.offer(names)

    async def run(
        self, message_id: str, index: int, call: ToolCall, offered: Sequence[str], tell: Tell
    ) -> ToolResult:
        return await self.bench.run(call, offered, self.permit)

    async def call(self, name: str, arguments: str = "{}") -> ToolResult:
        """Run one call of any tool there is."""
        return await self.bench.run(
            ToolCall("c1", name, arguments), tuple(self.bench.tools), self.permit
        )

    async def permit(self, act: Act) -> None:
        self.acts.append(act)
        if act.tool in self.denied:
            raise Denied("The person said no.")

"""One turn of the engine on a scripted provider."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from conduit_tui.core.conversation import Conversation
from conduit_tui.core.events import (
    Event,
    GenerationStopped,
    ToolCallDelta,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.request import ToolSpec
from conduit_tui.engine.engine import Engine
from conduit_tui.providers.scripted import Script, ScriptedProvider
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.tool import Tool
from conduit_tui.tools.toolbox import Toolbox
from tests.conftest import AT, until
from tests.tools.bench import Permitted

NOW = ToolCallDelta(0, "c1", "current_time", "{}")
CALLS = GenerationStopped("tool_calls")


class Stage:
    """One turn of the engine on a scripted provider, and what came of it."""

    def __init__(self, question: Message, scripts: Sequence[Script], *tools: Tool) -> None:
        self.provider = ScriptedProvider("demo", scripts)
        toolbox = Toolbox((current_time(AT), *tools))
        self.toolbox = Permitted(toolbox)
        self.params = Params(tools=toolbox.names)
        self.conversation = Conversation((question,))
        self.max_steps = 10
        self.events: list[Event] = []
        self.committed: list[Message] = []

    async def commit(self, message: Message) -> None:
        self.committed.append(message)

    def engine(self) -> Engine:
        return Engine(
            self.provider, "guide", self.params, self.toolbox, self.commit, self.max_steps
        )

    async def run(self) -> list[Event]:
        async with aclosing(self.engine().run(self.conversation)) as turn:
            async for event in turn:
                self.events.append(event)
        return self.events

    async def run_until(self, *, reached: asyncio.Event) -> None:
        """Run in a task, cancel it once `reached` is set, and wait until it is gone."""
        task = asyncio.create_task(self.run())
        await until(reached)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def tool(name: str, run: object) -> Tool:
    async def run_without_context(_, arguments: dict[str, Json]) -> str:
        return await run(arguments)  # type: ignore[operator]

    return Tool(ToolSpec(name, "", {"type": "object"}), run_without_context)

"""EXECUTE: runs the calls of one message side by side, and answers all of them in one message."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from conduit_tui.core.events import (
    ApprovalNeeded,
    ApprovalSettled,
    Event,
    ToolFinished,
    ToolStarted,
)
from conduit_tui.core.message import Message, ToolCall, ToolResult, new_id
from conduit_tui.core.request import ToolSpec

Tell: TypeAlias = Callable[[Event], None]
"""Has an event told to whoever watches the turn."""


class RunsTools(Protocol):
    """What the engine needs of a session's tools."""

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of."""
        ...

    async def run(
        self, message_id: str, index: int, call: ToolCall, offered: Sequence[str], tell: Tell
    ) -> ToolResult:
        """Run the call at `index` of a message; what is foreseen to fail comes back as a result.

        It tells of ApprovalNeeded and ApprovalSettled.
        """
        ...


class Execution:
    """The calls of one message, running; calls that come to nothing are answered as cancelled.

    Calls are told apart by their place: a server may give several the same id.
    """

    def __init__(self, asking: Message, tools: RunsTools, offered: Sequence[str]) -> None:
        self._asking = asking
        self._tools = tools
        self._offered = offered
        self._results: dict[int, ToolResult] = {}
        self._message: Message | None = None
        self._told: asyncio.Queue[Event | None] = asyncio.Queue()

    async def run(
        self, commit: Callable[[Message], Awaitable[None]]
    ) -> AsyncGenerator[Event, None]:
        """Run all calls; the message that answers them is committed, also when cancelled."""
        tasks = [
            asyncio.create_task(self._run(index, call), name=f"tool {call.name[:80]}")
            for index, call in enumerate(self._asking.tool_calls)
        ]
        end = asyncio.gather(*tasks, return_exceptions=True)
        end.add_done_callback(lambda _: self._told.put_nowait(None))
        try:
            while (event := await self._told.get()) is not None:
                yield event
            for task in tasks:
                task.result()  # a bug of ours is not answered but raised
        finally:
            for task in tasks:
                task.cancel()
            await commit(self.message())
            await asyncio.gather(*tasks, return_exceptions=True)

    def message(self) -> Message:
        """Seal the one tool message that answers every call, once."""
        if self._message is None:
            self._message = self._seal()
        return self._message

    async def _run(self, index: int, call: ToolCall) -> None:
        watch = _Stopwatch()
        message_id = self._asking.id

        def tell(event: Event) -> None:
            watch.look_at(event)
            self._told.put_nowait(event)

        tell(ToolStarted(call, message_id, index))
        result = await self._tools.run(message_id, index, call, self._offered, tell)
        self._results[index] = result
        tell(ToolFinished(call, result, watch.seconds, message_id, index))

    def _seal(self) -> Message:
        return Message(
            id=new_id(),
            session_id=self._asking.session_id,
            predecessor_id=self._asking.id,
            role="tool",
            parts=tuple(
                self._results.get(index)
                or ToolResult(call.call_id, "Cancelled before it finished.", is_error=True)
                for index, call in enumerate(self._asking.tool_calls)
            ),
            created_at=datetime.now(UTC),
        )


class _Stopwatch:
    """The time a call takes, without the time a person is asked."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._held_at: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        """Seconds since the beginning, without those that were held."""
        return time.monotonic() - self._began

    def look_at(self, event: Event) -> None:
        """Stand still while an approval is out."""
        match event:
            case ApprovalNeeded(approval):
                self._held_at[approval.id] = time.monotonic()
            case ApprovalSettled(approval):
                if (since := self._held_at.pop(approval.id, None)) is not None:
                    self._began += time.monotonic() - since
            case _:
                pass

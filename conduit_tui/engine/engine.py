"""The state machine of a turn: look at the last message, generate or execute, until done.

```
user or tool                        -> GENERATE
assistant with unanswered calls     -> EXECUTE
assistant whose server paused       -> GENERATE, which goes on where it paused
anything else, or too many steps    -> TERMINATE
```
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Protocol

from conduit_tui.core.conversation import Conversation
from conduit_tui.core.errors import ProviderError, StreamInterrupted
from conduit_tui.core.events import (
    Event,
    GenerationStarted,
    RetryScheduled,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from conduit_tui.core.message import PAUSED, Message, Status, ToolCall, ToolResult, new_id
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request, ToolSpec
from conduit_tui.engine.draft import Draft
from conduit_tui.providers.base import Provider

MAX_STEPS = 10

_CUT = frozenset({"max_tokens", "model_context_window_exceeded", "refusal"})


class State(Enum):
    """What a turn does next."""

    GENERATE = auto()
    EXECUTE = auto()
    TERMINATE = auto()


def next_state(last: Message) -> State:
    """Decide by the last message alone; the presence of calls counts, not the stop reason.

    A call cut off by a limit or a refusal parses to a plausible partial object, so it is not run.
    """
    match last.role:
        case "user" | "tool":
            return State.GENERATE
        case "assistant" if last.status != "complete" or last.stop in _CUT:
            return State.TERMINATE
        case "assistant" if last.tool_calls:
            return State.EXECUTE
        case "assistant" if last.stop == PAUSED:
            return State.GENERATE
        case _:
            return State.TERMINATE


class RunsTools(Protocol):
    """What the engine needs of a toolbox."""

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of."""
        ...

    async def run(self, call: ToolCall, offered: Sequence[str]) -> ToolResult:
        """Run a call; what is foreseen to fail comes back as a result."""
        ...


Commit = Callable[[Message], Awaitable[None]]
"""Stores a finished message and tells whoever watches the turn. Must survive cancellation."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs one turn with one model. `model` is the vendor's own name.

    Without `may_reuse` a reply that was kept is not given again.
    """

    provider: Provider
    model: str
    params: Params
    toolbox: RunsTools
    commit: Commit
    max_steps: int = MAX_STEPS
    facts: ModelFacts | None = None
    may_reuse: bool = True

    async def run(self, conversation: Conversation) -> AsyncGenerator[Event, None]:
        """Advance the conversation until nothing is pending; TurnEnded is the last event.

        Finished messages go to `commit` before the next step begins. When the task is cancelled,
        what was received so far is committed as interrupted, and CancelledError goes on.
        """
        messages = conversation.messages
        step = 0
        while (state := next_state(messages[-1])) is not State.TERMINATE:
            if state is State.EXECUTE:
                answers = _Answers(messages[-1])
                async with aclosing(self._execute(answers)) as running:
                    async for event in running:
                        yield event
                messages = (*messages, answers.message())
                continue
            if step == self.max_steps:
                yield TurnEnded("max_steps")
                return
            step += 1
            outcome = _Outcome(self._open_draft(messages[-1]))
            async with aclosing(self._generate(messages, outcome, step)) as stream:
                async for event in stream:
                    yield event
            message = outcome.message()
            await self.commit(message)
            if outcome.error is not None:
                yield TurnEnded("error", outcome.error)
                return
            messages = (*messages, message)
        yield TurnEnded("done")

    def _open_draft(self, last: Message) -> Draft:
        return Draft(
            message_id=new_id(),
            session_id=last.session_id,
            predecessor_id=last.id,
            provider=self.provider.name,
            model=self.model,
            params=self.params,
            started_at=datetime.now(UTC),
        )

    async def _generate(
        self, messages: tuple[Message, ...], outcome: "_Outcome", step: int
    ) -> AsyncGenerator[Event, None]:
        draft = outcome.draft
        request = Request(
            model=self.model,
            messages=Conversation(messages).for_model(),
            params=self.params,
            tools=self.toolbox.offer(self.params.tools),
            facts=self.facts,
            may_reuse=self.may_reuse,
        )
        try:
            yield GenerationStarted(draft.message_id, draft.predecessor_id, self.model, step)
            async with aclosing(self.provider.stream(request)) as stream:
                async for event in stream:
                    if not isinstance(event, RetryScheduled):
                        draft.feed(event)
                    yield event
        except ProviderError as error:
            if not draft.is_complete:  # a connection that breaks after the end took nothing away
                outcome.error = error
        except BaseException:  # cancelled, closed or a bug: what was received is kept
            outcome.cancelled = True
            await self.commit(outcome.message())
            raise

    async def _execute(self, answers: "_Answers") -> AsyncGenerator[Event, None]:
        async def timed(call: ToolCall) -> tuple[ToolResult, float]:
            began = time.monotonic()
            result = await self.toolbox.run(call, self.params.tools)
            return result, time.monotonic() - began

        calls = answers.asking.tool_calls
        tasks: dict[str, asyncio.Task[tuple[ToolResult, float]]] = {}
        try:
            for call in calls:
                tasks[call.call_id] = asyncio.create_task(timed(call), name=f"tool {call.name}")
                yield ToolStarted(call)
            for call in calls:
                result, seconds = await tasks[call.call_id]
                answers.add(result)
                yield ToolFinished(call, result, seconds)
        finally:
            answers.add_finished(tasks.values())
            for task in tasks.values():
                task.cancel()
            await self.commit(answers.message())
            await asyncio.gather(*tasks.values(), return_exceptions=True)


class _Outcome:
    """How a generation went, and the message it comes to."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.error: ProviderError | None = None
        self.cancelled = False
        self._began = time.monotonic()
        self._message: Message | None = None

    def message(self) -> Message:
        """Seal the draft, once."""
        if self._message is None:
            if not self.cancelled and self.error is None and not self.draft.is_complete:
                self.error = _ended_early(self.draft)
            self._message = self.draft.seal(
                self._status(),
                datetime.now(UTC),
                error=str(self.error) if self.error else None,
                duration_seconds=time.monotonic() - self._began,
            )
        return self._message

    def _status(self) -> Status:
        if self.error is None and self.draft.is_complete:
            return "complete"
        if self.cancelled or isinstance(self.error, StreamInterrupted):
            return "interrupted"
        return "error"


class _Answers:
    """Collects the results of a message's calls; calls without one are answered as cancelled."""

    def __init__(self, asking: Message) -> None:
        self.asking = asking
        self._message: Message | None = None
        self._results: dict[str, ToolResult] = {}

    def add(self, result: ToolResult) -> None:
        """Take in a result."""
        self._results[result.call_id] = result

    def add_finished(self, tasks: Iterable["asyncio.Task[tuple[ToolResult, float]]"]) -> None:
        """Take in the results of runs that ended well, though nobody came to fetch them."""
        for task in tasks:
            if task.done() and not task.cancelled() and task.exception() is None:
                self.add(task.result()[0])

    def message(self) -> Message:
        """Seal the one tool message that answers every call, once."""
        if self._message is None:
            self._message = self._seal()
        return self._message

    def _seal(self) -> Message:
        return Message(
            id=new_id(),
            session_id=self.asking.session_id,
            predecessor_id=self.asking.id,
            role="tool",
            parts=tuple(
                self._results.get(call.call_id)
                or ToolResult(call.call_id, "Cancelled before it finished.", is_error=True)
                for call in self.asking.tool_calls
            ),
            created_at=datetime.now(UTC),
        )


def _ended_early(draft: Draft) -> StreamInterrupted:
    return StreamInterrupted(
        f"{draft.provider!r} ended the stream without its end marker; the reply may be incomplete."
    )

"""The state machine of a turn: look at the last message, generate or execute, until done.

```
user or tool                        -> GENERATE
assistant with unanswered calls     -> EXECUTE
assistant whose server paused       -> GENERATE, which goes on where it paused
anything else, or too many steps    -> TERMINATE
```
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto

from conduit_tui.core.conversation import Conversation
from conduit_tui.core.errors import ProviderError, StreamInterrupted
from conduit_tui.core.events import (
    Event,
    GenerationStarted,
    RetryScheduled,
    TurnEnded,
)
from conduit_tui.core.message import CUT_STOPS, PAUSED, Message, Status, new_id
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.engine.draft import Draft
from conduit_tui.engine.execution import Execution, RunsTools
from conduit_tui.providers.base import Provider

MAX_STEPS = 10


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
        case "assistant" if last.status != "complete" or last.stop in CUT_STOPS:
            return State.TERMINATE
        case "assistant" if last.tool_calls:
            return State.EXECUTE
        case "assistant" if last.stop == PAUSED:
            return State.GENERATE
        case _:
            return State.TERMINATE


Commit = Callable[[Message], Awaitable[None]]
"""Stores a finished message and tells whoever watches the turn. Must survive cancellation."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs one turn with one model. `model` is the vendor's own name.

    Without `may_reuse` a reply that was kept is not given again. `guidance` is what the model reads
    below the system prompt; it is not recorded with the reply.
    """

    provider: Provider
    model: str
    params: Params
    toolbox: RunsTools
    commit: Commit
    max_steps: int = MAX_STEPS
    facts: ModelFacts | None = None
    may_reuse: bool = True
    guidance: str = ""

    async def run(self, conversation: Conversation) -> AsyncGenerator[Event, None]:
        """Advance the conversation until nothing is pending; TurnEnded is the last event.

        Finished messages go to `commit` before the next step begins. When the task is cancelled,
        what was received so far is committed as interrupted, and CancelledError goes on.
        """
        messages = conversation.messages
        step = 0
        while (state := next_state(messages[-1])) is not State.TERMINATE:
            if state is State.EXECUTE:
                execution = Execution(messages[-1], self.toolbox, self.params.tools)
                async with aclosing(execution.run(self.commit)) as running:
                    async for event in running:
                        yield event
                messages = (*messages, execution.message())
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

    def _guided(self) -> Params:
        if not self.guidance:
            return self.params
        words = filter(None, (self.params.system_prompt, self.guidance))
        return replace(self.params, system_prompt="\n\n".join(words))

    async def _generate(
        self, messages: tuple[Message, ...], outcome: "_Outcome", step: int
    ) -> AsyncGenerator[Event, None]:
        draft = outcome.draft
        request = Request(
            model=self.model,
            messages=Conversation(messages).for_model(),
            params=self._guided(),
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


def _ended_early(draft: Draft) -> StreamInterrupted:
    return StreamInterrupted(
        f"{draft.provider!r} ended the stream without its end marker; the reply may be incomplete."
    )

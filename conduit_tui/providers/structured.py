"""Asks for a value of a given shape: a provider around a provider, whatever wire it speaks.

The model is asked to call a function that takes the value, where it is known to call functions;
else its instructions hold the schema. What comes is passed on as text while it arrives, to the
letter, and as much of the value as it holds beside it. The whole answer is validated. One that
does not fit is answered with its mistakes, once; neither is part of the conversation afterwards.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.core.errors import InvalidAnswer, SettingsError
from conduit_tui.core.events import (
    GenerationStopped,
    ProviderEvent,
    RetryScheduled,
    StructuredReceived,
    TextDelta,
)
from conduit_tui.core.message import Message, Role, Structured, Text, new_id
from conduit_tui.core.request import Request
from conduit_tui.core.schema import Schema
from conduit_tui.core.usage import Usage
from conduit_tui.providers.answer_reading import Answer, Mistakes
from conduit_tui.providers.base import Provider
from conduit_tui.providers.wrapper import Wrapper

if TYPE_CHECKING:
    from conduit_tui.providers.instructions import Instructions
    from conduit_tui.providers.schema_model import SchemaModel


class StructuredAnswers(Wrapper):
    """A provider that answers with a value where a schema is asked for, else as the one inside."""

    def __init__(
        self,
        provider: Provider,
        *,
        takes_tools: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(provider)
        self._takes_tools = takes_tools
        self._clock = clock

    def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message; see Provider.stream.

        Raises InvalidAnswer when the value does not fit, and SettingsError for the schema itself.
        """
        schema = request.params.schema
        if schema is None:
            return self.provider.stream(request)
        return self._ask(request, schema)

    async def _ask(self, request: Request, schema: Schema) -> AsyncGenerator[ProviderEvent, None]:
        can_call = self._takes_tools and request.known.can("tools") is True
        is_free = not request.params.search and all(t.name != schema.name for t in request.tools)
        try:
            asking = await asyncio.to_thread(_Asking.of, schema, can_call and is_free)
        except SettingsError as error:
            raise InvalidAnswer(str(error)) from error
        request = asking.request(request)
        usage: Usage | None = None
        for attempt in (1, 2):
            answer = asking.answer(request, usage, self._clock)
            async with aclosing(self.provider.stream(request)) as stream:
                async for event in stream:
                    for told in answer.take(event):
                        yield told
            if answer.stop is None:
                return  # it broke off: what came is kept as text
            if answer.has_calls:
                yield GenerationStopped(answer.stop)
                return
            found = await asyncio.to_thread(answer.read)
            if isinstance(found, Mistakes):
                error = found.error(request.model, schema, attempt)
                if attempt == 2 or found.is_last:
                    raise error
                yield TextDelta("\n\n")  # between the two answers, if both are kept
                yield RetryScheduled(error, 0, attempt)
                request, usage = asking.again(request, answer.said, found), answer.usage
                continue
            yield StructuredReceived(Structured(schema.name, found.value))
            yield GenerationStopped("end_turn" if answer.stop == "tool_calls" else answer.stop)
            return


@dataclass(frozen=True, slots=True)
class _Asking:
    """A schema made ready: its model, and the words for it."""

    schema: Schema
    model: "SchemaModel"
    words: "Instructions"

    @classmethod
    def of(cls, schema: Schema, by_tool: bool) -> "_Asking":
        """Make a schema ready; slow at the first time. Raises SettingsError."""
        from conduit_tui.providers.instructions import Instructions
        from conduit_tui.providers.schema_model import SchemaModel

        model = SchemaModel(schema)
        by_tool = by_tool and model.kind == "object"
        return cls(schema, model, Instructions(model.model, by_tool=by_tool))

    def request(self, request: Request) -> Request:
        """The request that asks for the value; a provider that knows schemas still sees it."""
        prompts = (request.params.system_prompt, self.words.system_prompt)
        system = "\n\n".join(filter(None, prompts))
        return replace(
            request,
            params=replace(request.params, system_prompt=system),
            tools=(*request.tools, self.words.tool) if self.words.tool else request.tools,
        )

    def answer(self, request: Request, before: Usage | None, clock: Callable[[], float]) -> Answer:
        """An answer to that request, of which nothing has come yet."""
        others = {tool.name for tool in request.tools if tool is not self.words.tool}
        return Answer(self.schema, self.model, clock, tools=others, before=before)

    def again(self, request: Request, said: str, mistakes: Mistakes) -> Request:
        """The request that tells a model of its mistakes.

        As words, also where a function was called: every wire takes them, whatever it wants to
        see before a call of its own.
        """
        told = self.words.again("\n".join(mistakes.lines))
        messages = [*request.messages, *([_message(request, "assistant", said)] if said else [])]
        return replace(request, messages=(*messages, _message(request, "user", told)))


def _message(request: Request, role: Role, text: str) -> Message:
    """A message of this request alone."""
    session_id = request.messages[-1].session_id if request.messages else ""
    return Message(
        id=new_id(),
        session_id=session_id,
        predecessor_id=request.messages[-1].id if request.messages else None,
        role=role,
        parts=(Text(text),),
        created_at=datetime.now(UTC),
    )

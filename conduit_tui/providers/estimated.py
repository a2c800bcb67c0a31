"""Estimates the usage of servers that report none."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TypeAlias

from conduit_tui.core.errors import ProviderError
from conduit_tui.core.events import (
    GenerationStopped,
    ProviderEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.base import Provider
from conduit_tui.providers.wrapper import Wrapper

Estimate: TypeAlias = Callable[[Request, str, str], Usage]
"""What a request, its answer and its thinking come to. Called on a thread."""


class Estimated(Wrapper):
    """A provider whose complete replies always report usage: its own, else an estimate.

    A report without any token, as some servers send, counts as none.
    """

    def __init__(self, provider: Provider, estimate: Estimate) -> None:
        super().__init__(provider)
        self._estimate = estimate

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message; see Provider.stream."""
        output = _Output()
        try:
            async with aclosing(self.provider.stream(request)) as stream:
                async for event in stream:
                    output.take(event)
                    yield event
        except ProviderError:
            if output.lacks_usage:  # the end was seen: what broke after it took nothing away
                yield await self._report(request, output)
            raise
        if output.lacks_usage:
            yield await self._report(request, output)

    async def _report(self, request: Request, output: "_Output") -> UsageReported:
        answer, thinking = "".join(output.answer), "".join(output.thinking)
        usage = await asyncio.to_thread(self._estimate, request, answer, thinking)
        return UsageReported(replace(usage, cost_usd=output.usage.cost_usd, is_estimated=True))


class _Output:
    """What a stream brought so far, as much of it as counts."""

    def __init__(self) -> None:
        self.answer: list[str] = []
        self.thinking: list[str] = []
        self.usage = Usage()
        self._has_stopped = False

    @property
    def lacks_usage(self) -> bool:
        """Whether a complete reply came without any count of tokens."""
        return self._has_stopped and not self.usage.total_tokens

    def take(self, event: ProviderEvent) -> None:
        """Take in what counts of an event."""
        match event:
            case TextDelta(text):
                self.answer.append(text)
            case ThinkingDelta(text):
                self.thinking.append(text)
            case ToolCallDelta(name=name, arguments=arguments):
                self.answer += (name, arguments)
            case UsageReported(usage):
                self.usage = usage
            case GenerationStopped():
                self._has_stopped = True
            case _:
                pass

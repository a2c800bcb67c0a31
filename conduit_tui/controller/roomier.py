"""Names a model with room for a conversation that did not fit: advice behind the refusal."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from conduit_tui.controller.models import Models
from conduit_tui.core.errors import ContextTooLong
from conduit_tui.core.events import ProviderEvent
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.base import Provider
from conduit_tui.providers.wrapper import Wrapper

Named = tuple[str, ModelFacts]

_SPARE = 1.1
"""Vendors count differently, so that a model needs a little more than what was counted."""


def roomier(candidates: Iterator[Named], provider: str, more_than: int) -> tuple[str, int] | None:
    """Return the full name and the window of the model that has room for so many tokens.

    Models of the same provider go before others, a smaller window before a larger one.
    """
    fitting = (
        (name.partition("/")[0] != provider, facts.context_window, name)
        for name, facts in candidates
        if facts.context_window and facts.context_window > more_than
    )
    best = min(fitting, default=None)
    return None if best is None else (best[2], best[1])


class WithAdvice(Wrapper):
    """A provider around a provider: a conversation that is too long is told where it would fit.

    Nothing is asked of anybody for it; what is known already must do.
    """

    def __init__(self, provider: Provider, models: Models) -> None:
        super().__init__(provider)
        self._models = models

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message; see Provider.stream."""
        try:
            async with aclosing(self.provider.stream(request)) as stream:
                async for event in stream:
                    yield event
        except ContextTooLong as error:
            await self._models.load()
            # of a router's thousand models this takes a moment
            advice = await asyncio.to_thread(self._advice, error, request)
            if not advice:
                raise
            raise ContextTooLong(
                f"{error} {advice}",
                status=error.status,
                tokens=error.tokens,
                window=error.window,
            ) from error

    def _advice(self, error: ContextTooLong, request: Request) -> str:
        window = error.window or request.known.context_window
        needed = max(int((error.tokens or 0) * _SPARE), window or 0)
        found = roomier(self._candidates(), self.name, needed) if needed else None
        return f"/model {found[0]} has room for {found[1]:,} tokens." if found else ""

    def _candidates(self) -> Iterator[Named]:
        for provider, names in self._models.known().items():
            if self._models.endpoints[provider].is_usable:
                for name in names:
                    yield f"{provider}/{name}", self._models.facts(provider, name)

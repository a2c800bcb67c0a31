"""Tries again, visibly, what is worth trying again."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from conduit_tui.core.errors import ProviderError
from conduit_tui.core.events import ProviderEvent, RetryScheduled
from conduit_tui.core.request import Request
from conduit_tui.providers.base import Provider
from conduit_tui.providers.wrapper import Wrapper

LONGEST_WAIT_SECONDS = 120.0
_FIRST_WAIT_SECONDS = 0.5


class Retrying(Wrapper):
    """A provider whose `can_retry` failures before the first event are tried again.

    Waits as long as the server asks, otherwise 0.5, 1, 2, ... seconds give or take a quarter.
    Each wait is announced by RetryScheduled with the number of the attempt that failed.
    `attempts` counts the first one too.
    """

    def __init__(
        self,
        provider: Provider,
        attempts: int = 4,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(provider)
        self._attempts = attempts
        self._sleep = sleep
        self._chance = chance

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message, after as many attempts as it takes; see Provider.stream."""
        attempt = 1
        while True:
            begun = False
            try:
                async with aclosing(self.provider.stream(request)) as stream:
                    async for event in stream:
                        begun = True
                        yield event
                return
            except ProviderError as error:
                if begun or not error.can_retry or attempt >= self._attempts:
                    raise
                failure = error
            seconds = self._wait(failure, attempt)
            yield RetryScheduled(failure, seconds, attempt)
            await self._sleep(seconds)
            attempt += 1

    def _wait(self, error: ProviderError, attempt: int) -> float:
        asked = error.retry_after_seconds
        if asked is None:
            return _FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * (0.75 + self._chance() / 2)
        if asked > LONGEST_WAIT_SECONDS:
            raise type(error)(
                f"{error} It asks to wait {in_words(asked)}; try again then.",
                status=error.status,
                retry_after_seconds=asked,
            ) from error
        return asked


def in_words(seconds: float) -> str:
    """A waiting time as a person says it: 45 s, 5 min, 3 h."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"

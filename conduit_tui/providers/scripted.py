"""A provider that plays scripts: the built-in guide, and the actor of tests and screenshots."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conduit_tui.core.errors import BadResponse
from conduit_tui.core.events import GenerationStopped, StreamEvent, TextDelta
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request


@dataclass(frozen=True, slots=True)
class Pause:
    """Real time that passes between two events."""

    seconds: float


Step: TypeAlias = StreamEvent | str | BaseException | Pause | asyncio.Event | Awaitable[object]
"""An event is yielded (a string as text), an exception raised; anything else is waited for."""

Script: TypeAlias = Iterable[Step]
Play: TypeAlias = Callable[[Request], Script]


def reply(*pieces: str, reason: str = "end_turn") -> tuple[Step, ...]:
    """A script of text pieces and its end."""
    return (*pieces, GenerationStopped(reason))


class ScriptedProvider:
    """Plays one script per request: the next of a sequence, or what a function makes of it.

    For tests it keeps every request in `requests`, and counts in `closed_early` the streams that
    were closed or cancelled before their script ended.
    """

    def __init__(
        self,
        name: str,
        script: Play | Sequence[Script],
        models: tuple[str, ...] = (),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._play = script if callable(script) else _in_turn(name, script)
        self._models = models
        self._sleep = sleep
        self.requests: list[Request] = []
        self.closed_early = 0

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Play the script for this request."""
        self.requests.append(request)
        script = self._play(request)
        try:
            for step in script:
                if (event := await self._perform(step)) is not None:
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            self.closed_early += 1
            raise

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models named at construction."""
        return tuple(map(ModelFacts, self._models))

    async def count_tokens(self, _request: Request, /) -> int | None:
        """A script counts nothing."""
        return None

    async def aclose(self) -> None:
        """Nothing is open."""

    async def _perform(self, step: Step) -> StreamEvent | None:
        match step:
            case str():
                return TextDelta(step)
            case BaseException():
                raise step
            case Pause(seconds):
                await self._sleep(seconds)
            case asyncio.Event():
                await step.wait()
            case Awaitable():
                await step
            case _:
                return step
        return None


def _in_turn(name: str, scripts: Sequence[Script]) -> Play:
    waiting = iter(scripts)

    def play(_request: Request) -> Script:
        ended = BadResponse(f"The script of {name!r} has come to its end.")
        return next(waiting, (ended,))

    return play

"""`/pull`: has an Ollama server fetch a model while one goes on chatting."""

import time
from collections import deque
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import ProviderError
from conduit_tui.core.pulling import PullProgress
from conduit_tui.tui.slash import Mistake
from conduit_tui.tui.widgets.pull_line import PullLine, PullView

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

KIND = "ollama"
PAINT_SECONDS = 0.25
RATE_SECONDS = 5.0
"""Over how long a time the speed is measured."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model to fetch, and the provider whose server is to have it."""

    provider: str
    model: str

    @property
    def full_name(self) -> str:
        """As a person names it afterwards."""
        return f"{self.provider}/{self.model}"


class Pulls:
    """Fetches one model at a time, and shows how far it is."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._wanted: Wanted | None = None
        self._worker: Worker[Any] | None = None

    def begin(self, name: str) -> None:
        """Fetch a model in a worker."""
        screen = self._screen
        current = screen.controller.model_of(screen.session).partition("/")[0]
        wanted = wanted_model(name, current, screen.controller.models.endpoints)
        if isinstance(wanted, Mistake):
            screen.say_problem(wanted.words)
        elif self._wanted is not None:
            other = self._wanted.model
            stop = f", or stop it with {self._key}" if self._key else ""
            screen.say_problem(f"{other} is being pulled; wait for it{stop}.")
        else:
            self._wanted = wanted
            self._worker = screen.run_worker(self._pull(wanted), group="pulls")

    def stop(self) -> None:
        """Stop fetching; the server keeps what it has."""
        if self._wanted is None or self._worker is None:
            self._screen.say("Nothing is being pulled.")
            return
        self._worker.cancel()
        model = self._wanted.model
        self._screen.say(f"Stopped. /pull {model} goes on from where it stopped.")

    @property
    def _key(self) -> str:
        return self._screen.keymap.hint("stop_pull")

    async def _pull(self, wanted: Wanted) -> None:
        models = self._screen.controller.models
        hint = f"{self._key} stops" if self._key else ""
        meter = PullMeter(wanted.model, hint)
        try:
            self._show(PullView(wanted.model, "asking Ollama", hint=hint))
            async with aclosing(models.pull(wanted.provider, wanted.model)) as pulling:
                async for progress in pulling:
                    if view := meter.take(progress, time.monotonic()):
                        self._show(view)
        except ProviderError as error:
            self._screen.say_problem(str(error))
            return
        finally:
            self._wanted = self._worker = None
            self._show(None)
        await self._arrived(wanted)

    async def _arrived(self, wanted: Wanted) -> None:
        screen = self._screen
        screen.say(f"{wanted.model} is here. /model {wanted.full_name} talks to it.")
        try:
            await screen.controller.models.list_models(wanted.provider)
        except ProviderError:
            return  # it is asked again when the list is wanted
        await screen.surroundings.look_for_ollama()

    def _show(self, view: PullView | None) -> None:
        for line in self._screen.query(PullLine):  # none when the screen is being closed
            line.show(view)


class PullMeter:
    """Makes views of progress: a few a second, with the speed of the last seconds."""

    def __init__(self, model: str, hint: str) -> None:
        self._model = model
        self._hint = hint
        self._seen: deque[tuple[float, int]] = deque()
        self._painted_at: float | None = None
        self._status = ""

    def take(self, progress: PullProgress, now: float) -> PullView | None:
        """Return what to show at `now`, in seconds of some clock; None if it is too soon."""
        self._remember(now, progress.completed_bytes)
        status = "" if 0 < progress.completed_bytes < progress.total_bytes else progress.status
        is_news = status != self._status
        if self._painted_at is not None and now - self._painted_at < PAINT_SECONDS and not is_news:
            return None
        self._painted_at, self._status = now, status
        return PullView(
            self._model,
            progress.status,
            progress.completed_bytes,
            progress.total_bytes,
            self._rate(),
            self._hint,
        )

    def _remember(self, now: float, completed: int) -> None:
        if self._seen and now - self._seen[-1][0] < PAINT_SECONDS:
            return
        self._seen.append((now, completed))
        while len(self._seen) > 2 and now - self._seen[0][0] > RATE_SECONDS:
            self._seen.popleft()

    def _rate(self) -> float | None:
        if len(self._seen) < 2:
            return None
        (began, before), (ended, after) = self._seen[0], self._seen[-1]
        return (after - before) / (ended - began) if after > before else None


def wanted_model(name: str, current: str, endpoints: Mapping[str, Endpoint]) -> Wanted | Mistake:
    """Read what is to be fetched, and from which server; `current` is the provider in use."""
    hosts = [each for each, endpoint in endpoints.items() if endpoint.kind == KIND]
    name = name.strip()
    if not name or len(name.split()) > 1 or not name.isprintable():
        return Mistake("Write /pull NAME, such as /pull qwen3:8b.")
    first, slash, rest = name.partition("/")
    if slash and first in hosts and rest:
        return Wanted(first, rest)
    if slash and first in endpoints and first not in hosts:
        return Mistake(f"Only Ollama pulls models; {first!r} has its own. Choose one with /model.")
    if not hosts:
        return Mistake('No provider pulls models. One whose kind is "ollama" does.')
    return Wanted(current if current in hosts else hosts[0], clean_line(name))

"""What an Ollama server has, asked once for each model and remembered until another is pulled."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts
from conduit_tui.providers.ollama_client import OllamaServer
from conduit_tui.providers.ollama_failures import OllamaFailures
from conduit_tui.providers.ollama_models import (
    Installed,
    Shown,
    installed_models,
    names_in_memory,
    noted,
    shown_model,
)
from conduit_tui.providers.shapes import as_object

SHOW_SECONDS = 3.0
"""How long the server is waited for when it is asked about one model, or about all."""

ASKED_AT_ONCE = 4


class OllamaLibrary:
    """Answers for one server. What it does not say stays unknown and is asked again."""

    def __init__(self, endpoint: Endpoint, server: OllamaServer) -> None:
        self._endpoint = endpoint
        self._server = server
        self._shown: dict[str, Shown] = {}
        self._digests: dict[str, str] = {}

    async def look_at(self, model: str) -> Shown | None:
        """What the server says of a model; None while it does not say."""
        return self._shown.get(model) or await self._ask_about(model)

    def without(self, known: ModelFacts, ability: Ability) -> Shown:
        """Remember of a model that it lacks an ability, and return what is known of it then."""
        shown = self._shown.get(known.name, Shown(known)).without(ability)
        self._shown[known.name] = shown
        return shown

    async def listed(self, seconds: float) -> tuple[ModelFacts, ...]:
        """The installed models that chat; the list is waited for as long as `seconds`.

        Raises what `OllamaServer.ask` raises.
        """
        installed = installed_models(await self._server.ask("/api/tags", None, seconds))
        running = await self._look_at_all(installed)
        known = ((one.name, self._shown.get(one.name, one.listed)) for one in installed)
        return tuple(
            _noted(shown.facts, is_in_memory=name in running)
            for name, shown in known
            if shown.is_chat
        )

    async def _look_at_all(self, installed: Sequence[Installed]) -> frozenset[str]:
        """Ask about every model that is new or was pulled anew; return those in memory."""
        running: set[str] = set()
        at_once = asyncio.Semaphore(ASKED_AT_ONCE)

        async def look(one: Installed) -> None:
            async with at_once:
                if await self._ask_about(one.name):
                    self._digests[one.name] = one.digest

        async def look_into_memory() -> None:
            running.update(names_in_memory(await self._ask_quietly("/api/ps", None)))

        with suppress(TimeoutError):
            async with asyncio.timeout(SHOW_SECONDS), asyncio.TaskGroup() as group:
                group.create_task(look_into_memory())
                for one in installed:
                    if one.name not in self._shown or self._digests.get(one.name) != one.digest:
                        group.create_task(look(one))
        return frozenset(running)

    async def _ask_about(self, model: str) -> Shown | None:
        answer = await self._ask_quietly("/api/show", {"model": model})
        if not as_object(answer):
            return None
        self._shown[model] = shown_model(model, answer)
        return self._shown[model]

    async def _ask_quietly(self, path: str, body: Json) -> Json:
        """What the server answers, or None: the request that matters tells what is wrong."""
        seconds = min(SHOW_SECONDS, self._endpoint.idle_seconds)
        try:
            await self._server.open()
            async with asyncio.timeout(seconds):
                return await self._server.ask(path, body, seconds)
        except Exception as error:
            # raises what is a bug
            OllamaFailures(self._endpoint, "", seconds).translate(error, begun=False)
            return None


def _noted(facts: ModelFacts, *, is_in_memory: bool) -> ModelFacts:
    return replace(facts, note=noted(facts.note, is_in_memory=is_in_memory))

"""Choosing a model, and looking one up: the picker filled as servers answer, and the card."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.catalog.cards import ModelCard, card_text, dollars
from conduit_tui.controller.cards import model_card, provider_cards
from conduit_tui.controller.models import Models
from conduit_tui.core.age import ago
from conduit_tui.core.amounts import short_window
from conduit_tui.core.errors import ConduitError, UnknownModel
from conduit_tui.core.model_facts import Ability
from conduit_tui.tui.screens.model_picker import Detail, ModelGroup, ModelPicker
from conduit_tui.tui.screens.text_view import TextView

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

LIST_SECONDS = 5.0

SHOWN: tuple[Ability, ...] = ("vision", "reasoning", "tools", "audio", "image")


class ModelChoice:
    """What `/models` does for the chat screen."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    @property
    def _models(self) -> Models:
        return self._screen.controller.models

    async def pick(self) -> str | None:
        """Let a person choose; the full name, or None. Servers are asked meanwhile."""
        screen = self._screen
        picker = ModelPicker(self._groups(), screen.controller.model_of(screen.session))
        filling = screen.run_worker(self._fill(picker), group="listing")
        try:
            return await screen.application.push_screen_wait(picker)
        finally:
            filling.cancel()

    async def show_card(self, name: str) -> None:
        """Show all that is known of a model."""
        await self._models.load()
        try:
            full_name = self._models.full_name(name)
        except UnknownModel as error:
            self._screen.say_problem(str(error))
            return
        now = datetime.now(UTC)
        text = card_text(model_card(self._models, full_name, now), now)
        self._screen.application.push_screen(TextView("Model", text, tells_size=False))

    def _groups(self) -> list[ModelGroup]:
        known = self._models.known()
        groups = [
            ModelGroup(
                name,
                models=known[name],
                why_not="" if endpoint.is_usable else f"needs {endpoint.api_key_env[0]}",
                is_asking=endpoint.is_usable,
                note=self._screen.surroundings.note_of(name),
            )
            for name, endpoint in self._models.endpoints.items()
        ]
        return sorted(groups, key=lambda group: bool(group.why_not))

    async def _fill(self, picker: ModelPicker) -> None:
        """Describe what is known at once, and what the servers answer as it comes."""
        endpoints = self._models.endpoints
        async with asyncio.TaskGroup() as tasks:
            for name, endpoint in endpoints.items():
                if endpoint.is_usable:
                    tasks.create_task(self._list(picker, name))
            await self._models.load()
            for name in endpoints:
                await self._describe(picker, name)

    async def _list(self, picker: ModelPicker, provider: str) -> None:
        try:
            async with asyncio.timeout(LIST_SECONDS):
                found = await self._models.list_models(provider)
        except TimeoutError:
            self._say_failed(picker, provider, f"no answer within {LIST_SECONDS:g} s")
        except ConduitError as error:
            self._say_failed(picker, provider, str(error))
        else:
            picker.add_models(provider, [facts.name for facts in found])
            await self._models.load()
            await self._describe(picker, provider)

    def _say_failed(self, picker: ModelPicker, provider: str, words: str) -> None:
        listing = self._models.listing(provider)
        since = f"from {ago(listing.fetched_at, datetime.now(UTC))}; " if listing else ""
        picker.set_failure(provider, since + words)

    async def _describe(self, picker: ModelPicker, provider: str) -> None:
        picker.describe(provider, await asyncio.to_thread(_details, self._models, provider))


def _details(models: Models, provider: str) -> Mapping[str, Detail]:
    """What is said of each model of a provider; of a router's thousand this takes a moment."""
    cards = provider_cards(models, provider, models.alias_targets(), datetime.now(UTC))
    return {card.facts.name: _detail(card) for card in cards}


def _detail(card: ModelCard) -> Detail:
    """Window, prices of input and output, and the abilities that matter most, in columns."""
    window = "" if card.facts.context_window is None else short_window(card.facts.context_window)
    base = card.prices.base if card.prices else None
    is_priced = base is not None and base.input is not None and base.output is not None
    prices = f"{dollars(base.input)}/{dollars(base.output)}" if base and is_priced else ""
    known = f"{window:>6} {prices:>13}"
    has = [(ability, ability in card.facts.has) for ability in SHOWN]
    words = " ".join(ability if can else " " * len(ability) for ability, can in has)
    letters = "".join(ability[0] if can else " " for ability, can in has)
    return Detail(
        wide=f"{known}  {words}",
        narrow=f"{known}  {letters}",
        aliases=card.aliases,
        words=(*card.abilities, *card.aliases),
    )

"""What `conduit-tui models` prints. stdout holds the table or the card, stderr the news."""

import asyncio
import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import click

from conduit_tui.catalog.cards import (
    ModelCard,
    card_json,
    card_text,
    dollars,
)
from conduit_tui.controller.cards import model_card, provider_cards
from conduit_tui.controller.models import Models
from conduit_tui.core.age import ago
from conduit_tui.core.amounts import short_window
from conduit_tui.core.clean import clean, clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import ConduitError, UnknownModel
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability
from conduit_tui.providers.addresses import shown
from conduit_tui.runtime import make_models
from conduit_tui.settings import Settings

ASK_SECONDS = 15.0
MOST_AT_ONCE = 4
HEADINGS = ("MODEL", "CONTEXT", "IN $", "OUT $", "ABILITIES", "ALIAS")
_NUMBERS = {1, 2, 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    name: str | None = None
    provider: str | None = None
    ability: str | None = None
    refresh: bool = False
    as_json: bool = False


async def found(settings: Settings, wanted: Wanted) -> str:
    """Return what is to be printed; news go to stderr.

    Raises UnknownModel for a name or a provider that is not known.
    """
    notices = list(settings.notices)
    async with aclosing(make_models(settings, notices)) as models:
        for notice in notices:
            _say(notice)
        await models.load()
        if wanted.name is not None:
            return await _card(models, wanted, wanted.name)
        return await _tabled(models, wanted)


async def _card(models: Models, wanted: Wanted, name: str) -> str:
    try:
        full_name = models.full_name(name)
    except UnknownModel:  # maybe a server has it that was not asked lately
        await _ask(models, _usable(models.endpoints), wanted.refresh)
        full_name = models.full_name(name)
    provider = full_name.partition("/")[0]
    if models.endpoints[provider].is_usable:
        await _ask(models, [provider], wanted.refresh)
    card = model_card(models, full_name, _now())
    return json.dumps(card_json(card)) if wanted.as_json else clean(card_text(card, _now()))


async def _tabled(models: Models, wanted: Wanted) -> str:
    asked = _providers(models, wanted.provider)
    await _ask(models, [name for name in asked if models.endpoints[name].is_usable], wanted.refresh)
    aliases = models.alias_targets()
    cards = [card for name in asked for card in provider_cards(models, name, aliases, _now())]
    if wanted.ability is not None:
        ability = cast("Ability", wanted.ability)
        unknown = sum(card.facts.can(ability) is None for card in cards)
        cards = [card for card in cards if card.facts.can(ability)]
        if unknown:
            _say(f"Of {unknown} more it is not known whether they have {ability}.")
    without_key = [] if wanted.provider else _without_key(models.endpoints)
    if wanted.as_json:
        return _as_json(cards, without_key)
    if without_key:
        _say(f"Without a key: {', '.join(without_key)}.")
    return "\n".join(_table(cards))


def _providers(models: Models, provider: str | None) -> Sequence[str]:
    if provider is None:
        return _usable(models.endpoints)
    if provider in models.endpoints:
        if not models.endpoints[provider].is_usable:
            variables = " or ".join(models.endpoints[provider].api_key_env)
            _say(f"{provider} needs a key: set {variables}. What follows was not asked for now.")
        return [provider]
    from rapidfuzz import process

    nearest = tuple(name for name, _, _ in process.extract(provider, list(models.endpoints)))[:3]
    words = f"No provider is named {provider!r}. The nearest are {', '.join(nearest)}."
    raise UnknownModel(words, nearest)


async def _ask(models: Models, providers: Sequence[str], anew: bool) -> None:
    """Ask those whose lists are not fresh, some at once, and say who did not answer."""
    limit = asyncio.Semaphore(MOST_AT_ONCE)
    asked = [name for name in providers if _is_asked(models, name, anew)]
    await asyncio.gather(*(_ask_one(models, name, limit) for name in asked))


def _is_asked(models: Models, provider: str, anew: bool) -> bool:
    is_server = models.endpoints[provider].kind != "scripted"
    return is_server and (anew or not models.is_fresh(provider))


async def _ask_one(models: Models, provider: str, limit: asyncio.Semaphore) -> None:
    try:
        async with limit, asyncio.timeout(ASK_SECONDS):
            if await models.may_answer(provider):
                await models.list_models(provider)
                return
    except TimeoutError:
        problem = f"no answer within {ASK_SECONDS:g} s."
    except ConduitError as error:
        problem = str(error)
    else:
        problem = f"nothing listens at {shown(models.endpoints[provider].base_url)}."
    if listing := models.listing(provider):
        problem += f" Shown is its list from {ago(listing.fetched_at, _now())}."
    elif models.endpoints[provider].models:
        problem += " Shown is what is suggested."
    _say(f"{provider}: {problem}")


def _table(cards: Sequence[ModelCard]) -> Iterable[str]:
    rows = [HEADINGS, *map(_row, cards)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for row in rows:
        cells = [
            f"{cell:>{width}}" if column in _NUMBERS else f"{cell:{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = "  ".join(cells).rstrip()
        yield line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def _row(card: ModelCard) -> tuple[str, ...]:
    base = card.prices.base if card.prices else None
    return (
        clean_line(card.full_name),
        short_window(card.facts.context_window),
        dollars(base.input).removeprefix("$") if base and base.input is not None else "?",
        dollars(base.output).removeprefix("$") if base and base.output is not None else "?",
        " ".join(card.abilities) or "?",
        " ".join(map(clean_line, card.aliases)),
    )


def _as_json(cards: Iterable[ModelCard], without_key: Sequence[str]) -> str:
    listed: dict[str, Json] = {
        "models": [card_json(card) for card in cards],
        "without_key": [name.partition(" ")[0] for name in without_key],
    }
    return json.dumps(listed)


def _usable(endpoints: Mapping[str, Endpoint]) -> list[str]:
    return [name for name, endpoint in endpoints.items() if endpoint.is_usable]


def _without_key(endpoints: Mapping[str, Endpoint]) -> list[str]:
    return [
        f"{name} ({' or '.join(endpoint.api_key_env)})"
        for name, endpoint in endpoints.items()
        if not endpoint.is_usable
    ]


def _say(words: str) -> None:
    click.echo(clean_line(words), err=True)


def _now() -> datetime:
    return datetime.now(UTC)

"""A model's card: everything that is known of it, as values, as text and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from conduit_tui.catalog.prices import PriceCard, Rates
from conduit_tui.core.age import ago
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts

Source: TypeAlias = Literal["server", "suggested", "unlisted"]
"""Whether a model's server lists it, the catalog suggests it, or only its name is known."""

ABILITIES: tuple[Ability, ...] = get_args(Ability)
_LABEL_WIDTH = 14
_ANSWERS = {True: "yes", False: "no", None: "unknown"}
_THINKING = {"adaptive": "by effort", "budget": "by a number of tokens", "": "unknown"}


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of one provider. `listed_at` is when its server listed it, aware UTC."""

    provider: str
    facts: ModelFacts
    prices: PriceCard | None = None
    aliases: tuple[str, ...] = ()
    source: Source = "unlisted"
    listed_at: datetime | None = None
    server: str = ""

    @property
    def full_name(self) -> str:
        """The name to type: `provider/model`."""
        return f"{self.provider}/{self.facts.name}"

    @property
    def abilities(self) -> tuple[Ability, ...]:
        """What the model is known to be able to do, in a fixed order."""
        return tuple(ability for ability in ABILITIES if ability in self.facts.has)


def card_text(card: ModelCard, now: datetime) -> str:
    """The card as lines of plain text. Names in it are as their servers gave them: clean it."""
    facts = card.facts
    head = [card.full_name, *filter(None, [facts.title, facts.note]), ""]
    rows = [
        ("provider", f"{card.provider} at {card.server}" if card.server else card.provider),
        ("aliases", ", ".join(card.aliases) or "none"),
        ("window", _tokens(facts.context_window)),
        ("max output", _tokens(facts.max_output_tokens)),
        *((ability, _ANSWERS[facts.can(ability)]) for ability in ABILITIES),
        ("thinking", _THINKING[facts.thinking]),
        ("efforts", ", ".join(facts.efforts) or "unknown"),
        ("refuses", ", ".join(sorted(facts.refuses)) or "nothing that is known"),
        *_price_rows(card.prices),
        *zip(("known from", *[""] * len(ABILITIES)), _sources(card, now), strict=False),
    ]
    return "\n".join([*head, *(f"{label:{_LABEL_WIDTH}}{words}" for label, words in rows)])


def card_json(card: ModelCard) -> dict[str, Json]:
    """The card as an object with always the same keys; null is unknown."""
    facts = card.facts
    return {
        "name": card.full_name,
        "provider": card.provider,
        "model": facts.name,
        "title": facts.title,
        "note": facts.note,
        "aliases": list(card.aliases),
        "context_window": facts.context_window,
        "max_output_tokens": facts.max_output_tokens,
        "abilities": {ability: facts.can(ability) for ability in ABILITIES},
        "thinking": facts.thinking or None,
        "efforts": list(facts.efforts),
        "refuses": [*sorted(facts.refuses)],
        "usd_per_million_tokens": _prices_json(card.prices),
        "source": card.source,
        "listed_at": _date(card.listed_at) if card.listed_at else None,
    }


def dollars(price: Decimal | None) -> str:
    """A price in dollars, with cents and as many further digits as it has."""
    if price is None:
        return "unknown"
    digits = f"{price.normalize():f}"
    whole, _, fraction = digits.partition(".")
    return f"${whole}.{fraction:0<2}"


def _tokens(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,} tokens"


def _price_rows(prices: PriceCard | None) -> Sequence[tuple[str, str]]:
    if prices is None:
        return [("price", "unknown")]
    base, tiers = prices.base, prices.tiers
    rows = [
        ("input", _rate(base.input, [(tier.above_tokens, tier.input) for tier in tiers])),
        ("output", _rate(base.output, [(tier.above_tokens, tier.output) for tier in tiers])),
        ("cache read", _rate(base.cache_read, [(t.above_tokens, t.cache_read) for t in tiers])),
        ("cache write", _rate(base.cache_write, [(t.above_tokens, t.cache_write) for t in tiers])),
    ]
    if prices.per_request is not None:
        rows.append(("besides", f"at most {dollars(prices.per_request)} for each request"))
    return rows


def _rate(base: Decimal | None, tiers: Sequence[tuple[int, Decimal | None]]) -> str:
    if base is None:
        return "unknown"
    dearer = [f", {dollars(rate)} above {above:,}" for above, rate in tiers if rate is not None]
    return f"{dollars(base)} per million tokens{''.join(dearer)}"


def _sources(card: ModelCard, now: datetime) -> list[str]:
    sources: list[str] = []
    if card.source == "server" and card.listed_at is not None:
        sources.append(f"its server's list, {ago(card.listed_at, now)}")
    elif card.source == "suggested":
        sources.append("the built-in suggestions")
    else:
        sources.append("its name alone, as no list has it")
    if card.prices is not None:
        sources.append(f"prices of genai-prices {_version()}")
    sources.append("the built-in table of abilities")
    return sources


def _version() -> str:
    from importlib.metadata import version

    return version("genai-prices")


def _prices_json(prices: PriceCard | None) -> Json:
    if prices is None:
        return None
    return {
        **_rates_json(prices.base),
        "tiers": [
            {"above_input_tokens": tier.above_tokens, **_rates_json(tier)} for tier in prices.tiers
        ],
        "per_request": _number(prices.per_request),
    }


def _rates_json(rates: Rates) -> dict[str, Json]:
    return {
        "input": _number(rates.input),
        "output": _number(rates.output),
        "cache_read": _number(rates.cache_read),
        "cache_write": _number(rates.cache_write),
    }


def _number(price: Decimal | None) -> float | None:
    return None if price is None else float(price)


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

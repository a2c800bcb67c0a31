"""What tokens cost, by the tables of genai-prices; what they do not know has no price.

Importing those tables takes 0.1 s of CPU, so that happens at the first question: ask off the start
path, or load them in a thread before (`load_prices`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.usage import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice
    from genai_prices.types import Provider as PriceList

# There a model's name is whatever its owner called it, so it says nothing of the price.
_NAMES_OF_OWNERS = frozenset({"azure", "databricks", "modal"})


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens; None is unknown, zero is free.

    A cache rate that is None is not listed apart: such tokens cost what input does.
    `above_tokens` is the size of the input above which these rates hold for the whole request.
    """

    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    above_tokens: int = 0


@dataclass(frozen=True, slots=True)
class PriceCard:
    """The prices of a model at a time: `base`, and `tiers` for larger requests, smallest first.

    `per_request` is charged besides, in dollars for one request.
    """

    base: Rates
    tiers: tuple[Rates, ...] = ()
    per_request: Decimal | None = None


def load_prices() -> None:
    """Bring in the tables, so that later questions are cheap; for a thread."""
    _snapshot()


def are_prices_loaded() -> bool:
    """Whether a question is answered at once."""
    return _snapshot.cache_info().currsize > 0


def price(provider: Endpoint, model: str, usage: Usage, at: datetime) -> Decimal | None:
    """What a generation cost in US dollars; None where that is not known.

    What the provider itself says it charges comes first. `at` is when the request was made, aware:
    some vendors have hours of lower prices. Otherwise the address tells whose prices hold; a
    built-in provider that was moved elsewhere keeps its vendor's (`price_list`).
    """
    if usage.cost_usd is not None:
        return usage.cost_usd
    found = _find(provider, model)
    if found is None:
        return None
    info, price_list = found
    rates = info.get_prices(at)
    if (rates.input_mtok is None and usage.input_tokens) or (
        rates.output_mtok is None and usage.output_tokens
    ):
        return None
    for apart in dict.fromkeys((usage.apart, ())):
        try:
            counts = _their_usage(usage, dict(apart))
            return info.calc_price(counts, price_list, genai_request_timestamp=at).total_price
        except ValueError:  # counts that contradict each other, such as more cached than sent
            continue
    return None


def per_million(provider: Endpoint, model: str, at: datetime) -> PriceCard | None:
    """The prices of a model of a provider at a time, or None where they are not known."""
    found = _find(provider, model)
    if found is None:
        return None
    rates = found[0].get_prices(at)
    base = _rates(rates, 0)
    if base.input is None and base.output is None:
        return None
    tiers = tuple(_rates(rates, start) for start in _thresholds(rates))
    return PriceCard(base, tiers, _per_request(rates))


def listed_window(provider: Endpoint, model: str) -> int | None:
    """The context window the tables name for a model of a provider, in tokens."""
    found = _find(provider, model)
    return found[0].context_window if found else None


def _find(provider: Endpoint, model: str) -> tuple[ModelInfo, PriceList] | None:
    price_list = _list_of_address(provider.base_url) or _list_named(provider.price_list)
    info = _model(price_list.id, model) if price_list else None
    return (info, price_list) if info and price_list else None


@lru_cache(maxsize=64)
def _list_of_address(base_url: str) -> PriceList | None:
    """Whose prices hold at an address.

    The tables' patterns have open ends, so they see only as much of the address as decides, and
    must reach to the end of its host.
    """
    try:
        parts = urlsplit(base_url)
        is_plain = parts.scheme == "https" and parts.port in {None, 443} and not parts.username
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not is_plain or "." not in host:
        return None
    origin = f"https://{host}"
    for candidate in _snapshot().providers:
        if candidate.id in _NAMES_OF_OWNERS:
            continue
        match = re.match(candidate.api_pattern, f"{origin}{parts.path or '/'}")
        if match and match.end() >= len(origin):
            return candidate
    return None


@lru_cache(maxsize=4096)
def _model(list_id: str, model: str) -> ModelInfo | None:
    # A miss walks the whole list, so it is remembered too.
    price_list = _list_named(list_id)
    return price_list.find_model(model.removeprefix("models/")) if price_list else None


def _list_named(list_id: str) -> PriceList | None:
    if not list_id:
        return None
    return next((each for each in _snapshot().providers if each.id == list_id), None)


@lru_cache(maxsize=1)
def _snapshot():
    from genai_prices.data_snapshot import get_snapshot

    return get_snapshot()


def _their_usage(usage: Usage, apart: dict[str, int]) -> object:
    from genai_prices.types import Usage as TheirUsage

    return TheirUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_reasoning_tokens=usage.reasoning_tokens,
        **apart,
    )


def _thresholds(rates: ModelPrice) -> list[int]:
    prices = (rates.input_mtok, rates.output_mtok, rates.cache_read_mtok, rates.cache_write_mtok)
    return sorted({tier.start for each in prices for tier in getattr(each, "tiers", ())})


def _rates(rates: ModelPrice, above: int) -> Rates:
    return Rates(
        input=_rate(rates.input_mtok, above),
        output=_rate(rates.output_mtok, above),
        cache_read=_rate(rates.cache_read_mtok, above),
        cache_write=_rate(rates.cache_write_mtok, above),
        above_tokens=above,
    )


def _rate(value: object, above: int) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    from genai_prices.types import TieredPrices

    if not isinstance(value, TieredPrices):
        return None
    reached = [tier.price for tier in value.tiers if tier.start <= above and above]
    return reached[-1] if reached else value.base


def _per_request(rates: ModelPrice) -> Decimal | None:
    thousand = rates.requests_kcount
    return thousand / 1000 if isinstance(thousand, Decimal) else None

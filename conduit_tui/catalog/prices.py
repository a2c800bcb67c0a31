"""What tokens cost, by the tables of genai-prices; what they do not know has no price."""

from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.usage import Usage


def price(provider: Endpoint, model: str, usage: Usage, at: datetime) -> Decimal | None:
    """What a generation cost in US dollars; None where that is not known.

    What the provider itself says it charges comes first. Otherwise only a vendor's own host has
    known prices. The tables take 0.1 s of CPU at the first question: for a thread.
    """
    if usage.cost_usd is not None:
        return usage.cost_usd
    if urlsplit(provider.base_url).scheme != "https":
        return None
    from genai_prices import Usage as TheirUsage
    from genai_prices import calc_price

    theirs = TheirUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )
    try:
        return calc_price(
            theirs, model, provider_api_url=provider.base_url, genai_request_timestamp=at
        ).total_price
    except (LookupError, ValueError):
        return None

"""Puts a price on replies, where one is known."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Message
from conduit_tui.core.spending import used_nothing
from conduit_tui.core.usage import Usage

log = logging.getLogger(__name__)

Price: TypeAlias = Callable[[Endpoint, str, Usage, datetime], Decimal | None]
"""What a generation of a provider's model cost at a time; None where nobody knows. May be slow."""


class Pricing:
    """Prices by endpoint; None stays None, since an unknown price is not zero."""

    def __init__(self, endpoints: Mapping[str, Endpoint], price: Price) -> None:
        self._endpoints = endpoints
        self._price = price

    async def priced(self, message: Message) -> Message:
        """Return a reply with its cost, however it ended; a replay cost nothing."""
        usage, endpoint = message.usage, self._endpoints.get(message.provider or "")
        if usage is None or message.cost_usd is not None or used_nothing(message):
            return message
        if usage.cost_usd is not None:
            return replace(message, cost_usd=usage.cost_usd)
        if endpoint is None or message.model is None or endpoint.kind == "scripted":
            return message
        asked = (endpoint, message.model, usage, message.created_at)
        try:
            return replace(message, cost_usd=await asyncio.to_thread(self._price, *asked))
        except Exception:  # a mistake in a table of prices must not cost the reply itself
            log.exception("no price for %s/%s", message.provider, message.model)
            return message

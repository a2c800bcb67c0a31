"""Replies get their price when they are committed, however they ended."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from conduit_tui.controller.pricing import Pricing
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import TextDelta, UsageReported
from conduit_tui.core.message import Message
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import Step, reply
from tests.conftest import AT, MakeMessage, stalling, until
from tests.controller.desk import Desk
from tests.controller.test_recovery import drafts_of_the_dead, header

ENDPOINT = Endpoint("office", "openai-chat", "https://llm.example.com/v1")
SCRIPT = Endpoint("demo", "scripted")


def a_cent_a_token(endpoint: Endpoint, model: str, usage: Usage, at: datetime) -> Decimal | None:
    assert endpoint.name == "office"
    assert at == AT
    return None if model == "new" else usage.total_tokens * Decimal("0.01")


@pytest.fixture
def pricing() -> Pricing:
    return Pricing({"office": ENDPOINT, "demo": SCRIPT}, a_cent_a_token)


async def test_a_reply_costs_what_its_tokens_do(pricing: Pricing, make_message: MakeMessage):
    answer = make_message("assistant", provider="office", model="m", usage=Usage(2, 1))
    assert (await pricing.priced(answer)).cost_usd == Decimal("0.03")


async def test_what_the_provider_says_it_charges_comes_first(
    pricing: Pricing, make_message: MakeMessage
) -> None:
    usage = Usage(2, 1, cost_usd=Decimal("0.5"))
    answer = make_message("assistant", provider="office", model="m", usage=usage)
    assert (await pricing.priced(answer)).cost_usd == Decimal("0.5")


@pytest.mark.parametrize(
    "fields",
    [
        {"provider": "office", "model": "new", "usage": Usage(1, 1)},
        {"provider": "gone", "model": "m", "usage": Usage(1, 1)},
        {"provider": "demo", "model": "m", "usage": Usage(1, 1)},
        {"provider": "office", "model": "m"},
        {"provider": "office", "model": "m", "usage": Usage(1), "provider_data": {"replay_of": ""}},
    ],
)
async def test_without_a_known_price_there_is_none(
    pricing: Pricing, make_message: MakeMessage, fields: dict[str, object]
) -> None:
    assert (await pricing.priced(make_message("assistant", **fields))).cost_usd is None


async def test_a_table_of_prices_that_fails_does_not_cost_the_reply(
    make_message: MakeMessage,
) -> None:
    def broken(*_: object) -> Decimal:
        raise ZeroDivisionError

    answer = make_message("assistant", provider="office", model="m", usage=Usage(1, 1))
    assert await Pricing({"office": ENDPOINT}, broken).priced(answer) is answer


async def price_all(message: Message) -> Message:
    """A price for everything that reports usage."""
    return replace(message, cost_usd=Decimal("0.25")) if message.usage else message


async def test_tree_store_and_screen_get_the_same_priced_message(desk: Desk) -> None:
    desk.ledger.priced = price_all
    desk.scripts["hi"] = (UsageReported(Usage(1, 2)), *reply("ho"))
    session = desk.shelf.new()
    asked, answer = await desk.talk(session, "hi")
    assert (asked.cost_usd, answer.cost_usd) == (None, Decimal("0.25"))
    await desk.assert_stored(session)
    assert (await desk.shelf.account("model")).total.cost_usd == Decimal("0.25")


async def test_a_cancelled_reply_with_usage_is_priced(desk: Desk) -> None:
    desk.ledger.priced = price_all
    reached = asyncio.Event()
    desk.scripts["hi"] = _stalling_with(UsageReported(Usage(1, 2)), reached)
    session = desk.shelf.new()
    turn = desk.controller.send(session, "hi")
    await until(reached)
    await desk.controller.cancel(turn.id)
    answer = session.path(session.leaf_id)[-1]
    assert (answer.status, answer.cost_usd) == ("interrupted", Decimal("0.25"))


def _stalling_with(usage: UsageReported, reached: asyncio.Event) -> Iterator[Step]:
    yield usage
    yield from stalling(reached, "half")


async def test_a_reply_that_a_crash_cut_short_is_priced(desk: Desk) -> None:
    desk.ledger.priced = price_all
    session = desk.shelf.new()
    *_, last = await desk.talk(session, "one")
    drafts = drafts_of_the_dead(desk)
    await drafts.open(header("lost", session.id, last.id))
    await drafts.append("lost", [TextDelta("half"), UsageReported(Usage(1, 2))])
    assert await desk.ledger.recover() == 1
    assert (await desk.stored(session))["lost"].cost_usd == Decimal("0.25")
    assert (await desk.shelf.account("model")).total.cost_usd == Decimal("0.25")

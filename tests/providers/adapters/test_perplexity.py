"""Perplexity end to end, through its row and the real SDK."""

from decimal import Decimal

from conduit_tui.catalog.catalog import load_endpoints
from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    UsageReported,
)
from conduit_tui.core.message import Citation
from conduit_tui.providers.registry import build
from tests.providers.asking import events_of
from tests.servers.perplexity_server import URLS, PerplexityServer


async def test_sources_cost_and_thinking_are_told_and_the_end_needs_no_mark() -> None:
    async with PerplexityServer("<think>Hm", ".</think>\n\nRaft", " [1].") as server:
        environ = {"PERPLEXITY_BASE_URL": server.url, "PERPLEXITY_API_KEY": "pplx-0123456"}
        provider = build(load_endpoints({}, environ, {}, 5.0)["perplexity"])
        events = await events_of(provider)
        await provider.aclose()

    text = "".join(one.text for one in events if isinstance(one, TextDelta))
    thinking = "".join(one.text for one in events if isinstance(one, ThinkingDelta))
    (cited,) = (one.citations for one in events if isinstance(one, CitationsReceived))
    usages = [one.usage for one in events if isinstance(one, UsageReported)]
    assert (thinking, text) == ("Hm.", "Raft [1].")
    assert cited == (
        Citation(URLS[0], "The Raft Consensus Algorithm"),
        Citation(URLS[1], "Raft (algorithm)", {"perplexity": {"date": "2026-03-01"}}),
    )
    assert usages[-1].cost_usd == Decimal("0.00513")
    assert usages[-1].output_tokens == 4
    assert events[-1] == GenerationStopped("end_turn")
    assert server.exchanges[0].path == "/chat/completions"


async def test_that_it_has_no_list_of_models_is_no_failure() -> None:
    async with PerplexityServer() as server:
        environ = {"PERPLEXITY_BASE_URL": server.url, "PERPLEXITY_API_KEY": "pplx-0123456"}
        provider = build(load_endpoints({}, environ, {}, 5.0)["perplexity"])
        assert await provider.list_models() == ()
        await provider.aclose()

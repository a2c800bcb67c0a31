from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from conduit_tui.catalog.cards import ModelCard, card_json, card_text, dollars
from conduit_tui.catalog.prices import PriceCard, Rates
from conduit_tui.core.age import ago
from conduit_tui.core.amounts import short_window
from conduit_tui.core.model_facts import ModelFacts

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CARD = ModelCard(
    "p",
    ModelFacts(
        "m", has=frozenset({"vision"}), lacks=frozenset({"audio"}), title="The M", note="7B"
    ),
    PriceCard(
        Rates(Decimal("2"), Decimal("10.5"), Decimal("0.0375")),
        (Rates(Decimal("4"), Decimal("20"), above_tokens=200_000),),
        Decimal("0.012"),
    ),
    ("short",),
    "server",
    NOW - timedelta(days=3),
    "https://p.example/v1",
)


def test_a_card_says_yes_no_and_unknown() -> None:
    text = card_text(CARD, NOW)

    assert text.startswith("p/m\nThe M\n7B\n\n")
    assert "vision        yes" in text
    assert "audio         no" in text
    assert "tools         unknown" in text
    assert "window        unknown" in text
    assert "refuses       nothing that is known" in text
    assert "its server's list, 3 days ago" in text


def test_a_card_lists_rates_tiers_and_fees() -> None:
    text = card_text(CARD, NOW)

    assert "input         $2.00 per million tokens, $4.00 above 200,000\n" in text
    assert "output        $10.50 per million tokens, $20.00 above 200,000\n" in text
    assert "cache read    $0.0375 per million tokens\n" in text
    assert "cache write   unknown\n" in text
    assert "besides       at most $0.012 for each request\n" in text


def test_json_tells_tiers_apart() -> None:
    assert card_json(CARD)["usd_per_million_tokens"] == {
        "input": 2.0,
        "output": 10.5,
        "cache_read": 0.0375,
        "cache_write": None,
        "tiers": [
            {
                "above_input_tokens": 200_000,
                "input": 4.0,
                "output": 20.0,
                "cache_read": None,
                "cache_write": None,
            }
        ],
        "per_request": 0.012,
    }
    assert card_json(CARD)["listed_at"] == "2026-11-17T12:00:00Z"


@pytest.mark.parametrize(
    ("price", "words"),
    [(None, "unknown"), ("0", "$0.00"), ("100", "$100.00"), ("0.5", "$0.50"),
     ("0.036250", "$0.03625")],
)  # fmt: skip
def test_a_price_has_cents_and_no_more_digits_than_it_needs(price: str | None, words: str) -> None:
    assert dollars(None if price is None else Decimal(price)) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(None, "?"), (512, "512"), (8_192, "8.2k"), (128_000, "128k"), (131_072, "131k"),
     (1_050_000, "1.05M"), (1_000_000, "1M")],
)  # fmt: skip
def test_a_window_in_a_few_characters(count: int | None, words: str) -> None:
    assert short_window(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (7_300, "2 hours ago"),
     (90_000, "1 day ago"), (300_000, "3 days ago")],
)  # fmt: skip
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words

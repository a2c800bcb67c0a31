from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices.data_snapshot import get_snapshot

from conduit_tui.catalog.catalog import load_endpoints
from conduit_tui.catalog.prices import PriceCard, Rates, listed_window, per_million, price
from conduit_tui.catalog.rows import Row, builtin_rows
from conduit_tui.core.endpoint import Endpoint, EndpointSettings
from conduit_tui.core.usage import Usage

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def at(base_url: str, name: str = "p") -> Endpoint:
    return Endpoint(name, "openai-chat", base_url=base_url)


OPENAI = at("https://api.openai.com/v1")
ANTHROPIC = at("https://api.anthropic.com/v1")
GOOGLE = at("https://generativelanguage.googleapis.com")
DEEPSEEK = at("https://api.deepseek.com/v1")


def test_what_is_read_from_and_written_to_a_cache_has_its_own_rate() -> None:
    usage = Usage(10_000, 100, cache_read_tokens=6_000, cache_write_tokens=3_000)

    cost = price(ANTHROPIC, "claude-haiku-4-5-20251001", usage, AT)

    # 1,000 plain at $1, 6,000 read at $0.10, 3,000 written at $1.25, 100 out at $5
    assert cost == Decimal("0.00585")


def test_reasoning_is_part_of_the_output_and_not_paid_twice() -> None:
    plain, reasoned = Usage(1_000, 1_000), Usage(1_000, 1_000, reasoning_tokens=900)

    assert price(OPENAI, "gpt-5", plain, AT) == price(OPENAI, "gpt-5", reasoned, AT)


def test_above_its_threshold_a_tier_holds_for_every_token() -> None:
    below = price(OPENAI, "gpt-5.4", Usage(272_000, 0), AT)
    above = price(OPENAI, "gpt-5.4", Usage(272_001, 0), AT)

    assert below == Decimal("0.68")
    assert above == Decimal("272001") * 5 / 1_000_000


def test_what_the_provider_says_it_charged_counts_before_any_table() -> None:
    usage = Usage(1_000, 1_000, cost_usd=Decimal("0.5"))

    assert price(OPENAI, "gpt-5", usage, AT) == Decimal("0.5")
    assert price(at("http://127.0.0.1:1/v1"), "what", usage, AT) == Decimal("0.5")


@pytest.mark.parametrize(
    ("endpoint", "model", "apart"),
    [
        (GOOGLE, "gemini-2.5-flash-image", ("output_image_tokens", 90)),
        (GOOGLE, "gemini-2.5-flash", ("input_audio_tokens", 90)),
        (ANTHROPIC, "claude-sonnet-4-5", ("web_searches", 1)),
    ],
)
def test_what_has_a_price_of_its_own_costs_it(
    endpoint: Endpoint, model: str, apart: tuple[str, int]
) -> None:
    plain = price(endpoint, model, Usage(100, 100), AT)
    dearer = price(endpoint, model, Usage(100, 100, apart=(apart,)), AT)

    assert plain is not None
    assert dearer is not None
    assert dearer > plain


def test_kinds_of_tokens_that_do_not_fit_the_total_are_paid_as_the_rest() -> None:
    odd = Usage(100, 100, apart=(("output_image_tokens", 900),))

    assert price(GOOGLE, "gemini-2.5-flash-image", odd, AT) == price(
        GOOGLE, "gemini-2.5-flash-image", Usage(100, 100), AT
    )


def test_the_hour_counts_where_a_vendor_has_cheap_ones() -> None:
    usage = Usage(1_000_000, 0)
    dear = price(DEEPSEEK, "deepseek-v4-pro", usage, AT.replace(hour=2))
    cheap = price(DEEPSEEK, "deepseek-v4-pro", usage, AT.replace(hour=12))

    assert dear is not None
    assert cheap is not None
    assert dear == 2 * cheap


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:11434/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.example.net/v1",
        "https://proxy.example/api.openai.com/v1",
        "https://user@api.openai.com/v1",
        "https://eu.api.openai.com/v1",
        "https://mine.openai.azure.com/openai/v1",
        "https://[::1/v1",
        "",
    ],
)
def test_at_an_address_of_ones_own_prices_are_unknown(base_url: str) -> None:
    elsewhere = at(base_url, "of-my-own")

    assert price(elsewhere, "gpt-5", Usage(1_000, 1_000), AT) is None
    assert per_million(elsewhere, "gpt-5", AT) is None
    assert listed_window(elsewhere, "gpt-5") is None


@pytest.mark.parametrize(
    ("base_url", "model"),
    [
        ("https://generativelanguage.googleapis.com", "models/gemini-3.8-flash"),
        ("https://generativelanguage.googleapis.com/v1beta/openai", "gemini-3.8-flash"),
        ("https://api.perplexity.ai", "sonar"),
        ("https://api.groq.com/openai/v1", "openai/gpt-oss-120b"),
        ("https://api.mistral.ai/v1", "mistral-large-latest"),
        ("https://api.x.ai/v1", "grok-4.5"),
        ("https://openrouter.ai/api/v1", "anthropic/claude-sonnet-4.5"),
        ("https://api.anthropic.com", "claude-opus-5-5"),
        ("https://api.together.xyz/v1", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    ],
)
def test_an_address_tells_whose_prices_hold(base_url: str, model: str) -> None:
    card = per_million(at(base_url), model, AT)

    assert card is not None
    assert card.base.input is not None


@pytest.mark.parametrize("model", ["gpt-5-turbo-ultra", "omni-moderation-latest", "", "claude-2"])
def test_a_model_without_a_price_is_unknown_and_not_free(model: str) -> None:
    assert price(OPENAI, model, Usage(1_000, 1_000), AT) is None
    assert per_million(OPENAI, model, AT) is None


def test_counts_that_contradict_each_other_have_no_price() -> None:
    assert price(ANTHROPIC, "claude-opus-5-5", Usage(10, 0, cache_read_tokens=11), AT) is None


def test_a_rate_that_is_missing_for_what_was_used_makes_the_price_unknown() -> None:
    embedding = "text-embedding-3-small"

    assert price(OPENAI, embedding, Usage(1_000_000, 0), AT) == Decimal("0.02")
    assert price(OPENAI, embedding, Usage(1_000, 1), AT) is None


def test_a_card_lists_the_rates_and_the_tiers() -> None:
    assert per_million(OPENAI, "gpt-5.4", AT) == PriceCard(
        Rates(Decimal("2.5"), Decimal("15"), Decimal("0.25")),
        (Rates(Decimal("5"), Decimal("22.5"), Decimal("0.5"), above_tokens=272_000),),
    )


def test_a_fee_for_each_request_is_listed_apart() -> None:
    card = per_million(at("https://api.perplexity.ai"), "sonar", AT)

    assert card is not None
    assert card.per_request == Decimal("0.012")


def test_the_tables_know_context_windows() -> None:
    assert listed_window(OPENAI, "gpt-5-2025-08-07") == 400_000
    assert listed_window(OPENAI, "unheard-of") is None


def test_a_built_in_provider_keeps_its_prices_behind_another_address() -> None:
    overrides: dict[str, EndpointSettings] = {}
    environ = {"OPENAI_BASE_URL": "http://127.0.0.1:4000/v1"}
    moved = load_endpoints(overrides, environ, {}, 60)["openai"]
    usage = Usage(1_000, 1_000)

    assert price(moved, "gpt-5", usage, AT) == price(OPENAI, "gpt-5", usage, AT)
    assert price(moved, "qwen3-8b", usage, AT) is None


@pytest.mark.parametrize("row", [row for row in builtin_rows().values() if row.price_list])
def test_every_row_names_a_list_of_prices_that_there_is(row: Row) -> None:
    listed = [each.id for each in get_snapshot().providers]

    assert row.price_list in listed

from conduit_tui.catalog import facts as module
from conduit_tui.catalog.facts import joined
from conduit_tui.catalog.prices import load_prices
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts

OPENAI = Endpoint("openai", "openai-chat", base_url="https://api.openai.com/v1")


def test_what_the_server_says_counts_before_the_tables() -> None:
    load_prices()
    listed = ModelFacts(
        "gpt-5", context_window=7, max_output_tokens=3, lacks=frozenset({"vision"}), title="Five"
    )

    facts = joined(OPENAI, listed)

    assert (facts.context_window, facts.max_output_tokens, facts.title) == (7, 3, "Five")
    assert facts.can("vision") is False
    assert facts.can("tools") is True
    assert "temperature" in facts.refuses


def test_the_tables_of_prices_know_the_window_at_the_vendors_own_host() -> None:
    load_prices()
    elsewhere = Endpoint("openai", "openai-chat", base_url="http://127.0.0.1:1/v1")

    assert joined(OPENAI, ModelFacts("gpt-5")).context_window == 400_000
    assert joined(elsewhere, ModelFacts("gpt-5")).context_window is None


def test_facts_never_wait_for_the_tables_of_prices(monkeypatch) -> None:
    monkeypatch.setattr(module, "are_prices_loaded", lambda: False)

    assert joined(OPENAI, ModelFacts("gpt-5")).context_window is None
    assert joined(OPENAI, ModelFacts("gpt-5")).max_output_tokens == 128_000


def test_efforts_a_server_names_are_not_refused_by_an_older_table() -> None:
    anthropic = Endpoint("anthropic", "anthropic", base_url="https://api.anthropic.com")
    name = "claude-haiku-4-5"

    facts = joined(anthropic, ModelFacts(name, efforts=("low", "high")))

    assert facts.efforts == ("low", "high")
    assert "effort" not in facts.refuses
    assert "effort" in joined(anthropic, ModelFacts(name)).refuses

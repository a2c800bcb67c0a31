from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.unsent import unsent

NOTHING = ModelFacts("m")


def test_the_chat_wire_has_no_budget_and_no_search_but_by_quirks() -> None:
    assert unsent(Endpoint("x", "openai-chat"), NOTHING) == {"thinking_tokens", "search"}
    with_both = {"reasoning_object": "reasoning", "search": {}}
    assert unsent(Endpoint("x", "openai-chat", quirks=with_both), NOTHING) == frozenset()


def test_a_provider_that_always_searches_is_told_nothing() -> None:
    row = builtin_rows()["perplexity"]
    assert "search" not in unsent(
        Endpoint("perplexity", row.kind, quirks=dict(row.quirks)), NOTHING
    )


def test_of_a_wire_that_is_not_known_nothing_is_left_out() -> None:
    assert unsent(Endpoint("x", "of a plugin"), NOTHING) == frozenset()


def test_what_openai_is_asked_by_depends_on_model_and_host() -> None:
    own = Endpoint("openai", "openai", base_url="https://api.openai.com/v1")
    assert unsent(own, ModelFacts("gpt-5")) == {"stop", "seed", "thinking_tokens"}
    assert unsent(own, ModelFacts("gpt-4o")) == {"thinking_tokens", "search"}
    moved = Endpoint("openai", "openai", base_url="http://127.0.0.1:1/v1")
    assert unsent(moved, ModelFacts("gpt-5")) == {"thinking_tokens", "search"}

from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.providers.unsent import unsent


def test_the_chat_wire_has_no_budget_and_no_search_but_by_quirks() -> None:
    assert unsent(Endpoint("x", "openai-chat")) == {"thinking_tokens", "search"}
    with_both = {"reasoning_object": "reasoning", "search": {}}
    assert unsent(Endpoint("x", "openai-chat", quirks=with_both)) == frozenset()


def test_a_provider_that_always_searches_is_told_nothing() -> None:
    row = builtin_rows()["perplexity"]
    assert "search" not in unsent(Endpoint("perplexity", row.kind, quirks=dict(row.quirks)))


def test_of_a_wire_that_is_not_known_nothing_is_left_out() -> None:
    assert unsent(Endpoint("x", "of a plugin")) == frozenset()

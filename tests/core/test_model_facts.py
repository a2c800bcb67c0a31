"""Facts of models, and how those of two sources are joined."""

from conduit_tui.core.model_facts import ModelFacts


def test_an_ability_is_known_either_way_or_not_at_all() -> None:
    facts = ModelFacts("m", has=frozenset({"vision"}), lacks=frozenset({"tools"}))
    assert facts.can("vision") is True
    assert facts.can("tools") is False
    assert facts.can("audio") is None


def test_what_is_unknown_comes_from_the_other_source() -> None:
    own = ModelFacts("m", context_window=100, has=frozenset({"vision"}))
    other = ModelFacts("m", context_window=200, max_output_tokens=50, efforts=("low", "high"))
    assert own.or_else(other) == ModelFacts(
        "m",
        context_window=100,
        max_output_tokens=50,
        has=frozenset({"vision"}),
        efforts=("low", "high"),
    )


def test_what_is_known_wins_over_the_other_source() -> None:
    own = ModelFacts("m", has=frozenset({"vision"}), lacks=frozenset({"tools"}))
    other = ModelFacts("m", has=frozenset({"tools", "audio"}), lacks=frozenset({"vision"}))
    joined = own.or_else(other)
    assert joined.has == {"vision", "audio"}
    assert joined.lacks == {"tools"}

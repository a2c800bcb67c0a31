import pytest

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.claude import facts_by_name, thinks_unasked, version_of


@pytest.mark.parametrize(
    ("model", "version"),
    [
        ("claude-opus-5-5", (5, 5)),
        ("claude-opus-5", (5, 0)),
        ("claude-sonnet-4-20250514", (4, 0)),
        ("claude-opus-4-1@20250805", (4, 1)),
        ("claude-haiku-4-5-20251001", (4, 5)),
        ("claude-3-7-sonnet-20250219", (3, 7)),
        ("claude-3-5-haiku-latest", (3, 5)),
        ("claude-3-opus-20240229", (3, 0)),
        ("anthropic/claude-opus-4.6", (4, 6)),
        ("us.anthropic.claude-opus-4-7-v1:0", (4, 7)),
        ("Claude-Sonnet-5-5", (5, 5)),
        ("claude-mythos-preview", None),
        ("gpt-5", None),
        ("", None),
    ],
)
def test_a_name_tells_its_version(model: str, version: tuple[int, int] | None) -> None:
    assert version_of(model) == version


@pytest.mark.parametrize(
    ("model", "thinking", "refuses", "unasked"),
    [
        ("claude-3-5-sonnet-latest", "", False, False),
        ("claude-sonnet-4-5", "budget", False, False),
        ("claude-opus-4-6", "adaptive", False, False),
        ("claude-opus-4-7", "adaptive", True, False),
        ("claude-sonnet-5", "adaptive", True, True),
    ],
)
def test_a_version_tells_how_a_model_thinks_and_what_it_refuses(
    model: str, thinking: str, *, refuses: bool, unasked: bool
) -> None:
    facts = facts_by_name(model)

    assert facts.thinking == thinking
    assert ("temperature" in facts.refuses) is refuses
    assert thinks_unasked(model) is unasked
    assert facts.max_output_tokens


def test_of_other_names_nothing_is_known() -> None:
    assert facts_by_name("kimi-k3") == ModelFacts("kimi-k3")

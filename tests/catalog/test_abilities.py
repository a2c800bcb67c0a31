from dataclasses import fields
from typing import get_args

import pytest

from conduit_tui.catalog.abilities import FAMILIES, known_abilities, rules_by_vendor
from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.core.model_facts import Ability, ModelFacts
from conduit_tui.core.params import Params

RULES = [(vendor, rule) for vendor, rules in rules_by_vendor().items() for rule in rules]
EFFORTS = ["none", "default", "minimal", "low", "medium", "high", "xhigh", "max"]


@pytest.mark.parametrize(("vendor", "rule"), RULES)
def test_every_rule_speaks_of_what_there_is(vendor: str, rule) -> None:
    facts = rule.facts

    assert vendor == FAMILIES or vendor in builtin_rows()
    assert rule.patterns
    assert [pattern for pattern in rule.patterns if pattern != pattern.lower()] == []
    assert facts.has | facts.lacks <= set(get_args(Ability))
    assert not facts.has & facts.lacks
    assert facts.refuses <= {field.name for field in fields(Params)}
    assert list(facts.efforts) == sorted(facts.efforts, key=EFFORTS.index)
    assert facts.thinking in {"adaptive", "budget", ""}
    assert not (facts.efforts and "effort" in facts.refuses)
    assert not (facts.thinking == "budget" and "thinking_tokens" in facts.refuses)
    assert not (facts.efforts and "reasoning" in facts.lacks)


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        (name, model)
        for name, row in builtin_rows().items()
        if name in rules_by_vendor()
        for model in row.models
    ],
)
def test_every_suggested_model_of_a_vendor_has_a_rule_of_its_own(provider: str, model: str) -> None:
    assert any(rule.fits(model) for rule in rules_by_vendor()[provider])


@pytest.mark.parametrize(
    ("provider", "model", "refused"),
    [
        ("openai", "gpt-5-mini-2025-08-07", {"temperature", "top_p", "stop", "thinking_tokens"}),
        ("openai", "o3", {"temperature", "top_p", "stop", "thinking_tokens"}),
        ("openai", "gpt-4o-mini", {"effort", "thinking_tokens"}),
        ("openai", "gpt-5.4-mini", {"stop", "thinking_tokens"}),
        ("anthropic", "claude-opus-5-5", {"temperature", "top_p", "seed", "thinking_tokens"}),
        ("anthropic", "claude-opus-4-7", {"temperature", "top_p", "seed", "thinking_tokens"}),
        ("anthropic", "claude-opus-4-6", {"seed"}),
        ("anthropic", "claude-haiku-4-5-20251001", {"seed", "effort"}),
        ("google", "gemini-3.8-flash", {"thinking_tokens"}),
        ("google", "models/gemini-2.5-pro", {"effort"}),
        ("xai", "grok-4-0709", {"stop", "effort", "thinking_tokens"}),
    ],
)
def test_what_a_model_refuses(provider: str, model: str, refused: set[str]) -> None:
    assert known_abilities(provider, model).refuses == refused


@pytest.mark.parametrize(
    ("provider", "model", "efforts"),
    [
        ("openai", "gpt-5", "minimal low medium high"),
        ("openai", "gpt-5-pro-2025-10-06", "high"),
        ("openai", "gpt-5.1", "none low medium high"),
        ("openai", "gpt-5.1-codex-max", "low medium high xhigh"),
        ("openai", "gpt-5.1-codex", "low medium high"),
        ("openai", "gpt-5.6-sol", "none low medium high xhigh max"),
        ("openai", "gpt-6.2-sol", "low medium high xhigh max"),
        ("anthropic", "claude-opus-4-5", "low medium high"),
        ("anthropic", "claude-sonnet-4-6", "low medium high max"),
        ("anthropic", "claude-sonnet-5-5", "low medium high xhigh max"),
        ("google", "gemini-3.1-pro-preview", "low medium high"),
        ("xai", "grok-4.3", "none low medium high"),
        ("groq", "openai/gpt-oss-120b", "low medium high"),
    ],
)
def test_the_words_a_model_takes_as_effort(provider: str, model: str, efforts: str) -> None:
    assert " ".join(known_abilities(provider, model).efforts) == efforts


@pytest.mark.parametrize(
    ("provider", "model", "ability", "can"),
    [
        ("openai", "gpt-5", "vision", True),
        ("openai", "o3-mini", "vision", False),
        ("openai", "gpt-5-chat-latest", "tools", False),
        ("openai", "gpt-image-2", "image", True),
        ("anthropic", "claude-3-haiku-20240307", "reasoning", False),
        ("google", "gemini-3-pro-image-preview", "image", True),
        ("google", "gemini-3.8-flash", "audio", True),
        ("perplexity", "sonar-pro", "search", True),
        ("perplexity", "sonar-pro", "tools", False),
        ("deepseek", "deepseek-v4-pro", "vision", False),
        ("mistral", "mistral-medium-latest", "reasoning", True),
        ("groq", "meta-llama/llama-4-scout-17b-16e-instruct", "vision", True),
        ("ollama", "llama3.2-vision:11b", "vision", True),
        ("ollama", "llama3.2:3b", "tools", True),
        ("ollama", "nomic-embed-text", "tools", False),
        ("lmstudio", "qwen/qwen3-8b", "reasoning", True),
        ("openrouter", "anthropic/claude-sonnet-4.5", "vision", True),
        ("openrouter", "google/gemini-2.5-flash", "audio", True),
        ("groq", "gpt-5", "vision", True),
        ("openai", "qwen2.5-7b-instruct", "tools", True),
        ("vllm", "qwen3-omni-30b-a3b", "vision", True),
        ("vllm", "qwen3.6-27b", "vision", True),
        ("vllm", "nvidia/llama-3.1-nemotron-nano-vl-8b", "vision", True),
        ("vllm", "deepseek-r1-distill-llama-70b", "reasoning", True),
        ("ollama", "somebodys-own", "vision", None),
        ("openai", "brand-new", "tools", None),
    ],
)
def test_what_a_model_can_do(provider: str, model: str, ability: Ability, can: bool | None) -> None:
    assert known_abilities(provider, model).can(ability) is can


def test_who_passes_a_model_on_refuses_what_it_likes() -> None:
    facts = known_abilities("openrouter", "openai/gpt-5")

    assert facts.refuses == frozenset()
    assert facts.efforts == ()
    assert facts.max_output_tokens is None


def test_of_an_unknown_model_nothing_is_known() -> None:
    assert known_abilities("openai", "brand-new") == ModelFacts("brand-new")

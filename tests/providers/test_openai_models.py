from dataclasses import replace

import pytest

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.providers.openai_models import (
    has_reasoning_name,
    is_openai,
    may_reason,
    refused_params,
    wants_responses,
)
from tests.providers.asking import endpoint

OPENAI = endpoint("https://api.openai.com/v1")
EUROPE = endpoint("https://eu.api.openai.com/v1")
AZURE = endpoint("https://me.openai.azure.com/openai/v1")
OTHER = endpoint("https://models.example/v1")


def asked(model: str, facts: ModelFacts | None = None, **params: str) -> Request:
    return Request(model, (), Params(**params), facts=facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "model",
    [
        "o1",
        "o1-pro",
        "o3-deep-research",
        "o4-mini-2025-04-16",
        "gpt-5",
        "gpt-5.6-sol",
        "gpt-6",
        "gpt-10-mini",
        "codex-mini-latest",
        "gpt-5-codex",
        "ft:o4-mini:me::1",
        "computer-use-preview",
    ],
)
def test_names_of_reasoning_models(model: str) -> None:
    assert has_reasoning_name(model)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o",
        "gpt-4.1",
        "gpt-4.5-preview",
        "chatgpt-4o-latest",
        "gpt-3.5-turbo",
        "gpt-oss-120b",
        "gpt-5-chat-latest",
        "gpt-5-search-api",
        "gpt-image-1",
        "o",
        "omni",
        "qwen3",
        "phi-4",
    ],
)
def test_names_of_others(model: str) -> None:
    assert not has_reasoning_name(model)


def test_only_reasoning_models_at_openais_own_host_are_asked_by_responses() -> None:
    assert wants_responses(asked("gpt-5").known, OPENAI)
    assert wants_responses(asked("o3").known, EUROPE)
    assert not wants_responses(asked("gpt-4.1").known, OPENAI)
    assert not wants_responses(asked("gpt-5").known, AZURE)
    assert not wants_responses(asked("gpt-5").known, OTHER)


def test_what_is_known_of_a_model_goes_before_its_name() -> None:
    does = ModelFacts("nova", has=frozenset({"reasoning"}))
    does_not = ModelFacts("gpt-5", lacks=frozenset({"reasoning"}))

    assert wants_responses(asked("nova", does).known, OPENAI)
    assert not wants_responses(asked("gpt-5", does_not).known, OPENAI)


def test_the_rules_of_openai_hold_at_its_gateways_too() -> None:
    gateway = endpoint("http://127.0.0.1:9/v1")
    named = replace(gateway, name="openai")

    assert is_openai(AZURE, "deployment")
    assert is_openai(named, "gpt-5")
    assert not is_openai(named, "qwen3")
    assert not is_openai(gateway, "gpt-5")
    assert refused_params(asked("gpt-5"), named) == {"temperature", "top_p", "stop"}
    assert refused_params(asked("gpt-5", effort="none"), named) == {"stop"}
    assert refused_params(asked("gpt-5"), gateway) == frozenset()


def test_fields_for_reasoning_go_to_models_nobody_knows() -> None:
    assert may_reason(asked("qwen3"), OTHER)
    assert not may_reason(asked("gpt-4o"), OTHER)
    assert not may_reason(asked("gpt-4o"), OPENAI)

"""Items as servers list them (shortened), and what is known of the model then."""

from typing import Any

import pytest

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.model_list import listed_models

OPENROUTER = {
    "id": "google/gemini-3-pro",
    "name": "Google: Gemini 3 Pro",
    "context_length": 1048576,
    "architecture": {
        "input_modalities": ["text", "image", "file", "audio"],
        "output_modalities": ["text"],
    },
    "top_provider": {"context_length": 1000000, "max_completion_tokens": 65536},
    "supported_parameters": ["tools", "reasoning", "temperature", "seed"],
}
MISTRAL = {
    "id": "mistral-small-latest",
    "name": "mistral-small-2506",
    "max_context_length": 131072,
    "capabilities": {"completion_chat": True, "function_calling": True, "vision": False},
}
LM_STUDIO = {
    "id": "qwen3-vl-8b",
    "type": "vlm",
    "quantization": "Q4_K_M",
    "state": "loaded",
    "max_context_length": 262144,
    "loaded_context_length": 8192,
    "capabilities": ["tool_use"],
}


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        (
            OPENROUTER,
            ModelFacts(
                "google/gemini-3-pro",
                1048576,
                65536,
                has=frozenset({"vision", "files", "audio", "tools", "reasoning"}),
                lacks=frozenset({"image"}),
                refuses=frozenset({"top_p", "stop"}),
                title="Google: Gemini 3 Pro",
            ),
        ),
        (
            MISTRAL,
            ModelFacts(
                "mistral-small-latest",
                131072,
                has=frozenset({"tools"}),
                lacks=frozenset({"vision"}),
                title="mistral-small-2506",
            ),
        ),
        (
            LM_STUDIO,
            ModelFacts(
                "qwen3-vl-8b", 8192, has=frozenset({"vision", "tools"}), note="Q4_K_M loaded"
            ),
        ),
        (
            {"id": "llama-3.3-70b", "context_window": 131072, "max_completion_tokens": 32768},
            ModelFacts("llama-3.3-70b", 131072, 32768),
        ),
        ({"id": "vllm", "max_model_len": 4096}, ModelFacts("vllm", 4096)),
        ({"id": "m", "metadata": {"context_length": 4096}}, ModelFacts("m", 4096)),
        ({"id": "m", "limits": {"max_input_tokens": 4096}}, ModelFacts("m", 4096)),
        ({"id": "m.gguf", "meta": {"n_ctx_train": 40960}}, ModelFacts("m.gguf", 40960)),
        ({"id": "m", "context_length": "8192"}, ModelFacts("m", 8192)),
        ({"id": "m", "context_length": 0, "max_model_len": None}, ModelFacts("m")),
        (
            {"id": "fw", "supports_image_input": True, "supports_tools": False},
            ModelFacts("fw", has=frozenset({"vision"}), lacks=frozenset({"tools"})),
        ),
    ],
)
def test_what_a_server_says_of_a_model(item: Any, facts: ModelFacts) -> None:
    assert listed_models({"data": [item]}) == (facts,)


def test_two_lists_of_the_same_models_are_joined() -> None:
    listed: Any = {
        "data": [{"id": "m", "meta": {"n_ctx_train": 40960}}],
        "models": [{"name": "m", "capabilities": ["completion", "multimodal"]}],
    }

    assert listed_models(listed) == (ModelFacts("m", 40960, has=frozenset({"vision"})),)


@pytest.mark.parametrize(
    "item",
    [
        {"id": "nomic", "type": "embeddings"},
        {"id": "text-embedding-3-small"},
        {"id": "mistral-ocr", "capabilities": {"completion_chat": False}},
        {"id": "whisper-large-v3"},
        {"id": "tts-1-hd"},
        {"id": "gpt-4o-mini-tts"},
        {"id": "omni-moderation-latest"},
        {"id": "flux", "type": "image"},
        {"id": "ada", "capabilities": {"chat_completion": False}},
        {"id": "flux", "supports_chat": False},
        {"id": "aya", "endpoints": ["classify"]},
    ],
)
def test_models_that_do_not_chat_are_left_out(item: Any) -> None:
    assert listed_models({"data": [item, {"id": "chat"}]}) == (ModelFacts("chat"),)


@pytest.mark.parametrize(
    "listed",
    [
        ["a", "b"],
        [{"id": "a"}, {"id": "a"}, {"id": "b"}],
        {"data": [{"id": "a"}, {"id": "b"}]},
        {"data": {"models": [{"id": "a"}, "b"]}},
        {"models": {"a": {"id": "a"}, "b": None}},
        {"model_names": ["a", "b"]},
    ],
)
def test_a_list_may_stand_in_many_places(listed: Any) -> None:
    assert listed_models(listed) == (ModelFacts("a"), ModelFacts("b"))


@pytest.mark.parametrize("listed", [None, [], {}, {"data": None}, {"data": [None, 7, {}]}, "x"])
def test_anything_else_lists_nothing(listed: Any) -> None:
    assert listed_models(listed) == ()

"""Models out of what servers answer when asked for them, with what they say of each.

The list as OpenAI has it gives names alone; what else there is, servers name as they like:

| server | window | abilities |
| --- | --- | --- |
| OpenRouter | context_length, top_provider | architecture, supported_parameters |
| Mistral | max_context_length | capabilities |
| Groq | context_window, max_completion_tokens | |
| vLLM | max_model_len | |
| llama.cpp | meta.n_ctx, meta.n_ctx_train | capabilities of its second list, `models` |
| LM Studio | loaded_context_length, max_context_length | type, capabilities |
| Together, Fireworks | context_length | type, supports_chat, supports_image_input, supports_tools |
| Azure | | capabilities.chat_completion |
| Cohere | context_length | endpoints |
| GitHub | limits.max_input_tokens | supported_input_modalities |
| DeepInfra | metadata.context_length | |
"""

import re

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts
from conduit_tui.providers.shapes import as_list, as_object, as_size, as_text

_NOT_FOR_CHAT = {
    *("embedding", "embeddings", "rerank", "reranker", "moderation"),
    *("image", "audio", "video", "transcribe"),
}
_LISTS = ("data", "models", "model_names")
_NO_CHAT_NAME = re.compile(
    r"embed|rerank|moderation|whisper|transcribe|realtime|\btts\b|dall-e|gpt-image|\bsora\b"
    r"|^(?:babbage|davinci)-",
    re.IGNORECASE,
)
_WINDOWS = (
    "loaded_context_length",
    "context_length",
    "max_model_len",
    "context_window",
    "max_context_length",
    "n_ctx",
    "n_ctx_train",
    "max_input_tokens",
)
_ABILITIES: dict[str, Ability] = {
    "vision": "vision",
    "image": "vision",
    "multimodal": "vision",
    "image_input": "vision",
    "supports_image_input": "vision",
    "file": "files",
    "pdf": "files",
    "audio": "audio",
    "reasoning": "reasoning",
    "include_reasoning": "reasoning",
    "thinking": "reasoning",
    "tools": "tools",
    "tool_use": "tools",
    "tool_calls": "tools",
    "function_calling": "tools",
    "supports_tools": "tools",
    "web_search": "search",
}
_PARAMETERS = {"temperature": "temperature", "top_p": "top_p", "stop": "stop", "seed": "seed"}
_SAFE_NOTE = re.compile(r"[\w. :+/-]{1,40}")


def listed_models(listed: Json) -> tuple[ModelFacts, ...]:
    """Return the models in `{"data": [{"id"}]}`, `{"models": [{"name"}]}` or a list, once each.

    Google puts `models/` in front; requests go without it. Models that do not chat are left out.
    """
    holder = as_object(listed)
    items = _items(listed)
    twins = {_name(as_object(item)): as_object(item) for item in as_list(holder.get("models"))}
    distinct: dict[str, ModelFacts] = {}
    for item in items:
        fields = as_object(item)
        name = (as_text(item) or _name(fields)).removeprefix("models/")
        if name and name not in distinct and not _is_not_for_chat(name, fields):
            facts = _facts(name, fields)
            distinct[name] = facts.or_else(_facts(name, twins.get(name, {})))
    return tuple(distinct.values())


def _items(listed: Json) -> list[Json]:
    """The entries, wherever they stand; a table of names is a list of them."""
    if isinstance(listed, list):
        return listed
    holder = as_object(listed)
    inner = as_object(holder.get("data"))
    places: list[Json] = [one.get(name) for one in (holder, inner) for name in _LISTS]
    if found := next((one for one in places if isinstance(one, list) and one), None):
        return found
    tables = (as_object(place).items() for place in places)
    return [{"name": name, **as_object(fields)} for table in tables for name, fields in table]


def _name(item: dict[str, Json]) -> str:
    return next(filter(None, (as_text(item.get(key)) for key in ("id", "name", "model"))), "")


def _is_not_for_chat(name: str, item: dict[str, Json]) -> bool:
    if _NO_CHAT_NAME.search(name) or as_text(item.get("type")).lower() in _NOT_FOR_CHAT:
        return True
    if (endpoints := as_list(item.get("endpoints"))) and "chat" not in endpoints:
        return True
    can = as_object(item.get("capabilities"))
    said = (can.get("completion_chat"), can.get("chat_completion"), item.get("supports_chat"))
    return any(one is False for one in said)


def _facts(name: str, item: dict[str, Json]) -> ModelFacts:
    top = as_object(item.get("top_provider"))
    inside = (as_object(item.get(place)) for place in ("meta", "metadata", "limits"))
    holders = (item, top, *inside)
    sizes = (as_size(holder.get(field)) for field in _WINDOWS for holder in holders)
    limits = (top.get("max_completion_tokens"), item.get("max_completion_tokens"))
    has, lacks = _abilities(item)
    title = as_text(item.get("name")) or as_text(item.get("display_name"))
    return ModelFacts(
        name,
        context_window=next(filter(None, sizes), None),
        max_output_tokens=next(filter(None, map(as_size, limits)), None),
        has=frozenset(has),
        lacks=frozenset(lacks - has),
        refuses=_refused(item),
        title="" if title.removeprefix("models/") == name else title,
        note=_note(item),
    )


def _abilities(item: dict[str, Json]) -> tuple[set[Ability], set[Ability]]:
    """What a model has and what it lacks; a list that leaves one out says that it lacks it."""
    has: set[Ability] = set()
    lacks: set[Ability] = set()
    architecture = as_object(item.get("architecture"))
    said = (
        architecture.get("input_modalities"),
        item.get("input_modalities"),
        item.get("supported_input_modalities"),
    )
    inputs = next((one for one in said if isinstance(one, list) and one), None)
    if inputs:
        has |= _named(inputs)
        lacks |= {"vision", "audio"}
    outputs = as_list(architecture.get("output_modalities"))
    if outputs:
        (has if "image" in outputs else lacks).add("image")
    if supported := as_list(item.get("supported_parameters")):
        has |= _named(supported) & {"tools", "reasoning"}
        lacks |= {"tools", "reasoning"}
    capabilities = item.get("capabilities")
    if isinstance(capabilities, list):
        has |= _named(capabilities)
    for word, value in {**item, **as_object(capabilities)}.items():
        if isinstance(value, bool) and word in _ABILITIES:
            (has if value else lacks).add(_ABILITIES[word])
    if as_text(item.get("type")) == "vlm":
        has.add("vision")
    elif as_text(item.get("type")) == "llm":
        lacks.add("vision")
    return has, lacks


def _named(words: list[Json]) -> set[Ability]:
    return {_ABILITIES[word] for word in words if isinstance(word, str) and word in _ABILITIES}


def _refused(item: dict[str, Json]) -> frozenset[str]:
    """Parameters that a list of the supported ones leaves out."""
    supported = as_list(item.get("supported_parameters"))
    if not supported:
        return frozenset()
    return frozenset(field for word, field in _PARAMETERS.items() if word not in supported)


def _note(item: dict[str, Json]) -> str:
    """What a local server says of the file it runs: size and quantization."""
    fields = ("parameter_size", "quantization", "quantization_level", "state")
    words = (as_text(item.get(field)) for field in fields)
    return " ".join(word for word in words if _SAFE_NOTE.fullmatch(word))

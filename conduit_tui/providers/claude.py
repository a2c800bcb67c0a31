"""What the name of a Claude model tells, and what the list of Anthropic's server says of it.

From https://platform.claude.com/docs: adaptive thinking and no prefill since 4.6, no sampling
parameters since 4.7, thinking without being asked since 5.
"""

import re

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts, ThinkingStyle
from conduit_tui.providers.shapes import as_count, as_object, as_text

EFFORTS = ("low", "medium", "high", "xhigh", "max")

_VERSION = re.compile(r"claude-(?:[a-z]+-)*(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?")
_MOST_OUTPUT = (
    ((5, 0), 128_000),
    ((4, 5), 64_000),
    ((4, 0), 32_000),
    ((3, 7), 64_000),
    ((3, 5), 8_192),
    ((0, 0), 4_096),
)
_ABILITIES: dict[str, Ability] = {
    "image_input": "vision",
    "pdf_input": "files",
    "thinking": "reasoning",
}


def version_of(model: str) -> tuple[int, int] | None:
    """The version in the name of a Claude model, such as (4, 5); None for other names."""
    found = _VERSION.search(model.lower())
    return (int(found[1]), int(found[2] or 0)) if found else None


def thinks_unasked(model: str) -> bool:
    """Whether a model thinks though nobody asked, and keeps its thoughts to itself then."""
    return (version_of(model) or (0, 0)) >= (5, 0)


def facts_by_name(model: str) -> ModelFacts:
    """What the version in a name tells; nothing for other names."""
    version = version_of(model)
    if version is None:
        return ModelFacts(model)
    thinking: ThinkingStyle = "adaptive" if version >= (4, 6) else "budget"
    return ModelFacts(
        model,
        max_output_tokens=next(most for since, most in _MOST_OUTPUT if version >= since),
        thinking=thinking if version >= (3, 7) else "",
        lacks=frozenset() if version >= (3, 7) else frozenset({"reasoning"}),
        refuses=frozenset({"temperature", "top_p"}) if version >= (4, 7) else frozenset(),
    )


def listed_facts(item: dict[str, Json]) -> ModelFacts:
    """What an entry of `/v1/models` says of a model."""
    able = as_object(item.get("capabilities"))
    supported: dict[Ability, bool | None] = {
        ability: _is_supported(able.get(name)) for name, ability in _ABILITIES.items()
    }
    supported["search"] = _is_supported(as_object(able.get("server_tools")).get("web_search"))
    effort = as_object(able.get("effort"))
    return ModelFacts(
        as_text(item.get("id")),
        context_window=as_count(item.get("max_input_tokens")) or None,
        max_output_tokens=as_count(item.get("max_tokens")) or None,
        has=frozenset(ability for ability, is_so in supported.items() if is_so),
        lacks=frozenset(ability for ability, is_so in supported.items() if is_so is False),
        efforts=tuple(word for word in EFFORTS if _is_supported(effort.get(word))),
        thinking=_thinking(as_object(as_object(able.get("thinking")).get("types"))),
        title=as_text(item.get("display_name")),
        note="deprecated" if item.get("lifecycle") == "deprecated" else "",
    ).or_else(facts_by_name(as_text(item.get("id"))))


def _thinking(types: dict[str, Json]) -> ThinkingStyle:
    if _is_supported(types.get("adaptive")):
        return "adaptive"
    return "budget" if _is_supported(types.get("enabled")) else ""


def _is_supported(capability: Json) -> bool | None:
    word = as_object(capability).get("supported")
    return word if isinstance(word, bool) else None

"""Which sampling settings a wire has no field for: they are left out, and that is told."""

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import SAMPLING
from conduit_tui.providers.openai_models import wants_responses

_BY_WIRE = {
    "anthropic": {"seed"},
    "ollama": {"search"},
    "openai-responses": {"stop", "seed", "thinking_tokens"},
    "scripted": set[str](),
}


def unsent(endpoint: Endpoint, facts: ModelFacts) -> frozenset[str]:
    """The settings that requests to this model cannot carry; a wire not known here has all."""
    kind = endpoint.kind
    if kind == "openai":
        kind = "openai-responses" if wants_responses(facts, endpoint) else "openai-chat"
    if kind != "openai-chat":
        return frozenset(_BY_WIRE.get(kind, ()))
    carried = {"reasoning_object": "thinking_tokens", "search": "search"}
    missing = {name for quirk, name in carried.items() if quirk not in endpoint.quirks}
    return frozenset(missing.intersection(SAMPLING))

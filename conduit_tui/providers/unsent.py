"""Which sampling settings a wire has no field for: they are left out, and that is told."""

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.params import SAMPLING

_BY_WIRE = {
    "anthropic": {"seed"},
    "ollama": {"search"},
    "openai-responses": {"stop", "seed", "thinking_tokens"},
    "scripted": set[str](),
}


def unsent(endpoint: Endpoint) -> frozenset[str]:
    """The settings that requests to this endpoint cannot carry; a wire not known here has all."""
    if endpoint.kind != "openai-chat":
        return frozenset(_BY_WIRE.get(endpoint.kind, ()))
    carried = {"reasoning_object": "thinking_tokens", "search": "search"}
    missing = {name for quirk, name in carried.items() if quirk not in endpoint.quirks}
    return frozenset(missing.intersection(SAMPLING))

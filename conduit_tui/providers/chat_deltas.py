"""What a choice of the chat wire adds, in the shape that the wire means.

Seen in use: a whole `message` in an event, the `text` of the older completions wire, the
`function_call` that came before `tool_calls`, and a single call that stands in no list.
"""

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_object, as_text

_REASONS = {
    "stop": "end_turn",
    "eos": "end_turn",
    "eos_token": "end_turn",
    "end_turn": "end_turn",
    "complete": "end_turn",
    "length": "max_tokens",
    "max_tokens": "max_tokens",
    "tool_calls": "tool_calls",
    "tool_call": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "sensitive": "content_filter",
}
_BROKEN_OFF = {
    "error": "the generation failed",
    "network_error": "its model failed (network_error)",
    "insufficient_system_resource": "it ran out of resources (insufficient_system_resource)",
    "abort": "the generation was aborted",
}
"""Zhipu, DeepSeek, and vLLM end an answer that was not finished by such words."""


def delta_of(choice: dict[str, Json], *, has_deltas: bool) -> dict[str, Json]:
    """Return the delta. A `message` or `text` counts while there were none: it may repeat them."""
    delta = choice.get("delta")
    if delta is None and not has_deltas:
        delta = choice.get("message") or {"content": choice.get("text")}
    return _with_calls(as_object(delta))


def reason_of(word: str) -> str:
    """Return our word for a finish reason; one that is unknown stays."""
    return _REASONS.get(word.lower(), word)


def broken_off(choice: dict[str, Json]) -> Json:
    """What went wrong, where the finish reason says that something did; None otherwise."""
    why = _BROKEN_OFF.get(as_text(choice.get("finish_reason")).lower())
    if why is None:
        return None
    return choice.get("error") or {"message": why, "type": "service_unavailable"}


def _with_calls(delta: dict[str, Json]) -> dict[str, Json]:
    calls, function = delta.get("tool_calls"), delta.get("function_call")
    if isinstance(calls, dict):
        return {**delta, "tool_calls": [calls]}
    if not calls and isinstance(function, dict):
        return {**delta, "tool_calls": [{"index": 0, "function": function}]}
    return delta

"""Token counts of the chat completions wire, as our totals."""

from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.shapes import as_count, as_object


def usage_of(chunk: dict[str, Json]) -> Usage | None:
    """Return the usage a chunk reports, wherever it keeps it; None if it reports none."""
    counts = as_object(chunk.get("usage")) or as_object(as_object(chunk.get("x_groq")).get("usage"))
    if not counts:
        return None
    inputs = as_object(counts.get("prompt_tokens_details"))
    outputs = as_object(counts.get("completion_tokens_details"))
    read = inputs.get("cached_tokens") or counts.get("prompt_cache_hit_tokens")
    reasoning = outputs.get("reasoning_tokens") or counts.get("reasoning_tokens")
    return Usage(
        input_tokens=as_count(counts.get("prompt_tokens")),
        output_tokens=_output(counts, as_count(reasoning)),
        cache_read_tokens=as_count(read),
        cache_write_tokens=as_count(inputs.get("cache_write_tokens")),
        reasoning_tokens=as_count(reasoning),
    )


def _output(counts: dict[str, Json], reasoning: int) -> int:
    """The output with its reasoning; xAI counts the two apart, which its total shows."""
    output = as_count(counts.get("completion_tokens"))
    apart = as_count(counts.get("prompt_tokens")) + output + reasoning
    return output + reasoning if apart == as_count(counts.get("total_tokens")) else output

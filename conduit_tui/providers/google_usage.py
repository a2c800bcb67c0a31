"""Token counts of Gemini's API, as our totals.

https://ai.google.dev/api/generate-content#UsageMetadata
"""

from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.shapes import as_count


def usage_of(counts: dict[str, Json]) -> Usage:
    """Return the usage that `usageMetadata` reports.

    The prompt includes what was cached, but not what Google's own tools found and gave the model
    to read; the answer does not include its thoughts.
    """
    thoughts = as_count(counts.get("thoughtsTokenCount"))
    found = as_count(counts.get("toolUsePromptTokenCount"))
    return Usage(
        input_tokens=as_count(counts.get("promptTokenCount")) + found,
        output_tokens=as_count(counts.get("candidatesTokenCount")) + thoughts,
        cache_read_tokens=as_count(counts.get("cachedContentTokenCount")),
        reasoning_tokens=thoughts,
    )

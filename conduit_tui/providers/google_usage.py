"""Token counts of Gemini's API, as our totals.

https://ai.google.dev/api/generate-content#UsageMetadata
"""

from collections.abc import Iterator

from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.shapes import as_count, as_list, as_object, as_text

_KINDS = {"AUDIO": "audio", "IMAGE": "image", "DOCUMENT": "image", "VIDEO": "video"}
_DETAILS = {
    "promptTokensDetails": ("input_{}_tokens",),
    "cacheTokensDetails": ("cache_{}_read_tokens",),
    "toolUsePromptTokensDetails": ("input_{}_tokens", "input_{}_tool_tokens"),
    "candidatesTokensDetails": ("output_{}_tokens",),
}


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
        apart=tuple(_apart(counts)),
    )


def _apart(counts: dict[str, Json]) -> Iterator[tuple[str, int]]:
    """The tokens of images, sound and video, which have prices of their own."""
    found: dict[str, int] = {}
    for field, names in _DETAILS.items():
        for detail in map(as_object, as_list(counts.get(field))):
            kind = _KINDS.get(as_text(detail.get("modality")))
            count = as_count(detail.get("tokenCount"))
            for name in names if kind and count else ():
                whole = name.format(kind)
                found[whole] = found.get(whole, 0) + count
    yield from found.items()

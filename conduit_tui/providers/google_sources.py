"""The sources of an answer: of a search on the web, of pages that were read, of quotations.

https://ai.google.dev/api/generate-content#GroundingMetadata, #UrlContextMetadata, #CitationMetadata
"""

from collections.abc import Iterator

from conduit_tui.core.json import Json
from conduit_tui.core.message import Citation
from conduit_tui.providers.shapes import as_list, as_object, as_text

_KINDS_OF_CHUNK = ("web", "retrievedContext", "maps", "image")


class Sources:
    """Gathers the sources of one answer, each address once, in the order they came."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}

    def read(self, candidate: dict[str, Json]) -> tuple[Citation, ...] | None:
        """Take in what a candidate names; return all sources so far if there are new ones."""
        before = dict(self._titles)
        for url, title in _named(candidate):
            if url and not self._titles.get(url):
                self._titles[url] = title
        if self._titles == before:
            return None
        return tuple(Citation(url, title) for url, title in self._titles.items())


def _named(candidate: dict[str, Json]) -> Iterator[tuple[str, str]]:
    grounding = as_object(candidate.get("groundingMetadata"))
    for chunk in map(as_object, as_list(grounding.get("groundingChunks"))):
        for kind in _KINDS_OF_CHUNK:
            source = as_object(chunk.get(kind))
            url = as_text(source.get("uri")) or as_text(source.get("sourceUri"))
            yield url, as_text(source.get("title"))
    pages = as_object(candidate.get("urlContextMetadata"))
    for page in map(as_object, as_list(pages.get("urlMetadata"))):
        yield as_text(page.get("retrievedUrl")), ""
    quoted = as_object(candidate.get("citationMetadata"))
    for source in map(as_object, as_list(quoted.get("citationSources") or quoted.get("citations"))):
        yield as_text(source.get("uri")), as_text(source.get("title"))

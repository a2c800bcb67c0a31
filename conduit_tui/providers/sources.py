"""The sources of an answer, in the order of its marks `[1]`, `[2]`, ..."""

from conduit_tui.core.json import Json
from conduit_tui.core.message import Citation
from conduit_tui.providers.shapes import as_list, as_object, as_text


class Sources:
    """Collects what a stream says of its sources; `known` are all so far."""

    def __init__(self) -> None:
        self._search: Json = None
        self._titled: dict[str, Citation] = {}
        self._numbered: tuple[Citation, ...] = ()
        self._annotated: dict[str, Citation] = {}
        self.known: tuple[Citation, ...] = ()

    def add_search(self, chunk: dict[str, Json]) -> None:
        """Take in Perplexity's lists, which every chunk repeats whole.

        `citations` are addresses by their number, so one that is there twice stays so;
        `search_results` have titles and dates.
        """
        said: list[Json] = [chunk.get("citations"), chunk.get("search_results")]
        if not any(said) or said == self._search:
            return
        self._search = said
        results = [_of_result(one) for one in map(as_object, as_list(said[1]))]
        self._titled |= {one.url: one for one in results if one.title}
        urls = [url for url in as_list(said[0]) if isinstance(url, str) and url]
        numbered = urls or [one.url for one in results if one.url]
        self._numbered = tuple(self._titled.get(url) or Citation(url) for url in numbered)
        self._gather()

    def add_annotations(self, annotations: list[Json]) -> None:
        """Take in annotations of a text: OpenAI's, flat or within `url_citation`, each once."""
        for annotation in map(as_object, annotations):
            if annotation.get("type") == "url_citation":
                fields = as_object(annotation.get("url_citation")) or annotation
                if url := as_text(fields.get("url")):
                    self._annotated.setdefault(url, Citation(url, as_text(fields.get("title"))))
        self._gather()

    def add_results(self, results: list[Json]) -> None:
        """Take in what searches found, each address once."""
        for one in map(_of_result, map(as_object, results)):
            if one.url:
                self._annotated.setdefault(one.url, one)
        self._gather()

    def _gather(self) -> None:
        numbered = {one.url for one in self._numbered}
        more = (one for url, one in self._annotated.items() if url not in numbered)
        self.known = (*self._numbered, *more)


def _of_result(result: dict[str, Json]) -> Citation:
    date = as_text(result.get("date")) or as_text(result.get("last_updated"))
    kept: Json = {"perplexity": {"date": date}} if date else None
    return Citation(as_text(result.get("url")), as_text(result.get("title")), kept)

"""What came so far of each output item of a response, so that nothing is missed or said twice.

Every text of the Responses wire comes up to four times: in deltas, at its own end, at the end of
its item, and in the last event. What was not in deltas is taken from the next that has it.
"""

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_list, as_object, as_text


class Output:
    """One output item on its way: its texts by kind and index, and its place among the calls."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, int], list[str]] = {}
        self.position: int | None = None
        self.is_done = False

    @property
    def has_text(self) -> bool:
        """Whether any of its texts has begun."""
        return any(self.texts.values())

    def more(self, event: dict[str, Json], kind: str, index: str, whole: str) -> str:
        """The next piece of a text: a delta, or what its end has and no delta had."""
        number = event.get(index)
        key = (kind, number if isinstance(number, int) else 0)
        pieces = self.texts.get(key)
        if pieces is None:
            pieces = self.texts[key] = []
        delta = event.get("delta")
        if isinstance(delta, str):
            if delta:
                pieces.append(delta)
            return delta
        return self.rest(key, as_text(event.get(whole)))

    def rest(self, key: tuple[str, int], whole: str) -> str:
        """What a whole text has behind the pieces that came; nothing if it begins otherwise."""
        pieces = self.texts.setdefault(key, [])
        had = "".join(pieces)
        if not whole.startswith(had) or whole == had:
            return ""
        pieces[:] = [whole]
        return whole[len(had) :]


class Outputs:
    """The items of one response."""

    def __init__(self) -> None:
        self._known: dict[int | str, Output] = {}
        self.last = Output()

    def of(self, event: dict[str, Json]) -> Output:
        """The item that an event belongs to: by index, else by id, else the last one."""
        key = event.get("output_index")
        if not isinstance(key, int):
            key = as_text(event.get("item_id")) or as_text(as_object(event.get("item")).get("id"))
        if key != "":
            output = self._known.get(key)
            if output is None:
                output = self._known[key] = Output()
            self.last = output
        return self.last

    def missing(self, response: dict[str, Json]) -> list[dict[str, Json]]:
        """The items of a whole response whose end was not seen, as events that tell it."""
        missing: list[dict[str, Json]] = []
        for index, item in enumerate(as_list(response.get("output"))):
            by_id = self._known.get(as_text(as_object(item).get("id")))
            known = self._known.get(index) or by_id
            if known is None or not known.is_done:
                at: dict[str, Json] = {"item": item}
                missing.append(at if known and known is by_id else {**at, "output_index": index})
        return missing

"""Arguments of a function call that come in pieces, each with the path of its value.

https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling
(streamFunctionCallArguments): a string may come in several pieces, everything else comes whole.
"""

import json
import re
from collections.abc import Iterator

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_text

MOST_STEPS = 50
"""Steps of a path that are followed; what is deeper could not be shown or stored."""

_STEP = re.compile(r"""\.([^.\[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]""")


class Arguments:
    """Grows by `take`; `written` is the object so far as JSON text."""

    def __init__(self) -> None:
        self._root: dict[str, Json] = {}
        self._open = ""
        self._pieces: list[str] = []

    def take(self, piece: dict[str, Json]) -> None:
        """Take in a value or a piece of one. A path that cannot be followed is left out."""
        path = as_text(piece.get("jsonPath"))
        if path != self._open:
            self._close()
        if "stringValue" in piece:
            self._open = path
            self._pieces.append(as_text(piece.get("stringValue")))
            if piece.get("willContinue") is not True:
                self._close()
        elif "numberValue" in piece or "boolValue" in piece or "nullValue" in piece:
            self._put(path, piece.get("numberValue", piece.get("boolValue")))

    def join(self, whole: dict[str, Json]) -> None:
        """Take in arguments that came whole."""
        self._root |= whole

    def written(self) -> str:
        """The object as JSON text; `{}` where nothing came."""
        self._close()
        return json.dumps(self._root, ensure_ascii=False)

    def _close(self) -> None:
        if self._open:
            self._put(self._open, "".join(self._pieces))
        self._open, self._pieces = "", []

    def _put(self, path: str, value: Json) -> None:
        steps = [*_steps(path)]
        if not steps or len(steps) > MOST_STEPS or isinstance(steps[0], int):
            return
        here: Json = self._root
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            inner: Json = value if after is None else [] if isinstance(after, int) else {}
            here = _entered(here, step, inner, is_last=after is None)


def _steps(path: str) -> Iterator[str | int]:
    """The names and places in a path like `$.stops[0].city`."""
    for found in _STEP.finditer(path):
        name, place, *quoted = found.groups()
        yield int(place[:9]) if place else name or "".join(filter(None, quoted))


def _entered(here: Json, step: str | int, inner: Json, *, is_last: bool) -> Json:
    """Go one step into a value; what is not there yet is put there. A list grows at its end."""
    if isinstance(here, dict) and isinstance(step, str):
        if is_last or not isinstance(here.get(step), type(inner)):
            here[step] = inner
        return here[step]
    if isinstance(here, list) and isinstance(step, int):
        if step >= len(here):
            here.append(inner)
        elif is_last or not isinstance(here[step], type(inner)):
            here[step] = inner
        return here[min(step, len(here) - 1)]
    return None


def is_in_pieces(call: dict[str, Json]) -> bool:
    """Whether a function call is, or may be, a piece of one."""
    return not call.get("name") or "partialArgs" in call or call.get("willContinue") is True

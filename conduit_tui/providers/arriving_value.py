"""The value in a text that still arrives: as much of it as is there, and where it can be whole."""

from collections.abc import Iterator
from contextlib import suppress
from typing import cast

from instructor.v2.core.json import extract_json_from_codeblock
from pydantic_core import from_json

from conduit_tui.core.json import Json

_MOST_STARTS = 20


class ArrivingValue:
    """Grows by `feed`. Text before the value, fences around it and words behind are passed over.

    `opening` holds the signs that a value can begin with. `instructor` reads partial values with
    the same parser (`instructor.dsl.partial`); its own loop parses all of the text three times for
    every piece, and shows as null what has not come yet.
    """

    def __init__(self, opening: str) -> None:
        self.value: Json = None
        self._opening = opening
        self._pieces: list[str] = []
        self._start = -1

    @property
    def text(self) -> str:
        """Everything that came."""
        self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    @property
    def has_begun(self) -> bool:
        """Whether anything came that could be a value."""
        return self._first(self.text, 0) >= 0

    def feed(self, piece: str) -> None:
        """Take in the next piece."""
        self._pieces.append(piece)

    def look(self) -> bool:
        """Read the value as far as it came; returns whether it is another than before."""
        text, before = self.text, self.value
        for _ in range(_MOST_STARTS):
            self._start = self._first(text, max(self._start, 0))
            if self._start < 0:
                return False
            try:
                self.value = _partial(text[self._start :])
            except ValueError:  # a brace in what was said before
                self._start += 1
            else:
                return self.value != before
        return False

    def candidates(self) -> Iterator[str]:
        """The pieces of the text that may be the whole value, the likeliest first."""
        text = self.text.strip()
        yield text
        with suppress(ValueError):  # longer or more broken than instructor looks at
            yield extract_json_from_codeblock(text)
        self.look()
        if self._start >= 0:
            yield _outermost(self.text[self._start :])

    def _first(self, text: str, begin: int) -> int:
        found = [at for sign in self._opening if (at := text.find(sign, begin)) >= 0]
        return min(found, default=-1)


def _partial(text: str) -> Json:
    raw = text.encode("utf-8", "replace")
    return cast("Json", from_json(raw, allow_inf_nan=False, allow_partial="trailing-strings"))


def _outermost(text: str) -> str:
    """The object or list that a text begins with, up to the sign that closes it."""
    depth, in_string, is_escaped = 0, False, False
    for at, sign in enumerate(text):
        if in_string:
            in_string = is_escaped or sign != '"'
            is_escaped = sign == "\\" and not is_escaped
        elif sign == '"':
            in_string = True
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth == 0:
                return text[: at + 1]
    return text

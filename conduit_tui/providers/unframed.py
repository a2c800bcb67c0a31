"""Answers of servers that stream no events: a JSON array of chunks, or one object."""

import json
import re
from collections.abc import Iterator
from typing import cast

from conduit_tui.core.json import Json
from conduit_tui.providers.chunks import ErrorFrame, NotAStream, says_no
from conduit_tui.providers.shapes import as_object

_BETWEEN = re.compile(r"[\s,\[\]]*")


def unframed(text: str, known_fields: tuple[str, ...]) -> Iterator[dict[str, Json]]:
    """Return the objects in a text, bare or in an array, that have one of some fields.

    An array that breaks off gives what was complete. Raises ErrorFrame for an error among the
    objects, NotAStream for anything else.
    """
    decoder, count = json.JSONDecoder(), 0
    position = _after(text, 0)
    while position < len(text):
        try:
            value, position = cast("tuple[Json, int]", decoder.raw_decode(text, position))
        except (ValueError, RecursionError) as error:
            if count:
                return
            raise NotAStream(text) from error
        chunk = as_object(value)
        if says_no(chunk):
            raise ErrorFrame(value)
        if not any(name in chunk for name in known_fields):
            raise NotAStream(text if value else "")
        yield chunk
        count += 1
        position = _after(text, position)
    if not count:
        raise NotAStream(text)


def _after(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position

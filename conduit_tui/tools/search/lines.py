"""The lines of a text that match, as they are shown."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from conduit_tui.tools.search.expressions import Expression

MOST_OF_LINE = 300
"""Bytes of a line that are shown; a longer one is cut around what was found."""
_STRETCH = 256 * 1024  # looked at between two looks at the clock
_STEPS = 100_000_000  # steps of an expression times bytes: up to half a second
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8 = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its number, counted from 1; one that does not match stands around one that does."""

    number: int
    text: str
    is_match: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line begins and ends, and where in it something was found."""

    number: int
    start: int
    end: int
    found: int


def as_text(data: bytes) -> bytes | None:
    """The content of a file as UTF-8 with plain line ends; None if it is no text."""
    if data.startswith(_UTF_16):
        data = data.decode("utf-16", errors="replace").encode()
    if b"\0" in data:
        return None
    data = data.removeprefix(_UTF_8)
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def matching(
    text: bytes, expression: Expression, around: int, most: int, until: float
) -> list[Line]:
    """The first lines that match, `most` of them, with as many `around` each."""
    places: list[_Place] = []
    for place in _places(text, expression, until):
        places.append(place)
        if len(places) >= most:
            break
    if not around or not places:
        return [Line(each.number, _cut(text, each)) for each in places]
    return _with_context(text, places, around)


def _places(text: bytes, expression: Expression, until: float) -> Iterator[_Place]:
    number, counted, at = 1, 0, 0
    stretch = min(_STRETCH, _STEPS // expression.programsize)
    while at < len(text) and time.monotonic() < until:
        end = text.find(b"\n", at + stretch)
        end = len(text) if end < 0 else end
        while at <= end:
            found = expression.search(text, at, end)
            if found is None or (found.start() == len(text) and text.endswith(b"\n")):
                break
            start = text.rfind(b"\n", 0, found.start()) + 1
            stop = text.find(b"\n", found.start())
            stop = len(text) if stop < 0 else stop
            number += text.count(b"\n", counted, start)
            counted = start
            yield _Place(number, start, stop, found.start())
            at = stop + 1
        at = max(at, end + 1)


def _cut(text: bytes, place: _Place) -> str:
    """A line as it is shown."""
    if place.end - place.start <= MOST_OF_LINE:
        return text[place.start : place.end].decode(errors="replace")
    start = max(place.start, min(place.found - MOST_OF_LINE // 3, place.end - MOST_OF_LINE))
    end = min(place.end, start + MOST_OF_LINE)
    start, end = _whole(text, start), _whole(text, end)
    before = "…" if start > place.start else ""
    behind = "…" if end < place.end else ""
    return f"{before}{text[start:end].decode(errors='replace')}{behind}"


def _whole(text: bytes, at: int) -> int:
    """The end of the character that is cut at a place."""
    end = min(at + 3, len(text))
    while at < end and text[at] & 0xC0 == 0x80:
        at += 1
    return at


def _with_context(text: bytes, places: list[_Place], around: int) -> list[Line]:
    found = {place.number: place for place in places}
    near = sorted({n for number in found for n in range(number - around, number + around + 1)})
    lines: list[Line] = []
    number, start = 1, 0
    for wanted in near:
        while number < wanted and start <= len(text):
            next_line = text.find(b"\n", start)
            if next_line < 0:
                return lines
            number, start = number + 1, next_line + 1
        if wanted < 1 or (start == len(text) and text.endswith(b"\n")):
            continue
        end = text.find(b"\n", start)
        place = found.get(number) or _Place(number, start, end if end >= 0 else len(text), start)
        lines.append(Line(number, _cut(text, place), number in found))
    return lines

"""Which characters of the rows in sight a search found.

Rows are looked at as they are drawn, a logical line at a time, so that a match may go on in the
next row. Of a line that is longer than the view only what is near is read.
"""

from collections.abc import Iterator, Sequence

from conduit_tui.tui.markdown.rows import text_of
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.path_find import Hit
from conduit_tui.tui.widgets.path_view import PathView, Spot
from conduit_tui.tui.widgets.row_chunks import Key
from conduit_tui.tui.widgets.row_painter import Found

_ROWS_AROUND = 30  # of a line, beyond those in sight


def found_rows(
    path: PathView, spots: Sequence[Spot], query: Query, current: Hit | None
) -> dict[Spot, tuple[Found, ...]]:
    """Return the matches in each of the rows in sight that has any."""
    found: dict[Spot, tuple[Found, ...]] = {}
    for at, first, last, key, line in _lines(path, spots):
        view = path.view(at)
        low, high = _whole_line(view, first, last, key, line)
        rows = [view[index] for index in range(low, high + 1)]
        start = rows[0].start
        spans = [(start + a, start + b, False) for a, b in query.spans(text_of(rows))]
        here = (path.entries[at].id, key, line)
        if current and here == (current.message_id, current.key, current.line):
            spans = _with_current(spans, current)
        for index in range(first, last + 1) if spans else ():
            row = rows[index - low]
            inside = tuple(_in_row(spans, row.start, row.length))
            if inside:
                found[Spot(at, index)] = inside
    return found


def _lines(path: PathView, spots: Sequence[Spot]) -> Iterator[tuple[int, int, int, Key, int]]:
    """Join rows of one line: the message, its first and last row in sight, and which line it is."""
    number = 0
    while number < len(spots):
        at, first = spots[number]
        view = path.view(at)
        place = view.text_at(first)
        last = first
        number += 1
        while number < len(spots) and spots[number] == (at, last + 1):
            if view.text_at(last + 1) != place:
                break
            last += 1
            number += 1
        if place is not None:
            yield at, first, last, *place


def _whole_line(view: MessageView, first: int, last: int, key: Key, line: int) -> tuple[int, int]:
    low, high = first, last
    while low > 0 and first - low < _ROWS_AROUND and view.text_at(low - 1) == (key, line):
        low -= 1
    while high + 1 < len(view) and high - last < _ROWS_AROUND:
        if view.text_at(high + 1) != (key, line):
            break
        high += 1
    return low, high


def _with_current(spans: list[tuple[int, int, bool]], current: Hit) -> list[tuple[int, int, bool]]:
    """Set the current match off, unless nothing is found there any more."""
    others = [span for span in spans if span[1] <= current.start or span[0] >= current.end]
    is_there = len(others) < len(spans)
    return sorted([*others, (current.start, current.end, True)]) if is_there else spans


def _in_row(spans: Sequence[tuple[int, int, bool]], start: int, length: int) -> Iterator[Found]:
    for first, last, is_current in spans:
        left, right = max(0, first - start), min(length, last - start)
        if left < right:
            yield Found(left, right, is_current)

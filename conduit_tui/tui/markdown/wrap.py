"""Breaks lines of styled text into rows by their width on the terminal."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, split_graphemes

from conduit_tui.tui.markdown.rows import Fragment

_MAYBE_WIDE = re.compile("[^\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2500-\u25fc]")


def is_narrow(text: str) -> bool:
    """Whether every character is known to take exactly one cell."""
    return text.isascii() or _MAYBE_WIDE.search(text) is None


def wrap_spans(text: str, width: int) -> list[tuple[int, int]]:
    """Return the (start, end) of each row of one line, broken at spaces where that is possible.

    The spaces at a break belong to no row. An empty line is one empty row.
    """
    width = max(1, width)
    if is_narrow(text):
        return _wrap_narrow(text, width)
    return _wrap_wide(text, width)


def chop_spans(text: str, width: int) -> list[tuple[int, int]]:
    """Return the (start, end) of each row of one line, broken wherever a row is full."""
    width = max(1, width)
    if is_narrow(text):
        starts = range(0, max(1, len(text)), width)
        return [(start, min(start + width, len(text))) for start in starts]
    spans: list[tuple[int, int]] = []
    start = used = 0
    for begin, _end, cells in split_graphemes(text)[0]:
        if used + cells > width and begin > start:
            spans.append((start, begin))
            start, used = begin, 0
        used += cells
    return [*spans, (start, len(text))]


def cut(
    fragments: Sequence[Fragment], spans: Iterable[tuple[int, int]]
) -> Iterator[list[Fragment]]:
    """Yield the fragments that fall into each of the ascending spans."""
    position = index = 0
    for start, end in spans:
        while index < len(fragments) and position + len(fragments[index][0]) <= start:
            position += len(fragments[index][0])
            index += 1
        yield _slice(fragments, index, position, start, end)


def fit(text: str, width: int) -> str:
    """Return the text, shortened with an ellipsis if it takes more than `width` cells."""
    if len(text) <= width and is_narrow(text):
        return text
    text = text[: 2 * width + 8]
    if cell_len(text) <= width:
        return text
    kept = used = 0
    for _begin, end, cells in split_graphemes(text)[0]:
        if used + cells > width - 1:
            break
        used += cells
        kept = end
    return text[:kept] + "…" if width > 0 else ""


def _wrap_narrow(text: str, width: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start, size = 0, len(text)
    first_word = size - len(text.lstrip(" "))
    while size - start > width:
        space = text.rfind(" ", start, start + width + 1)
        if space <= start or space < first_word:
            spans.append((start, start + width))
            start += width
            continue
        spans.append((start, _without_spaces(text, start, space)))
        start = space + 1
        while start < size and text[start] == " ":
            start += 1
        if start == size:
            return spans
    return [*spans, (start, size)]


def _wrap_wide(text: str, width: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = used = 0
    row_end = resume = resumed_used = -1  # the last place where the row may be broken
    for begin, end, cells in split_graphemes(text)[0]:
        is_space = text[begin:end] == " "
        if is_space or (cells == 2 and begin > start):
            row_end, resume, resumed_used = begin, end if is_space else begin, used
            if is_space:
                resumed_used += cells
        while used + cells > width and begin > start and not is_space:
            if row_end <= start:
                row_end, resume, resumed_used = begin, begin, used
            spans.append((start, _without_spaces(text, start, row_end)))
            start, used = resume, used - resumed_used
            row_end = -1
        used += cells
    end = len(text) if used <= width else _without_spaces(text, start, len(text))
    return [*spans, (start, end)]


def _without_spaces(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _slice(
    fragments: Sequence[Fragment], index: int, position: int, start: int, end: int
) -> list[Fragment]:
    found: list[Fragment] = []
    while index < len(fragments) and position < end:
        text, style = fragments[index]
        piece = text[max(0, start - position) : end - position]
        if piece:
            found.append((piece, style))
        position += len(text)
        index += 1
    return found

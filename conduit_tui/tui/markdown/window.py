"""How much of a source is parsed together: what bounds a frame, whatever the text."""

import re
from collections.abc import Sequence

WINDOW = 8_000
"""Characters that are parsed together, and so about the longest block that is not cut."""

MOST_LINES = 400
"""Lines that are parsed together; short ones cost more than their characters."""

_MOST_CELLS = 1_500  # of a table that are parsed together: short rows are filled up
_FEWEST_ROWS = 2
# Possessive, so that a line of thousands of blanks is not tried from each of them.
_TABLE = re.compile(r"^[ \t>]*+\|?(?:[ \t]*+:?-++:?[ \t]*+\|)++[-: \t]*+$", re.MULTILINE)


def window(source: str, start: int, end: int) -> str:
    """Return the text from a place on that is looked at."""
    return source[start : min(end, start + WINDOW)]


def is_window(text: str) -> bool:
    """Whether a text fills a window, so that there may be more of it."""
    return len(text) == WINDOW


def limited(text: str, carried: Sequence[str]) -> tuple[str, bool]:
    """Return as much of a window as may be parsed behind the lines carried; whether it is full.

    That depends on nothing behind the window, so a text that grows is cut where a whole one is.
    """
    is_full = is_window(text)
    if end := _after_lines(text, 0, MOST_LINES):
        text, is_full = text[:end], True
    table = _TABLE.search("\n".join((*carried, text)))
    if table is not None:
        start = max(0, table.end() - sum(len(line) + 1 for line in carried))
        rows = max(_FEWEST_ROWS, _MOST_CELLS // (table[0].count("|") + 1))
        if end := _after_lines(text, start, rows):
            text, is_full = text[:end], True
    return text, is_full


def _after_lines(text: str, start: int, count: int) -> int:
    """Return where the line after so many begins, or 0 if there are not as many."""
    if text.count("\n", start) < count:
        return 0
    for _ in range(count):
        start = text.index("\n", start) + 1
    return start

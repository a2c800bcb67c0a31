"""The end of a long text, cut where a block begins, for a first look at it."""

import re

from conduit_tui.tui.markdown.fence_syntax import OPENER

TAIL = 8_000
"""About as many characters are at the end."""

_AIR = re.compile(r"\n[ \t]*\n(?=[^\s])")


def tail_of(text: str) -> str:
    """Return the end of a text, from a paragraph's beginning on where there is one.

    What it looks like is what the end of the whole looks like in all but odd texts.
    """
    start = len(text) - TAIL
    if start <= 0:
        return text
    gap = _AIR.search(text, start, len(text) - TAIL // 2)
    newline = text.find("\n", start)
    start = gap.end() if gap else newline + 1 if newline >= 0 else start
    openers = OPENER.findall(text, 0, start)
    is_in_fence = len(openers) % 2 == 1
    return (openers[-1] if is_in_fence else "") + text[start:]

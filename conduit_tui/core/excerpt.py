"""One line of a text around the first of the words that were looked for."""

from collections.abc import Sequence

from conduit_tui.core.clean import clean_line
from conduit_tui.core.folding import composed, place
from conduit_tui.core.wording import Span, Word, spans

CHARACTERS = 160
_BEFORE = 48
_RAW = 4 * CHARACTERS
"""Characters looked at: white space among them counts as one."""


def excerpt(text: str, words: Sequence[Word], folded_at: int) -> tuple[str, tuple[Span, ...]]:
    """Return a line that is safe to show, and where in it the words stand.

    `text` is composed, and `folded_at` is the place of the first of the words in its fold.
    """
    at = place(text, folded_at) if folded_at else 0
    begin = _beginning(text, at)
    piece = text[begin : begin + _RAW]
    line = " ".join(piece.split())
    more_follows = len(line) > CHARACTERS or begin + len(piece) < len(text.rstrip())
    if len(line) > CHARACTERS:
        line = line[: _ending(line)].rstrip()
    before, after = "…" if begin else "", "…" if more_follows else ""
    shown = composed(clean_line(f"{before}{line}{after}"))
    return shown, spans(words, shown)


def _beginning(text: str, at: int) -> int:
    """Some characters before a place, behind a blank if one is near."""
    begin = max(0, at - _BEFORE)
    if begin == 0:
        return 0
    blanks = (blank for blank in range(begin - 1, at) if text[blank].isspace())
    return next(blanks, begin - 1) + 1


def _ending(line: str) -> int:
    blank = line.rfind(" ", CHARACTERS - _BEFORE // 2, CHARACTERS)
    return CHARACTERS if blank < 0 else blank

"""One line of a text around the first of the words that were looked for."""

import re
from collections.abc import Sequence

from conduit_tui.core.clean import clean_line
from conduit_tui.core.first_words import undressed
from conduit_tui.core.folding import composed, place
from conduit_tui.core.wording import Span, Word, spans

CHARACTERS = 160
_MARKS = re.compile(r"[*_~`#>\[|=-]|\d[.)]")
_BEFORE = 48
_RAW = 4 * CHARACTERS
"""Characters looked at: white space among them counts as one."""


def excerpt(
    text: str, words: Sequence[Word], folded_at: int, *, is_markdown: bool = False
) -> tuple[str, tuple[Span, ...]]:
    """Return a line that is safe to show, and where in it the words stand.

    `text` is composed, and `folded_at` is the place of the first of the words in its fold. With
    `is_markdown` the line reads as drawn, unless what was looked for is among the marks.
    """
    at = place(text, folded_at) if folded_at else 0
    begin = _beginning(text, at)
    piece = text[begin : begin + _RAW]
    is_cut = begin + len(piece) < len(text.rstrip())
    plain = _line(piece, words, is_begun=begin > 0, is_cut=is_cut)
    if not is_markdown or not _MARKS.search(piece):
        return plain
    drawn = _line(undressed(piece), words, is_begun=begin > 0, is_cut=is_cut)
    return drawn if drawn[0].strip(" …") and len(drawn[1]) >= len(plain[1]) else plain


def _line(
    piece: str, words: Sequence[Word], *, is_begun: bool, is_cut: bool
) -> tuple[str, tuple[Span, ...]]:
    line = " ".join(piece.split())
    more_follows = len(line) > CHARACTERS or is_cut
    if len(line) > CHARACTERS:
        line = line[: _ending(line)].rstrip()
    before, after = "…" if is_begun else "", "…" if more_follows else ""
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

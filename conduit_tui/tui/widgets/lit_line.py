"""One line of text in which some words are lit, cut so that the first of them stays in sight."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit

_SPACES = re.compile(r"\s+")
_MOST_CHARACTERS = 2_000  # of a text, around its first match: more than any line shows

Piece = tuple[str, bool]
"""Words, and whether they are lit."""


def lit_line(text: str, spans: Sequence[tuple[int, int]], cells: int) -> list[Piece]:
    """Return a text on one line of at most `cells` cells, in pieces.

    What does not fit gives way to an ellipsis, before the first match as well as at the end.
    """
    if cells <= 0:
        return []
    pieces = _pieces(text, spans)
    total = sum(cell_len(words) for words, _ in pieces)
    if total <= cells:
        return pieces
    if len(pieces) > 1 and not pieces[0][1]:
        lead, match = pieces[0][0], cell_len(pieces[1][0])
        if cell_len(lead) + match + 1 > cells:
            pieces[0] = _end_of(lead, max(0, min(cells // 3, cells - match - 1))), False
    return _cut(pieces, cells)


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    first = min((start for start, _ in spans), default=0)
    begin = max(0, first - _MOST_CHARACTERS // 2)
    end = min(len(text), begin + _MOST_CHARACTERS)
    pieces: list[Piece] = []
    at = begin
    for start, stop in sorted(spans):
        start, stop = max(at, start), min(stop, end)
        if start < stop:
            pieces += [(text[at:start], False), (text[start:stop], True)]
            at = stop
    pieces.append((text[at:end], False))
    cleaned = [(_SPACES.sub(" ", clean_line(words)), is_lit) for words, is_lit in pieces]
    if cleaned and not cleaned[0][1]:
        cleaned[0] = cleaned[0][0].lstrip(), False
    return [piece for piece in cleaned if piece[0]]


def _end_of(text: str, cells: int) -> str:
    """The end of a text in so many cells, behind an ellipsis."""
    kept = text[-cells:] if cells else ""
    while cell_len(kept) + 1 > cells and kept:
        kept = kept[1:]
    return f"…{kept}" if cells else ""


def _cut(pieces: Sequence[Piece], cells: int) -> list[Piece]:
    kept: list[Piece] = []
    left = cells
    for number, (words, is_lit) in enumerate(pieces):
        width = cell_len(words)
        is_last = number == len(pieces) - 1
        if width > left or (width == left and not is_last):
            shown = fit(words, left) if width > left else set_cell_size(words, left - 1) + "…"
            kept.append((shown, is_lit))
            break
        kept.append((words, is_lit))
        left -= width
    return [piece for piece in kept if piece[0]]

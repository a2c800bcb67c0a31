"""From a row of the path to the strip that Textual paints."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from conduit_tui.tui.markdown.rows import Row

GUTTER = 2
_KEPT_STRIPS = 400
_UNSURE = re.compile("[\u200d\u20e3\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_FIRST_COMBINING = "\u0300"
_BAR, _BLOCK_BAR, _NO_BAR = "▌ ", "█ ", "  "


class Ground(NamedTuple):
    """What lies below the text: styles of the row, of a marked message, of selected text.

    `found` is that of what a search found, `current` of the one match it stands on.
    """

    plain: Style
    marked: Style
    selected: Style
    found: Style = Style.null()
    current: Style = Style.null()


class Found(NamedTuple):
    """Characters of a row's text that a search found."""

    start: int
    end: int
    is_current: bool


class Mark(NamedTuple):
    """How a row is set off: its bar if it has one, its ground, the characters selected and found.

    What is selected looks selected, whether it was found or not. A row of the block of code that
    was jumped to has a broader bar.
    """

    bar: Style | None
    is_marked: bool
    selected: tuple[int, int] | None
    found: tuple[Found, ...] = ()
    is_block: bool = False


class RowPainter:
    """Makes strips and keeps them: the same row, set off alike, is the same strip."""

    def __init__(self) -> None:
        self._strips: OrderedDict[tuple[Row, Mark, int], Strip] = OrderedDict()
        self._ground = Ground(Style.null(), Style.null(), Style.null())
        self.blank = Strip([])

    def reset(self, ground: Ground, width: int) -> None:
        """Paint on another ground or for another width from now on."""
        self._ground = ground
        self._strips.clear()
        self.blank = Strip([Segment(" " * width, ground.plain)], width)

    def paint(self, row: Row, mark: Mark, width: int) -> Strip:
        """Return the strip of a row, `width` cells wide."""
        key = (row, mark, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._make(row, mark, width)
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.popitem(last=False)
        else:
            self._strips.move_to_end(key)
        return strip

    def _make(self, row: Row, mark: Mark, width: int) -> Strip:
        ground = self._ground.marked if mark.is_marked else self._ground.plain
        sign = _BLOCK_BAR if mark.is_block else _BAR
        gutter = Segment(sign, ground + mark.bar) if mark.bar else Segment(_NO_BAR, ground)
        strip = Strip([gutter, *_on(row.segments, ground)]).adjust_cell_length(width, ground)
        strip = Strip(_joined(strip), width)
        for start, end, is_current in mark.found:
            style = self._ground.current if is_current else self._ground.found
            for left, right in _outside(mark.selected, start, end):
                strip = self._restyle(strip, row, left, right, style)
        if mark.selected is None:
            return strip
        return self._restyle(strip, row, *mark.selected, self._ground.selected)

    def _restyle(self, strip: Strip, row: Row, start: int, end: int, style: Style) -> Strip:
        before = row.characters[: row.indent]
        left = GUTTER + cell_len(before) + cell_len(row.text[:start])
        right = left + cell_len(row.text[start:end])
        size = strip.cell_length
        pieces = [strip.crop(0, left), strip.crop(left, right), strip.crop(right, size)]
        chosen = Strip(
            [Segment(text, (under or Style.null()) + style) for text, under, _ in pieces[1]]
        )
        return Strip.join([pieces[0], chosen, pieces[2]])


def _outside(selected: tuple[int, int] | None, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of a span without what is selected of it."""
    first, last = selected or (end, end)
    if start < min(first, end):
        yield start, min(first, end)
    if max(last, start) < end:
        yield max(last, start), end


def changed_cells(old: Strip | None, new: Strip) -> tuple[int, int]:
    """Return the first cell that differs, and the first from which on all are blank in both.

    So much less goes to the terminal: a row that grows is painted from where it grew, and what is
    blank to its end stays as it is. A row with emoji of several characters is painted whole, since
    terminals do not agree how wide those are.
    """
    size = new.cell_length
    if old is None or old.cell_length != size or not _end_alike(old, new):
        return 0, size
    if any(_UNSURE.search(text) for strip in (old, new) for text, _, _ in strip):
        return 0, size
    return _alike_until(old, new), max(_drawn_until(old), _drawn_until(new))


def _end_alike(old: Strip, new: Strip) -> bool:
    (*_, before), (*_, after) = old, new
    return _looks_alike_blank(before.style, after.style)


def _drawn_until(strip: Strip) -> int:
    *_, last = strip
    return strip.cell_length - (len(last.text) - len(last.text.rstrip(" ")))


def _alike_until(old: Strip, new: Strip) -> int:
    cells = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            if before.style == after.style and before.text.isascii() and after.text.isascii():
                cells += _common(before.text, after.text)
            return cells
        cells += before.cell_length
    return cells


def _common(one: str, other: str) -> int:
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def with_offsets(strip: Strip, row: Row, line: int) -> Strip:
    """Return a strip that tells Textual's selection which character lies where.

    Every cell before the text counts as its first character, whatever lies behind it has none.
    """
    decoration = 2 + row.indent
    end = decoration + row.length
    segments: list[Segment] = []
    at = 0
    for text, style, _ in strip:
        for piece, is_text in _parted(text, at, decoration, end):
            x = row.start + max(0, at - decoration)
            meta = Style.from_meta({"offset": (x, line)}) if at < end or at == 0 else Style.null()
            if is_text or at >= end:
                segments.append(Segment(piece, (style or Style.null()) + meta))
            else:
                segments += [Segment(c, (style or Style.null()) + meta) for c in piece]
            at += len(piece)
    return Strip(segments)


def end_of(row: Row, line: int) -> Strip:
    """Return a strip for below the last row, all of which counts as the end of that row."""
    return Strip([Segment("", Style.from_meta({"offset": (row.start + row.length, line)}))])


def _parted(text: str, at: int, *cuts: int) -> list[tuple[str, bool]]:
    first, last = cuts
    left, right = max(0, first - at), max(0, last - at)
    pieces = [(text[:left], False), (text[left:right], True), (text[right:], False)]
    return [(piece, is_text) for piece, is_text in pieces if piece]


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Join neighbours that look alike; blanks take the style before them where none would see it.

    A row of text is then one run for the terminal, not three. What could grow together with the
    character before it stays apart.
    """
    text, style = "", Style.null()
    for piece, own, _ in segments:
        if piece >= _FIRST_COMBINING:
            if text:
                yield Segment(text, style)
            text, style = piece, own or Style.null()
        elif own == style or (piece.isspace() and _looks_alike_blank(style, own)):
            text += piece
        elif text.isspace() and _looks_alike_blank(own, style):
            text, style = text + piece, own or Style.null()
        else:
            if text:
                yield Segment(text, style)
            text, style = piece, own or Style.null()
    if text:
        yield Segment(text, style)


def _looks_alike_blank(one: Style | None, other: Style | None) -> bool:
    """Whether blanks look the same in both styles: only their ground shows."""
    if one is None or other is None:
        return False
    return one.bgcolor == other.bgcolor and not (_shows_blanks(one) or _shows_blanks(other))


def _shows_blanks(style: Style) -> bool:
    return bool(style.underline or style.strike or style.reverse or style.link or style.overline)


def _on(segments: tuple[Segment, ...], ground: Style) -> list[Segment]:
    return [Segment(text, ground + style if style else ground) for text, style, _ in segments]

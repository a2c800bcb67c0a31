"""From a row of the path to the strip that Textual paints."""

from collections import OrderedDict
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from conduit_tui.tui.markdown.rows import Row

GUTTER = 2
_KEPT_STRIPS = 400
_BAR, _NO_BAR = "▌ ", "  "


class Ground(NamedTuple):
    """What lies below the text: styles of the row, of a marked message, of selected text."""

    plain: Style
    marked: Style
    selected: Style


class Mark(NamedTuple):
    """How a row is set off: its bar if it has one, its ground, the characters selected."""

    bar: Style | None
    is_marked: bool
    selected: tuple[int, int] | None


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
        gutter = Segment(_BAR, ground + mark.bar) if mark.bar else Segment(_NO_BAR, ground)
        segments = [gutter, *_on(row.segments, ground)]
        strip = Strip(segments)
        strip = strip.adjust_cell_length(width, ground)
        if mark.selected is None:
            return strip
        return self._select(strip, row, *mark.selected)

    def _select(self, strip: Strip, row: Row, start: int, end: int) -> Strip:
        before = row.characters[: row.indent]
        left = GUTTER + cell_len(before) + cell_len(row.text[:start])
        right = left + cell_len(row.text[start:end])
        size = strip.cell_length
        pieces = [strip.crop(0, left), strip.crop(left, right), strip.crop(right, size)]
        chosen = Strip(
            [
                Segment(text, (style or Style.null()) + self._ground.selected)
                for text, style, _ in pieces[1]
            ]
        )
        return Strip.join([pieces[0], chosen, pieces[2]])


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


def _parted(text: str, at: int, *cuts: int) -> list[tuple[str, bool]]:
    first, last = cuts
    left, right = max(0, first - at), max(0, last - at)
    pieces = [(text[:left], False), (text[left:right], True), (text[right:], False)]
    return [(piece, is_text) for piece, is_text in pieces if piece]


def _on(segments: tuple[Segment, ...], ground: Style) -> list[Segment]:
    return [Segment(text, ground + style if style else ground) for text, style, _ in segments]

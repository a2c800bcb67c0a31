"""Markdown that grows: finished blocks are drawn once and never looked at again.

A top-level block is finished when a later one has begun, an item of a top-level list when the
next item has. The grammar (parser.py) lets nothing below change what is above, so what is drawn
piece by piece ends up exactly as if it had been drawn at once.
"""

from itertools import chain
from time import perf_counter

from conduit_tui.tui.markdown.code_blocks import LONGEST_MARKDOWN, CodeBlock
from conduit_tui.tui.markdown.drawing import Drawing
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import Row, text_of


class StreamingMarkdown:
    """Rows of a growing source at one width. `update` with `final=True` when it is whole.

    What lies beyond the longest Markdown is drawn as plain text.
    """

    def __init__(self, width: int, palette: Palette) -> None:
        self._width, self._palette = max(1, width), palette
        self._reset()

    def _reset(self) -> None:
        self._source = ""
        self._is_final: bool = False
        self._is_behind: bool = False
        self._drawing = Drawing(self._width, self._palette)
        self._plain: PlainRows | None = None

    @property
    def is_behind(self) -> bool:
        """Whether there was no time for all of the source."""
        return self._is_behind

    @property
    def line_count(self) -> int:
        """How many logical lines there are."""
        plain = self._plain.line_count if self._plain else 0
        last = self._drawing.tail or self._drawing.frozen
        return plain + (last[-1].line + 1 if last else 0)

    @property
    def text(self) -> str:
        """What is drawn as Markdown as it is shown, its lines unbroken."""
        return text_of(chain(self._drawing.frozen, self._drawing.tail))

    @property
    def blocks(self) -> list[CodeBlock]:
        """The blocks of code as far as they came; put together only when asked for."""
        return self._drawing.blocks(self._source)

    def __len__(self) -> int:
        plain = len(self._plain) if self._plain else 0
        return len(self._drawing.frozen) + len(self._drawing.tail) + plain

    def __getitem__(self, index: int) -> Row:
        index = range(len(self))[index]
        for rows in (self._drawing.frozen, self._drawing.tail):
            if index < len(rows):
                return rows[index]
            index -= len(rows)
        assert self._plain
        return self._plain[index]

    def update(self, source: str, *, final: bool = False, until: float | None = None) -> None:
        """Take in the source as it is now. One that does not continue the old starts anew.

        At the time `until` of `perf_counter` it stops; call it again to go on.
        """
        is_known = source == self._source and final == self._is_final
        if is_known and not self._is_behind:
            return
        if not is_known and not self._continues(source):
            self._reset()
        self._source, self._is_final = source, final
        old, before = self._drawing.tail, len(self._drawing.frozen)
        self._drawing.drop_tail()
        self._is_behind = not self._draw(until)
        if self._plain is not None and not self._is_behind:
            self._plain.update(source, until=until)
            self._is_behind = self._plain.is_behind
        self._keep_identity(old, before)

    def _continues(self, source: str) -> bool:
        if self._is_final or len(source) < len(self._source):
            return source == self._source
        end = self._drawing.taken
        return source[max(0, end - 64) : end] == self._source[max(0, end - 64) : end]

    def _draw(self, until: float | None) -> bool:
        """Draw window after window; returns whether the end was reached."""
        if self._plain is not None:
            return True
        end = min(len(self._source), LONGEST_MARKDOWN)
        is_longer = len(self._source) > end
        while self._drawing.draw_window(self._source, end, is_whole=self._is_final or is_longer):
            if until is not None and perf_counter() >= until:
                return False
        if is_longer:
            start, line = self._drawing.taken, self._drawing.line
            self._plain = PlainRows(self._width, self._palette.text, start=start, line=line)
        return True

    def _keep_identity(self, old: list[Row], before: int) -> None:
        """Let rows that look as they did be the same objects, so that they are not painted."""
        drawn, tail = self._drawing.frozen, self._drawing.tail
        frozen = len(drawn)
        for index, row in zip(range(before, frozen + len(tail)), old, strict=False):
            rows, at = (drawn, index) if index < frozen else (tail, index - frozen)
            if rows[at] is not row and row.is_made and rows[at].same_as(row):
                rows[at] = row

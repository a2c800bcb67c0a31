"""Draws Markdown window after window, so that no step looks at more than one of the source.

A block that is longer than the window is cut there and goes on in the next one (carry.py). Where
it is cut depends on nothing but the text up to there.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean, seam, settled
from conduit_tui.tui.markdown.blocks import (
    first_line,
    is_blank,
    is_unclosed,
    list_items,
    split_blocks,
    split_finished,
)
from conduit_tui.tui.markdown.carry import carried_lines, narrowed
from conduit_tui.tui.markdown.code_blocks import CodeBlock, bare, joined
from conduit_tui.tui.markdown.fence import OpenFence
from conduit_tui.tui.markdown.fence_syntax import OPENER
from conduit_tui.tui.markdown.layout import Layout
from conduit_tui.tui.markdown.mend import mended
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.parser import parse_blocks
from conduit_tui.tui.markdown.rows import Row
from conduit_tui.tui.markdown.window import is_window, limited, window

if TYPE_CHECKING:
    from conduit_tui.tui.markdown.blocks import Block

_MARKUP_ONLY = re.compile(r"[ \t]*([-=*+_~`#>|:][-=*+_~`#>|: \t]*|\d{1,3}[.)]?)?")
_LONGEST_MARKUP = 400
_INDENTED_FENCE = re.compile(r" {1,3}(?:```|~~~)")


class Drawing:
    """The rows of a source up to some place: `frozen` ones are final, `tail` may still change.

    `taken` characters of the source are in the frozen rows, and `line` is the first logical line
    that is free below them.
    """

    def __init__(self, width: int, palette: Palette) -> None:
        self._width, self._palette = width, palette
        self.taken = 0
        self.frozen: list[Row] = []
        self.tail: list[Row] = []
        self.line = 0
        self._frozen_blocks: list[CodeBlock] = []
        self._tail_blocks: list[CodeBlock] = []
        self._tail_carries_on = False
        self._fence: OpenFence | None = None
        self._carried: list[str] = []
        self._columns: Sequence[int] | None = None
        self._previous = ""
        self._blank_before = False
        self._number: int | None = None

    def blocks(self, source: str) -> list[CodeBlock]:
        """The blocks of code as far as they came."""
        blocks = joined(self._frozen_blocks, self._tail_blocks, carries_on=self._tail_carries_on)
        if self._fence is not None:
            blocks.append(self._fence.block(clean(settled(source[self.taken :]))))
        return [replace(block, code=bare(block.code)) for block in blocks]

    def drop_tail(self) -> None:
        """Forget the rows that may change: the source has grown."""
        self.tail, self._tail_blocks = [], []

    def draw_window(self, source: str, end: int, *, is_whole: bool) -> bool:
        """Draw as far as one kind of block or the window goes; returns whether there is more.

        The source is drawn up to `end`; if it `is_whole`, nothing will ever come behind that.
        """
        text = window(source, self.taken, end)
        is_last = is_whole and self.taken + len(text) == end
        if self._fence is not None:
            return self._draw_fence(text, is_last)
        text, is_full = limited(text, self._carried_before(text))
        opener = OPENER.search(text)
        if opener is not None and (found := self._draw_to_fence(text, opener)):
            return found
        if is_full:
            self._draw_full(text)
        elif is_last:
            self._draw_final(text)
        else:
            self._draw_blocks(text)
        return is_full

    # -- fences ------------------------------------------------------------------------------

    def _draw_to_fence(self, text: str, opener: re.Match[str]) -> bool:
        """Draw what is above a line that opens a fence, unless it stands in an indented one.

        Then it closes that one, or it is code of it; returns whether anything was drawn.
        """
        start = opener.start()
        markup = self._open_markup(text[:start])
        if not markup:
            if start or self._carried:
                self._draw_final(text[:start])
            self._open_fence(opener)
            return True
        closer = rf"^ {{0,3}}{markup[0]}{{{len(markup)},}}[ \t]*\r?\n"
        found = re.compile(closer, re.MULTILINE).search(text, start)
        if found is not None:
            self._draw_final(text[: found.end()])
        return found is not None

    def _open_markup(self, text: str) -> str:
        """The marks of the indented fence that a text ends in, or nothing."""
        lines = self._lines_of(text)
        if not any(map(_INDENTED_FENCE.match, lines)):
            return ""
        blocks = split_blocks(parse_blocks("\n".join(lines)))
        last = blocks[-1][0]
        return last.markup if last.type == "fence" and is_unclosed(last) else ""

    def _open_fence(self, opener: re.Match[str]) -> None:
        layout = self._layout()
        layout.space_before_fence()
        self._freeze(layout)
        self._fence = OpenFence(clean(opener[0])[:-1], self.line, self._width, self._palette)
        self.taken += opener.end() - opener.start()

    def _draw_fence(self, text: str, is_last: bool) -> bool:
        assert self._fence
        *lines, rest = text.split("\n")
        for line in lines:
            self.taken += len(line) + 1
            if self._fence.feed(clean(line.removesuffix("\r"))):
                self._close_fence()
                return True
        if is_window(text):
            if not lines:
                piece = text[: seam(text, 0, len(text) - 1)]
                self.taken += len(piece)
                self._fence.feed(clean(piece), is_piece=True)
            self.frozen += self._fence.take_rows()
            return True
        self.frozen += self._fence.take_rows()
        if not is_last:
            self.tail = self._fence.rows(clean(settled(rest)))
            return False
        self.taken += len(rest)
        if rest:
            self._fence.feed(clean(rest), is_ended=False)
        self._close_fence()
        return False

    def _close_fence(self) -> None:
        assert self._fence
        self.frozen += self._fence.finished_rows()
        self._frozen_blocks.append(self._fence.block())
        self.line = self._fence.next_line
        self._previous, self._blank_before, self._number = "fence", False, None
        self._fence = None

    # -- everything else ---------------------------------------------------------------------

    def _draw_blocks(self, text: str) -> None:
        """Draw blocks, of which the last may go on below."""
        lines = self._lines_of(settled(text))
        if len(lines[-1]) < _LONGEST_MARKUP and _MARKUP_ONLY.fullmatch(lines[-1]):
            lines[-1] = ""  # what it begins is not known yet
        layout, rest = self._draw_finished(text, lines)
        if rest and lines[-1]:
            _mend_end(rest[-1])
        for block in rest:
            layout.draw(block, lines)
        self.tail, self._tail_blocks = layout.rows, layout.blocks
        self._tail_carries_on = layout.carries_on

    def _draw_full(self, text: str) -> None:
        """Draw what is finished of a window, or all of it if that is a single block."""
        text = text[: text.rfind("\n") + 1 or seam(text, 0, len(text) - 1)]
        lines = self._lines_of(text)
        before = self.taken
        layout, rest = self._draw_finished(text, lines)
        if self.taken == before:
            self._draw_rest(text, lines, layout, rest)
            self._carried = carried_lines(rest[-1], lines) if rest else []
            self._columns = layout.columns
            is_in_list = self._carried and list_items(rest[-1])
            self._number = layout.next_number - 1 if is_in_list and layout.next_number else None

    def _draw_final(self, text: str) -> None:
        """Draw all of a text after which something else begins, or nothing."""
        lines = self._lines_of(text)
        blocks = split_blocks(parse_blocks("\n".join(lines)))
        self._draw_rest(text, lines, self._layout(), blocks)
        self._carried, self._columns, self._number = [], None, None

    def _lines_of(self, text: str) -> list[str]:
        return [*self._carried_before(text), *clean(text).split("\n")]

    def _carried_before(self, text: str) -> list[str]:
        """The lines carried, of the header of a table of records only what its rows fill."""
        is_of_records = self._columns is not None and not self._columns
        return narrowed(self._carried, text) if is_of_records else self._carried

    def _draw_finished(self, text: str, lines: list[str]) -> "tuple[Layout, list[Block]]":
        """Draw what can no longer change, and return what can, with the layout to draw it in."""
        blocks = split_blocks(parse_blocks("\n".join(lines)))
        layout = self._layout()
        # A table is known by its second line: a block is only sure to have begun when the line
        # after its first is whole too.
        done, rest, is_parted = split_finished(blocks, len(lines) - 2)
        if not done or first_line(rest[0]) <= len(self._carried):
            return layout, blocks
        for block in done:
            layout.draw(block, lines)
        layout.number = layout.next_number if is_parted else None
        self._freeze(layout)
        self._take(text, lines, first_line(rest[0]))
        return layout, rest

    def _draw_rest(
        self, text: str, lines: list[str], layout: Layout, blocks: "Sequence[Block]"
    ) -> None:
        for block in blocks:
            layout.draw(block, lines)
        self._freeze(layout)
        self._blank_before = is_blank(lines[-2] if len(lines) > 1 else lines[-1])
        self.taken += len(text)

    def _layout(self) -> Layout:
        return Layout(
            self._width,
            self._palette,
            line=self.line,
            previous=self._previous,
            blank_before=self._blank_before,
            number=self._number,
            carried=len(self._carried),
            columns=self._columns,
        )

    def _freeze(self, layout: Layout) -> None:
        self.frozen += layout.rows
        self._frozen_blocks = joined(
            self._frozen_blocks, layout.blocks, carries_on=layout.carries_on
        )
        layout.rows, layout.blocks, layout.carries_on = [], [], False
        self.line, self._previous, self._number = layout.line, layout.previous, layout.number
        self._blank_before = False

    def _take(self, text: str, lines: Sequence[str], start: int) -> None:
        """Count everything above a line as drawn. The lines are those carried and the text's."""
        self._blank_before = is_blank(lines[start - 1])
        position = 0
        for _ in range(start - len(self._carried)):
            position = text.index("\n", position) + 1
        self.taken += position
        self._carried, self._columns = [], None


def _mend_end(block: "Block") -> None:
    """Close what the last words of a block leave open."""
    last = next(token for token in reversed(block) if token.nesting >= 0)
    if last.type == "inline":
        last.content = mended(last.content)

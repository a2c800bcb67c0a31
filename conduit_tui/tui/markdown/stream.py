"""Markdown that grows: finished blocks are drawn once and never looked at again.

A top-level block is finished when a later one has begun, an item of a top-level list when the
next item has. The grammar (parser.py) lets nothing below change what is above, so what is drawn
piece by piece ends up exactly as if it had been drawn at once.
"""

import re
from collections.abc import Sequence
from itertools import chain

from conduit_tui.core.clean import clean
from conduit_tui.tui.markdown.blocks import first_line, is_blank, split_blocks, split_finished
from conduit_tui.tui.markdown.code_blocks import LONGEST_MARKDOWN, CodeBlock
from conduit_tui.tui.markdown.fence import OpenFence
from conduit_tui.tui.markdown.fence_syntax import OPENER
from conduit_tui.tui.markdown.layout import Layout
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.parser import parse_blocks
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import Row, text_of

_MARKUP_ONLY = re.compile(r"[ \t]*([-=*+_~`#>|: \t]*|\d{1,3}[.)]?)")


class StreamingMarkdown:
    """Rows of a growing source at one width. `update` with `final=True` when it is whole."""

    def __init__(self, width: int, palette: Palette) -> None:
        self._width, self._palette = max(1, width), palette
        self._plain: PlainRows | None = None
        self._reset()

    def _reset(self) -> None:
        self._source = ""
        self._is_final = False
        self._taken = 0  # characters of the source whose rows are final
        self._frozen: list[Row] = []
        self._tail: list[Row] = []
        self._frozen_blocks: list[CodeBlock] = []
        self._tail_blocks: list[CodeBlock] = []
        self._fence: OpenFence | None = None
        self._line = 0
        self._previous = ""
        self._blank_before = False
        self._number: int | None = None

    @property
    def line_count(self) -> int:
        """How many logical lines there are."""
        if self._plain is not None:
            return self._plain.line_count
        last = self._tail or self._frozen
        return last[-1].line + 1 if last else 0

    @property
    def text(self) -> str:
        """The text as it is shown, its lines unbroken."""
        if self._plain is not None:
            return self._plain.text
        return text_of(chain(self._frozen, self._tail))

    @property
    def blocks(self) -> list[CodeBlock]:
        """The blocks of code as far as they came; put together only when asked for."""
        if self._plain is not None:
            return []
        blocks = [*self._frozen_blocks, *self._tail_blocks]
        if self._fence is not None:
            blocks.append(self._fence.block(clean(self._source[self._taken :])))
        return blocks

    def __len__(self) -> int:
        if self._plain is not None:
            return len(self._plain)
        return len(self._frozen) + len(self._tail)

    def __getitem__(self, index: int) -> Row:
        if self._plain is not None:
            return self._plain[index]
        frozen = len(self._frozen)
        return self._frozen[index] if index < frozen else self._tail[index - frozen]

    def update(self, source: str, *, final: bool = False) -> None:
        """Take in the source as it is now. One that does not continue the old starts anew."""
        if source == self._source and final == self._is_final:
            return
        if not self._continues(source):
            self._plain = None
            self._reset()
        self._source, self._is_final = source, final
        if len(source) > LONGEST_MARKDOWN:
            self._update_plain(source)
        else:
            self._update_blocks(source, final)

    def _continues(self, source: str) -> bool:
        if self._is_final or len(source) < len(self._source):
            return source == self._source
        end = self._taken
        return source[max(0, end - 64) : end] == self._source[max(0, end - 64) : end]

    def _update_plain(self, source: str) -> None:
        if self._plain is None:
            self._plain = PlainRows(self._width, self._palette.text)
        self._plain.update(source)

    def _update_blocks(self, source: str, final: bool) -> None:
        old, before = self._tail, len(self._frozen)
        self._tail, self._tail_blocks = [], []
        while self._advance(source[self._taken :], final):
            pass
        self._keep_identity(old, before)

    def _keep_identity(self, old: list[Row], before: int) -> None:
        """Let rows that look as they did be the same objects, so that they are not painted."""
        frozen = len(self._frozen)
        for index, row in zip(range(before, len(self)), old, strict=False):
            rows, at = (self._frozen, index) if index < frozen else (self._tail, index - frozen)
            if rows[at] is not row and row.is_made and rows[at].same_as(row):
                rows[at] = row

    def _advance(self, text: str, final: bool) -> bool:
        """Draw as far as one kind of block goes; returns whether another kind begins there."""
        if self._fence is not None:
            return self._advance_fence(text, final)
        opener = OPENER.search(text)
        if opener is None:
            self._advance_blocks(text, final)
            return False
        if opener.start():
            self._advance_blocks(text[: opener.start()], final=True)
        self._open_fence(opener)
        return True

    # -- fences ------------------------------------------------------------------------------

    def _open_fence(self, opener: re.Match[str]) -> None:
        layout = self._layout()
        layout.space_before_fence()
        self._freeze(layout)
        self._fence = OpenFence(clean(opener[0])[:-1], self._line, self._width, self._palette)
        self._taken += opener.end() - opener.start()

    def _advance_fence(self, text: str, final: bool) -> bool:
        assert self._fence
        *lines, rest = text.split("\n")
        for line in lines:
            self._taken += len(line) + 1
            if self._fence.feed(clean(f"{line}\n")[:-1]):  # its carriage return goes with it
                self._close_fence()
                return True
        if not final:
            self._tail = self._fence.rows(clean(rest))
            return False
        if rest:
            self._fence.feed(clean(rest), is_whole=False)
        self._close_fence()
        return False

    def _close_fence(self) -> None:
        assert self._fence
        rows = self._fence.finished_rows()
        self._frozen += rows
        self._frozen_blocks.append(self._fence.block())
        self._line = rows[-1].line + 1
        self._previous, self._blank_before, self._number = "fence", False, None
        self._fence = None

    # -- everything else ---------------------------------------------------------------------

    def _advance_blocks(self, text: str, final: bool) -> None:
        lines = clean(text).split("\n")
        if not final and _MARKUP_ONLY.fullmatch(lines[-1]):
            lines[-1] = ""  # what it begins is not known yet
        groups = split_blocks(parse_blocks("\n".join(lines)))
        layout = self._layout()
        if final:
            for group in groups:
                layout.draw(group, lines)
            self._freeze(layout)
            self._take(text, lines, len(lines))
            return
        # A table is known by its second line: a block is only sure to have begun when the line
        # after its first is whole too.
        done, rest, is_parted = split_finished(groups, len(lines) - 2)
        for group in done:
            layout.draw(group, lines)
        if done:
            layout.number = layout.next_number if is_parted else None
            self._freeze(layout)
            self._take(text, lines, first_line(rest[0]))
        for group in rest:
            layout.draw(group, lines)
        self._tail, self._tail_blocks = layout.rows, layout.blocks

    def _layout(self) -> Layout:
        return Layout(
            self._width,
            self._palette,
            line=self._line,
            previous=self._previous,
            blank_before=self._blank_before,
            number=self._number,
        )

    def _freeze(self, layout: Layout) -> None:
        self._frozen += layout.rows
        self._frozen_blocks += layout.blocks
        layout.rows, layout.blocks = [], []
        self._line, self._previous, self._number = layout.line, layout.previous, layout.number
        self._blank_before = False

    def _take(self, text: str, lines: Sequence[str], start: int) -> None:
        """Count everything above a line of the text as drawn."""
        if start:
            self._blank_before = is_blank(lines[min(start, len(lines) - 1) - 1])
        position = 0
        for _ in range(min(start, len(lines) - 1)):
            position = text.index("\n", position) + 1
        self._taken += position if start < len(lines) else len(text)

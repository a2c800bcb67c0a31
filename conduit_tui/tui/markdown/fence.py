"""A block of code that is still being written: its finished lines are drawn once."""

import re

from conduit_tui.tui.markdown.code import (
    LONGEST_EXACT,
    code_rows,
    label_row,
    piece_end,
    piece_rows,
)
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.fence_syntax import closer_of, fence_language, info_of
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Row

_CLOSER_BEGUN = re.compile(r" {0,3}(`+|~+)?")


class OpenFence:
    """Takes the lines after an opening fence until the closing one.

    Highlighting goes piece by piece while the block is open. When it ends and is short enough, it
    is highlighted once more as a whole, because a string or comment may span pieces.
    """

    def __init__(self, opener: str, line: int, width: int, palette: Palette) -> None:
        self._closer = closer_of(opener)
        self._language = fence_language(info_of(opener))
        self._width, self._palette = width, palette
        self._label = [label_row(self._language, line, width, palette)] if self._language else []
        self._start, self._line = line, line + len(self._label)
        self._lines: list[str] = []
        self._code: list[str] = []
        self._size = 0
        self._pieces: list[Row] = []
        self._piece_lines = 0  # how many lines are in pieces

    def feed(self, line: str, *, is_piece: bool = False, is_ended: bool = True) -> bool:
        """Take the next line, or a piece of a long one; returns whether it closed the block.

        The very last line need not be ended by a break.
        """
        if not is_piece and self._closer.fullmatch(line):
            return True
        self._lines.append(line)
        self._code.append(f"{line}\n" if is_ended and not is_piece else line)
        self._size += len(line) + 1
        if piece_end(self._lines, self._piece_lines) is not None:
            self._pieces += self._piece(self._lines[self._piece_lines :])
            self._piece_lines = len(self._lines)
        return False

    def take_rows(self) -> list[Row]:
        """Return the rows that can no longer change, once: those of a block that is long."""
        if self._size <= LONGEST_EXACT:
            return []
        rows = self._label + self._pieces
        self._label, self._pieces = [], []
        return rows

    def rows(self, unfinished: str = "") -> list[Row]:
        """Return the rows not taken yet as they stand, with a line that has not ended yet."""
        tail = [*self._lines[self._piece_lines :], *_shown(unfinished)]
        if tail or not self._lines:
            return self._label + self._pieces + self._piece(tail or [""])
        return self._label + self._pieces

    def finished_rows(self) -> list[Row]:
        """Return the rows not taken yet, now that nothing more will come."""
        if self._size > LONGEST_EXACT:
            tail = self._lines[self._piece_lines :]
            return self._label + self._pieces + (self._piece(tail) if tail else [])
        lines = self._lines or [""]
        whole = code_rows(lines, self._language, self._line, self._width, self._palette)
        return self._label + whole

    def block(self, unfinished: str = "") -> CodeBlock:
        """Return the code as it stands, with a line that has not ended yet."""
        shown = _shown(unfinished)
        size = self._line - self._start + max(1, len(self._lines) + len(shown))
        return CodeBlock(self._language, "".join((*self._code, *shown)), self._start, size)

    @property
    def next_line(self) -> int:
        """The logical line after the block."""
        return self._line + max(1, len(self._lines))

    def _piece(self, lines: list[str]) -> list[Row]:
        start = self._line + self._piece_lines
        return piece_rows(lines, self._language, start, self._width, self._palette)


def _shown(unfinished: str) -> list[str]:
    """The line that has not ended, unless it may become the closing one."""
    return [unfinished] if unfinished and not _CLOSER_BEGUN.fullmatch(unfinished) else []

"""A block of code that is still being written: its finished lines are drawn once."""

import re

from conduit_tui.tui.markdown.code import PIECE_LINES, code_rows, label_row, piece_rows
from conduit_tui.tui.markdown.code_blocks import CodeBlock, bare
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
        self._line = line + len(self._label)
        self._lines: list[str] = []
        self._ends_whole = True
        self._frozen: list[Row] = []
        self._frozen_lines = 0

    def feed(self, line: str, *, is_whole: bool = True) -> bool:
        """Take the next line, the very last maybe cut; returns whether it closed the block."""
        if self._closer.fullmatch(line):
            return True
        self._ends_whole = is_whole
        self._lines.append(line)
        if len(self._lines) - self._frozen_lines == PIECE_LINES:
            self._frozen += self._piece(self._lines[self._frozen_lines :])
            self._frozen_lines = len(self._lines)
        return False

    def rows(self, unfinished: str = "") -> list[Row]:
        """Return the rows as they stand, with a line that has not ended yet."""
        tail = [*self._lines[self._frozen_lines :], *_shown(unfinished)]
        if tail or not self._lines:
            return self._label + self._frozen + self._piece(tail)
        return self._label + self._frozen

    def finished_rows(self) -> list[Row]:
        """Return the rows now that nothing more will come."""
        lines = self._lines or [""]
        whole = code_rows(lines, self._language, self._line, self._width, self._palette)
        return self._label + whole

    def block(self, unfinished: str = "") -> CodeBlock:
        """Return the code as it stands, with a line that has not ended yet."""
        shown = _shown(unfinished)
        lines = [*self._lines, *(shown or ([""] if self._lines and self._ends_whole else []))]
        size = len(self._label) + max(1, len(self._lines) + len(shown))
        start = self._line - len(self._label)
        return CodeBlock(self._language, bare("\n".join(lines)), start, size)

    def _piece(self, lines: list[str]) -> list[Row]:
        start = self._line + self._frozen_lines
        return piece_rows(lines or [""], self._language, start, self._width, self._palette)


def _shown(unfinished: str) -> list[str]:
    """The line that has not ended, unless it may become the closing one."""
    return [unfinished] if unfinished and not _CLOSER_BEGUN.fullmatch(unfinished) else []

"""A block of code that is still being written: its finished lines are drawn once."""

import re

from conduit_tui.tui.markdown.code import (
    LONGEST_EXACT,
    code_rows,
    label_row,
    piece_end,
    piece_rows,
)
from conduit_tui.tui.markdown.layout import fence_language
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Row

_OPENER = re.compile(r"^(?:`{3,}[^`\n]*|~{3,}[^\n]*)\n", re.MULTILINE)
_CLOSER_BEGUN = re.compile(r" {0,3}(`+|~+)?")


class OpenFence:
    """Takes the lines after an opening fence until the closing one.

    Highlighting goes piece by piece while the block is open. When it ends and is short enough, it
    is highlighted once more as a whole, because a string or comment may span pieces.
    """

    def __init__(self, opener: str, line: int, width: int, palette: Palette) -> None:
        info = opener.lstrip(opener[0])
        size = len(opener) - len(info)
        self._closer = re.compile(rf" {{0,3}}{opener[0]}{{{size},}}[ \t]*")
        self._language = fence_language(info)
        self._width, self._palette = width, palette
        self._label = [label_row(self._language, line, width, palette)] if self._language else []
        self._line = line + len(self._label)
        self._lines: list[str] = []
        self._size = 0
        self._pieces: list[Row] = []
        self._piece_lines = 0  # how many lines are in pieces

    @staticmethod
    def opener(text: str) -> "re.Match[str] | None":
        """Find the first whole line that opens a fence at the margin.

        Outside of a fence such a line ends whatever is above it, so it is always at the top level;
        indented ones may belong to a list and are left to the parser.
        """
        return _OPENER.search(text)

    def feed(self, line: str, *, is_whole: bool = True) -> bool:
        """Take the next finished line, or a piece of it; returns whether it closed the block."""
        if is_whole and self._closer.fullmatch(line):
            return True
        self._lines.append(line)
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
        tail = self._lines[self._piece_lines :]
        if unfinished and not _CLOSER_BEGUN.fullmatch(unfinished):
            tail = [*tail, unfinished]
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

    @property
    def next_line(self) -> int:
        """The logical line after the block."""
        return self._line + max(1, len(self._lines))

    def _piece(self, lines: list[str]) -> list[Row]:
        start = self._line + self._piece_lines
        return piece_rows(lines, self._language, start, self._width, self._palette)

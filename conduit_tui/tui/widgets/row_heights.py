"""How many rows each message takes, and which message a row belongs to, in O(log n)."""

from collections.abc import Sequence
from typing import NamedTuple

from conduit_tui.core.message import Message, Text

PASTE_ROWS = 20
"""Rows of the user's words from which on they fold."""

SHOWN_ROWS = 6
"""Rows of folded words that are shown."""

_FRAME_ROWS = 2  # the header and the empty row below


class TextSize(NamedTuple):
    """What the height of a message is estimated from, at any width."""

    characters: int
    lines: int
    folds: bool


def text_size(message: Message) -> TextSize:
    """Measure a message without drawing it; a part that is no text counts as a line."""
    characters = lines = 0
    for part in message.parts:
        if isinstance(part, Text):
            characters += len(part.text)
            lines += part.text.count("\n")
        lines += 1
    return TextSize(characters, lines, message.role == "user")


def estimate(size: TextSize, width: int) -> int:
    """Return about how many rows a message takes, header and empty row included."""
    rows = size.lines + max(0, size.characters - 40 * size.lines) // max(1, width)
    if size.folds and rows > PASTE_ROWS:
        rows = SHOWN_ROWS + 1
    return rows + _FRAME_ROWS


class RowHeights:
    """A Fenwick tree over the heights of messages."""

    def __init__(self, heights: Sequence[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        for index in range(1, len(self._tree)):
            parent = index + (index & -index)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[index]
        self.total = sum(self._heights)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def __setitem__(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        self.total += change
        node = index + 1
        while node < len(self._tree):
            self._tree[node] += change
            node += node & -node

    def above(self, index: int) -> int:
        """Return how many rows lie above a message."""
        found = 0
        while index > 0:
            found += self._tree[index]
            index -= index & -index
        return found

    def locate(self, row: int) -> tuple[int, int]:
        """Return the message a row belongs to and the row's place in it."""
        index, step = 0, 1 << len(self._heights).bit_length()
        left = max(0, row)
        while step:
            following = index + step
            if following < len(self._tree) and self._tree[following] <= left:
                index = following
                left -= self._tree[following]
            step >>= 1
        if index >= len(self._heights):
            last = max(0, len(self._heights) - 1)
            return last, max(0, self._heights[last] - 1) if self._heights else 0
        return index, left

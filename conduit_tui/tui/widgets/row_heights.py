"""How many rows each message takes, and which message a row belongs to, in O(log n)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from conduit_tui.core.json_text import as_block
from conduit_tui.core.message import Message, Structured, Text

PASTE_ROWS = 20
"""Rows of the user's words from which on they fold."""

SHOWN_ROWS = 6
"""Rows of folded words that are shown."""

LONG_ROWS = 400
"""Rows of a reply, as they are estimated, from which on it folds once another has come."""

LONG_SHOWN_ROWS = 20
"""Rows of a folded reply that are shown."""

_FRAME_ROWS = 2  # the header and the empty row below
_FULL_LINE = 40  # characters of a line that are taken to fit on a row
_NO_FOLDS: Mapping[int, bool] = MappingProxyType({})


class TextSize(NamedTuple):
    """What the height of a text is estimated from, at any width."""

    characters: int
    lines: int

    @classmethod
    def of(cls, text: str) -> "TextSize":
        """Measure a text."""
        return cls(len(text), text.count("\n") + 1)

    def rows(self, width: int) -> int:
        """About how many rows the text takes."""
        return self.lines + max(0, self.characters - _FULL_LINE * self.lines) // max(1, width)


class MessageSize(NamedTuple):
    """The sizes of a message's texts by their index among its parts; `others` are the rest."""

    texts: tuple[tuple[int, TextSize], ...]
    others: int
    is_typed: bool


def message_size(message: Message) -> MessageSize:
    """Measure a message without drawing it; results stand behind its header."""
    if message.role == "tool":
        return MessageSize((), 0, is_typed=True)
    texts = tuple(
        (index, TextSize.of(part.text if isinstance(part, Text) else as_block(part.value)))
        for index, part in enumerate(message.parts)
        if isinstance(part, Text | Structured)
    )
    return MessageSize(texts, len(message.parts) - len(texts), message.role != "assistant")


def estimate(
    size: MessageSize, width: int, folds: Mapping[int, bool] = _NO_FOLDS, *, is_past: bool = True
) -> int:
    """Return about how many rows a message takes, header and empty row included.

    A part that is no text counts as a row. `folds` and `is_past` are as in message_view.py.
    """
    rows = size.others + _FRAME_ROWS
    for index, text in size.texts:
        choice = folds.get(index)
        if size.is_typed:
            rows += _folded(text.rows(width), PASTE_ROWS, SHOWN_ROWS, is_open=choice is True)
        else:
            is_open = not is_past if choice is None else choice
            rows += _folded(text.rows(width), LONG_ROWS, LONG_SHOWN_ROWS, is_open=is_open)
    return rows


def _folded(rows: int, most: int, shown: int, *, is_open: bool) -> int:
    return rows if is_open or rows <= most else shown + 1


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

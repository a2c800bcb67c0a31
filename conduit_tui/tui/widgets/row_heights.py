"""How many rows each message takes, and which message a row belongs to, in O(log n)."""

from collections.abc import Sequence


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

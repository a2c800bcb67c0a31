"""Runs of rows, one below the other, counted through as one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from conduit_tui.core.consent import Choice
from conduit_tui.core.message import Attachment
from conduit_tui.tui.markdown.rows import Row, RowSource

Key: TypeAlias = tuple[int, str]
"""What a run of rows shows: the index of a part, or -1, and a word."""


class Place(NamedTuple):
    """A row by what it shows, so that it is found again when rows above it come or go."""

    key: Key
    offset: int


class Hit(NamedTuple):
    """Cells of a row of a run in which a click answers a question; None leaves it open."""

    row: int
    start: int
    end: int
    approval_id: str
    choice: Choice | None


@dataclass(slots=True)
class Chunk:
    """A run of rows; no two of a message have the same key.

    `is_text` tells rows that can be searched from those that only open, close or note something.
    """

    key: Key
    rows: RowSource
    fold: int | None = None  # the part that a click on it opens and closes
    limit: int | None = None  # how many of the rows are shown
    is_text: bool = False
    file: Attachment | None = None
    hits: tuple[Hit, ...] = ()

    def __len__(self) -> int:
        return len(self.rows) if self.limit is None else min(self.limit, len(self.rows))


class RowChunks:
    """Rows by their index, made when they are asked for.

    Logical lines are counted through all chunks, so that a selection keeps its place while one
    of them grows.
    """

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._ends: list[int] = []
        self._lines: list[int] = []

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, index: int) -> Row:
        chunk, offset = self._find(index)
        return self._chunks[chunk].rows[offset]

    @property
    def is_behind(self) -> bool:
        """Whether there was no time for all that is shown."""
        return any(chunk.rows.is_behind for chunk in self._chunks)

    @property
    def weight(self) -> int:
        """How many rows are kept, those that are folded away included."""
        return sum(len(chunk.rows) for chunk in self._chunks)

    def line_at(self, index: int) -> int:
        """The logical line, counted through all chunks, that a row belongs to."""
        chunk, offset = self._find(index)
        return self._lines[chunk] + self._chunks[chunk].rows[offset].line

    def row_of_line(self, line: int) -> int:
        """The first row of a logical line; of one that is folded away: the row that opens it."""
        return min(bisect_left(range(len(self)), line, key=self.line_at), len(self) - 1)

    def position_at(self, index: int) -> tuple[int, int]:
        """The logical line a row belongs to, and the character of it that the row begins with."""
        return self.line_at(index), self[index].start

    def row_of_position(self, position: tuple[int, int]) -> int:
        """The row that shows a character of a logical line, or else the last one above."""
        return max(0, bisect_right(range(len(self)), position, key=self.position_at) - 1)

    def fold_at(self, index: int) -> int | None:
        """The part that is opened or closed on a row, if any."""
        return self._chunks[self._find(index)[0]].fold

    def hit_at(self, index: int, cell: int) -> Hit | None:
        """The answer that stands in a cell of a row, if any."""
        chunk, offset = self._find(index)
        for hit in self._chunks[chunk].hits:
            if hit.row == offset and hit.start <= cell < hit.end:
                return hit
        return None

    def rows_of_question(self, approval_id: str) -> range | None:
        """The rows of a question, from the line of the call above it on, if it is shown."""
        found: list[tuple[int, int]] = []
        for chunk, end in zip(self._chunks, self._ends, strict=True):
            if chunk.key[1].endswith(f" {approval_id}"):
                found.append((end - len(chunk), end))
        return range(max(0, found[0][0] - 1), found[-1][1]) if found else None

    def fold_rows(self) -> list[int]:
        """The rows that open or close something, from top to bottom."""
        ends = zip(self._chunks, self._ends, strict=True)
        return [end - len(chunk) for chunk, end in ends if chunk.fold is not None]

    def place_at(self, index: int) -> Place:
        """What a row shows."""
        chunk, offset = self._find(index)
        return Place(self._chunks[chunk].key, offset)

    def row_of_place(self, place: Place) -> int | None:
        """The row that shows something, or None if none does."""
        found = self._run_of(place.key)
        if found is None or place.offset >= len(found[1]):
            return None
        return found[0] + place.offset

    def text_at(self, index: int) -> tuple[Key, int] | None:
        """What a row is text of, and the logical line there; None if it is no text."""
        number, offset = self._find(index)
        chunk = self._chunks[number]
        return (chunk.key, chunk.rows[offset].line) if chunk.is_text else None

    def row_of_text(self, key: Key, line: int, character: int) -> int | None:
        """The row that shows a character of a line of some text; None while it is folded away."""
        found = self._run_of(key)
        if found is None or not found[1].is_text:
            return None
        start, chunk = found
        row = _last_at_or_before(chunk.rows, line, character)
        return start + row if row < len(chunk) and chunk.rows[row].line == line else None

    def _lay(self, chunks: Iterable[Chunk]) -> None:
        self._chunks = list(chunks)
        self._ends, self._lines = [], []
        end = line = 0
        for chunk in self._chunks:
            self._lines.append(line)
            end += len(chunk)
            line += chunk.rows.line_count
            self._ends.append(end)

    def _run_of(self, key: Key) -> tuple[int, Chunk] | None:
        """The run of rows with a key, behind the index of its first one."""
        for chunk, end in zip(self._chunks, self._ends, strict=True):
            if chunk.key == key:
                return end - len(chunk), chunk
        return None

    def _find(self, index: int) -> tuple[int, int]:
        index = range(len(self))[index]
        chunk = bisect_right(self._ends, index)
        return chunk, index - (self._ends[chunk - 1] if chunk else 0)


def _last_at_or_before(rows: RowSource, line: int, character: int) -> int:
    def start(index: int) -> tuple[int, int]:
        return rows[index].line, rows[index].start

    return max(0, bisect_right(range(len(rows)), (line, character), key=start) - 1)

"""The unit everything in the transcript is drawn from: a row of styled text."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

from rich.segment import Segment
from rich.style import Style

Fragment: TypeAlias = tuple[str, Style]
"""A run of text in one style; the style has no background unless it is a panel's."""

Prefix: TypeAlias = tuple[Fragment, ...]
Segments: TypeAlias = tuple[Segment, ...]


class Row:
    """One terminal row.

    `line` is the logical line it belongs to, `start` the index of its first character in that
    line. `indent` characters of decoration come before its `length` characters of text, and
    anything after them is padding. Rows are compared by identity; `same_as` compares by value.
    The segments may be given as a function, which is called when they are first asked for; with
    `text` beside it, the text can be read without them.
    """

    __slots__ = ("_segments", "_text", "indent", "length", "line", "start")

    def __init__(
        self,
        segments: Segments | Callable[[], Segments],
        line: int,
        start: int,
        indent: int,
        length: int,
        text: str | None = None,
    ) -> None:
        self._segments = segments
        self._text = text
        self.line = line
        self.start = start
        self.indent = indent
        self.length = length

    @property
    def is_made(self) -> bool:
        """Whether the segments are there; a row without them was never painted."""
        return not callable(self._segments)

    @property
    def segments(self) -> Segments:
        """The styled pieces of the row from left to right."""
        segments = self._segments
        if callable(segments):
            segments = self._segments = segments()
        return segments

    @property
    def characters(self) -> str:
        """All characters of the row, decoration included."""
        return "".join(segment.text for segment in self.segments)

    @property
    def text(self) -> str:
        """The characters without decoration and padding."""
        if self._text is not None:
            return self._text
        return self.characters[self.indent : self.indent + self.length]

    def same_as(self, other: "Row") -> bool:
        """Whether both would be drawn and selected alike."""
        return (
            self.line == other.line
            and self.start == other.start
            and self.indent == other.indent
            and self.length == other.length
            and self.segments == other.segments
        )


class RowSource(Protocol):
    """Rows that may be made only when asked for; `line_count` is that of logical lines.

    It `is_behind` while there was no time to draw all of them.
    """

    @property
    def is_behind(self) -> bool: ...

    @property
    def line_count(self) -> int: ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...


class FixedRows:
    """A handful of rows that are already there."""

    __slots__ = ("_rows", "line_count")

    is_behind = False

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.line_count = rows[-1].line + 1 if rows else 0

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Row:
        return self._rows[index]

    def same_as(self, other: "FixedRows") -> bool:
        """Whether both would be drawn alike."""
        return len(self) == len(other) and all(
            self[index].same_as(other[index]) for index in range(len(self))
        )


def text_of(rows: Iterable[Row]) -> str:
    """Return the text of rows, line by line, with the spaces at which lines were broken.

    It begins with the first row, wherever in its line that is; lines without any row are empty.
    """
    lines: list[list[str]] = []
    first = size = 0
    for row in rows:
        if not lines:
            lines.append([])
            first, size = row.line, row.start
        while len(lines) <= row.line - first:
            lines.append([])
            size = 0
        text = row.text
        lines[-1].append(" " * (row.start - size) + text)
        size = row.start + len(text)
    return "\n".join(map("".join, lines))


def row_of(
    fragments: Iterable[Fragment], line: int = 0, start: int = 0, prefix: Prefix = ()
) -> Row:
    """Make a row of fragments behind a decoration."""
    decoration = [Segment(text, style) for text, style in prefix if text]
    body = [Segment(text, style) for text, style in fragments if text]
    return Row(
        (*decoration, *body),
        line,
        start,
        sum(len(segment.text) for segment in decoration),
        sum(len(segment.text) for segment in body),
    )


BLANK = FixedRows([row_of([])])
"""One row without anything."""

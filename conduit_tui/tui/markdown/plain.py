"""Text of any size, drawn as it is: rows are counted at once but made only when asked for."""

from bisect import bisect_right
from collections import OrderedDict

from rich.style import Style

from conduit_tui.core.clean import clean
from conduit_tui.tui.markdown.rows import Row, row_of
from conduit_tui.tui.markdown.wrap import chop_spans, is_narrow, wrap_spans

_KEPT_ROWS = 512
_LONGEST_WORDED = 2_000  # characters of a line that is broken between words


class PlainRows:
    """Rows of a growing text. Finished lines are measured once."""

    def __init__(self, width: int, style: Style) -> None:
        self._width = max(1, width)
        self._style = style
        self._lines: list[str] = [""]
        self._ends: list[int] = [1]
        self._taken = 0  # characters of the source whose lines are finished
        self._size = 0
        self._rows: OrderedDict[int, Row] = OrderedDict()

    def update(self, source: str) -> None:
        """Take in the source, which begins with what it was before."""
        if len(source) == self._size:
            return
        self._size = len(source)
        fresh = clean(source[self._taken :]).split("\n")
        newline = source.rfind("\n")
        self._taken = max(self._taken, newline + 1)
        self._drop_last()
        end = self._ends[-1] if self._ends else 0
        for raw in fresh:
            line = raw.expandtabs(4) if "\t" in raw else raw
            end += self._height(line)
            self._lines.append(line)
            self._ends.append(end)

    @property
    def text(self) -> str:
        """The text as it is shown, its lines unbroken."""
        return "\n".join(self._lines)

    @property
    def line_count(self) -> int:
        """How many lines the text has."""
        return len(self._lines)

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, index: int) -> Row:
        index = range(len(self))[index]
        row = self._rows.get(index)
        if row is None:
            row = self._rows[index] = self._make(index)
            if len(self._rows) > _KEPT_ROWS:
                self._rows.popitem(last=False)
        return row

    def _drop_last(self) -> None:
        self._lines.pop()
        self._ends.pop()
        first = self._ends[-1] if self._ends else 0
        for index in [index for index in self._rows if index >= first]:
            del self._rows[index]

    def _height(self, line: str) -> int:
        if len(line) * 2 <= self._width:
            return 1
        if len(line) > _LONGEST_WORDED and is_narrow(line):
            return -(-len(line) // self._width)
        return len(self._spans(line))

    def _spans(self, line: str) -> list[tuple[int, int]]:
        if len(line) > _LONGEST_WORDED:
            return chop_spans(line, self._width)
        return wrap_spans(line, self._width)

    def _make(self, index: int) -> Row:
        line = bisect_right(self._ends, index)
        offset = index - (self._ends[line - 1] if line else 0)
        text = self._lines[line]
        if len(text) > _LONGEST_WORDED and is_narrow(text):
            start, end = offset * self._width, min((offset + 1) * self._width, len(text))
        else:
            start, end = self._spans(text)[offset]
        return row_of([(text[start:end], self._style)], line, start)

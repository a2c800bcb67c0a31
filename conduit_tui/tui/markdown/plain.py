"""Text of any size, drawn as it is: rows are counted once but made only when asked for."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.clean import clean, seam
from conduit_tui.tui.markdown.rows import Prefix, Row, row_of
from conduit_tui.tui.markdown.wrap import wrap_spans

LONGEST_PIECE = 4_000
"""Characters of a line that are wrapped together; a longer line is wrapped in such pieces."""

_TAKEN_AT_ONCE = 64_000  # characters between two looks at the clock
_KEPT_ROWS = 512
_KEPT_SPANS = 16


class PlainRows:
    """Rows of a growing text, from its character `start` on. Finished lines are measured once.

    `line` is the number of its first logical line. `style_of` gives lines styles of their own by
    their beginning; each row stands behind the `prefix`, in addition to the width, and one that
    goes on with a line behind the sign `continued` too, within the width.
    """

    def __init__(
        self,
        width: int,
        style: Style,
        *,
        start: int = 0,
        line: int = 0,
        style_of: Callable[[str], Style] | None = None,
        prefix: Prefix = (),
        continued: Prefix = (),
    ) -> None:
        self._width = max(1, width - sum(cell_len(sign) for sign, _ in continued))
        self._style = style
        self._style_of = style_of
        self._styles: list[Style] = []  # of each piece, where lines have their own
        self._prefix = prefix
        self._continued: Prefix = (*prefix, *continued)
        self._taken = start  # characters of the source whose rows are final
        self._line, self._offset = line, 0  # the line that goes on there, and how far it has come
        self._first_line = line
        self._size = -1
        self._pieces: list[str] = []
        self._ends: list[int] = []
        self._places: list[tuple[int, int]] = []  # line and first character of each piece
        self._has_tail = False  # whether the last piece may still change
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._spans: OrderedDict[int, list[tuple[int, int]]] = OrderedDict()
        self._is_behind = False
        self.update("")

    @property
    def is_behind(self) -> bool:
        """Whether there was no time for all of the source."""
        return self._is_behind

    def update(self, source: str, *, until: float | None = None) -> None:
        """Take in the source, which begins with what it was before.

        At the time `until` of `perf_counter` it stops; call it again to go on.
        """
        if len(source) == self._size and not self._is_behind:
            return
        self._size = len(source)
        self._drop_tail()
        while self._take_more(source):
            if until is not None and perf_counter() >= until:
                self._is_behind = True
                return
        self._is_behind = False
        self._add(clean(source[self._taken :].removesuffix("\r")))
        self._has_tail = True

    @property
    def line_count(self) -> int:
        """How many lines the text has; the number of the last one and one, if counted from 0."""
        return self._places[-1][0] + 1 - self._first_line if self._places else 0

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, index: int) -> Row:
        index = range(len(self))[index]
        row = self._rows.get(index)
        if row is None:
            row = self._rows[index] = self._make(index)
            if len(self._rows) > _KEPT_ROWS:
                self._rows.popitem(last=False)
        return row

    def _take_more(self, source: str) -> bool:
        """Take whole lines, or a piece of a long one; returns whether there was any."""
        newline = source.rfind("\n", self._taken, self._taken + _TAKEN_AT_ONCE)
        if newline < 0:
            if len(source) - self._taken <= LONGEST_PIECE:
                return False
            self._take_piece(source)
            return True
        lines = clean(source[self._taken : newline + 1]).split("\n")
        if self._offset or max(map(len, lines)) > LONGEST_PIECE:
            return self._take_long_line(source)
        for line in lines[:-1]:
            self._add(line)
            self._line += 1
        self._taken = newline + 1
        return True

    def _take_long_line(self, source: str) -> bool:
        newline = source.index("\n", self._taken)
        while newline - self._taken > LONGEST_PIECE:
            self._take_piece(source)
        self._add(clean(source[self._taken : newline + 1])[:-1])
        self._line, self._offset = self._line + 1, 0
        self._taken = newline + 1
        return True

    def _take_piece(self, source: str) -> None:
        end = seam(source, self._taken, self._taken + LONGEST_PIECE)
        self._offset += self._add(clean(source[self._taken : end]))
        self._taken = end

    def _add(self, text: str) -> int:
        if "\t" in text:
            text = text.expandtabs(4)
        if self._style_of is not None:
            is_start = not self._offset or not self._styles
            self._styles.append(self._style_of(text) if is_start else self._styles[-1])
        self._pieces.append(text)
        self._places.append((self._line, self._offset))
        is_one_row = len(text) <= self._width and text.isascii()
        self._ends.append(len(self) + (1 if is_one_row else len(wrap_spans(text, self._width))))
        return len(text)

    def _drop_tail(self) -> None:
        if not self._has_tail:
            return
        self._has_tail = False
        self._pieces.pop()
        if self._styles:
            self._styles.pop()
        self._places.pop()
        self._ends.pop()
        self._spans.pop(len(self._pieces), None)
        first = len(self)
        for index in [index for index in self._rows if index >= first]:
            del self._rows[index]

    def _make(self, index: int) -> Row:
        piece = bisect_right(self._ends, index)
        offset = index - (self._ends[piece - 1] if piece else 0)
        start, end = self._spans_of(piece)[offset]
        line, first = self._places[piece]
        style = self._styles[piece] if self._styles else self._style
        text = self._pieces[piece][start:end]
        prefix = self._continued if first + start else self._prefix
        return row_of([(text, style)], line, first + start, prefix)

    def _spans_of(self, piece: int) -> list[tuple[int, int]]:
        spans = self._spans.get(piece)
        if spans is None:
            spans = self._spans[piece] = wrap_spans(self._pieces[piece], self._width)
            if len(self._spans) > _KEPT_SPANS:
                self._spans.popitem(last=False)
        return spans

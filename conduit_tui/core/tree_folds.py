"""Folds rows of a tree: which are shown, and which stand together in one line, `… 12 turns`.

A run of messages without forks says little in between its ends. What a person put a mark on, what
went wrong, what is new, and the last turns above the leaf are never hidden.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import TreeRows

FEWEST_HIDDEN = 4
"""Rows that are worth a line that stands for them."""
ROWS_ABOVE_LEAF = 4
"""Rows right above the current leaf that are shown: two turns."""

_RUN = re.compile(rb"\0{%d,}" % FEWEST_HIDDEN)
_GAP = re.compile(rb"\0+")


class TreeLines:
    """What is drawn: `rows` has the row of each line, the first hidden one where it is a fold.

    `folds` are the hidden rows by the first of each fold.
    """

    def __init__(self, count: int, folds: Iterable[range] = ()) -> None:
        self.folds = {fold.start: fold for fold in folds}
        self.rows: Sequence[int] = range(count)
        if self.folds:
            rows: list[int] = []
            begin = 0
            for fold in self.folds.values():
                rows.extend(range(begin, fold.start + 1))
                begin = fold.stop
            rows.extend(range(begin, count))
            self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def line_of(self, row: int) -> int:
        """The line that shows a row, or that hides it."""
        return max(0, bisect_right(self.rows, row) - 1)

    def hides(self, row: int) -> bool:
        """Whether a row is in a fold."""
        line = self.line_of(row)
        return self.rows[line] != row or row in self.folds

    def fold(self, line: int) -> range | None:
        """The rows a line hides, None if it shows one."""
        return self.folds.get(self.rows[line])


def runs(rows: TreeRows, session: Session, standing: Collection[int] = ()) -> list[range]:
    """The rows that can be folded, run by run from the top; `standing` rows are never among them.

    Shown are the first messages, forks, what follows a fork, leaves, the last rows above the
    current one, and all that is marked, streaming, interrupted or failed.
    """
    stands = bytearray(len(rows))
    _stand_by_shape(rows, stands)
    for row, message_id in enumerate(rows.ids):
        message = session.get(message_id)
        if message is None or message.status != "complete":
            stands[row] = 1
    marked = (rows.index.get(message_id) for message_id in session.marks)
    for row in (*(row for row in marked if row is not None), *standing):
        stands[row] = 1
    row = rows.here
    for _ in range(ROWS_ABOVE_LEAF + 1):
        if row >= 0:
            stands[row] = 1
            row = rows.parents[row]
    return [range(*found.span()) for found in _RUN.finditer(stands)]


def gaps(count: int, shown: Iterable[int]) -> list[range]:
    """The rows between those that are shown, each gap a fold."""
    stands = bytearray(count)
    for row in shown:
        stands[row] = 1
    return [range(*found.span()) for found in _GAP.finditer(stands)]


def fold_words(rows: TreeRows, session: Session, fold: range) -> str:
    """What a fold of a run hides: `12 turns`, or messages where none is a person's."""
    messages = (session.get(rows.ids[row]) for row in fold)
    turns = sum(1 for message in messages if message is not None and message.role == "user")
    count, word = (turns, "turn") if turns else (len(fold), "message")
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def fold_lane(rows: TreeRows, fold: range) -> str:
    """The lane of a fold: of the last branch that begins in it at its outermost, else its first.

    So no lane that ends inside a fold is left hanging below it.
    """
    lanes = rows.lanes
    lane = lanes[fold.start]
    for row in fold:
        other = lanes[row]
        if len(other) < len(lane) or (len(other) == len(lane) and other.endswith("─")):
            lane = other
    return lane


def _stand_by_shape(rows: TreeRows, stands: bytearray) -> None:
    forks, last = rows.forks, len(rows) - 1
    for row, parent in enumerate(rows.parents):
        if parent != row - 1 or parent < 0 or parent in forks:
            stands[row] = 1
            if row:
                stands[row - 1] = 1
    for row in forks:
        stands[row] = 1
    if last >= 0:
        stands[last] = 1

"""What of a session's tree is on view: its rows, what is folded, and what a filter leaves."""

from collections.abc import Callable, Iterable
from datetime import datetime

from conduit_tui.core.session import Session
from conduit_tui.core.tree_folds import TreeLines, gaps
from conduit_tui.core.tree_rows import LiveNode, TreeRows, mark_path, tree_rows
from conduit_tui.tui.widgets.tree_filter import TreeFilter
from conduit_tui.tui.widgets.tree_folding import Folding


class TreeView:
    """Lines of a tree, each a message or a fold; `lay_out` works them out anew.

    `now` is asked for an aware time in the person's zone.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.session: Session | None = None
        self.rows = TreeRows()
        self._laid_out: tuple[Session, int, tuple[LiveNode, ...]] | None = None  # what is in rows
        self.lines = TreeLines(0)
        self.filter = TreeFilter()
        self._filter_text = ""
        self.folding = Folding()

    def show(self, session: Session | None, leaf_id: str | None, live: Iterable[LiveNode]) -> None:
        """Take in a session; another one than before has no filter and nothing opened."""
        if session is not self.session:
            self.folding = Folding()
            self._filter_text = ""
        self.session = session
        asked = (session, session.shape, tuple(live)) if session else None
        if session is None:
            self.rows = TreeRows()
        elif asked == self._laid_out:
            mark_path(self.rows, session, leaf_id)
        else:
            self.rows = tree_rows(session, leaf_id, live)
        self._laid_out = asked
        self.apply_filter(self._filter_text)

    def apply_filter(self, text: str) -> None:
        """Find what matches a text, now and when other rows are shown."""
        self._filter_text = text
        if self.session is not None:
            self.filter.apply(text, self.rows, self.session, self._now())

    def lay_out(self, *, fits: bool, also_shown: Iterable[str]) -> None:
        """Work out the lines; messages of `also_shown` are in no run that is folded."""
        count = len(self.rows)
        if self.session is None or (self.filter.is_on and not self.filter.matches):
            self.lines = TreeLines(0)
        elif self.filter.is_on:
            self.lines = TreeLines(count, gaps(count, self.filter.shown()))
        else:
            folds = self.folding.folds(self.rows, self.session, fits=fits, also_shown=also_shown)
            self.lines = TreeLines(count, folds)

    def reveal(self, fold: range) -> str:
        """Have the rows of a fold shown at the next layout, and return the first message of it."""
        hidden = self.rows.ids[fold.start : fold.stop]
        if self.filter.is_on:
            self.filter.reveal(hidden)
        else:
            self.folding.open(hidden)
        return hidden[0]

    def close(self, line: int) -> bool:
        """Have the run folded that a line stands in, if it stands in one."""
        if self.session is None or self.filter.is_on or not len(self.lines):
            return False
        return self.folding.close(self.lines.rows[line], self.rows, self.session)

    def id_at(self, line: int) -> str | None:
        """The message of a line; of a fold the first that it hides."""
        return self.rows.ids[self.lines.rows[line]] if line < len(self.lines) else None

    def row_of(self, message_id: str | None) -> int:
        """The row of a message, of what is nearest above one without a row, or of the leaf.

        Without any rows it is -1.
        """
        rows, session = self.rows, self.session
        while message_id is not None and message_id not in rows.index:
            message = session.get(message_id) if session else None
            message_id = message.predecessor_id if message else None
        if message_id is not None:
            return rows.index[message_id]
        return rows.here if rows.here >= 0 else len(rows) - 1

    def fold_at(self, line: int) -> range | None:
        """The rows a line hides, None if it shows one or is not there."""
        return self.lines.fold(line) if line < len(self.lines) else None

    def line_above(self, line: int) -> int:
        """The line of the message above, or of the fold it is in; over what a filter leaves out."""
        if not len(self.lines):
            return line
        above = self.rows.parents[self.lines.rows[line]]
        while above >= 0 and self.filter.is_on and self.lines.hides(above):
            above = self.rows.parents[above]
        return self.lines.line_of(above) if above >= 0 else line

    def line_below(self, line: int) -> int:
        """The first line below a message in the tree; over what a filter leaves out."""
        for below in range(line + 1, min(line + 3, len(self.lines))):
            is_passed = self.filter.is_on and self.lines.fold(below) is not None
            if not is_passed and self.rows.is_below(self.lines.rows[below], self.lines.rows[line]):
                return below
        return line

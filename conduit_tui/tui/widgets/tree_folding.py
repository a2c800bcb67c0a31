"""Which runs of a tree a person folded and opened."""

from collections.abc import Iterable

from conduit_tui.core.session import Session
from conduit_tui.core.tree_folds import runs
from conduit_tui.core.tree_rows import TreeRows


class Folding:
    """The state of all runs of one session while it is on view.

    Runs are folded where not everything fits, unless a person wants it otherwise. What was opened
    or folded by hand is known by its messages, so that it stays so when a run grows or is parted.
    """

    def __init__(self) -> None:
        self._opened: set[str] = set()
        self._closed: set[str] = set()
        self._standing: set[str] = set()
        self._are_folded: bool | None = None

    def folds(
        self, rows: TreeRows, session: Session, *, fits: bool, also_shown: Iterable[str]
    ) -> list[range]:
        """The runs that are folded now; messages of `also_shown` are in none of them."""
        standing = _rows_of({*self._standing, *also_shown}, rows)
        opened, closed = _rows_of(self._opened, rows), _rows_of(self._closed, rows)
        are_folded = not fits if self._are_folded is None else self._are_folded
        if not are_folded and not closed:
            return []
        return [
            run
            for run in runs(rows, session, standing)
            if not closed.isdisjoint(run) or (are_folded and opened.isdisjoint(run))
        ]

    def stand(self, message_id: str) -> None:
        """Show a message from now on, whatever is folded around it."""
        self._standing.add(message_id)

    def open(self, message_ids: Iterable[str]) -> None:
        """Show what a fold hides."""
        shown = set(message_ids)
        self._opened |= shown
        self._closed -= shown

    def close(self, row: int, rows: TreeRows, session: Session) -> bool:
        """Fold the run that a row is in, if it is in one."""
        self._standing.discard(rows.ids[row])
        standing = _rows_of(self._standing, rows)
        run = next((run for run in runs(rows, session, standing) if row in run), None)
        if run is None:
            return False
        hidden = {rows.ids[row] for row in run}
        self._closed |= hidden
        self._opened -= hidden
        return True

    def all(self, *, are_folded: bool) -> None:
        """Fold all runs, or open them."""
        self._opened.clear()
        self._closed.clear()
        self._standing.clear()
        self._are_folded = are_folded


def _rows_of(message_ids: Iterable[str], rows: TreeRows) -> set[int]:
    index = rows.index
    return {index[message_id] for message_id in message_ids if message_id in index}

"""The list of sessions in the sidebar."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message as Posted

from conduit_tui.core.clean import clean_line
from conduit_tui.core.summary import SessionSummary
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.row_list import RowList
from conduit_tui.tui.widgets.session_rows import Heading, age, session_rows

UNTITLED = "New session"
CURRENT_MARK = "▌"
AGE_CELLS = 5
NARROW_PANE = 14
LONGEST_TITLE = 500


class SessionList(RowList):
    """Sessions as one-line rows under quiet headings; ▌ marks the current one, ★ a pinned one."""

    class Chosen(Posted):
        """A person wants to open a session."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._rows: list[SessionSummary | Heading] = []
        self._current_id: str | None = None
        self._now = datetime.now(UTC)

    def show(
        self, summaries: Sequence[SessionSummary], current_id: str | None, now: datetime
    ) -> None:
        """Show sessions in the order given; ages and days are those at `now`.

        Without focus the cursor is at the current session, with focus it stays at its session.
        """
        kept = self.cursor_id if self.has_focus else None
        self._rows = session_rows(summaries, now)
        self._current_id = current_id
        self._now = now
        places = {row.id: at for at, row in enumerate(self._rows) if not isinstance(row, Heading)}
        self.cursor = places.get(kept or "", places.get(current_id or "", 0))
        self.rows_changed()

    @property
    def cursor_id(self) -> str | None:
        """The session under the cursor."""
        row = self._rows[self.cursor] if self.can_choose(self.cursor) else None
        return row.id if isinstance(row, SessionSummary) else None

    def row_count(self) -> int:
        """How many rows there are, headings among them."""
        return len(self._rows)

    def can_choose(self, row: int) -> bool:
        """Headings cannot be chosen."""
        return 0 <= row < len(self._rows) and not isinstance(self._rows[row], Heading)

    def row_chosen(self, row: int) -> None:
        """Open a session."""
        summary = self._rows[row]
        if isinstance(summary, SessionSummary):
            self.post_message(self.Chosen(summary.id))

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """Mark, title, age at the right edge; or a heading."""
        shown = self._rows[row]
        if isinstance(shown, Heading):
            return [Segment(fit(shown.title, width), self.part("quiet"))]
        is_current = shown.id == self._current_id
        words = age(shown.updated_at, self._now) if width >= NARROW_PANE else ""
        mark = (CURRENT_MARK if is_current else " ") + ("★ " if shown.pinned else "")
        room = width - cell_len(mark) - (AGE_CELLS if words else 0)
        title = fit(" ".join(clean_line(shown.title[:LONGEST_TITLE]).split()) or UNTITLED, room)
        gap = " " * max(0, width - cell_len(mark) - cell_len(title) - len(words))
        return [
            Segment(mark, self.part("mark")),
            Segment(title, self.part("mark" if is_current else "text")),
            Segment(gap + words, self.part("quiet")),
        ]

    def empty_lines(self) -> tuple[str, ...]:
        """Words for a list without sessions."""
        return ("No saved sessions yet.",)

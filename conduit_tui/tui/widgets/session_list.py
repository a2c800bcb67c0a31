"""The list of sessions in the sidebar."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Posted

from conduit_tui.core.clean import clean_line
from conduit_tui.core.summary import SessionOrder, SessionSummary
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.fuzzy import find, fold, letters
from conduit_tui.tui.widgets.row_list import RowList
from conduit_tui.tui.widgets.session_rows import Heading, age, created, in_order, session_rows
from conduit_tui.tui.widgets.spinner import Spinner
from conduit_tui.tui.widgets.typed_filter import TypedFilter

UNTITLED = "New session"
CURRENT_MARK, UNSEEN_MARK, PINNED_MARK = "▌", "● ", "★ "
ASKING_MARK = "? "
HINT = "/ finds  p pins  r renames  d trash  s sorts"
FILTER_HINT = "Enter opens  Esc clears"
NOTE_CELLS = 5
NARROW_PANE = 14
LONGEST_TITLE = 500

Wish: TypeAlias = Literal["pin", "rename", "delete"]


class SessionList(RowList):
    """Sessions as one-line rows under quiet headings.

    ▌ marks the current one, ★ a pinned one, ⠋ one in which a reply streams, ● one in which a reply
    ended unseen, ? one in which a tool asks. `/` filters by title.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "wish('pin')", "Pin", show=False),
        Binding("r", "wish('rename')", "Rename", show=False),
        Binding("d,delete", "wish('delete')", "Into the trash", show=False),
        Binding("s", "sort", "Sort", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--lit"}
    DEFAULT_CSS = """
    SessionList {
        & .row-list--lit { color: $text-accent; text-style: bold underline; }
    }
    """

    class Chosen(Posted):
        """A person wants to open a session."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    class Wished(Posted):
        """A person wants something done to a session, whether it is on view or not."""

        def __init__(self, wish: Wish, session_id: str) -> None:
            super().__init__()
            self.wish: Wish = wish
            self.session_id = session_id

    class SortWanted(Posted):
        """A person wants the next order."""

    class FilterChanged(Posted):
        """A filter was begun, typed or cleared: the next press does something else now."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._all: Sequence[SessionSummary] = ()
        self._rows: Sequence[SessionSummary | Heading] = ()
        self._titles: list[str] | None = None
        self._current_id: str | None = None
        self._unseen: Collection[str] = frozenset()
        self._streaming: Collection[str] = frozenset()
        self._asking: Collection[str] = frozenset()
        self._order: SessionOrder = "changed"
        self._now = datetime.now(UTC)
        self._filter = TypedFilter(self._filter_changed)
        self._spinner = Spinner(self, self._streaming_rows)

    def show(
        self,
        summaries: Sequence[SessionSummary],
        current_id: str | None,
        now: datetime,
        order: SessionOrder = "changed",
    ) -> None:
        """Show sessions in an order; ages and days are those at `now`.

        Without focus the cursor is at the current session, with focus it stays at its session, or
        where that was.
        """
        kept = self.cursor_id if self.has_focus else None
        at = None if kept is None else self.cursor
        self._all = in_order(summaries, order)
        self._titles = None
        self._current_id, self._now, self._order = current_id, now, order
        self._lay_out()
        self._place_cursor(kept, at)
        self.rows_changed()

    def mark_replies(
        self,
        streaming: Collection[str],
        unseen: Collection[str],
        asking: Collection[str] = frozenset(),
    ) -> None:
        """Mark the sessions in which a reply streams, one ended unseen, or a tool asks."""
        if (streaming, unseen, asking) != (self._streaming, self._unseen, self._asking):
            self._streaming, self._unseen, self._asking = streaming, unseen, asking
            self._spinner.keep(bool(streaming))
            self.refresh()

    @property
    def cursor_id(self) -> str | None:
        """The session under the cursor."""
        row = self._rows[self.cursor] if self.can_choose(self.cursor) else None
        return row.id if isinstance(row, SessionSummary) else None

    @property
    def hint(self) -> str:
        """What the next press does."""
        return FILTER_HINT if self._filter.text is not None else HINT

    @property
    def filter_text(self) -> str | None:
        """What is being filtered by, None without a filter."""
        return self._filter.text

    @property
    def header_rows(self) -> int:
        """One line while there is a filter."""
        return self._filter.header_rows

    def row_count(self) -> int:
        """How many rows there are, headings among them."""
        return len(self._rows)

    def can_choose(self, row: int) -> bool:
        """Headings cannot be chosen."""
        return 0 <= row < len(self._rows) and not isinstance(self._rows[row], Heading)

    def row_chosen(self, row: int) -> None:
        """Open a session; a filter has done its work then."""
        summary = self._rows[row]
        if isinstance(summary, SessionSummary):
            if self._filter.text is not None:
                self._filter.clear()
            self.post_message(self.Chosen(summary.id))

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """Marks, title, age or size at the right edge; or a heading."""
        shown = self._rows[row]
        if isinstance(shown, Heading):
            return [Segment(fit(shown.title, width), self.part("quiet"))]
        is_current = shown.id == self._current_id
        note = self._note(shown) if width >= NARROW_PANE else ""
        marks = (CURRENT_MARK if is_current else " ") + self._marks(shown)
        room = width - cell_len(marks) - (max(NOTE_CELLS, len(note) + 1) if note else 0)
        title = fit(_title(shown), room)
        gap = " " * max(0, width - cell_len(marks) - cell_len(title) - len(note))
        return [
            *self._coloured(marks, asks=shown.id in self._asking),
            *self._lit(_title(shown), title, self.part("mark" if is_current else "text")),
            Segment(gap + note, self.part("quiet")),
        ]

    def header_segments(self, width: int) -> list[Segment] | None:
        """The filter and how many sessions it leaves."""
        return self._filter.segments(width, self.row_count(), self.part("mark"), self.part("quiet"))

    def empty_lines(self) -> tuple[str, ...]:
        """Words for a list without sessions, or a filter without matches."""
        if self._filter.text:
            return ("No title like that.", "Esc clears the filter.")
        return ("No saved sessions yet.",)

    def on_key(self, event: events.Key) -> None:
        """Letters belong to the filter while it is typed."""
        self._filter.take_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        self._filter.take_paste(event)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters belong to the filter while it is typed."""
        del key
        return self._filter.wants(character)

    def on_blur(self) -> None:
        """Stop typing; a filter that holds no text goes away."""
        super().on_blur()
        self._filter.blurred()

    def action_wish(self, wish: Wish) -> None:
        """Ask for something to be done to the session under the cursor."""
        if session_id := self.cursor_id:
            self.post_message(self.Wished(wish, session_id))

    def action_sort(self) -> None:
        """Ask for the next order."""
        self.post_message(self.SortWanted())

    def _filter_changed(self) -> None:
        kept = self.cursor_id
        self._lay_out()
        if self._filter.text:
            self.cursor = 0  # the best; Enter opens it
        else:
            self._place_cursor(kept)
        self.rows_changed()
        self.post_message(self.FilterChanged())

    def _streaming_rows(self) -> list[int]:
        top = round(self.scroll_y)
        in_view = enumerate(self._rows[top : top + self.size.height], top)
        return [at for at, row in in_view if not isinstance(row, Heading) and self._spins(row)]

    def _spins(self, shown: SessionSummary) -> bool:
        return shown.id in self._streaming and shown.id not in self._asking

    def _lay_out(self) -> None:
        if self._filter.text is not None and self._titles is None:
            self._titles = [fold(_title(each)) for each in self._all]  # before the first letter
        if self._titles and (query := (self._filter.text or "").strip()):
            self._rows = [self._all[at] for at in find(query, self._titles)]
        else:
            self._rows = session_rows(self._all, self._now, self._order)

    def _place_cursor(self, session_id: str | None, otherwise: int | None = None) -> None:
        """Put the cursor on a session, else where it was, else on the current one."""
        places = {row.id: at for at, row in enumerate(self._rows) if not isinstance(row, Heading)}
        here = places.get(self._current_id or "", 0)
        self.cursor = places.get(session_id or "", here if otherwise is None else otherwise)

    def _note(self, shown: SessionSummary) -> str:
        if self._order == "size":
            return f"{shown.message_count:,}"
        then = created(shown) if self._order == "created" else shown.updated_at
        return age(then, self._now)

    def _marks(self, shown: SessionSummary) -> str:
        if shown.id in self._asking:
            return ASKING_MARK + (PINNED_MARK if shown.pinned else "")
        reply = UNSEEN_MARK if shown.id in self._unseen else ""
        if self._spins(shown):
            reply = f"{self._spinner.sign} "
        return reply + (PINNED_MARK if shown.pinned else "")

    def _coloured(self, marks: str, *, asks: bool) -> list[Segment]:
        """Marks, of which the one of a question warns."""
        before, sign, after = marks.partition(ASKING_MARK) if asks else (marks, "", "")
        pieces = ((before, "mark"), (sign, "warning"), (after, "mark"))
        return [Segment(text, self.part(name)) for text, name in pieces if text]

    def _lit(self, whole: str, title: str, plain: Style) -> list[Segment]:
        """A title, cut where it has to be, with the letters lit that the filter found."""
        if not (query := (self._filter.text or "").strip()):
            return [Segment(title, plain)]
        found, lit = letters(query, whole), plain + self.part("lit")
        runs = groupby(enumerate(title), key=lambda each: each[0] in found)
        return [
            Segment("".join(character for _, character in run), lit if is_found else plain)
            for is_found, run in runs
        ]


def _title(summary: SessionSummary) -> str:
    return " ".join(clean_line(summary.title[:LONGEST_TITLE]).split()) or UNTITLED

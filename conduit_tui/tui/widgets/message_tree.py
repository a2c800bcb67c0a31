"""The pane that shows a session's whole tree and lets a person jump anywhere in it."""

from bisect import bisect_left
from collections.abc import Collection
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Posted

from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import LANE_CELLS, LiveNode, TreeRows, row_words, tree_rows
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.row_list import RowList
from conduit_tui.tui.widgets.tree_filter import filtered_rows

HERE = " ◂ here"
SHORT_HERE = " ◂"
NARROW_PANE = 20


class MessageTree(RowList):
    """All messages of a session, one a row; the active path is marked, the cursor is apart from it.

    Marks: ● a person, ○ a model, ◌ streams now, ⊘ interrupted, ✗ failed, ◇ system.

    While it `has_screen`, as in the explorer, its cursor stays where it is whoever has the keys,
    and looking is apart from going there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "parent", "Parent", show=False),
        Binding("right,l", "child", "First reply", show=False),
    ]

    class Chosen(Posted):
        """A person wants to go to a message."""

        def __init__(self, message_id: str) -> None:
            super().__init__()
            self.message_id = message_id

    class CursorMoved(Posted):
        """The cursor is on another message, or on none."""

        def __init__(self, message_id: str | None) -> None:
            super().__init__()
            self.message_id = message_id

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.has_screen = False
        self._told_id: str | None = None
        self._session: Session | None = None
        self._rows = TreeRows()
        self._shown: list[int] | None = None  # rows that pass the filter; None: all
        self._query: str | None = None
        self._is_typing = False

    def show(
        self, session: Session | None, leaf_id: str | None = None, live: Collection[LiveNode] = ()
    ) -> None:
        """Show a session with its current leaf and the messages that stream.

        While the pane has no focus its cursor is at the leaf; with focus it stays at its message.
        """
        is_other = session is not self._session
        kept = self.cursor_id
        if is_other:
            self._leave_filter()
        self._session = session
        self._rows = tree_rows(session, leaf_id, live) if session else TreeRows()
        self._apply_filter()
        keeps = (self.has_focus or self.has_screen) and not is_other
        self._place_cursor(kept if keeps else None)
        self.rows_changed()

    @property
    def cursor_id(self) -> str | None:
        """The message under the cursor."""
        return self._rows.ids[self._row(self.cursor)] if self.row_count() else None

    @property
    def filter_text(self) -> str | None:
        """What is being filtered by, None without a filter."""
        return self._query

    @property
    def header_rows(self) -> int:
        """One line while there is a filter."""
        return 0 if self._query is None else 1

    def row_count(self) -> int:
        """How many messages pass the filter."""
        return len(self._rows) if self._shown is None else len(self._shown)

    def rows_changed(self) -> None:
        """Show other rows, and tell if another message is under the cursor then."""
        super().rows_changed()
        self._tell_cursor()

    def watch_cursor(self, before: int, after: int) -> None:
        """Follow the cursor and tell where it is."""
        super().watch_cursor(before, after)
        self._tell_cursor()

    def _tell_cursor(self) -> None:
        if self.cursor_id != self._told_id:
            self._told_id = self.cursor_id
            self.post_message(self.CursorMoved(self._told_id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys that turn pages to what is shown beside it, when it has the screen."""
        if action == "page" and self.has_screen:
            return False
        return super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """With the screen to itself a click looks, and a second one goes there."""
        row = round(self.scroll_y) + event.y - self.header_rows
        if self.has_screen and event.chain == 1 and event.y >= self.header_rows:
            event.prevent_default()
            event.stop()
            if self.can_choose(row):
                self.cursor = row

    def row_chosen(self, row: int) -> None:
        """Go to a message; a filter has done its work then."""
        message_id = self._rows.ids[self._row(row)]
        if self._query is not None:
            self.clear_filter()
        self.post_message(self.Chosen(message_id))

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """Lane, mark, model where it changes, first words, and whether one is here."""
        row = self._row(row)
        rows = self._rows
        lane = self._cut_lane(rows.lanes[row], width)
        mark, mark_part, words = self._mark_and_words(row)
        here = (HERE if width >= NARROW_PANE else SHORT_HERE) if row == rows.here else ""
        model = fit(rows.models[row], max(0, width // 2 - len(lane))) if rows.models[row] else ""
        model += " " if model else ""
        used = cell_len(lane) + 2 + cell_len(model) + len(here)
        on_path = row in rows.path
        return [
            Segment(lane, self.part("accent" if on_path else "quiet")),
            Segment(mark + " ", self.part(mark_part)),
            Segment(model, self.part("accent" if on_path else "quiet")),
            Segment(fit(words, width - used), self.part("text" if on_path else "quiet")),
            Segment(here, self.part("mark")),
        ]

    def header_segments(self, width: int) -> list[Segment] | None:
        """The filter and how many rows it leaves."""
        if self._query is None:
            return None
        count = f" {self.row_count()}"
        typed = clean_line(self._query) + ("▏" if self._is_typing else "")
        room = max(1, width - len(count) - 1)
        start = max(0, len(typed) - room)
        text = fit(typed[start:], room)
        gap = " " * max(0, width - 1 - cell_len(text) - len(count))
        return [
            Segment("/" + text, self.part("mark")),
            Segment(gap + count, self.part("quiet")),
        ]

    def empty_lines(self) -> tuple[str, ...]:
        """Words for a session without messages, or a filter without matches."""
        if self._query:
            return ("Nothing matches.", "Esc clears the filter.")
        return ("No messages yet.", "Every edit and every", "new reply grows", "a branch here.")

    def on_key(self, event: events.Key) -> None:
        """`/` begins a filter, letters go on with it, Escape clears it.

        Not by bindings: those run after the next key has arrived, and letters typed fast would
        be lost.
        """
        if self._filter_key(event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        if self._query is not None and self._is_typing:
            event.stop()
            self._query_changed(self._query + " ".join(event.text[:200].split()))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters belong to the filter while it is typed."""
        del key
        return self._is_typing and character is not None and character.isprintable()

    def clear_filter(self) -> None:
        """Show all rows again; the cursor stays at its message."""
        kept = self.cursor_id
        self._leave_filter()
        self._place_cursor(kept)
        self.rows_changed()

    def action_filter(self) -> None:
        """Begin to type a filter, or go on typing the one there is."""
        self._is_typing = True
        if self._query is None:
            self._query = ""
        self.rows_changed()

    def action_parent(self) -> None:
        """Go to the message above, over rows the filter hides."""
        row = self._rows.parents[self._row(self.cursor)] if self.row_count() else -1
        while row >= 0 and not self._go_to(row):
            row = self._rows.parents[row]

    def action_child(self) -> None:
        """Go to the first message below."""
        row = self._rows.first_child(self._row(self.cursor)) if self.row_count() else None
        while row is not None and not self._go_to(row):
            row = self._rows.first_child(row)

    def on_blur(self) -> None:
        """Stop typing; a filter that holds no text goes away."""
        super().on_blur()
        self._is_typing = False
        if self._query == "":
            self.clear_filter()

    def _filter_key(self, event: events.Key) -> bool:
        if event.key == "slash" and not self._is_typing:
            self.action_filter()
        elif self._query is None:
            return False
        elif event.key == "escape":
            self.clear_filter()
        elif self._is_typing and event.key == "backspace":
            self._query_changed(self._query[:-1]) if self._query else self.clear_filter()
        elif self._is_typing and event.is_printable and event.character:
            self._query_changed(self._query + event.character)
        else:
            return False
        return True

    def _row(self, shown: int) -> int:
        return shown if self._shown is None else self._shown[shown]

    def _go_to(self, row: int) -> bool:
        at = row if self._shown is None else bisect_left(self._shown, row)
        if at >= self.row_count() or self._row(at) != row:
            return False
        self.cursor = at
        return True

    def _query_changed(self, query: str) -> None:
        self._query = query
        kept = self.cursor_id
        self._apply_filter()
        self._place_cursor(kept)
        self.rows_changed()

    def _leave_filter(self) -> None:
        self._query = None
        self._is_typing = False
        self._shown = None

    def _apply_filter(self) -> None:
        if not self._query or self._session is None:
            self._shown = None
            return
        self._shown = filtered_rows(self._rows, self._session, self._query.lower())

    def _place_cursor(self, message_id: str | None) -> None:
        """Put the cursor on a message, else on the leaf; if that is filtered out, right below."""
        row = self._rows.index.get(message_id or "", self._rows.here)
        if row < 0:
            row = len(self._rows) - 1
        self.cursor = row if self._shown is None else bisect_left(self._shown, row)

    def _mark_and_words(self, row: int) -> tuple[str, str, str]:
        if live := self._rows.live.get(row):
            return "◌", "mark", clean_line(live.label) + " …"
        assert self._session is not None
        message = self._session[self._rows.ids[row]]
        mark, part = _mark(message)
        on_path = row in self._rows.path
        return mark, part or ("mark" if on_path else "quiet"), row_words(message)

    def _cut_lane(self, lane: str, width: int) -> str:
        room = max(LANE_CELLS, width // 2 // LANE_CELLS * LANE_CELLS)
        lane = lane[self._shared_cells(room) :]
        return lane if len(lane) <= room else "…" + lane[len(lane) - room + 1 :]

    def _shared_cells(self, room: int) -> int:
        """Cells that can go at the left: they say the same in all rows in view."""
        top = round(self.scroll_y)
        last = min(self.row_count(), top + self.size.height)
        lengths = [len(self._rows.lanes[self._row(at)]) for at in range(top, last)]
        longest = max(lengths, default=0)
        return 0 if longest <= room else min(*lengths, longest - room)


def _mark(message: Message) -> tuple[str, str]:
    if message.status == "error":
        return "✗", "error"
    if message.status == "interrupted":
        return "⊘", "error"
    return {"user": "●", "assistant": "○", "system": "◇"}.get(message.role, "·"), ""

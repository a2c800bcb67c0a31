"""The pane that shows a session's whole tree and lets a person jump anywhere in it."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Posted
from textual.reactive import reactive

from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import LANE_CELLS, LiveNode
from conduit_tui.tui.widgets.row_list import RowList
from conduit_tui.tui.widgets.spinner import Spinner
from conduit_tui.tui.widgets.tree_row import TreeRow
from conduit_tui.tui.widgets.tree_view import TreeView
from conduit_tui.tui.widgets.typed_filter import TypedFilter


class MessageTree(RowList):
    """All messages of a session as a graph; the active path is marked, the cursor is apart from it.

    A line is a message, or a fold of several: a run without forks (`… 12 turns`), or what a filter
    leaves out (`… 12`).

    Signs: ● a person, ○ a model, ⠋ streams now, ? a tool asks, ⊘ interrupted, ✗ failed, ◇ system;
    • finished unseen, ★ star, [label], ✎ note. A later sibling says what changed against an
    earlier one.

    While it `has_screen`, as in the explorer, its cursor stays where it is whoever has the keys,
    and looking is apart from going there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "parent", "Parent", show=False),
        Binding("right,l", "child", "First reply", show=False),
        Binding("space", "toggle_run", "Fold or unfold", show=False),
        Binding("z", "toggle_runs", "Fold or unfold all", show=False),
        Binding("number_sign", "toggle_amounts", "Tokens and cost", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--match"}
    DEFAULT_CSS = """
    MessageTree .row-list--match { color: $text-accent; text-style: bold underline; }
    """

    shows_amounts = reactive(False)
    """Whether tokens and cost of replies stand at the right edge."""

    class Chosen(Posted):
        """A person wants to go to a message."""

        def __init__(self, message_id: str) -> None:
            super().__init__()
            self.message_id = message_id

    class CursorMoved(Posted):
        """The cursor stands on another message; of a fold: the first that it hides."""

        def __init__(self, message_id: str) -> None:
            super().__init__()
            self.message_id = message_id

    class AmountsSwitched(Posted):
        """Tokens and cost are shown now, or no longer; where none are known nothing else tells."""

    class FilterChanged(Posted):
        """A filter was begun, typed or cleared: the next press does something else now."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.has_screen = False
        self._view = TreeView(now)
        self._filter = TypedFilter(self._filter_changed)
        self._spinner = Spinner(self, self._streaming_lines)
        self._drawn: TreeRow | None = None
        self._came_from: str | None = None  # where the cursor was when the filter began
        self._told_id: str | None = None
        self._fitted = True
        self._asking: Collection[str] = frozenset()

    def show(
        self,
        session: Session | None,
        leaf_id: str | None = None,
        live: Collection[LiveNode] = (),
        unseen: Collection[str] = (),
    ) -> None:
        """Show a session with its current leaf and the messages that stream.

        `leaf_id` may be a message that streams; `unseen` are ids of replies that finished while
        one was elsewhere. While the pane has no focus its cursor is at the leaf; with focus it
        stays at its message.
        """
        keeps = self.has_focus or self.has_screen
        kept = self.cursor_id if keeps and session is self._view.session else None
        is_shown = self._fold() is None
        view = self._view
        if session is not view.session and self.filter_text is not None:
            self._filter.clear()
        view.show(session, leaf_id, live)
        self._drawn = TreeRow(view.rows, session, unseen, view.filter) if session else None
        if self._drawn is not None:
            self._drawn.asking = self._asking
        self._lay_out(kept, is_shown=is_shown)
        self._spinner.keep(bool(view.rows.live))

    def mark_asking(self, message_ids: Collection[str]) -> None:
        """Mark the messages at which a tool asks."""
        if message_ids != self._asking:
            self._asking = message_ids
            if self._drawn is not None:
                self._drawn.asking = message_ids
            self.refresh()

    def jump_to(self, message_id: str) -> None:
        """Put the cursor on a message, which is shown then whatever is folded around it."""
        view = self._view
        if view.rows.ids:
            message_id = view.rows.ids[view.row_of(message_id)]
            view.folding.stand(message_id)
            view.filter.reveal((message_id,))
            self._lay_out(message_id)

    @property
    def cursor_id(self) -> str | None:
        """The message under the cursor; on a fold the first that it hides."""
        return self._view.id_at(self.cursor)

    @property
    def filter_text(self) -> str | None:
        """What is being filtered by, None without a filter."""
        return self._filter.text

    @property
    def header_rows(self) -> int:
        """One line while there is a filter."""
        return self._filter.header_rows

    def row_count(self) -> int:
        """How many lines there are: messages that are shown, and folds."""
        return len(self._view.lines)

    def row_chosen(self, row: int) -> None:
        """Open a fold, or go to a message; a filter has done its work then."""
        message_id = self._view.id_at(row)
        if (fold := self._view.fold_at(row)) is not None:
            self._open(fold)
        elif message_id is not None:
            if self.filter_text is not None:
                self._filter.clear()
            self.post_message(self.Chosen(message_id))

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """A message with its marks, or a fold."""
        if self._drawn is None:
            return []
        cut = partial(self._cut_lane, width=width)
        if (fold := self._view.fold_at(row)) is not None:
            return self._drawn.fold(fold, width, cut, self.part)
        self._drawn.live_sign = self._spinner.sign
        at = self._view.lines.rows[row]
        return self._drawn.message(at, width, cut, self.part, with_amounts=self.shows_amounts)

    def header_segments(self, width: int) -> list[Segment] | None:
        """The filter and how many messages match."""
        asked = self._view.filter
        count = len(asked.matches) if asked.is_on else len(self._view.rows)
        return self._filter.segments(width, count, self.part("mark"), self.part("quiet"))

    def empty_lines(self) -> tuple[str, ...]:
        """Words for a session without messages, or a filter without matches."""
        if self._view.filter.is_on:
            return ("Nothing matches.", "Esc clears the filter.")
        return ("No messages yet.", "Every edit and every", "new reply grows", "a branch here.")

    def on_key(self, event: events.Key) -> None:
        """`/` begins a filter, letters go on with it, Escape clears it."""
        if self.filter_text is None:
            self._came_from = self.cursor_id
        self._filter.take_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        self._filter.take_paste(event)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters belong to the filter while it is typed."""
        del key
        return self._filter.wants(character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys that turn pages to what is shown beside it, when it has the screen."""
        if action == "page" and self.has_screen:
            return False
        return super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """With the screen to itself a click looks, and a second one goes there."""
        row = round(self.scroll_y) + event.y - self.header_rows
        is_fold = self.can_choose(row) and self._view.fold_at(row) is not None
        if self.has_screen and event.chain == 1 and event.y >= self.header_rows and not is_fold:
            event.prevent_default()
            event.stop()
            if self.can_choose(row):
                self.cursor = row

    def watch_cursor(self, before: int, after: int) -> None:
        """Follow the cursor, and tell where it is."""
        super().watch_cursor(before, after)
        self._tell_cursor()

    def watch_shows_amounts(self) -> None:
        """Paint all rows again."""
        self.refresh()

    def action_parent(self) -> None:
        """Go to the message above, or to the fold it is in; over what a filter leaves out."""
        self.cursor = self._view.line_above(self.cursor)

    def action_child(self) -> None:
        """Open a fold, or go to the first that is shown below a message."""
        if (fold := self._fold()) is not None:
            self._open(fold)
        else:
            self.cursor = self._view.line_below(self.cursor)

    def action_toggle_run(self) -> None:
        """Open the fold under the cursor, or fold the run the message is in."""
        if (fold := self._fold()) is not None:
            self._open(fold)
        else:
            kept = self.cursor_id
            if self._view.close(self.cursor):
                self._lay_out(kept, is_shown=False)

    def action_toggle_runs(self) -> None:
        """Open all folds; without one, fold all runs."""
        if not self._view.filter.is_on:
            kept = self.cursor_id
            self._view.folding.all(are_folded=not self._view.lines.folds)
            self._lay_out(kept, is_shown=False)

    def action_toggle_amounts(self) -> None:
        """Show tokens and cost, or hide them."""
        self.shows_amounts = not self.shows_amounts
        self.post_message(self.AmountsSwitched())

    def on_resize(self) -> None:
        """Fold runs where not everything fits any more; keep the cursor in view."""
        if self._fits() != self._fitted:
            self._lay_out(self.cursor_id, is_shown=self._fold() is None)
        super().on_resize()

    def on_blur(self) -> None:
        """Stop typing; a filter that holds no text goes away."""
        super().on_blur()
        self._filter.blurred()

    def _streaming_lines(self) -> Iterator[int]:
        lines = self._view.lines
        return (lines.line_of(row) for row in self._view.rows.live if not lines.hides(row))

    def _fold(self) -> range | None:
        return self._view.fold_at(self.cursor)

    def _open(self, fold: range) -> None:
        self._lay_out(self._view.reveal(fold))

    def _filter_changed(self) -> None:
        view, kept = self._view, self.cursor_id or self._came_from
        view.apply_filter(self.filter_text or "")
        if self.filter_text is not None and view.rows.ids:
            kept = view.rows.ids[view.filter.nearest(view.row_of(self._came_from))]
        self._lay_out(kept)
        self.post_message(self.FilterChanged())

    def _lay_out(self, cursor_id: str | None = None, *, is_shown: bool = True) -> None:
        """Work out the lines, and put the cursor on a message, in a fold if it need not be shown.

        Without a message it stands on the leaf.
        """
        view = self._view
        row = view.row_of(cursor_id)
        self._fitted = self._fits()
        also_shown = view.rows.ids[row : row + 1] if is_shown and row >= 0 else ()
        view.lay_out(fits=self._fitted, also_shown=also_shown)
        self.cursor = view.lines.line_of(row) if self.row_count() else 0
        self.rows_changed()
        self._tell_cursor()

    def _fits(self) -> bool:
        return len(self._view.rows) <= self.size.height

    def _tell_cursor(self) -> None:
        told, self._told_id = self._told_id, self.cursor_id
        if self._told_id is not None and self._told_id != told and self.is_mounted:
            self.post_message(self.CursorMoved(self._told_id))

    def _cut_lane(self, lane: str, width: int) -> str:
        room = max(LANE_CELLS, width // 2 // LANE_CELLS * LANE_CELLS)
        lane = lane[self._shared_cells(room) :]
        return lane if len(lane) <= room else "…" + lane[len(lane) - room + 1 :]

    def _shared_cells(self, room: int) -> int:
        """Cells that can go at the left: they say the same in all rows in view."""
        top = round(self.scroll_y)
        last = min(self.row_count(), top + self.size.height)
        lengths = [
            len(self._view.rows.lanes[self._view.lines.rows[line]]) for line in range(top, last)
        ]
        longest = max(lengths, default=0)
        return 0 if longest <= room else min(*lengths, longest - room)

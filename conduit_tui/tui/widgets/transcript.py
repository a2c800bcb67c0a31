"""The active path of the conversation, drawn by one widget over Textual's Line API.

Only rows in sight are made (path_view.py), only those that changed are painted (path_scroll.py),
and a streaming reply is drawn in frames, not in tokens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic, thread_time

from textual import events
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.timer import Timer

from conduit_tui.tui.markdown.warm import warm_up
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.block_walk import BlockWalk
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_count import FindCount
from conduit_tui.tui.widgets.finder import Finder
from conduit_tui.tui.widgets.message_cursor import MessageCursor
from conduit_tui.tui.widgets.path_view import Spot
from conduit_tui.tui.widgets.row_painter import Found
from conduit_tui.tui.widgets.selectable_scroll import SelectableScroll

FRAME_SECONDS = 1 / 30
SCROLL_SECONDS = 1 / 12
"""Rest after a frame in which all rows moved: the terminal is sent every one of them again."""

_REST = 3.0  # after a flush, at least this many times its cost passes before the next


class Transcript(SelectableScroll):
    """Messages from the root to the leaf.

    `cursor_shown` marks the message `cursor_id` for the keys of NORMAL mode.
    """

    cursor_shown: reactive[bool] = reactive(False, repaint=False)
    cursor_id: reactive[str | None] = reactive(None, repaint=False)

    class MessageChosen(TextualMessage):
        """A message was clicked."""

        def __init__(self, transcript: "Transcript", message_id: str) -> None:
            super().__init__()
            self.transcript = transcript
            self.message_id = message_id

        @property
        def control(self) -> "Transcript":
            """The transcript that was clicked."""
            return self.transcript

    class FindMoved(TextualMessage):
        """A search began, went on, or ended: its count has no query then."""

        def __init__(self, transcript: "Transcript", count: FindCount) -> None:
            super().__init__()
            self.transcript = transcript
            self.count = count

        @property
        def control(self) -> "Transcript":
            """The transcript that is searched."""
            return self.transcript

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.finder = Finder(self, self._path)
        self.blocks = BlockWalk(self._path)
        self.cursor = MessageCursor(self, self._path, self.blocks)
        self._is_warm = False
        self._touched: set[str] = set()
        self._timer: Timer | None = None
        self._rest_until = 0.0

    # -- what is shown -----------------------------------------------------------------------

    @property
    def entries(self) -> Sequence[Entry]:
        """The path as it was given last."""
        return self._path.entries

    @property
    def is_drawing_later(self) -> bool:
        """Whether something that changed is drawn with the next frame."""
        return self._timer is not None

    def show(self, entries: Sequence[Entry], *, keep_position: bool = False) -> None:
        """Show a path. The view goes to the end, or stays, unless it was at the end anyway."""
        path = self._path
        self._welcome = None
        self._warm_up()
        old = path.entries
        last_id = old[-1].id if old else None
        if not _is_continued(path.entries, entries):
            self.clear_selection()
        path.show(entries)
        if not keep_position:
            path.following = True
        if path.index_of(self.cursor_id) is None:
            self.cursor_id = entries[-1].id if entries else None
        self._place()
        last = path.index_of(last_id)
        if last is not None and not path.following:
            self.new_lines += path.heights.total - path.heights.above(last + 1)
        # A selection counts the lines of what would fold.
        if self.text_selection is None and folding.fold_unseen(path):
            self._place()
        self._paint()
        self.finder.path_changed(old)

    def show_welcome(self, content: Content) -> None:
        """Show words in place of messages."""
        self.clear_selection()
        old = self._path.entries
        self._path.show(())
        self.finder.path_changed(old)
        self._path.following = True
        self.cursor_id = None
        self._welcome = content
        self.bring_up_to_date()

    def touch(self, message_id: str) -> None:
        """Take note that a message's live parts have changed; drawn with the next frame."""
        self._touched.add(message_id)
        if self._timer is None and self.is_attached:
            delay = max(0.0, self._rest_until - monotonic())
            self._timer = self.set_timer(delay or 0.001, self._flush, name="transcript frame")

    def set_note(self, message_id: str, text: str) -> None:
        """Set the line of words below a message; empty takes it away."""
        at = self._path.index_of(message_id)
        if at is None or self._path.entries[at].note == text:
            return
        self._path.replace(replace(self._path.entries[at], note=text))
        self.bring_up_to_date()

    def toggle_fold(
        self, message_id: str | None, part: int | None = None, row: int | None = None
    ) -> None:
        """Open or close what is folded in a message: one part of it, or everything.

        `row` is the one of the message that was clicked, which then stays where it is.
        """
        if message_id is not None and folding.toggle(self._path, message_id, part, row):
            self._folded()

    def toggle_asides(self) -> None:
        """Open or close all thinking, tool calls and results of the path."""
        folding.toggle_asides(self._path)
        self._folded()

    def _folded(self) -> None:
        self.clear_selection()
        was_following = self._path.following
        self._path.following = False
        self._path.settle()
        self._path.following = was_following and self._path.rows_below == 0
        self.bring_up_to_date()

    def _warm_up(self) -> None:
        """Import what Markdown needs beside the first question, not before the first answer."""
        if not self._is_warm and self.is_attached:
            self._is_warm = True
            self.run_worker(warm_up, thread=True, group="warm-up")

    def _flush(self) -> None:
        started = thread_time()
        self._timer = None
        touched, self._touched = self._touched, set[str]()
        gained, line = 0, self._path.line
        for message_id in touched:
            at = self._path.index_of(message_id)
            if at is not None:
                gained += max(0, self._path.refresh(at))
        self.finder.replies_grew(tuple(touched))
        if not self._path.following:
            self.new_lines += gained
        self.bring_up_to_date()
        cost = thread_time() - started
        least = FRAME_SECONDS if self._path.line == line else SCROLL_SECONDS
        self._rest_until = monotonic() + max(least, _REST * cost)

    # -- the cursor --------------------------------------------------------------------------

    def watch_cursor_shown(self, shown: bool) -> None:
        """Mark a message in sight, or none."""
        if shown and self._path.entries and not self._is_in_sight(self.cursor_id):
            spots = self._path.visible()
            if spots:
                self.cursor_id = self._path.entries[spots[-1].message].id
        self._paint()

    def watch_cursor_id(self) -> None:
        """Mark another message, and no block of the one before."""
        if self.blocks.mark and self.blocks.mark.message_id != self.cursor_id:
            self.blocks.mark = None
        self._paint()

    def marked_message(self) -> int | None:
        """The message with the cursor, while it is shown."""
        return self._path.index_of(self.cursor_id) if self.cursor_shown else None

    def marked_lines(self) -> tuple[int, range] | None:
        """The block of code that was jumped to, while the cursor is shown."""
        return self.blocks.marked_lines() if self.cursor_shown else None

    def _is_in_sight(self, message_id: str | None) -> bool:
        at = self._path.index_of(message_id)
        return at is not None and any(spot.message == at for spot in self._spots)

    # -- finding -----------------------------------------------------------------------------

    def found_in_sight(self, spots: Sequence[Spot]) -> Mapping[Spot, tuple[Found, ...]]:
        """What a search found in the rows in sight."""
        return self.finder.found_in(spots)

    def look_changed(self) -> None:
        """Search in the tables of another width."""
        self.finder.drawn_anew()

    # -- the mouse ---------------------------------------------------------------------------

    def _on_click(self, event: events.Click) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Choose a message or open a fold; twice selects a word, three times a line."""
        event.prevent_default()
        if self.new_lines and event.y == len(self._lines) - 1 and event.x >= self._pill_start:
            self.follow_end()
            return
        if not 0 <= event.y < len(self._spots):
            return
        spot = self._spots[event.y]
        is_fold = self._path.view(spot.message).fold_at(spot.row) is not None
        if event.chain > 1 and not is_fold:
            self.select_at(spot, event)
        elif self.text_selection is None:
            self._choose(spot)

    def _choose(self, spot: Spot) -> None:
        message_id = self._path.entries[spot.message].id
        fold = self._path.view(spot.message).fold_at(spot.row)
        self.cursor_id = message_id
        self.post_message(self.MessageChosen(self, message_id))
        if fold is not None:
            self.toggle_fold(message_id, fold, spot.row)


def _is_continued(old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    return len(new) >= len(old) and all(a.id == b.id for a, b in zip(old, new, strict=False))

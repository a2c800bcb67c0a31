"""The active path of the conversation, drawn by one widget over Textual's Line API.

Only rows in sight are made (path_view.py), only those that changed are painted (path_scroll.py),
and a streaming reply is drawn in frames, not in tokens.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from textual.content import Content
from textual.message import Message as TextualMessage
from textual.reactive import reactive

from conduit_tui.core.consent import Choice
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.block_walk import BlockWalk
from conduit_tui.tui.widgets.call_state import CallState
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_count import FindCount
from conduit_tui.tui.widgets.finder import Finder
from conduit_tui.tui.widgets.live_scroll import LiveScroll
from conduit_tui.tui.widgets.message_cursor import MessageCursor
from conduit_tui.tui.widgets.path_view import Spot
from conduit_tui.tui.widgets.row_chunks import Hit
from conduit_tui.tui.widgets.row_painter import GUTTER, Found


class Transcript(LiveScroll):
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

    class AnswerClicked(TextualMessage):
        """An answer to a question was clicked; None leaves it open."""

        def __init__(self, approval_id: str, choice: Choice | None) -> None:
            super().__init__()
            self.approval_id = approval_id
            self.choice: Choice | None = choice

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

    # -- what is shown -----------------------------------------------------------------------

    def show(self, entries: Sequence[Entry], *, keep_position: bool = False) -> None:
        """Show a path. The view goes to the end, or stays, unless it was at the end anyway."""
        path = self._path
        self._welcome = None
        self.warm_up()
        old = path.entries
        last_id = old[-1].id if old else None
        heights = self._heights_with_calls(entries)
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
        if gained := self._gained(heights):
            self.new_lines += gained
            self._place()
        # A selection counts the lines of what would fold.
        if self.text_selection is None and folding.fold_unseen(path):
            self._place()
        self._paint()
        self.finder.path_changed(old)

    def show_welcome(self, content: Content) -> None:
        """Show words in place of messages."""
        old = self._path.entries
        self.cursor_id = None
        self.show_words(content)
        self.finder.path_changed(old)

    def set_note(self, message_id: str, text: str) -> None:
        """Set the line of words below a message; empty takes it away."""
        at = self._path.index_of(message_id)
        if at is None or self._path.entries[at].note == text:
            return
        self._path.replace(replace(self._path.entries[at], note=text))
        self.bring_up_to_date()

    def set_calls(self, message_id: str, calls: Mapping[int, CallState]) -> None:
        """Set how the calls of a message stand; a question below the view is told by the pill."""
        at = self._path.index_of(message_id)
        if at is None or self._path.entries[at].calls == calls:
            return
        heights = {message_id: self._path.heights[at]}
        self._path.replace(replace(self._path.entries[at], calls=calls))
        self.new_lines += self._gained(heights)
        self.bring_up_to_date()

    def reveal_question(self, message_id: str, approval_id: str, *, at_end: bool = False) -> None:
        """Bring a question into sight: all of it, or the beginning, or its answers `at_end`."""
        at = self._path.index_of(message_id)
        rows = None if at is None else self._path.view(at).rows_of_question(approval_id)
        if at is not None and rows is not None:
            self._path.reveal_rows(at, rows, at_end=at_end)
            self.bring_up_to_date()

    def _heights_with_calls(self, entries: Sequence[Entry]) -> dict[str, int]:
        """The heights of messages whose calls are at work, as they were until now."""
        path = self._path
        ids = [each.id for each in (*path.entries, *entries) if each.calls]
        places = {each: path.index_of(each) for each in ids}
        return {each: path.heights[at] for each, at in places.items() if at is not None}

    def _gained(self, heights: Mapping[str, int]) -> int:
        """How many rows messages gained, while the view does not follow."""
        if self._path.following:
            return 0
        places = {each: self._path.index_of(each) for each in heights}
        gained = (len(self._path.view(at)) - heights[each] for each, at in places.items() if at)
        return sum(max(0, rows) for rows in gained)

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

    def replies_grew(self, message_ids: Collection[str], gained: int) -> None:
        """Search in what streamed."""
        self.finder.replies_grew(tuple(message_ids))
        super().replies_grew(message_ids, gained)

    def look_changed(self) -> None:
        """Search in the tables of another width."""
        self.finder.drawn_anew()

    # -- the mouse ---------------------------------------------------------------------------

    def focus_on_click(self) -> bool:
        """A click on an answer leaves the keys where they are."""
        x, y = self.app.mouse_position - self.region.offset  # pyright: ignore[reportUnknownMemberType]
        if not 0 <= y < len(self._spots):
            return True
        spot = self._spots[y]
        return self._path.view(spot.message).hit_at(spot.row, x - GUTTER) is None

    def answer_clicked(self, hit: Hit) -> None:
        """Tell which answer was clicked."""
        self.post_message(self.AnswerClicked(hit.approval_id, hit.choice))

    def message_clicked(self, message_id: str) -> None:
        """Put the cursor where a person clicked."""
        self.cursor_id = message_id
        self.post_message(self.MessageChosen(self, message_id))


def _is_continued(old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    return len(new) >= len(old) and all(a.id == b.id for a, b in zip(old, new, strict=False))

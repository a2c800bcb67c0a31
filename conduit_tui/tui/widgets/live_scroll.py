"""A path of messages that may stream, and in which parts open and close.

A streaming reply is drawn in frames, not in tokens.
"""

from collections.abc import Collection, Sequence
from time import monotonic, thread_time

from textual import events
from textual.content import Content
from textual.timer import Timer

from conduit_tui.tui.markdown.warm import warm_up
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import Spot
from conduit_tui.tui.widgets.row_chunks import Hit
from conduit_tui.tui.widgets.row_painter import GUTTER
from conduit_tui.tui.widgets.selectable_scroll import SelectableScroll

FRAME_SECONDS = 1 / 30
SCROLL_SECONDS = 1 / 12
"""Rest after a frame in which all rows moved: the terminal is sent every one of them again."""

_REST = 3.0  # after a flush, at least this many times its cost passes before the next


class LiveScroll(SelectableScroll):
    """Shows entries, draws what grows, and opens what is clicked."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._is_warm = False
        self._touched: set[str] = set()
        self._timer: Timer | None = None
        self._rest_until = 0.0

    @property
    def entries(self) -> Sequence[Entry]:
        """The path as it was given last."""
        return self._path.entries

    @property
    def is_drawing_later(self) -> bool:
        """Whether something that changed is drawn with the next frame."""
        return self._timer is not None

    def touch(self, message_id: str) -> None:
        """Take note that a message's live parts have changed; drawn with the next frame."""
        self._touched.add(message_id)
        if self._timer is None and self.is_attached:
            delay = max(0.0, self._rest_until - monotonic())
            self._timer = self.set_timer(delay or 0.001, self._flush, name="transcript frame")

    def replies_grew(self, message_ids: Collection[str], gained: int) -> None:  # noqa: ARG002
        """Replies grew by so many rows, and are about to be painted."""
        if not self._path.following:
            self.new_lines += gained

    def message_clicked(self, message_id: str) -> None:
        """A message was clicked, and what it was clicked on opens or closes after this."""

    def answer_clicked(self, hit: Hit) -> None:
        """An answer to a question was clicked."""

    def toggle_fold(
        self, message_id: str | None, part: int | None = None, row: int | None = None
    ) -> None:
        """Open or close what is folded in a message: one part of it, or everything.

        `row` is the one of the message that was clicked, which then stays where it is.
        """
        if message_id is not None and folding.toggle(self._path, message_id, part, row):
            self.folded()

    def toggle_asides(self) -> None:
        """Open or close all thinking, tool calls and results of the path."""
        folding.toggle_asides(self._path)
        self.folded()

    def folded(self) -> None:
        """Draw what opened or closed; the view stays where it is."""
        self.clear_selection()
        was_following = self._path.following
        self._path.following = False
        self._path.settle()
        self._path.following = was_following and self._path.rows_below == 0
        self.bring_up_to_date()

    def warm_up(self) -> None:
        """Import what Markdown needs beside the first question, not before the first answer."""
        if not self._is_warm and self.is_attached:
            self._is_warm = True
            self.run_worker(warm_up, thread=True, group="warm-up")

    def show_words(self, words: Content) -> None:
        """Show words in place of messages."""
        self.clear_selection()
        self._path.show(())
        self._path.following = True
        self._welcome = words
        self.bring_up_to_date()

    def scroll_half(self, direction: int) -> None:
        """Scroll by half of what is in sight, down with 1 and up with -1."""
        rows = max(1, self.size.height // 2)
        self.scroll_relative(y=direction * rows, animate=False)

    def _flush(self) -> None:
        started = thread_time()
        self._timer = None
        touched, self._touched = self._touched, set[str]()
        gained, line = 0, self._path.line
        for message_id in touched:
            at = self._path.index_of(message_id)
            if at is not None:
                gained += max(0, self._path.refresh(at))
        self.replies_grew(tuple(touched), gained)
        self.bring_up_to_date()
        cost = thread_time() - started
        least = FRAME_SECONDS if self._path.line == line else SCROLL_SECONDS
        self._rest_until = monotonic() + max(least, _REST * cost)

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
        if (hit := self._path.view(spot.message).hit_at(spot.row, event.x - GUTTER)) is not None:
            self.answer_clicked(hit)
            return
        is_fold = self._path.view(spot.message).fold_at(spot.row) is not None
        if event.chain > 1 and not is_fold:
            self.select_at(spot, event)
        elif self.text_selection is None:
            self._choose(spot)

    def _choose(self, spot: Spot) -> None:
        message_id = self._path.entries[spot.message].id
        fold = self._path.view(spot.message).fold_at(spot.row)
        self.message_clicked(message_id)
        if fold is not None:
            self.toggle_fold(message_id, fold, spot.row)

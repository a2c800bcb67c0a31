"""The visible path as rows, of which only those near the view are ever made.

A message that was not drawn yet has an estimated height. The view stands on an anchor, the top
message and how many of its rows are above the view: when an estimate gives way to the true
height, what is in sight does not move. It knows no widget.
"""

from collections.abc import Sequence
from typing import NamedTuple

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fold_choices import FoldChoices, asides
from conduit_tui.tui.widgets.kept_views import KeptViews
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.neighbours import Around, around
from conduit_tui.tui.widgets.row_heights import MessageSize, RowHeights, estimate, message_size
from conduit_tui.tui.widgets.standing import marks_in_sight, marks_of_folds, stand_on

LONGEST_AT_ONCE = 300_000
"""Characters of a message that may be drawn without a pause."""

_ROWS_ABOVE = 2  # what is left in sight above a row that was jumped to
_JUMP_PAGES = 3  # a scroll of more pages than this goes by estimates


class Spot(NamedTuple):
    """A row: the message's index in the path and the row's index in the message."""

    message: int
    row: int


class Bookmark(NamedTuple):
    """Where the view stood: the message at its top, how many rows of it are above the view.

    `place` is the logical line and character there, for a view of another width.
    """

    message_id: str | None
    skip: int
    place: tuple[int, int] | None
    width: int
    is_following: bool


class PathView:
    """Entries, their heights and the place of the view among them.

    While it `is_held`, the view follows what comes only when it is sent to the end.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.heights = RowHeights()
        self.width, self.height = 80, 24
        self.palette = Palette()
        self.top, self.skip = 0, 0
        self.following = True
        self.is_held = False
        self._index: dict[str, int] = {}
        self._sizes: list[MessageSize] = []
        self._known_sizes: dict[str, MessageSize] = {}
        self._kept = KeptViews()
        self._choices = FoldChoices()

    # -- what is shown -----------------------------------------------------------------------

    def index_of(self, message_id: str | None) -> int | None:
        """Return where a message is in the path, or None."""
        return None if message_id is None else self._index.get(message_id)

    def show(self, entries: Sequence[Entry]) -> None:
        """Take another path. Views of messages that are in both are kept."""
        anchor = self.entries[self.top].id if self.entries else None
        old = {entry.id: self.heights[at] for at, entry in enumerate(self.entries)}
        self.entries = list(entries)
        self._index = {entry.id: at for at, entry in enumerate(self.entries)}
        self._sizes = [self._size_of(entry) for entry in self.entries]
        self._known_sizes = {
            entry.id: size
            for entry, size in zip(self.entries, self._sizes, strict=True)
            if not entry.is_live
        }
        if unfolded := self._choices.note_newest(self.entries):
            old.pop(unfolded, None)
        self.heights = RowHeights(
            [old.get(entry.id) or self._estimate(at) for at, entry in enumerate(self.entries)]
        )
        at = self.index_of(anchor)
        if at is None:
            self.top, self.skip = min(self.top, max(0, len(self.entries) - 1)), 0
        else:
            self.top = at

    def replace(self, entry: Entry) -> None:
        """Take a new value for a message of the path."""
        at = self._index[entry.id]
        self.entries[at] = entry

    def resize(self, width: int, height: int, palette: Palette) -> None:
        """Draw for another width or theme from now on; what is at the top stays there."""
        self.height = height
        if width == self.width and palette is self.palette:
            return
        place = self._top_place()
        if width != self.width:
            self.width = width
            self.heights = RowHeights([self._estimate(at) for at in range(len(self.entries))])
        self.palette = palette
        self._kept.reset(width, palette, self._ids_in_sight())
        self._restore_place(place)

    def fold(self, message_id: str, part: int | None = None, row: int | None = None) -> bool:
        """Open or close one part of a message, or open all of them, or close all if all are open.

        What is in sight stays where it is on the screen, at best the `row` that was clicked.
        Returns whether there was anything to open or close.
        """
        at = self.index_of(message_id)
        if at is None:
            return False
        are_open = self.view(at).folds
        parts = tuple(are_open) if part is None else (part,)
        opens = not all(are_open.get(each, False) for each in parts)
        marks = marks_of_folds(self, at, row, opens=opens)
        self._choices.choose(message_id, parts, is_open=opens)
        stand_on(self, marks)
        return bool(parts)

    def fold_asides(self) -> None:
        """Open all thinking, tool calls and results of the path, or close them if any is open."""
        found = asides(self.entries)
        chosen = {at: self._choices.of(self.entries[at].id) for at in found}
        opens = not any(chosen[at].get(part) for at, parts in found.items() for part in parts)
        marks = marks_in_sight(self)
        for at, parts in found.items():
            self._choices.choose(self.entries[at].id, parts, is_open=opens)
            self.heights[at] = self._estimate(at)
        stand_on(self, marks)

    def fold_unseen(self) -> bool:
        """Let very long replies fold that are not the newest any more and not in sight."""
        unseen = self._choices.spare_only({self.entries[at].id for at, _ in self.visible()})
        for at in (self.index_of(each) for each in unseen):
            if at is not None:
                self.heights[at] = self._estimate(at)
        return bool(unseen)

    def set_fold(self, message_id: str, part: int, choice: bool | None) -> bool | None:
        """Open or close a part, or leave it to its message with None; returns what was chosen."""
        before = self._choices.put(message_id, part, choice)
        at = self.index_of(message_id)
        if at is not None and self.is_drawn(at):
            self.view(at)
        elif at is not None:
            self.heights[at] = self._estimate(at)
        return before

    def is_drawn(self, at: int) -> bool:
        """Whether a message's rows are at hand."""
        return self._kept.peek(self.entries[at].id) is not None

    def view(self, at: int) -> MessageView:
        """Return a message's rows, drawn as it is now; its height is true afterwards."""
        entry = self.entries[at]
        view = self._kept.view(
            entry,
            self._choices.of(entry.id),
            self.around(at),
            from_end=self.following,
            fewest=self.height,
        )
        self.heights[at] = len(view)
        return view

    def draw_whole(self, at: int) -> None:
        """Draw all of a message at once, unless it is so long that keys would have to wait."""
        self.view(at)
        if sum(size.characters for _, size in self._sizes[at].texts) <= LONGEST_AT_ONCE:
            self._kept.draw_whole(self.entries[at].id)

    def refresh(self, at: int) -> int:
        """Draw a message again whose live parts have grown; returns how many rows it gained."""
        message_id = self.entries[at].id
        kept = self._kept.peek(message_id)
        before = 0 if kept is None else len(kept)
        if kept is not None:
            read = self._thinking_in_sight(at)
            self._kept.draw(message_id)
            for part in read:  # it is not folded away from under a reader's eyes
                if not kept.folds.get(part, True):
                    self._choices.choose(message_id, (part,), is_open=True)
        return len(self.view(at)) - before

    @property
    def is_behind(self) -> bool:
        """Whether there was no time to draw all of what is in sight."""
        return any(map(self._kept.is_behind, self._ids_in_sight()))

    def catch_up(self) -> int:
        """Draw a slice more of what is in sight; returns how many rows streaming ones gained."""
        for message_id in self._ids_in_sight():
            if self._kept.is_behind(message_id):
                return self._draw_on(self._index[message_id])
        return 0

    # -- where the view is -------------------------------------------------------------------

    @property
    def line(self) -> int:
        """The first row in sight, counted from the start of the path."""
        return self.heights.above(self.top) + self.skip

    @property
    def rows_below(self) -> int:
        """How many rows lie below the view."""
        return max(0, self.heights.total - self.line - self.height)

    def settle(self) -> None:
        """Draw everything in sight and put the view where there is something to see."""
        with self._kept.frame():
            self._settle()

    def _settle(self) -> None:
        if not self.entries:
            self.top = self.skip = 0
            return
        if self.following:
            self._stand_at_end()
            return
        self.top = min(self.top, len(self.entries) - 1)
        self.skip = min(self.skip, len(self.view(self.top)) - 1)
        filled = -self.skip
        for at in range(self.top, len(self.entries)):
            filled += len(self.view(at))
            if filled >= self.height:
                return
        self._stand_at_end()
        self.following = not self.is_held

    def scroll_by(self, rows: int) -> None:
        """Move the view; near moves are exact, far ones go by estimated heights."""
        self.following = False
        if abs(rows) > _JUMP_PAGES * max(1, self.height):
            self.top, self.skip = self.heights.locate(self.line + rows)
        elif self.entries:
            self._walk(rows)
        self.settle()
        self.following = self.rows_below == 0

    def to_start(self) -> None:
        """Move the view to the first row."""
        self.top = self.skip = 0
        self.following = False
        self.settle()
        self.following = self.rows_below == 0

    def to_end(self) -> None:
        """Move the view to the last row and stay there while the path grows."""
        self.following = True
        self.settle()

    def reveal(self, at: int) -> None:
        """Move the view as little as needed to show a message, or its beginning if it is long."""
        self.settle()
        above = self.heights.above(at) - self.line
        size = len(self.view(at))
        if above >= 0 and above + size <= self.height:
            return
        if above < 0 or size > self.height or at < self.top:
            self.top, self.skip = at, 0
        else:
            self.top, self.skip = at, 0
            self._walk(size - self.height)
        self.following = False
        self.settle()
        self.following = self.rows_below == 0

    def stand(self, at: int, row: int, y: int) -> None:
        """Move the view so that a row of a message is `y` rows below its top."""
        self.top, self.skip = at, row
        self._walk(-y)

    def show_row(self, at: int, row: int) -> None:
        """Bring a row into sight, and stay there: in place, or at a third of the view's height."""
        self.settle()
        above = self.heights.above(at) + row - self.line
        if not 0 <= above < max(1, self.height - 1):  # the last row may be below the pill
            self.top, self.skip = at, row
            self._walk(-(self.height // 3))
            self.following = False
            self.settle()
        self.following = False

    def bookmark(self) -> Bookmark:
        """Return where the view is."""
        self.settle()
        top = self.entries[self.top].id if self.entries else None
        return Bookmark(top, self.skip, self._top_place(), self.width, self.following)

    def return_to(self, mark: Bookmark) -> None:
        """Put the view where it was; if its message is no longer in the path it stays."""
        at = self.index_of(mark.message_id)
        if at is not None:
            self.top, self.skip = at, mark.skip
            if mark.width != self.width:
                self.skip = 0
                self._restore_place(mark.place)
            self.following = mark.is_following
        self.settle()

    def stand_at(self, at: int, row: int = 0) -> None:
        """Move the view so that a row is near its top, a little of what is above it in sight."""
        self.following = False
        self.top, self.skip = at, 0
        self._walk(row - min(_ROWS_ABOVE, self.height // 4))
        self.settle()
        self.following = self.rows_below == 0

    def visible(self) -> list[Spot]:
        """Return the rows in sight from top to bottom."""
        spots: list[Spot] = []
        start = self.skip
        for at in range(self.top, len(self.entries)):
            size = len(self.view(at))
            end = min(size, start + self.height - len(spots))
            spots += [Spot(at, row) for row in range(start, end)]
            if len(spots) >= self.height:
                break
            start = 0
        return spots

    # -- inside ------------------------------------------------------------------------------

    def _walk(self, rows: int) -> None:
        skip = self.skip + rows
        while skip < 0 and self.top > 0:
            self.top -= 1
            skip += len(self.view(self.top))
        while self.top < len(self.entries) - 1 and skip >= (size := len(self.view(self.top))):
            skip -= size
            self.top += 1
        self.skip = max(0, skip)

    def _stand_at_end(self) -> None:
        left = self.height
        at = len(self.entries)
        while at > 0 and left > 0:
            at -= 1
            left -= len(self.view(at))
        self.top, self.skip = at, max(0, -left)

    def _ids_in_sight(self) -> list[str]:
        """The messages in sight as far as their heights are known."""
        ids: list[str] = []
        rows = -self.skip
        for at in range(self.top, len(self.entries)):
            ids.append(self.entries[at].id)
            rows += self.heights[at]
            if rows >= self.height:
                break
        return ids

    def _draw_on(self, at: int) -> int:
        entry, place = self.entries[at], self._top_place() if at == self.top else None
        before, was_end = self.heights[at], self._kept.is_end(entry.id)
        self._kept.draw(entry.id)
        gained = len(self.view(at)) - before
        if at == self.top and was_end:
            self.skip = max(0, self.skip + gained)
        elif place is not None:
            self._restore_place(place)
        return gained if entry.is_live else 0

    def _size_of(self, entry: Entry) -> MessageSize:
        return self._known_sizes.get(entry.id) or message_size(entry.message)

    def _estimate(self, at: int) -> int:
        message_id = self.entries[at].id
        chosen, is_past = self._choices.of(message_id), self._choices.is_past(message_id)
        return estimate(self._sizes[at], self.width, chosen, is_past=is_past)

    def around(self, at: int) -> Around:
        """What a message is shown with from its neighbours."""
        return around(self.entries, at, is_past=self._choices.is_past(self.entries[at].id))

    def _thinking_in_sight(self, at: int) -> set[int]:
        """The parts of thinking that somebody reads who does not follow the end."""
        if self.following or at < self.top:
            return set()
        places = [self.view(at).place_at(spot.row) for spot in self.visible() if spot.message == at]
        return {place.key[0] for place in places if place.key[1] == "thinking"}

    def _top_place(self) -> tuple[int, int] | None:
        """The logical line and character at the top, if they are known."""
        view = self._kept.peek(self.entries[self.top].id) if self.entries else None
        if view is None or not self.skip or self.skip >= len(view):
            return None
        return view.line_at(self.skip), view[self.skip].start

    def _restore_place(self, place: tuple[int, int] | None) -> None:
        if place is None or not self.entries:
            return
        view = self.view(self.top)
        low, high = 0, len(view) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if (view.line_at(middle), view[middle].start) <= place:
                low = middle
            else:
                high = middle - 1
        self.skip = low

"""Which rows of a path are in view, of which only those near it are ever made.

The view stands on an anchor, the top message and how many of its rows are above the view: when
an estimated height gives way to the true one, what is in sight does not move. It knows no widget.
"""

from collections.abc import Sequence
from typing import NamedTuple

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_rows import PathRows

_ROWS_ABOVE = 2  # what is left in sight above a row that was jumped to
_JUMP_PAGES = 3  # a scroll of more pages than this goes by estimates


class Spot(NamedTuple):
    """A row: the message's index in the path and the row's index in the message."""

    message: int
    row: int


class Bookmark(NamedTuple):
    """Where the view stood: the message at its top, how many rows of it are above the view.

    `position` is the logical line and character there, for a view of another width.
    """

    message_id: str | None
    skip: int
    position: tuple[int, int] | None
    width: int
    is_following: bool


class PathView(PathRows):
    """A path and the place of the view in it.

    While it `is_held`, the view follows what comes only when it is sent to the end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.top, self.skip = 0, 0
        self.is_held = False

    # -- what changes under the view ---------------------------------------------------------

    def show(self, entries: Sequence[Entry]) -> None:
        """Take another path; the view stays at its top message if that is in both."""
        anchor = self.entries[self.top].id if self.entries else None
        super().show(entries)
        at = self.index_of(anchor)
        if at is None:
            self.top, self.skip = min(self.top, max(0, len(self.entries) - 1)), 0
        else:
            self.top = at

    def resize(self, width: int, height: int, palette: Palette) -> None:
        """Draw for another width or theme from now on; what is at the top stays there."""
        self.height = height
        if width == self.width and palette is self.palette:
            return
        position = self._top_position()
        if width != self.width:
            self.width = width
            self._estimate_all()
        self.palette = palette
        self._kept.reset(width, palette, self._ids_in_sight())
        self._skip_to(position)

    def refresh(self, at: int) -> int:
        """Draw a message again whose live parts have grown; returns how many rows it gained."""
        message_id = self.entries[at].id
        kept = self._kept.peek(message_id)
        before = 0 if kept is None else len(kept)
        if kept is not None:
            read = self._thinking_in_sight(at)
            position = self._top_position() if at == self.top else None
            self._kept.draw(message_id)
            if self._kept.peek(message_id) is not kept:  # it was drawn for another width
                self._skip_to(position)
            for part in read:  # it is not folded away from under a reader's eyes
                if not kept.folds.get(part, True):
                    self.choices.choose(message_id, (part,), is_open=True)
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

    def _draw_on(self, at: int) -> int:
        entry, position = self.entries[at], self._top_position() if at == self.top else None
        before, was_end = self.heights[at], self.is_end(at)
        above = self.heights.above(at) - self.line
        self._kept.draw(entry.id)
        gained = len(self.view(at)) - before
        if was_end and gained >= above:  # what was read stays where it was
            self.top, self.skip = at, gained - above
        elif position is not None:
            self._skip_to(position)
        return gained if entry.is_live else 0

    def _thinking_in_sight(self, at: int) -> set[int]:
        """The parts of thinking that somebody reads who does not follow the end."""
        if self.following or at < self.top:
            return set()
        places = [self.view(at).place_at(spot.row) for spot in self.visible() if spot.message == at]
        return {place.key[0] for place in places if place.key[1] == "thinking"}

    # -- where the view is -------------------------------------------------------------------

    @property
    def line(self) -> int:
        """The first row in sight, counted from the start of the path."""
        return self.heights.above(self.top) + self.skip

    @property
    def rows_below(self) -> int:
        """How many rows lie below the view."""
        return max(0, self.heights.total - self.line - self.height)

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

    def _stand_at_end(self) -> None:
        left = self.height
        at = len(self.entries)
        while at > 0 and left > 0:
            at -= 1
            left -= len(self.view(at))
        self.top, self.skip = at, max(0, -left)

    # -- where it goes -----------------------------------------------------------------------

    def scroll_by(self, rows: int) -> None:
        """Move the view; near moves are exact, far ones go by estimated heights."""
        self.following = False
        if abs(rows) > _JUMP_PAGES * max(1, self.height):
            self.top, self.skip = self.heights.locate(self.line + rows)
        elif self.entries:
            self._walk(rows)
        self._stay()

    def to_start(self) -> None:
        """Move the view to the first row."""
        self._go(0, 0, y=0)

    def to_end(self) -> None:
        """Move the view to the last row and stay there while the path grows."""
        self.following = True
        self.settle()

    def jump_to(self, at: int, row: int = 0) -> None:
        """Move the view so that a row is near its top, a little of what is above it in sight."""
        self._go(at, row, y=min(_ROWS_ABOVE, self.height // 4))

    def reveal(self, at: int, *, from_below: bool = False) -> None:
        """Move the view as little as needed to show a message.

        Of one that is taller than the view it shows the beginning, or the end `from_below`.
        """
        self.settle()
        above = self.heights.above(at) - self.line
        size = len(self.view(at))
        if from_below and size > self.height:
            self._go(at, size - 1, y=self.height - 1)
        elif above < 0 or size > self.height:
            self._go(at, 0, y=0)
        elif above + size > self.height:
            self._go(at, 0, y=self.height - size)

    def reveal_row(self, at: int, row: int) -> None:
        """Bring a row into sight, and stay there: in place, or at a third of the view's height."""
        self.settle()
        above = self.heights.above(at) + row - self.line
        if not 0 <= above < max(1, self.height - 1):  # the last row may be below the pill
            self._go(at, row, y=self.height // 3)
        self.following = False

    def reveal_rows(self, at: int, rows: range, *, at_end: bool = False) -> None:
        """Bring rows of a message into sight; of too many the beginning, or the end `at_end`."""
        self.settle()
        above = self.heights.above(at) + rows.start - self.line
        is_tall = len(rows) > self.height
        if at_end and is_tall:
            self._go(at, rows.stop - 1, y=self.height - 1)
        elif above < 0 or is_tall:
            self._go(at, rows.start, y=0)
        elif above + len(rows) > self.height:
            self._go(at, rows.stop - 1, y=self.height - 1)

    def stand(self, at: int, row: int, y: int) -> None:
        """Put a row of a message `y` rows below the view's top, for `settle` to draw."""
        self.top, self.skip = at, row
        self._walk(-y)

    def _go(self, at: int, row: int, *, y: int) -> None:
        self.following = False
        self.stand(at, row, y)
        self._stay()

    def _stay(self) -> None:
        """Draw what is in sight; only at the end of the path the view goes on to follow."""
        self.settle()
        self.following = self.rows_below == 0

    def _walk(self, rows: int) -> None:
        skip = self.skip + rows
        while skip < 0 and self.top > 0:
            self.top -= 1
            skip += len(self.view(self.top))
        while self.top < len(self.entries) - 1 and skip >= (size := len(self.view(self.top))):
            skip -= size
            self.top += 1
        self.skip = max(0, skip)

    # -- and back ----------------------------------------------------------------------------

    def bookmark(self) -> Bookmark:
        """Return where the view is."""
        self.settle()
        top = self.entries[self.top].id if self.entries else None
        return Bookmark(top, self.skip, self._top_position(), self.width, self.following)

    def return_to(self, mark: Bookmark) -> None:
        """Put the view where it was; if its message is no longer in the path it stays."""
        at = self.index_of(mark.message_id)
        if at is not None:
            self.top, self.skip = at, mark.skip
            if mark.width != self.width:
                self.skip = 0
                self._skip_to(mark.position)
            self.following = mark.is_following
        self.settle()

    def _top_position(self) -> tuple[int, int] | None:
        """The logical line and character at the top, if they are known."""
        view = self._kept.peek(self.entries[self.top].id) if self.entries else None
        if view is None or not self.skip or self.skip >= len(view):
            return None
        return view.position_at(self.skip)

    def _skip_to(self, position: tuple[int, int] | None) -> None:
        """Let the top message begin with what it began with before."""
        if position is not None and self.entries:
            self.skip = self.view(self.top).row_of_position(position)

"""The visible path as rows, of which only those near the view are ever made.

A message that was not drawn yet has an estimated height. The view stands on an anchor, the top
message and how many of its rows are above the view: when an estimate gives way to the true
height, what is in sight does not move. It knows no widget.
"""

from collections.abc import Sequence
from typing import NamedTuple

from conduit_tui.core.message import ToolResult
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.kept_views import KeptViews
from conduit_tui.tui.widgets.message_view import Around, MessageView
from conduit_tui.tui.widgets.row_heights import RowHeights, TextSize, estimate, text_size

_JUMP_PAGES = 3  # a scroll of more pages than this goes by estimates


class Spot(NamedTuple):
    """A row: the message's index in the path and the row's index in the message."""

    message: int
    row: int


class PathView:
    """Entries, their heights and the place of the view among them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.heights = RowHeights()
        self.width, self.height = 80, 24
        self.palette = Palette()
        self.top, self.skip = 0, 0
        self.following = True
        self._index: dict[str, int] = {}
        self._sizes: list[TextSize] = []
        self._known_sizes: dict[str, TextSize] = {}
        self._kept = KeptViews()
        self._folds: dict[str, dict[int, bool]] = {}

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
        self.heights = RowHeights(
            [
                old.get(entry.id) or estimate(size, self.width)
                for entry, size in zip(self.entries, self._sizes, strict=True)
            ]
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
            self.heights = RowHeights([estimate(size, width) for size in self._sizes])
        self.palette = palette
        self._kept.reset(width, palette, self._ids_in_sight())
        self._restore_place(place)

    def fold(self, message_id: str, part: int | None = None) -> bool:
        """Open or close one foldable part, or all of a message; returns whether there was any."""
        at = self.index_of(message_id)
        if at is None:
            return False
        parts = self.view(at).folds if part is None else (part,)
        chosen = self._folds.setdefault(message_id, {})
        opened = not any(self._is_open(at, each) for each in parts)
        chosen.update(dict.fromkeys(parts, opened))
        return bool(parts)

    def view(self, at: int) -> MessageView:
        """Return a message's rows, drawn as it is now; its height is true afterwards."""
        entry = self.entries[at]
        view = self._kept.view(
            entry,
            self._folds.get(entry.id, {}),
            self._around(at),
            from_end=self.following,
            fewest=self.height,
        )
        self.heights[at] = len(view)
        return view

    def refresh(self, at: int) -> int:
        """Draw a message again whose live parts have grown; returns how many rows it gained."""
        message_id = self.entries[at].id
        kept = self._kept.peek(message_id)
        before = 0 if kept is None else len(kept)
        if kept is not None:
            self._kept.draw(message_id)
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
        self.following = True

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

    def _size_of(self, entry: Entry) -> TextSize:
        return self._known_sizes.get(entry.id) or text_size(entry.message)

    def _around(self, at: int) -> Around:
        message = self.entries[at].message
        if message.role == "tool" and at:
            calls = self.entries[at - 1].message.tool_calls
            return Around(names={call.call_id: call.name for call in calls})
        if message.role == "assistant" and at + 1 < len(self.entries):
            following = self.entries[at + 1].message
            if following.role == "tool":
                results: dict[str, ToolResult] = {r.call_id: r for r in following.tool_results}
                return Around(results=results)
        return _ALONE

    def _is_open(self, at: int, part: int) -> bool:
        return self._folds.get(self.entries[at].id, {}).get(part, False)

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


_ALONE = Around()

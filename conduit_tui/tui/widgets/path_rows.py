"""The messages of a path as rows, each drawn when it is asked for and not before.

One that was not drawn yet has an estimated height, which gives way to the true one.
"""

from collections.abc import Sequence

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fold_choices import FoldChoices
from conduit_tui.tui.widgets.kept_views import KeptViews
from conduit_tui.tui.widgets.message_body import LONGEST_AT_ONCE
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.neighbours import Around, around
from conduit_tui.tui.widgets.row_heights import MessageSize, RowHeights, estimate, message_size


class PathRows:
    """Entries and their heights at one width, and what is folded of them.

    `height` rows of them are in sight; while it is `following`, those are the last.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.heights = RowHeights()
        self.choices = FoldChoices()
        self.width, self.height = 80, 24
        self.palette = Palette()
        self.following = True
        self._index: dict[str, int] = {}
        self._sizes: list[MessageSize] = []
        self._known_sizes: dict[str, MessageSize] = {}
        self._kept = KeptViews()

    def index_of(self, message_id: str | None) -> int | None:
        """Return where a message is in the path, or None."""
        return None if message_id is None else self._index.get(message_id)

    def show(self, entries: Sequence[Entry]) -> None:
        """Take another path. Views of messages that are in both are kept."""
        old = {entry.id: self.heights[at] for at, entry in enumerate(self.entries)}
        self.entries = list(entries)
        self._index = {entry.id: at for at, entry in enumerate(self.entries)}
        self._sizes = [self._size_of(entry) for entry in self.entries]
        left = {each: size for each, size in self._known_sizes.items() if each in old}
        self._known_sizes = left | {  # also of the path before: an undo goes back there
            entry.id: size
            for entry, size in zip(self.entries, self._sizes, strict=True)
            if not entry.is_live
        }
        if unfolded := self.choices.note_newest(self.entries):
            old.pop(unfolded, None)
        self.heights = RowHeights(
            [old.get(entry.id) or self._estimated(at) for at, entry in enumerate(self.entries)]
        )

    def replace(self, entry: Entry) -> None:
        """Take a new value for a message of the path."""
        at = self._index[entry.id]
        self.entries[at] = entry

    def is_drawn(self, at: int) -> bool:
        """Whether a message's rows are at hand."""
        return self._kept.peek(self.entries[at].id) is not None

    def is_drawn_whole(self, at: int) -> bool:
        """Whether all text of a message is at hand as rows, be it folded away."""
        message_id = self.entries[at].id
        view = self._kept.peek(message_id)
        return view is not None and view.is_whole and not self._kept.is_behind(message_id)

    def view(self, at: int) -> MessageView:
        """Return a message's rows, drawn as it is now; its height is true afterwards."""
        entry = self.entries[at]
        view = self._kept.view(
            entry,
            self.choices.of(entry.id),
            self.around(at),
            from_end=self.following,
            fewest=self.height,
        )
        self.heights[at] = len(view)
        return view

    def draw_whole(self, at: int) -> bool:
        """Draw all of a message at once, unless it is so long that keys would have to wait.

        Returns whether all that is shown of it is drawn.
        """
        message_id = self.entries[at].id
        self.view(at)
        if sum(size.characters for _, size in self._sizes[at].texts) <= LONGEST_AT_ONCE:
            self._kept.draw_whole(message_id)
            self.view(at)
        return not self._kept.is_behind(message_id)

    def is_end(self, at: int) -> bool:
        """Whether of a message only the end is drawn by now."""
        return self._kept.is_end(self.entries[at].id)

    def around(self, at: int) -> Around:
        """What a message is shown with from its neighbours."""
        return around(self.entries, at, is_past=self.choices.is_past(self.entries[at].id))

    def estimate(self, at: int) -> None:
        """Take a message's height for what it may be, as it is folded now."""
        self.heights[at] = self._estimated(at)

    def _estimate_all(self) -> None:
        self.heights = RowHeights([self._estimated(at) for at in range(len(self.entries))])

    def _estimated(self, at: int) -> int:
        message_id = self.entries[at].id
        chosen, is_past = self.choices.of(message_id), self.choices.is_past(message_id)
        return estimate(self._sizes[at], self.width, chosen, is_past=is_past)

    def _size_of(self, entry: Entry) -> MessageSize:
        return self._known_sizes.get(entry.id) or message_size(entry.message)

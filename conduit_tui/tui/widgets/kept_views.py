"""Messages that were drawn lately, so that they need not be drawn again.

A long message is drawn in slices, so that keys are answered in between. Until it is done, its
rows at the old width stand in for it, or, where it is read from its end, its last paragraphs.
"""

from collections import OrderedDict
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from time import perf_counter

from conduit_tui.core.message import Text
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.tail import TAIL, tail_of
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fold_choices import Folds
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.neighbours import Around

KEPT_VIEWS = 150
KEPT_ROWS = 4_000
SLICE_SECONDS = 0.02
"""How long a message is drawn before the keys get their turn."""

_LONG_ROWS = 400  # a view of more rows stands in for itself when the width changes


@dataclass(slots=True)
class _Kept:
    """`shown` is what is seen; `coming`, while it is being drawn, will take its place."""

    entry: Entry
    folds: Folds
    around: Around
    shown: MessageView
    coming: MessageView | None = None
    is_end: bool = False  # what is shown is the end of the message only

    @property
    def is_behind(self) -> bool:
        return self.coming is not None or self.shown.is_behind

    def draw(self, until: float) -> None:
        view = self.shown if self.coming is None else self.coming
        view.update(self.entry, self.folds, self.around, until)
        if self.coming is not None and not view.is_behind:
            self.shown, self.coming, self.is_end = view, None, False


class KeptViews:
    """Views by message id, the least recently used of which are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._rows = 0
        self._width, self._palette = 80, Palette()
        self._until: float | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def reset(self, width: int, palette: Palette, in_sight: Collection[str]) -> None:
        """Draw for another width or theme; long messages in sight are shown as they are first."""
        self._width, self._palette = width, palette
        self._kept = OrderedDict(
            (message_id, replace(kept, coming=self._new_view()))
            for message_id, kept in self._kept.items()
            if message_id in in_sight and len(kept.shown) > _LONG_ROWS
        )
        self._rows = sum(kept.shown.weight for kept in self._kept.values())

    @contextmanager
    def frame(self) -> Generator[None]:
        """Let all that is drawn in a block share one slice of time."""
        outer, self._until = self._until, self._until or perf_counter() + SLICE_SECONDS
        try:
            yield
        finally:
            self._until = outer

    def peek(self, message_id: str) -> MessageView | None:
        """Return a message's rows as they were shown last, if they are there."""
        kept = self._kept.get(message_id)
        return kept.shown if kept else None

    def view(
        self, entry: Entry, folds: Folds, around: Around, *, from_end: bool, fewest: int
    ) -> MessageView:
        """Return a message's rows. `fewest` views are kept whatever their size.

        Of a long one that is seen from its end, the end is drawn first.
        """
        kept = self._kept.get(entry.id)
        if kept is None:
            kept = self._kept[entry.id] = self._draw_first(entry, dict(folds), around, from_end)
            self._rows += kept.shown.weight
            self._forget(fewest)
        elif kept.entry is not entry or kept.folds != folds or kept.around != around:
            kept.entry, kept.folds, kept.around = entry, dict(folds), around
            self.draw(entry.id)
            self._kept.move_to_end(entry.id)
            self._forget(fewest)
        else:
            self._kept.move_to_end(entry.id)
        return kept.shown

    def draw(self, message_id: str) -> None:
        """Draw a message again, or a slice more of it."""
        self._draw_until(message_id, self._end_of_slice())

    def draw_whole(self, message_id: str) -> None:
        """Draw all of a message that is not drawn yet."""
        if self.is_behind(message_id):
            self._draw_until(message_id, inf)

    def is_behind(self, message_id: str) -> bool:
        """Whether there is more to draw of a message."""
        kept = self._kept.get(message_id)
        return kept is not None and kept.is_behind

    def is_end(self, message_id: str) -> bool:
        """Whether of a message only the end is there by now."""
        kept = self._kept.get(message_id)
        return kept is not None and kept.is_end

    def _draw_until(self, message_id: str, until: float) -> None:
        kept = self._kept[message_id]
        self._rows -= kept.shown.weight
        kept.draw(until)
        self._rows += kept.shown.weight

    def _draw_first(self, entry: Entry, folds: Folds, around: Around, from_end: bool) -> _Kept:
        until = self._end_of_slice()
        kept = _Kept(entry, folds, around, self._new_view())
        kept.draw(until)
        if from_end and kept.is_behind and not entry.is_live:
            end = _end_of(entry)
            if end is not None:
                kept.coming, kept.is_end = kept.shown, True
                kept.shown = self._new_view()
                kept.shown.update(end, folds, around)
        return kept

    def _new_view(self) -> MessageView:
        return MessageView(self._width, self._palette)

    def _end_of_slice(self) -> float:
        return self._until or perf_counter() + SLICE_SECONDS

    def _forget(self, fewest: int) -> None:
        while len(self._kept) > KEPT_VIEWS or self._rows > KEPT_ROWS:
            if len(self._kept) <= max(2, fewest):
                break
            _, dropped = self._kept.popitem(last=False)
            self._rows -= dropped.shown.weight


def _end_of(entry: Entry) -> Entry | None:
    """Return an entry with only the end of its words, if a part with words is long."""
    parts = entry.message.parts
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, Text) and len(part.text) > 2 * TAIL:
            # Empty words stand for what is left out: folds and clicks go by a part's index.
            kept = (*[Text("")] * index, Text(tail_of(part.text)), *parts[index + 1 :])
            return replace(entry, message=replace(entry.message, parts=kept))
    return None

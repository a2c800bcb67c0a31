"""Looking for text in a path of messages: how often it is there, and where next.

Messages are narrowed down by their source, then by what it roughly reads like; only those that a
search comes to are drawn. What takes long is a generator that yields between steps, so that
whoever runs it can do something else meanwhile. It knows no widget.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from conduit_tui.core.message import Text, Thinking, ToolResult
from conduit_tui.tui.markdown.unmarked import unmarked
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.message_text import Passage, line_and_column, passages, place_in
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.row_chunks import Key


class Hit(NamedTuple):
    """One match: its message, what it is text of there, and its characters in a logical line.

    `fold` is the part of the message to open if it is folded away.
    """

    message_id: str
    key: Key
    fold: int
    line: int
    start: int
    end: int


class Place(NamedTuple):
    """A place between characters of a message's text: of a passage by number, at an offset."""

    message_id: str
    passage: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A message's text. It is exact if no Markdown of it was read without being drawn."""

    passages: tuple[Passage, ...]
    is_exact: bool


class _Tally(NamedTuple):
    """Matches in each passage of a message, and in all."""

    each: Sequence[int]
    total: int


class PathFind:
    """Searches one path for one query after the other; what was read is kept for the next."""

    def __init__(self, path: PathView) -> None:
        self._path = path
        self._width = path.width
        self._read: dict[str, _Read] = {}
        self._counts: dict[str, _Tally] = {}
        self._grown: set[str] = set()
        self.query = Query("")

    # -- what is asked -----------------------------------------------------------------------

    def ask(self, query: Query) -> None:
        """Look for something else; messages without a match of what it narrows are passed over."""
        if query.text and self.query.text and query.narrows(self.query):
            self._counts = {each: _NONE for each, count in self._counts.items() if not count.total}
        else:
            self._counts = {}
        self.query = query

    def forget_from(self, old: Sequence[Entry]) -> None:
        """Take note that the path was `old` before; only messages that are other are read again."""
        new = self._path.entries
        same = 0
        for before, now in zip(old, new, strict=False):
            if before.message is not now.message or before.is_live:
                break
            same += 1
        gone = old[max(0, same - 1) :]  # the message before may show results of the next
        for entry in gone:
            self._forget(entry.id)

    def grew(self, message_id: str) -> None:
        """Take note that a message streams on; it is counted again by the next `scan`."""
        self._grown.add(message_id)

    def drawn_anew(self) -> bool:
        """Read again what depends on the path's width; returns whether that is another now."""
        if self._width == self._path.width:
            return False
        self._width = self._path.width
        for message_id in [each for each, read in self._read.items() if read.is_exact]:
            self._forget(message_id)
        return True

    # -- how often ---------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many matches are known of."""
        return sum(count.total for count in self._counts.values())

    @property
    def is_counted(self) -> bool:
        """Whether every message was counted, if some only by what it roughly reads like."""
        return len(self._counts) >= len(self._path.entries)

    def scan(self) -> Generator[None, None, None]:
        """Count matches in all messages, those that have grown too."""
        for at, entry in enumerate(self._path.entries):
            if entry.id not in self._counts or entry.id in self._grown:
                yield from self._measure(at)
                yield

    def number(self, hit: Hit) -> int:
        """Return which of all matches a hit is, from 1; 0 if it is no longer there."""
        at = self._path.index_of(hit.message_id)
        if at is None:
            return 0
        found, tally = self._exact(at)
        place = place_in(found, hit.key, hit.line, hit.start)
        if place is None:
            return 0
        number, offset = place
        before = self._path.entries[:at]
        earlier = sum(self._counts.get(entry.id, _NONE).total for entry in before)
        spans = self.query.spans(found[number].text)
        here = sum(1 for start, _ in spans if start <= offset)
        return earlier + sum(tally.each[:number]) + max(1, here)

    # -- where -------------------------------------------------------------------------------

    def seek(self, place: Place, step: int) -> Generator[None, None, Hit | None]:
        """Return the nearest match from a place on, or before it if `step` is -1, going around."""
        entries = self._path.entries
        first = self._path.index_of(place.message_id) or 0
        for distance in range(len(entries) + 1 if entries else 0):
            at = (first + step * distance) % len(entries)
            yield
            if not (yield from self._measure(at)).total:
                continue
            bound = place if distance == 0 else None
            hit = self._after(at, bound) if step > 0 else self._before(at, bound)
            if hit is not None:
                return hit
        return None

    def end_of(self, hit: Hit) -> Place:
        """The place right behind a hit."""
        return self._beside(hit, hit.end)

    def start_of(self, hit: Hit) -> Place:
        """The place right before a hit."""
        return self._beside(hit, hit.start)

    def place_of_row(self, at: int, row: int) -> Place:
        """Return the place where a row of a message begins, or the next text below it."""
        entry, view = self._path.entries[at], self._path.view(at)
        if row == 0:
            return Place(entry.id, 0, 0)
        found, _ = self._exact(at)
        for index in range(row, len(view)):
            text, fold = view.text_at(index), view.fold_at(index)
            if text is not None and (place := place_in(found, *text, view[index].start)):
                return Place(entry.id, *place)
            if fold is not None:
                below = (n for n, each in enumerate(found) if each.fold >= fold)
                return Place(entry.id, next(below, len(found)), 0)
        return Place(entry.id, len(found), 0)

    # -- inside ------------------------------------------------------------------------------

    def _beside(self, hit: Hit, column: int) -> Place:
        at = self._path.index_of(hit.message_id)
        found = () if at is None else self._exact(at)[0]
        place = place_in(found, hit.key, hit.line, column)
        return Place(hit.message_id, *(place or (0, 0)))

    def _after(self, at: int, bound: Place | None) -> Hit | None:
        found, tally = self._exact(at)
        first, offset = (bound.passage, bound.offset) if bound else (0, 0)
        for number in range(first, len(found)):
            if tally.each[number]:
                for start, end in self.query.spans(found[number].text):
                    if number > first or start >= offset:
                        return self._hit(at, found[number], start, end)
        return None

    def _before(self, at: int, bound: Place | None) -> Hit | None:
        found, tally = self._exact(at)
        last, offset = (bound.passage, bound.offset) if bound else (len(found), 0)
        for number in range(min(last, len(found) - 1), -1, -1):
            if tally.each[number]:
                spans = self.query.spans(found[number].text)
                earlier = [span for span in spans if number < last or span[0] < offset]
                if earlier:
                    return self._hit(at, found[number], *earlier[-1])
        return None

    def _hit(self, at: int, passage: Passage, start: int, end: int) -> Hit:
        line, column = line_and_column(passage.text, start)
        entry_id = self._path.entries[at].id
        last = column + end - start
        return Hit(entry_id, passage.key, passage.fold, passage.line + line, column, last)

    def _measure(self, at: int) -> Generator[None, None, _Tally]:
        """Count a message's matches unless that is done."""
        entry = self._path.entries[at]
        known = self._counts.get(entry.id)
        if known is not None and entry.id not in self._grown:
            return known
        self._grown.discard(entry.id)
        is_drawn = self._path.is_drawn_whole(at)
        each: list[int] = []
        if entry.id in self._read or is_drawn or _may_hold(entry, self.query):
            for passage in self._read_of(at, is_exact=is_drawn):
                each.append(self.query.count(passage.text))
                yield
        tally = self._counts[entry.id] = _Tally(each, sum(each)) if any(each) else _NONE
        return tally

    def _exact(self, at: int) -> tuple[tuple[Passage, ...], _Tally]:
        """Read a message as it is drawn, and count it by that."""
        entry = self._path.entries[at]
        known, tally = self._read.get(entry.id), self._counts.get(entry.id)
        if known and known.is_exact and tally and len(tally.each) == len(known.passages):
            return known.passages, tally
        found = tuple(self._read_of(at, is_exact=True))
        each = [self.query.count(passage.text) for passage in found]
        tally = self._counts[entry.id] = _Tally(each, sum(each))
        return found, tally

    def _read_of(self, at: int, *, is_exact: bool) -> Iterator[Passage]:
        entry = self._path.entries[at]
        known = self._read.get(entry.id)
        if known is not None and (known.is_exact or not is_exact):
            yield from known.passages
            return
        view = self._path.view(at) if is_exact and self._path.draw_whole(at) else None
        guessed: set[int] = set()

        def markdown(index: int, source: str) -> str:
            shown = view.markdown_text(index) if view else None
            if shown is None:
                guessed.add(index)
            return unmarked(source) if shown is None else shown

        read: list[Passage] = []
        for passage in passages(entry, self._path.around(at).results, self._width, markdown):
            read.append(passage)
            yield passage
        if not entry.is_live:
            self._read[entry.id] = _Read(tuple(read), view is not None and not guessed)

    def _forget(self, message_id: str) -> None:
        self._read.pop(message_id, None)
        self._counts.pop(message_id, None)


_NONE = _Tally((), 0)


def _may_hold(entry: Entry, query: Query) -> bool:
    if entry.message.error:
        return True
    for part in entry.parts():
        match part:
            case Text(source) | Thinking(source) | ToolResult(output=source):
                if query.may_be_in(source):
                    return True
            case _:
                return True
    return False

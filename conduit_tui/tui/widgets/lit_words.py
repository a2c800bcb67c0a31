"""Lights the words of a message that are not in the message beside it.

Words are compared as they are drawn, logical line by line, so that what is lit stays where it is
in a window of another width.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from conduit_tui.tui.markdown.rows import Row, text_of
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.path_view import PathView, Spot
from conduit_tui.tui.widgets.row_chunks import Key
from conduit_tui.tui.widgets.row_painter import Found
from conduit_tui.tui.word_diff import MOST_WORDS, Span, differing, word_spans

_MOST_ROWS = 1_500  # of a message that are read

Line: TypeAlias = tuple[Key, int]
"""What a text is of, and its logical line there."""

Lit: TypeAlias = Mapping[Line, Sequence[Span]]


class _Pair(NamedTuple):
    """What is lit in two messages. `state` is what they looked like then."""

    state: tuple[object, ...] = ()
    left: Lit = MappingProxyType({})
    right: Lit = MappingProxyType({})
    are_too_different: bool = False


class LitWords:
    """What differs between messages at the same place of two paths.

    Replies are compared when they are whole; what is compared once is remembered.
    """

    def __init__(self, left: PathView, right: PathView) -> None:
        self._paths = left, right
        self._known: dict[int, _Pair] = {}

    def in_rows(self, path: PathView, spots: Sequence[Spot]) -> dict[Spot, tuple[Found, ...]]:
        """Return what is lit in rows of one of the paths."""
        is_left = path is self._paths[0]
        lit: dict[Spot, tuple[Found, ...]] = {}
        for spot in spots:
            view = path.view(spot.message)
            line = view.text_at(spot.row)
            if line is None:
                continue
            pair = self._of(spot.message)
            spans = (pair.left if is_left else pair.right).get(line)
            if spans and (found := tuple(_in_row(spans, view[spot.row]))):
                lit[spot] = found
        return lit

    def are_too_different(self, message: int) -> bool:
        """Whether nothing is lit in a message because almost all of it would be."""
        return self._of(message).are_too_different

    def _of(self, message: int) -> _Pair:
        """What is lit on both sides. Asked for every row, so it has to know its answer."""
        left, right = self._paths
        if message >= min(len(left.entries), len(right.entries)):
            return _Pair()
        entries = left.entries[message], right.entries[message]
        views = left.view(message), right.view(message)
        if any(entry.is_live for entry in entries) or any(view.is_behind for view in views):
            return _Pair()
        state = (*views, *entries, *map(len, views))
        known = self._known.get(message)
        if known is None or not _are_same(known.state, state):
            known = self._known[message] = _compared(*views)._replace(state=state)
        return known


def _are_same(one: Sequence[object], other: Sequence[object]) -> bool:
    return all(a is b or (isinstance(a, int) and a == b) for a, b in zip(one, other, strict=True))


def _compared(left: MessageView, right: MessageView) -> _Pair:
    mine, its = _words(left), _words(right)
    found = differing([word for _, _, word in mine], [word for _, _, word in its])
    if found is None:
        return _Pair(are_too_different=True)
    of_left, of_right = found
    return _Pair((), _by_line(mine, of_left), _by_line(its, of_right))


def _words(view: MessageView) -> list[tuple[Line, Span, str]]:
    words: list[tuple[Line, Span, str]] = []
    for line, rows in _lines(view):
        text, start = text_of(rows), rows[0].start
        words += [(line, (start + a, start + b), text[a:b]) for a, b in word_spans(text)]
        if len(words) > MOST_WORDS:
            break
    return words


def _lines(view: MessageView) -> Iterator[tuple[Line, list[Row]]]:
    """The logical lines of a message with their rows, without what only opens and closes."""
    rows: list[Row] = []
    before: Line | None = None
    for index in range(min(len(view), _MOST_ROWS)):
        line = view.text_at(index)
        if line != before and before is not None and rows:
            yield before, rows
            rows = []
        before = line
        if line is not None:
            rows.append(view[index])
    if before is not None and rows:
        yield before, rows


def _by_line(words: Sequence[tuple[Line, Span, str]], lit: frozenset[int]) -> Lit:
    spans: dict[Line, list[Span]] = {}
    before = -1
    for at in sorted(lit):
        line, (start, end), _ = words[at]
        known = spans.setdefault(line, [])
        if known and at == before + 1:  # with what stands between the words
            known[-1] = (known[-1][0], end)
        else:
            known.append((start, end))
        before = at
    return spans


def _in_row(spans: Sequence[Span], row: Row) -> Iterator[Found]:
    for first, last in spans:
        left, right = max(0, first - row.start), min(row.length, last - row.start)
        if left < right:
            yield Found(left, right, is_current=False)

"""The quotes and list items around what is drawn, and what they put before each row."""

from dataclasses import dataclass

from rich.style import Style

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Prefix

_LEAST_TEXT = 8


@dataclass(slots=True)
class _Level:
    """One quote or list item: its decoration, the first time and after."""

    first: Prefix
    rest: Prefix


@dataclass(slots=True)
class _List:
    is_ordered: bool
    number: int


class Levels:
    """From the outermost in: what is open. A marker is shown once, before the first row in it."""

    def __init__(self, width: int, palette: Palette) -> None:
        self._width = width
        self._palette = palette
        self._levels: list[_Level] = []
        self._lists: list[_List] = []

    def __bool__(self) -> bool:
        return bool(self._levels)

    # -- what opens and closes ---------------------------------------------------------------

    @property
    def is_in_list(self) -> bool:
        """Whether a list is open."""
        return bool(self._lists)

    def open_list(self, start: int, *, is_ordered: bool) -> None:
        """Begin a list, numbered from `start` on; the items of others have bullets."""
        self._lists.append(_List(is_ordered, start))

    def close_list(self) -> int:
        """End a list; returns the number that its next item would have."""
        return self._lists.pop().number

    def open_quote(self, *, is_carried: bool) -> None:
        """Begin a quote."""
        self._open("│ ", "│ ", self._palette.muted, is_carried=is_carried)

    def open_item(self, *, is_carried: bool) -> None:
        """Begin the next item of the innermost list; one that goes on here has no marker."""
        here = self._lists[-1]
        marker = f"{here.number}. " if here.is_ordered else _bullet(len(self._lists))
        self.skip_item()
        self._open(marker, " " * len(marker), self._palette.accent, is_carried=is_carried)

    def skip_item(self) -> None:
        """Count an item of the innermost list that is drawn without its marker."""
        self._lists[-1].number += 1

    def close(self) -> None:
        """End the innermost quote or item."""
        self._levels.pop()

    def set_task(self, *, is_done: bool) -> None:
        """Put a box in the place of the marker of the innermost item."""
        level = self._levels[-1]
        style = self._palette.success if is_done else self._palette.muted
        level.first = (("[x] " if is_done else "[ ] ", style),)
        if level.rest[0][0]:
            level.rest = (("    ", style),)

    def _open(self, first: str, rest: str, style: Style, *, is_carried: bool) -> None:
        if self.room - len(first) < _LEAST_TEXT:
            rest = ""
        if is_carried:
            first = rest
        rest_prefix: Prefix = ((rest, style),)
        first_prefix = rest_prefix if first == rest else ((first, style),)
        self._levels.append(_Level(first_prefix, rest_prefix))

    # -- what stands before a row ------------------------------------------------------------

    @property
    def room(self) -> int:
        """How many cells are left for text beside what stands before every row."""
        taken = sum(len(text) for level in self._levels for text, _ in level.rest)
        return max(1, self._width - taken)

    @property
    def has_marker(self) -> bool:
        """Whether the innermost level is an item that has not shown its marker yet."""
        return bool(self._levels) and self._levels[-1].first is not self._levels[-1].rest

    @property
    def is_crowded(self) -> bool:
        """Whether what stands before the next row leaves less room than before the others."""
        before_next = sum(len(text) for level in self._levels for text, _ in level.first)
        return before_next > self._width - self.room

    def prefix(self) -> Prefix:
        """The decoration of the next row; markers are used up by it."""
        prefix: Prefix = ()
        for level in self._levels:
            prefix += level.first
            level.first = level.rest
        return prefix

    def rest(self) -> Prefix:
        """The decoration of every row but the first."""
        return tuple(piece for level in self._levels for piece in level.rest)


def _bullet(depth: int) -> str:
    return ("• ", "◦ ", "▪ ")[min(depth, 3) - 1]

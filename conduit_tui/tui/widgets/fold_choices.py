"""What is folded on a path: what a person chose, and which long replies may fold by themselves."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from conduit_tui.core.message import Thinking, ToolCall
from conduit_tui.tui.widgets.entry import Entry

Folds: TypeAlias = Mapping[int, bool]
"""Which parts of a message, by index, a person has opened or closed."""

_NOTHING: Folds = MappingProxyType({})


class FoldChoices:
    """Choices are kept by message while the program runs, also for paths that are not on view.

    The newest reply never folds by itself. One that was the newest is spared until it is out
    of sight: nothing folds away from under a reader's eyes.
    """

    def __init__(self) -> None:
        self._chosen: dict[str, dict[int, bool]] = {}
        self._newest: str | None = None
        self._spared: set[str] = set()

    def of(self, message_id: str) -> Folds:
        """Which parts of a message a person opened or closed."""
        return self._chosen.get(message_id, _NOTHING)

    def choose(self, message_id: str, parts: Iterable[int], *, is_open: bool) -> None:
        """Open or close parts of a message."""
        self._chosen.setdefault(message_id, {}).update(dict.fromkeys(parts, is_open))

    def put(self, message_id: str, part: int, choice: bool | None) -> bool | None:
        """Open or close a part, or leave it to its message with None; returns what was chosen."""
        chosen = self._chosen.setdefault(message_id, {})
        before = chosen.pop(part, None)
        if choice is not None:
            chosen[part] = choice
        return before

    def is_past(self, message_id: str) -> bool:
        """Whether a reply folds by itself if it is very long."""
        return message_id != self._newest and message_id not in self._spared

    def note_newest(self, entries: Sequence[Entry]) -> str | None:
        """Take note of the last reply of a path; returns one that may have unfolded by that."""
        replies = (each.id for each in reversed(entries) if each.message.role == "assistant")
        newest = next(replies, None)
        if newest == self._newest:
            return None
        if self._newest is not None:
            self._spared.add(self._newest)
        self._newest = newest
        return newest

    def spare_only(self, in_sight: set[str]) -> set[str]:
        """Spare only replies in sight from now on; returns those that are spared no more."""
        unseen = self._spared - in_sight
        self._spared &= in_sight
        return unseen


def asides(entries: Sequence[Entry]) -> Mapping[int, tuple[int, ...]]:
    """The parts that are thinking, tool calls or results, by the index of their message."""
    found = {at: _asides(entry) for at, entry in enumerate(entries)}
    return {at: parts for at, parts in found.items() if parts}


def _asides(entry: Entry) -> tuple[int, ...]:
    if entry.message.role == "tool":
        return (0,)
    shown = enumerate(entry.parts())
    return tuple(index for index, part in shown if isinstance(part, Thinking | ToolCall))

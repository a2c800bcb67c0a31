"""What was done to a session's structure, in order; undo and redo are read from it.

The journal only grows: an undo is an entry too, so every state the tree ever had can be returned
to, also those from before something was undone and other things were done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conduit_tui.core.change import Change, Changes, compacted

Kind: TypeAlias = Literal["do", "undo", "redo", "restore"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One step. `changes` were made then, and `inverse` takes them back; `at` is aware UTC.

    `words` name the step as a list shows it: `prune "in 3 bullets"`; those of an undo or redo are
    of what it took back or did again. `of` is the entry that an undo took back, or the undo that a
    redo took back. A step without an `inverse`, as a fork begins with, is never undone.
    """

    id: str
    at: datetime
    kind: Kind
    words: str
    changes: Changes
    inverse: Changes
    of: str | None = None


class Journal:
    """The entries of one session, the oldest first; without `is_all` those of long ago are missing.

    A journal of which some are missing goes back as far as it reaches.
    """

    def __init__(self, entries: Sequence[Entry] = (), *, is_all: bool = True) -> None:
        self._entries = list(entries)
        self.is_all = is_all

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Take note of a step."""
        self._entries.append(entry)

    def next_undo(self) -> Entry | None:
        """The step that an undo takes back now."""
        return self._stacks()[0]

    def next_redo(self) -> Entry | None:
        """The undo that a redo takes back now; None after anything else was done."""
        return self._stacks()[1]

    def back_to(self, entry_id: str | None) -> Changes:
        """The changes that lead back to right after a step; of None: to before all of these.

        Raises KeyError for a step that is not here.
        """
        changes: list[Change] = []
        for entry in reversed(self._entries):
            if entry.id == entry_id:
                return compacted(tuple(changes))
            changes += entry.inverse
        if entry_id is not None:
            raise KeyError(entry_id)
        return compacted(tuple(changes))

    def _stacks(self) -> tuple[Entry | None, Entry | None]:
        done: list[Entry] = []
        undone: list[Entry] = []
        for entry in self._entries:
            match entry.kind:
                case "undo":
                    _take(done, entry.of)
                    undone.append(entry)
                case "redo":
                    _take(undone, entry.of)
                    done.append(entry)
                case "do" | "restore":
                    if entry.inverse:
                        done.append(entry)
                    undone.clear()
        return (done[-1] if done else None), (undone[-1] if undone else None)


def _take(stack: list[Entry], entry_id: str | None) -> None:
    """Take a step off a stack. Two instances may have taken back the same one, or others first."""
    for at in range(len(stack) - 1, -1, -1):
        if stack[at].id == entry_id:
            del stack[at]
            return

"""What changes between two texts, as a unified diff; made in bounded time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import eq

CONTEXT_LINES = 3

_MOST_LINES = 4_000
_MOST_PAIRS = 100_000
"""Pairs of equal lines up to which difflib is asked; beyond, it may take minutes."""
_NO_BREAK = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `start` to `end` of one text that became lines `new_start` to `new_end`."""

    start: int
    end: int
    new_start: int
    new_end: int

    def moved(self, by: int) -> "_Change":
        return _Change(self.start + by, self.end + by, self.new_start + by, self.new_end + by)


def unified_diff(before: str | None, after: str, path: str) -> str:
    """Return the change as lines of a unified diff; of a new file (None) every line is added.

    Lone surrogates, which stand for bytes that are no UTF-8, become U+FFFD.
    """
    name = path if path.isprintable() else repr(path)[1:-1]
    old, new = _lines(before or ""), _lines(after)
    heading = [f"--- {name if before is not None else '/dev/null'}", f"+++ {name}"]
    groups = _groups(_changes(old, new))
    body = (line for group in groups for line in _hunk(old, new, group))
    text = "\n".join((*heading, *body))
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _lines(text: str) -> list[str]:
    """The lines with their breaks; only LF breaks a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    if not text or text.endswith("\n"):
        return lines[:-1]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    shortest = min(len(old), len(new))
    start = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    rest = shortest - start
    same = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    inner_old, inner_new = old[start : len(old) - same], new[start : len(new) - same]
    return [change.moved(start) for change in _inner(inner_old, inner_new)]


def _inner(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    """The changes of texts that begin and end differently."""
    if not old and not new:
        return
    if len(old) == len(new) and 2 * sum(map(eq, old, new)) >= len(old):
        yield from _by_place(old, new)
        return
    counted = Counter(new)
    pairs = sum(counted[line] for line in old)
    if len(old) + len(new) <= _MOST_LINES and pairs <= _MOST_PAIRS:
        for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
            if tag != "equal":
                yield _Change(start, end, new_start, new_end)
    else:
        yield _Change(0, len(old), 0, len(new))


def _by_place(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    start = None
    for at in range(len(old) + 1):
        differs = at < len(old) and old[at] != new[at]
        if differs and start is None:
            start = at
        elif not differs and start is not None:
            yield _Change(start, at, start, at)
            start = None


def _groups(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Changes whose lines around them touch."""
    group: list[_Change] = []
    for change in changes:
        if group and change.start - group[-1].end > 2 * CONTEXT_LINES:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _hunk(old: Sequence[str], new: Sequence[str], group: Sequence[_Change]) -> Iterator[str]:
    first, last = group[0], group[-1]
    start = max(0, first.start - CONTEXT_LINES)
    end = min(len(old), last.end + CONTEXT_LINES)
    new_start = first.new_start - (first.start - start)
    new_end = last.new_end + (end - last.end)
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@"
    at = start
    for change in group:
        yield from _marked(" ", old[at : change.start])
        yield from _marked("-", old[change.start : change.end])
        yield from _marked("+", new[change.new_start : change.new_end])
        at = change.end
    yield from _marked(" ", old[at:end])


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_BREAK


def _range(start: int, end: int) -> str:
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"

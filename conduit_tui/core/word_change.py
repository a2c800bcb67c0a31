"""What changed from one text to another, in a few words: `"in 3 bullets" → "to a child"`."""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import islice
from typing import TypeAlias

from conduit_tui.core.clean import clean_line, joins

LONGEST_WORD = 40
"""Letters to go back to the beginning of a word; what is longer is cut inside."""
MOST_WORDS = 60
"""Words on both sides among which more than one change is told apart."""
LEAST_SHARED = 3
"""Characters of a shared piece that part two changes."""
MOST_CHANGES = 2
ROOM_FOR_TWO = 40
"""Cells below which the first of several changes is said alone."""
LEAST_OLD = 5
"""Cells of the old words that say something; with less room only the new ones are said."""
LEAST_MIDDLE = 16
"""Cells below which a text is cut at its end: two stumps would say less."""

_NO_BLANKS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff"
    "\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
"""Scripts written without blanks between words: every character may end one."""
_UNSPACED = re.compile(f"[{_NO_BLANKS}]")
_WORD = re.compile(f"[{_NO_BLANKS}]|[^\\s{_NO_BLANKS}]+")
_CLOSING = frozenset(".,;:!?)]}\"'”’…")

_Change: TypeAlias = tuple[str, str]


def likeness(before: str, after: str) -> int:
    """How many characters two texts share at their beginning and end, in time of their length."""
    start = _shared_start(before, after)
    return start + _shared_end(before, after, start)


def change_words(before: str, after: str, room: int) -> str:
    """Say what an edit changed in about `room` cells: `"old" → "new"`, `+ "new"` or `- "old"`.

    Nothing for texts that look the same, nor for texts that have nothing in common: what they say
    then is the change.
    """
    changes = [(_one_line(old), _one_line(new)) for old, new in _changes(before, after)]
    changes = [(old, new) for old, new in changes if old != new]
    shown = changes[: MOST_CHANGES if room >= ROOM_FOR_TWO else 1]
    more = " …" if len(changes) > len(shown) else ""
    each = (room - len(more) - 2 * (len(shown) - 1)) // max(1, len(shown))
    return ", ".join(_said(old, new, each) for old, new in shown) + more


def in_quotes(text: str, cells: int) -> str:
    """The words of a text in quotes, its middle left out if it takes more than so many cells."""
    return f'"{_shortened(_one_line(text), max(1, cells - 2))}"'


def _changes(before: str, after: str) -> list[_Change]:
    start = _shared_start(before, after)
    if start == len(before) == len(after):
        return []
    start = _at_border(before, after, start, -1)
    end = -_at_border(before, after, -_shared_end(before, after, start), 1)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if apart := _told_apart(old, new):
        return apart
    shares = before[:start].strip() or before[len(before) - end :].strip()
    return [(old, new)] if shares else []


def _at_border(before: str, after: str, at: int, step: int) -> int:
    """Move a cut out of a word, `step` by `step`; both texts are cut at the same distance.

    A negative cut counts from the end. In a word without end it stays.
    """
    cut = at
    for _ in range(LONGEST_WORD):
        if cut == 0 or (_is_border(before, cut) and _is_border(after, cut)):
            return cut
        cut += step
    return at


def _is_border(text: str, at: int) -> bool:
    at = at + len(text) if at < 0 else at
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isspace() or after.isspace():
        return True
    if joins(before, after):
        return False
    if after in _CLOSING and (at + 1 == len(text) or text[at + 1].isspace()):
        return True
    return bool(_UNSPACED.match(before) or _UNSPACED.match(after))


def _told_apart(old: str, new: str) -> list[_Change]:
    """Several changes in what differs, if much between them is the same.

    Only so many words are compared; what follows them belongs to the last change.
    """
    olds, news = _words(old), _words(new)
    if len(olds) < LEAST_SHARED or len(news) < LEAST_SHARED:
        return []
    matcher = SequenceMatcher(
        None, [old[at:end] for at, end in olds], [new[at:end] for at, end in news], autojunk=False
    )
    changes: list[_Change] = []
    at_old = at_new = same = 0
    for block in matcher.get_matching_blocks():
        if block.size == 0:  # the last one
            changes.append((old[at_old:], new[at_new:]))
            break
        begin, end = olds[block.a][0], olds[block.a + block.size - 1][1]
        if end - begin < LEAST_SHARED:
            continue
        changes.append((old[at_old:begin], new[at_new : news[block.b][0]]))
        at_old, at_new = end, news[block.b + block.size - 1][1]
        same += end - begin
    return changes if 3 * same >= min(olds[-1][1], news[-1][1]) else []


def _words(text: str) -> list[tuple[int, int]]:
    """Where the first words begin and end; a mark stays with the letter it stands on."""
    words: list[tuple[int, int]] = []
    for found in islice(_WORD.finditer(text), MOST_WORDS):
        begin, end = found.span()
        if words and words[-1][1] == begin and joins(text[begin - 1], text[begin]):
            begin = words.pop()[0]
        words.append((begin, end))
    return words


def _said(old: str, new: str, room: int) -> str:
    if not old or not new:
        sign, words = ("+", new) if new else ("-", old)
        return f"{sign} {in_quotes(words, room - 2)}"
    within = room - len('"" → ""')
    new_cells = min(_cells(new), max(within * 2 // 3, within - _cells(old)))
    if within - new_cells < min(LEAST_OLD, _cells(old)):
        return f"→ {in_quotes(new, room - 2)}"
    return f"{in_quotes(old, within - new_cells + 2)} → {in_quotes(new, new_cells + 2)}"


def _one_line(text: str) -> str:
    """A text on one clean line; the middle of a long one, which no line shows, is not looked at."""
    most = 2 * MOST_WORDS * LONGEST_WORD
    text = text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"
    return " ".join(clean_line(text).split())


def _shortened(text: str, cells: int) -> str:
    if _cells(text) <= cells:
        return text
    if cells < LEAST_MIDDLE:
        return _begin(text, cells - 1) + "…"
    head = _begin(text, cells // 2)
    tail = _begin(text[::-1], cells - 1 - _cells(head))[::-1]
    return f"{head}…{tail}"


def _begin(text: str, cells: int) -> str:
    """As much of a text as fits, without a stump of a word where that costs little."""
    end = 0
    while end < len(text) and (cells := cells - _cells(text[end])) >= 0:
        end += 1
    if end < len(text) and text[end] != " " and (blank := text.rfind(" ", 0, end)) > end // 2:
        end = blank
    return text[:end].rstrip()


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _shared_start(before: str, after: str) -> int:
    low, high = 0, min(len(before), len(after)) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _shared_end(before: str, after: str, start: int) -> int:
    """How many last characters are the same, without those shared at the start."""
    low, high = 0, min(len(before), len(after)) - start + 1
    while high - low > 1:
        middle = (low + high) // 2
        first, last = before[-middle : -low or None], after[-middle : -low or None]
        if first == last:
            low = middle
        else:
            high = middle
    return low

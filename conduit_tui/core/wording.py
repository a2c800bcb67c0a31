"""Whether words stand in a text, and where.

A word stands where its letters do: case, accents, invisible characters and the kind of quotes
aside, and any white space in it being as good as any other. It may go on (`raf` finds `raft`), but
not begin inside a word (`aft` does not). In scripts that set no blanks between words, and in front
of anything that is no letter or digit, it may begin anywhere.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import accumulate

from conduit_tui.core.folding import composed, fold, is_plain

Span = tuple[int, int]


class Word:
    """One word, or several between quotes, to be looked for in folded texts."""

    def __init__(self, text: str) -> None:
        self.folded = fold(composed(text)).strip()
        self._head, *rest = self.folded.split() or [""]
        self._rest = re.compile(r"\s+" + r"\s+".join(map(re.escape, rest))) if rest else None
        self._begins_a_word = is_plain(self.folded[:1]) if self.folded else False

    def find(self, folded: str, begin: int = 0) -> Span | None:
        """Return where the word stands first at or behind a place, or None."""
        while (at := folded.find(self._head, begin)) >= 0:
            end = self._end(folded, at)
            if end is not None and not (
                self._begins_a_word and at > 0 and is_plain(folded[at - 1])
            ):
                return at, end
            begin = at + 1
        return None

    def _end(self, folded: str, at: int) -> int | None:
        end = at + len(self._head)
        if self._rest is None:
            return end
        rest = self._rest.match(folded, end)
        return None if rest is None else rest.end()


def words_of(texts: Iterable[str]) -> tuple[Word, ...]:
    """Return the words of texts, each once; what is nothing but white space is none."""
    words = {word.folded: word for word in map(Word, texts)}
    return tuple(word for folded, word in words.items() if folded)


def first(words: Iterable[Word], folded: str) -> int | None:
    """Return where in a folded text the first of the words stands, or None if one is missing."""
    places: list[int] = []
    for word in words:
        if (span := word.find(folded)) is None:
            return None
        places.append(span[0])
    return min(places, default=0)


def spans(words: Iterable[Word], text: str) -> tuple[Span, ...]:
    """Return where words stand in a composed text, in order; what overlaps is one span."""
    folded = fold(text)
    found = sorted(span for word in words for span in _all(word, folded))
    merged: list[Span] = []
    for begin, end in found:
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    if text.isascii():
        return tuple(merged)
    starts = list(accumulate((len(fold(each)) for each in text), initial=0))
    return tuple((bisect(starts, begin) - 1, _behind(starts, end)) for begin, end in merged)


def _behind(starts: list[int], folded_end: int) -> int:
    """Where a span ends in a text: what cannot be seen belongs to the character before it.

    `starts` are the places of its characters in its fold.
    """
    end = bisect(starts, folded_end - 1)
    return bisect(starts, starts[end]) - 1


def _all(word: Word, folded: str) -> Iterator[Span]:
    begin = 0
    while (span := word.find(folded, begin)) is not None:
        yield span
        begin = span[1]

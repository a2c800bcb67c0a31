"""Finds titles by some of their letters, best first.

Each word of the query has to be found: as it stands, best at the start of a word, else letter by
letter with those at starts of words first. Where no title has all the letters, the nearest by
rapidfuzz stand in: what was meant is often one letter off.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_AT_START, _INSIDE, _INITIALS, _SCATTERED = 1000, 900, 800, 700
_LEAST_LIKENESS = 72.0
"""Per cent of the letters that must be alike, where a title is only near."""

_SHORTEST_NEAR = 3
_NEAR_MOST = 50


def find(query: str, titles: Sequence[str]) -> list[int]:
    """The numbers of the folded titles a query means, best first, else in their own order.

    An empty query means all of them. Ten thousand take some 10 ms.
    """
    scores = [0] * len(titles)
    found = list(range(len(titles)))
    for word in map(fold, query.split()):
        left: list[int] = []
        at_start = f" {word}"
        for at in found:
            title = titles[at]
            if word in title:
                is_start = at_start in title or title.startswith(word)
                score = _AT_START if is_start else _INSIDE
            else:
                score = _scattered_score(word, title)
            if score:
                left.append(at)
                scores[at] -= score
        found = left
    found.sort(key=scores.__getitem__)
    return found or _near(fold(" ".join(query.split())), titles)


def letters(query: str, title: str) -> frozenset[int]:
    """The places in a title, folded or not, of the letters for which it was found."""
    title = fold(title)
    lit: set[int] = set()
    for word in map(fold, query.split()):
        if (places := _places(word, title)) is None:
            return _alike(fold(" ".join(query.split())), title)
        lit.update(places)
    return frozenset(lit)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Small letters without accents, as many characters as there were."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    lowered = unicodedata.normalize("NFKD", character)[:1].lower()
    return lowered if len(lowered) == 1 else character


def _places(word: str, title: str) -> Sequence[int] | None:
    """Where a word is found: at the start of one if possible."""
    at = 0 if title.startswith(word) else title.find(f" {word}") + 1
    if not at and not title.startswith(word):
        at = title.find(word)
    return range(at, at + len(word)) if at >= 0 else _scattered(word, title)


def _scattered_score(word: str, title: str) -> int:
    places = _scattered(word, title)
    if places is None:
        return 0
    gaps = places[-1] - places[0] + 1 - len(word)
    return _SCATTERED - gaps if gaps <= len(word) else _INITIALS


def _scattered(word: str, title: str) -> Sequence[int] | None:
    """Letter by letter: near together, else all at starts of words; None if it is neither."""
    end = -1
    for letter in word:
        end = title.find(letter, end + 1)
        if end < 0:
            return None
    places: list[int] = []
    end += 1
    for letter in reversed(word):  # backwards from the earliest end there is: the tightest of these
        end = title.rfind(letter, 0, end)
        places.append(end)
    places.reverse()
    if places[-1] - places[0] + 1 <= 2 * len(word):
        return places
    return _initials(word, title) or None


def _initials(word: str, title: str) -> list[int]:
    places: list[int] = []
    at = -1
    for letter in word:
        at = title.find(letter, at + 1)
        while at > 0 and title[at - 1].isalnum():
            at = title.find(letter, at + 1)
        if at < 0:
            return []
        places.append(at)
    return places


def _near(query: str, titles: Sequence[str]) -> list[int]:
    if len(query) < _SHORTEST_NEAR:
        return []
    from rapidfuzz import fuzz, process

    found = process.extract(
        query,
        titles,
        scorer=fuzz.partial_ratio,
        score_cutoff=_LEAST_LIKENESS,
        limit=_NEAR_MOST,
    )
    return [at for _, _, at in found]


def _alike(query: str, title: str) -> frozenset[int]:
    """The letters of a title that are in a query too, in the same order."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    part = fuzz.partial_ratio_alignment(query, title)
    if part is None:
        return frozenset()
    start = part.dest_start
    blocks = Indel.editops(query, title[start : part.dest_end]).as_matching_blocks()
    return frozenset(
        start + place for block in blocks for place in range(block.b, block.b + block.size)
    )

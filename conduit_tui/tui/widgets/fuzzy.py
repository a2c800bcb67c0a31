"""Finds titles by some of their letters, best first.

Each word of the query has to be found: as it stands, best at the start of a word, else letter by
letter with those at starts of words first. Where no title has all the letters, the nearest by
rapidfuzz stand in: what was meant is often one letter off.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_AT_START, _INSIDE, _INITIALS, _SCATTERED = 400, 300, 250, 100
_LEAST_LIKENESS = 72.0
"""Per cent of the letters that must be alike, where a title is only near."""

_SHORTEST_NEAR = 3
_NEAR_MOST = 50


def find(query: str, titles: Sequence[str]) -> list[int]:
    """The numbers of the titles a query means, best first, those equally good in their own order.

    An empty query means all of them.
    """
    words = [fold(word) for word in query.split()]
    if not words:
        return list(range(len(titles)))
    scored: list[tuple[int, int]] = []
    for at, title in enumerate(titles):
        folded, score = fold(title), 0
        for word in words:
            if (found := _find_word(word, folded)) is None:
                break
            score += found[0]
        else:
            scored.append((-score, at))
    scored.sort()
    return [at for _, at in scored] or _near(" ".join(words), titles)


def letters(query: str, title: str) -> frozenset[int]:
    """The places in a title of the letters for which it was found."""
    folded = fold(title)
    lit: set[int] = set()
    for word in query.split():
        if (found := _find_word(fold(word), folded)) is None:
            return _alike(fold(" ".join(query.split())), folded)
        lit.update(found[1])
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


def _find_word(word: str, title: str) -> tuple[int, Sequence[int]] | None:
    at = inside = title.find(word)
    while at > 0 and title[at - 1].isalnum():
        at = title.find(word, at + 1)
    if at >= 0:
        return _AT_START - min(at, 99), range(at, at + len(word))
    if inside >= 0:
        return _INSIDE - min(inside, 99), range(inside, inside + len(word))
    return _scattered(word, title)


def _scattered(word: str, title: str) -> tuple[int, Sequence[int]] | None:
    """Letter by letter: all at starts of words if possible, else as near together as possible."""
    at = -1
    for letter in word:
        at = title.find(letter, at + 1)
        if at < 0:
            return None
    if initials := _initials(word, title):
        return _INITIALS - min(initials[0], 99), initials
    places: list[int] = []
    end = at + 1
    for letter in reversed(word):  # backwards from the earliest end there is: the tightest of these
        end = title.rfind(letter, 0, end)
        places.append(end)
    places.reverse()
    gaps = places[-1] - places[0] + 1 - len(word)
    if gaps > 3 * len(word):  # spread over everything, this means nothing
        return None
    return _SCATTERED - min(gaps, 99), places


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
        [fold(title) for title in titles],
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

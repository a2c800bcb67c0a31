"""Which words of two texts differ."""

import re
from collections.abc import Sequence
from typing import TypeAlias

MOST_WORDS = 4_000
"""Of longer texts the rest is not compared: keys would have to wait for it."""

LEAST_ALIKE = 0.4
"""Texts that share less than this have nothing worth lighting: almost all of it would be lit."""

Span: TypeAlias = tuple[int, int]
"""Where a word begins and ends in its text."""

_WORD = re.compile(r"\w+|[^\w\s]")


def word_spans(text: str) -> list[Span]:
    """Where the words of a text are; every other sign that is no space counts as one."""
    return [found.span() for found in _WORD.finditer(text)]


def differing(
    one: Sequence[str], other: Sequence[str]
) -> tuple[frozenset[int], frozenset[int]] | None:
    """Return the indexes of the words that only one of the texts has, for both of them.

    None if they are too different for that to say anything.
    """
    # Not difflib: on words that repeat it takes half a minute for what this does in 20 ms.
    from rapidfuzz.distance import LCSseq

    left, right = list(one[:MOST_WORDS]), list(other[:MOST_WORDS])
    blocks = LCSseq.editops(left, right).as_matching_blocks()
    same = sum(block.size for block in blocks)
    if 2 * same < LEAST_ALIKE * (len(left) + len(right)):
        return None
    kept_left = {at for block in blocks for at in range(block.a, block.a + block.size)}
    kept_right = {at for block in blocks for at in range(block.b, block.b + block.size)}
    return (
        frozenset(range(len(left))) - kept_left,
        frozenset(range(len(right))) - kept_right,
    )

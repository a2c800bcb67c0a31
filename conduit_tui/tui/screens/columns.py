"""Puts groups of lines into columns of about the same height."""

from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise
from typing import TypeVar

T = TypeVar("T")

LINES_AROUND = 2
"""Lines a group takes besides its own: its title, and the empty one that parts it."""


def in_columns(groups: Sequence[Sequence[T]], count: int) -> list[Sequence[Sequence[T]]]:
    """Return the groups in `count` columns, in their order, the highest as low as can be.

    A group is never parted; among equals the first columns hold more. All ways are tried, which
    are few for a screenful of groups.
    """
    ends = combinations_with_replacement(range(len(groups) + 1), count - 1)
    ways = ([groups[a:b] for a, b in pairwise((0, *way, len(groups)))] for way in ends)
    return min(ways, key=_badness)


def _badness(columns: Sequence[Sequence[Sequence[object]]]) -> tuple[int, list[int]]:
    heights = [sum(len(group) + LINES_AROUND for group in column) for column in columns]
    return max(heights), [-height for height in heights]

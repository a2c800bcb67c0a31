"""Cuts block tokens into top-level blocks, and tells which of them can no longer change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from conduit_tui.tui.markdown.parser import DEEPEST

if TYPE_CHECKING:
    from markdown_it.token import Token

Block: TypeAlias = "Sequence[Token]"
_LISTS = {"bullet_list_open", "ordered_list_open"}


def split_blocks(tokens: Block) -> list[Block]:
    """Return the tokens of each top-level block."""
    return _split(tokens, 0)


def first_line(block: Block) -> int:
    """The line of the source on which a block begins; of a parted list: its first item."""
    opening = block[1] if block[0].type in _LISTS else block[0]
    return opening.map[0] if opening.map else 0


def split_finished(blocks: Sequence[Block], whole: int) -> tuple[list[Block], list[Block], bool]:
    """Part blocks into those that are finished and those that may still change.

    The first `whole` lines of the source can be relied on. A block is finished when another has
    begun within them. A list is parted before its last such item; the third value tells whether
    that was done.
    """
    sure = 0
    while sure + 1 < len(blocks) and first_line(blocks[sure + 1]) < whole:
        sure += 1
    done, rest = list(blocks[:sure]), list(blocks[sure:])
    if rest and rest[0][0].type in _LISTS:
        above, below = _split_list(rest[0], whole)
        if above:
            return [*done, above], [below, *rest[1:]], True
    return done, rest, False


def list_items(block: Block) -> list[Block]:
    """Return the tokens of each item of a list; of another block: nothing."""
    return _split(block[1:-1], 1) if block[0].type in _LISTS else []


def is_too_deep(block: Block) -> bool:
    """Whether a block or item is nested so deeply that the parser has dropped text of it."""
    return any(token.level >= DEEPEST - 1 for token in block)


def is_unclosed(fence: "Token") -> bool:
    """Whether a block of code goes on to the end of what was parsed."""
    start, end = fence.map or (0, 0)
    code = fence.content
    return code.count("\n") + (not code.endswith("\n") and code != "") >= end - start - 1


def source_lines(block: Block, lines: Sequence[str]) -> list[str]:
    """Return the lines of the source that a block or item was made from."""
    start, end = block[0].map or (0, 0)
    while end > start and is_blank(lines[end - 1]):
        end -= 1
    return list(lines[start:end])


def is_blank(line: str) -> bool:
    """Whether a line of the source is empty, be it inside a quote."""
    return not line.strip(" \t>")


def _split_list(block: Block, whole: int) -> tuple[Block, Block]:
    items = list_items(block)
    last = len(items) - 1
    while last > 0 and first_line(items[last]) >= whole:
        last -= 1
    if last <= 0:
        return [], block
    above = [block[0], *(token for item in items[:last] for token in item), block[-1]]
    below = [block[0], *(token for item in items[last:] for token in item), block[-1]]
    return above, below


def _split(tokens: Block, level: int) -> list[Block]:
    blocks: list[Block] = []
    start = 0
    for index, token in enumerate(tokens):
        if token.level == level and token.nesting <= 0:
            blocks.append(tokens[start : index + 1])
            start = index + 1
    return blocks

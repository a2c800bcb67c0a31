"""Lines that open again what is open where a long block is cut, so that its rest is read alike.

A block without an end in sight (a list item of 100 KB, a table of 20,000 rows) would be parsed
again with every frame. It is drawn as far as it goes instead, and what follows is parsed behind
a few lines in its place: the markers of the quotes and items it stands in, the line that opened
its code, the header of its table, or a word for a paragraph that goes on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conduit_tui.tui.markdown.blocks import is_blank, is_unclosed, split_blocks
from conduit_tui.tui.markdown.parser import parse_blocks

if TYPE_CHECKING:
    from markdown_it.token import Token

_WORD = "x"
_MOST_LEVELS = 8
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?: {1,4}(?=[^ ])| ?)")
_DELIMITERS = re.compile(r"[ >]*[-:| \t]*-[-:| \t]*")
_PIPE = re.compile(r"(?<!\\)\|")
_ENDS = {
    "list_item_close": "list_item_open",
    "blockquote_close": "blockquote_open",
    "bullet_list_close": "",
    "ordered_list_close": "",
}


def carried_lines(block: "Sequence[Token]", lines: Sequence[str]) -> list[str]:
    """Return lines that open what is open at the end of `lines`, or none.

    `block` is the last top-level block of the lines. A paragraph goes on behind one word and a
    line break.
    """
    opened, leaf = _open_tokens(block)
    if len(opened) > _MOST_LEVELS:
        return []
    levels = _Levels()
    for token in opened:
        if not levels.enter(token, lines):
            return []
    carried = levels.lines + _leaf_lines(leaf, levels, lines)
    is_one_block = len(split_blocks(parse_blocks("\n".join(carried)))) == 1
    return carried if is_one_block else []


def narrowed(carried: list[str], text: str) -> list[str]:
    """Return carried lines with as many columns in a table's header as rows of the text may have.

    The parser fills short rows up to the header: 500 columns cost a row of one word 5 ms.
    """
    if len(carried) < 2 or not _DELIMITERS.fullmatch(carried[-1]):
        return carried
    count = 1 + max(line.count("|") for line in text.split("\n"))
    return [*carried[:-2], *(_first_cells(line, count) for line in carried[-2:])]


def _first_cells(line: str, count: int) -> str:
    margin = line[: len(line) - len(line.lstrip(" >"))]
    row = line[len(margin) :].strip().removeprefix("|")
    cells = _PIPE.split(row.removesuffix("|"))
    return f"{margin}|{'|'.join(cells[:count])}|"


@dataclass(slots=True)
class _Levels:
    """Quotes and items from the outermost on: lines that open them, and what continues them."""

    lines: list[str] = field(default_factory=list[str])
    margin: str = ""
    _widths: list[int] = field(default_factory=list[int])  # of an item's margin; of a quote: 0

    def enter(self, token: "Token", lines: Sequence[str]) -> bool:
        """Go into the quote or item that a token opens; returns whether its marker was found."""
        text = self.inside(lines[token.map[0] if token.map else 0])
        if token.type == "blockquote_open":
            opener, margin, width = "> ", "> ", 0
        else:
            found = _ITEM.match(text)
            if found is None:
                return False
            marker = (token.info + token.markup) if token.info else token.markup
            width = max(len(found[0]), len(marker) + 1)
            opener, margin = marker.ljust(width), " " * width
        self.lines += [self.margin + opener + _WORD, (self.margin + margin).rstrip()]
        self.margin += margin
        self._widths.append(width)
        return True

    def inside(self, line: str) -> str:
        """Return what of a line stands inside all levels entered so far."""
        line = line.expandtabs(4)
        for width in self._widths:
            line = line[width:] if width else _QUOTE.sub("", line, count=1)
        return line


def _open_tokens(block: "Sequence[Token]") -> "tuple[list[Token], Sequence[Token]]":
    """Return the tokens that open the levels around the end, and the block before that end."""
    opened: list[Token] = []
    end = len(block)
    while end and (opener := _ENDS.get(block[end - 1].type)) is not None:
        end -= 1
        if opener:
            opened.append(_opener(block, end, opener))
    start = end - 1
    if start > 0 and block[start].nesting < 0:
        level = block[start].level
        while start > 0 and not (block[start].nesting > 0 and block[start].level == level):
            start -= 1
    return opened, block[max(0, start) : end]


def _opener(block: "Sequence[Token]", end: int, kind: str) -> "Token":
    level = block[end].level
    return next(
        block[at]
        for at in range(end - 1, -1, -1)
        if block[at].type == kind and block[at].level == level
    )


def _leaf_lines(leaf: "Sequence[Token]", levels: _Levels, lines: Sequence[str]) -> list[str]:
    first = leaf[0].map[0] if leaf and leaf[0].map else 0
    match leaf[0].type if leaf else "":
        case "fence" if is_unclosed(leaf[0]):
            return [levels.margin + levels.inside(lines[first])]
        case "code_block":
            return [f"{levels.margin}    {_WORD}"]
        case "table_open" if not _ends_blank(lines):
            return [levels.margin + levels.inside(line) for line in lines[first : first + 2]]
        case "paragraph_open" if not _ends_blank(lines):
            if levels.lines:
                levels.lines.pop()  # its word begins the paragraph
                return []
            return [_WORD]
        case _:
            return []


def _ends_blank(lines: Sequence[str]) -> bool:
    return not lines[-1] and (len(lines) < 2 or is_blank(lines[-2]))

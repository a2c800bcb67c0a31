"""Blocks of code: highlighted where the language is named and known, and not before in sight.

Pygments takes some 10 ms for 1,000 characters, more than all the rest of drawing together. Rows
are made without it; the first row of a piece that is painted has the whole piece highlighted.
"""

from collections.abc import Hashable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Protocol, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from conduit_tui.core.clean import joins
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, Segments
from conduit_tui.tui.markdown.wrap import chop_spans, cut, fit

LONGEST_EXACT = 6_000
"""Characters of a block that are highlighted in one go; longer ones in pieces of lines."""

PIECE_LINES = 24
_PIECE_CHARACTERS = 2_000
_LONGEST_LINE = 1_000  # some of the lexers' expressions are quadratic in a line
_NARROWEST_PANEL = 3


class _Lexer(Protocol):
    def get_tokens(self, text: str) -> Iterator[tuple[Hashable, str]]: ...


class _Piece:
    """Lines of code that are highlighted together."""

    __slots__ = ("_language", "_palette", "_styled", "lines")

    def __init__(self, lines: Sequence[str], language: str, palette: Palette) -> None:
        self.lines = [line.expandtabs(4) if "\t" in line else line for line in lines]
        self._language = language
        self._palette = palette
        self._styled: list[list[Fragment]] | None = None

    def segments(self, index: int, start: int, end: int, width: int) -> Segments:
        """Return a part of a line on the panel."""
        if self._styled is None:
            self._styled = highlight(self.lines, self._language, self._palette)
        (pieces,) = cut(self._styled[index], [(start, end)])
        return _on_panel(pieces, width, self._palette)


def fence_rows(code: str, language: str, line: int, width: int, palette: Palette) -> list[Row]:
    """Return the rows of a whole block of code: a label if the language is named, the code."""
    rows = [label_row(language, line, width, palette)] if language else []
    lines = code.removesuffix("\n").split("\n")
    return rows + code_rows(lines, language, line + len(rows), width, palette)


def code_rows(
    lines: Sequence[str], language: str, line: int, width: int, palette: Palette
) -> list[Row]:
    """Return the rows of all lines of a block of code, `width` cells wide."""
    if is_exact(lines):
        return piece_rows(lines, language, line, width, palette)
    rows: list[Row] = []
    start = 0
    while start < len(lines):
        end = piece_end(lines, start) or len(lines)
        rows += piece_rows(lines[start:end], language, line + start, width, palette)
        start = end
    return rows


def is_exact(lines: Sequence[str]) -> bool:
    """Whether a block of code is short enough to be highlighted in one go."""
    return sum(map(len, lines)) + len(lines) <= LONGEST_EXACT


def piece_end(lines: Sequence[str], start: int) -> int | None:
    """Return where the piece that begins at a line ends, or None if the lines do not fill it."""
    characters = 0
    for index in range(start, min(start + PIECE_LINES, len(lines))):
        characters += len(lines[index])
        if characters >= _PIECE_CHARACTERS or index + 1 == start + PIECE_LINES:
            return index + 1
    return None


def piece_rows(
    lines: Sequence[str], language: str, line: int, width: int, palette: Palette
) -> list[Row]:
    """Return the rows of lines that are highlighted together."""
    piece = _Piece(lines, language, palette)
    edge, room = _edge(width), _room(width)
    return [
        Row(
            partial(piece.segments, index, start, end, width),
            line + index,
            start,
            edge,
            end - start,
            text[start:end],
        )
        for index, text in enumerate(piece.lines)
        for start, end in chop_spans(text, room)
    ]


def label_row(language: str, line: int, width: int, palette: Palette) -> Row:
    """Return the row above a block of code that names its language."""
    label = fit(language, _room(width))
    return Row(_on_panel([(label, palette.muted)], width, palette), line, 0, _edge(width), 0)


def highlight(lines: Sequence[str], language: str, palette: Palette) -> list[list[Fragment]]:
    """Return lines of code in colours."""
    lexer = _lexer(language)
    if lexer is None or any(len(line) > _LONGEST_LINE for line in lines):
        return [[(line, palette.text)] if line else [] for line in lines]
    styled: list[list[Fragment]] = [[]]
    for kind, text in lexer.get_tokens("\n".join(lines)):
        style = _style_of(_meaning(kind), palette)
        first, *others = text.split("\n")
        if first and styled[-1] and not first.isascii() and joins(styled[-1][-1][0], first):
            before, style = styled[-1].pop()  # a character must not be parted by a colour
            first = before + first
        if first:
            styled[-1].append((first, style))
        styled.extend([(piece, style)] if piece else [] for piece in others)
    del styled[len(lines) :]
    return styled + [[] for _ in range(len(lines) - len(styled))]


def _edge(width: int) -> int:
    """The cells before the code on a panel; a narrow one has no edges."""
    return 1 if width >= _NARROWEST_PANEL else 0


def _room(width: int) -> int:
    return max(1, width - 2 * _edge(width))


def _on_panel(pieces: list[Fragment], width: int, palette: Palette) -> Segments:
    edge = (" " if palette.panel.bgcolor else "│") * _edge(width)
    segments = [Segment(edge, palette.panel + palette.muted)] if edge else []
    segments += [Segment(text, palette.panel + style) for text, style in pieces]
    used = sum(cell_len(text) for text, _ in pieces) + len(edge)
    if used < width:
        segments.append(Segment(" " * (width - used), palette.panel))
    return tuple(segments)


@lru_cache(64)
def _lexer(language: str) -> _Lexer | None:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
    from pygments.util import ClassNotFound

    try:
        return cast("_Lexer", get_lexer_by_name(language, stripnl=False, ensurenl=False))
    except ClassNotFound:
        return None


@cache
def _meaning(kind: Hashable) -> str:
    words = str(kind)
    for name, meaning in _MEANINGS:
        if words.startswith(name):
            return meaning
    return "text"


def _style_of(meaning: str, palette: Palette) -> Style:
    match meaning:
        case "keyword":
            return palette.keyword
        case "string":
            return palette.string
        case "number":
            return palette.number
        case "name":
            return palette.name
        case "comment":
            return palette.muted
        case _:
            return palette.text


_MEANINGS = (
    ("Token.Comment", "comment"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Builtin", "name"),
    ("Token.Name.Attribute", "name"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Generic.Inserted", "string"),
    ("Token.Generic.Deleted", "number"),
    ("Token.Generic.Heading", "name"),
    ("Token.Generic.Subheading", "name"),
    ("Token.Generic.Prompt", "comment"),
)

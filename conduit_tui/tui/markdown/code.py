"""Blocks of code: highlighted where the language is named and known."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Protocol, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row
from conduit_tui.tui.markdown.wrap import chop_spans, cut, fit

LONGEST_EXACT = 16_000
"""Characters of a block that are highlighted in one go; longer ones in pieces of lines."""

PIECE_LINES = 40
_LONGEST_LINE = 2_000


class _Lexer(Protocol):
    def get_tokens(self, text: str) -> Iterator[tuple[object, str]]: ...


def highlight(code: str, language: str, palette: Palette) -> list[list[Fragment]]:
    """Return the styled lines of a piece of code that ends with or without a line break."""
    code = code.removesuffix("\n").expandtabs(4)
    lexer = _lexer(language)
    if lexer is None or _has_long_line(code):
        return [[(line, palette.text)] if line else [] for line in code.split("\n")]
    lines: list[list[Fragment]] = [[]]
    for kind, text in lexer.get_tokens(code):
        style = _style_of(str(kind), palette)
        first, *others = text.split("\n")
        if first:
            lines[-1].append((first, style))
        lines.extend([(piece, style)] if piece else [] for piece in others)
    wanted = code.count("\n") + 1
    del lines[wanted:]
    return lines + [[] for _ in range(wanted - len(lines))]


def fence_rows(code: str, language: str, line: int, width: int, palette: Palette) -> list[Row]:
    """Return the rows of a whole block of code: a label if the language is named, the code."""
    rows = [label_row(language, line, width, palette)] if language else []
    return rows + code_rows(code, language, line + len(rows), width, palette)


def code_rows(code: str, language: str, line: int, width: int, palette: Palette) -> list[Row]:
    """Return the rows of a whole block of code without its label."""
    lines: list[list[Fragment]] = []
    for piece in [code] if len(code) <= LONGEST_EXACT else _pieces(code):
        lines += highlight(piece, language, palette)
    return panel_rows(lines, line, width, palette)


def panel_rows(lines: list[list[Fragment]], line: int, width: int, palette: Palette) -> list[Row]:
    """Return rows of code on the panel, `width` cells wide."""
    return [
        row
        for offset, fragments in enumerate(lines)
        for row in _panel_line(fragments, line + offset, width, palette)
    ]


def label_row(language: str, line: int, width: int, palette: Palette) -> Row:
    """Return the row above a block of code that names its language."""
    label = fit(language, max(1, width - 2))
    return _panel_row([], line, 0, width, palette, [(label, palette.muted)])


def _panel_line(
    fragments: list[Fragment], line: int, width: int, palette: Palette
) -> Iterator[Row]:
    text = "".join(piece for piece, _ in fragments)
    spans = chop_spans(text, max(1, width - 2))
    for (start, _), pieces in zip(spans, cut(fragments, spans), strict=True):
        yield _panel_row(pieces, line, start, width, palette)


def _panel_row(
    pieces: list[Fragment],
    line: int,
    start: int,
    width: int,
    palette: Palette,
    label: list[Fragment] | None = None,
) -> Row:
    edge = " " if palette.panel.bgcolor else "│"
    segments = [Segment(edge, palette.panel + palette.muted)]
    segments += [Segment(text, palette.panel + style) for text, style in label or pieces]
    used = sum(cell_len(text) for text, _ in label or pieces) + 1
    if used < width:
        segments.append(Segment(" " * (width - used), palette.panel))
    length = sum(len(text) for text, _ in pieces)
    return Row(tuple(segments), line, start, 1, length)


def _pieces(code: str) -> Iterator[str]:
    lines = code.removesuffix("\n").split("\n")
    for start in range(0, len(lines), PIECE_LINES):
        yield "\n".join(lines[start : start + PIECE_LINES])


def _has_long_line(code: str) -> bool:
    return len(code) > _LONGEST_LINE and any(len(line) > _LONGEST_LINE for line in code.split("\n"))


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
def _meaning(kind: str) -> str:
    for name, meaning in _MEANINGS:
        if kind.startswith(name):
            return meaning
    return "text"


def _style_of(kind: str, palette: Palette) -> Style:
    match _meaning(kind):
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

"""Tables: columns fitted to the width, cells wrapped; too many columns become records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.tui.markdown.inline import inline_lines
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment
from conduit_tui.tui.markdown.wrap import cut, wrap_spans

if TYPE_CHECKING:
    from markdown_it.token import Token

Align: TypeAlias = Literal["left", "right", "center"]
_SEPARATOR = " │ "
_RULE_SEPARATOR = "─┼─"
_NARROWEST = 4
_MOST_LINES = 60  # columns of a record that have a line of their own
_HEADER = Style(bold=True)


@dataclass(slots=True)
class Table:
    """Cells as they were written; every row has as many as the first."""

    aligns: list[Align] = field(default_factory=list["Align"])
    rows: list[list[str]] = field(default_factory=list[list[str]])


def read_table(tokens: "Sequence[Token]") -> Table:
    """Collect the cells between `table_open` and `table_close`."""
    table = Table()
    for token in tokens:
        if token.type == "tr_open":
            table.rows.append([])
        elif token.type == "th_open":
            table.aligns.append(_align(str(token.attrs.get("style", ""))))
        elif token.type == "inline":
            table.rows[-1].append(token.content)
    return table


def table_lines(
    table: Table, width: int, palette: Palette, before: Sequence[int] | None = None
) -> tuple[list[list[Fragment]], list[int]]:
    """Return the lines of a table, and the widths of its columns.

    No line is wider than `width` if there is room for it at all. `before` are the widths of a
    table that goes on here: columns become no narrower, and where one becomes wider the header is
    drawn again. Without any, the table is one of records, of which only the first columns are here.
    """
    columns = len(table.aligns)
    room = width - len(_SEPARATOR) * (columns - 1)
    is_of_records = before is not None and not before
    if is_of_records or room < columns * _NARROWEST:
        return _records(table, palette, is_begun=before is not None), []
    cells = [
        [
            _one_line(text, palette.text if row else palette.text + _HEADER, palette)
            for text in texts
        ]
        for row, texts in enumerate(table.rows)
    ]
    natural = [max((_width(row[column]) for row in cells), default=1) for column in range(columns)]
    least = [max(_longest_word(row[column]) for row in cells) for column in range(columns)]
    if before is not None and len(before) == columns:
        natural = list(map(max, natural, before))
        least = list(map(max, least, before))
    widths = _fit_widths(natural, least, room)
    if before is None:
        return _grid(cells, widths, table.aligns, palette), widths
    if len(cells) == 1:
        return [], list(before)
    has_header = widths != list(before)
    shown = cells if has_header else cells[1:]
    return _grid(shown, widths, table.aligns, palette, has_header=has_header), widths


def _align(style: str) -> Align:
    if style.endswith("right"):
        return "right"
    return "center" if style.endswith("center") else "left"


def _one_line(text: str, base: Style, palette: Palette) -> list[Fragment]:
    return [piece for line in inline_lines(text, base, palette) for piece in line]


def _width(cell: list[Fragment]) -> int:
    return max(1, sum(cell_len(text) for text, _ in cell))


def _longest_word(cell: list[Fragment]) -> int:
    return max(map(cell_len, "".join(text for text, _ in cell).split()), default=1)


def _fit_widths(natural: list[int], least: list[int], room: int) -> list[int]:
    """Cap the widest columns at one common width, so that the narrow ones stay whole.

    `least` are the widths in which no word is cut: where there is room for all of them, what is
    left is given out so that the columns that need most get most.
    """
    if sum(natural) <= room:
        return natural
    fair = _capped(natural, room)
    if all(map(int.__le__, least, fair)) or sum(least) > room:
        return fair
    more = [wide - narrow for wide, narrow in zip(natural, least, strict=True)]
    return list(map(int.__add__, least, _capped(more, room - sum(least))))


def _capped(natural: list[int], room: int) -> list[int]:
    left, fitted = room, dict[int, int]()
    for done, column in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        fitted[column] = min(natural[column], left // (len(natural) - done))
        left -= fitted[column]
    return [fitted[column] for column in range(len(natural))]


def _grid(
    cells: list[list[list[Fragment]]],
    widths: Sequence[int],
    aligns: list[Align],
    palette: Palette,
    *,
    has_header: bool = True,
) -> list[list[Fragment]]:
    blocks = [_grid_row(row, widths, aligns, palette) for row in cells]
    rule: list[Fragment] = [(_RULE_SEPARATOR.join("─" * width for width in widths), palette.muted)]
    any_wrapped = any(len(block) > 1 for block in blocks[has_header:])
    lines: list[list[Fragment]] = []
    for index, block in enumerate(blocks):
        lines += block
        if (has_header and index == 0) or (any_wrapped and index < len(blocks) - 1):
            lines.append(rule)
    return lines


def _grid_row(
    cells: list[list[Fragment]], widths: Sequence[int], aligns: list[Align], palette: Palette
) -> list[list[Fragment]]:
    columns: list[list[list[Fragment]]] = []
    for cell, width in zip(cells, widths, strict=True):
        text = "".join(piece for piece, _ in cell)
        columns.append(list(cut(cell, wrap_spans(text, width))))
    lines: list[list[Fragment]] = []
    for row in range(max(map(len, columns), default=0)):
        line: list[Fragment] = []
        for column, (wrapped, width, align) in enumerate(zip(columns, widths, aligns, strict=True)):
            if column:
                line.append((_SEPARATOR, palette.muted))
            line += _padded(wrapped[row] if row < len(wrapped) else [], width, align, palette)
        lines.append(line)
    return lines


def _padded(pieces: list[Fragment], width: int, align: Align, palette: Palette) -> list[Fragment]:
    space = max(0, width - sum(cell_len(text) for text, _ in pieces))
    left = {"left": 0, "right": space, "center": space // 2}[align]
    padded: list[Fragment] = [(" " * left, palette.text), *pieces]
    return [*padded, (" " * (space - left), palette.text)]


def _records(table: Table, palette: Palette, *, is_begun: bool) -> list[list[Fragment]]:
    """A line for each cell that is not empty; the cells of very many columns share one."""
    header, *rows = table.rows
    labels = [_one_line(name, palette.text + _HEADER, palette) for name in header]
    lines: list[list[Fragment]] = []
    for row in rows or ([] if is_begun else [[""] * len(header)]):
        if lines or is_begun:
            lines.append([("─" * 3, palette.muted)])
        fields = [
            [*label, (": ", palette.muted), *_one_line(text, palette.text, palette)]
            for label, text in zip(labels, row, strict=True)
            if text or not rows
        ]
        if len(header) <= _MOST_LINES:
            lines += fields
        else:
            between = (" · ", palette.muted)
            lines.append([piece for field in fields for piece in (*field, between)][:-1])
    return lines

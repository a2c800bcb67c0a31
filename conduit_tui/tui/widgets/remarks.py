"""Lines about a message, between its header and its content."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, row_of
from conduit_tui.tui.markdown.wrap import cut, fit, wrap_spans

Tone: TypeAlias = Literal["quiet", "plain", "accent", "star"]

_LONGEST = 20_000  # characters of one line that are shown


@dataclass(frozen=True, slots=True)
class Remark:
    """One line in pieces, each in a tone of its own; `most_rows` of it are shown, None: all."""

    pieces: tuple[tuple[str, Tone], ...]
    most_rows: int | None = None


def remark_rows(remarks: Iterable[Remark], width: int, palette: Palette) -> list[Row]:
    """Return the lines, wrapped, and an empty one to set them apart; of none: nothing."""
    rows = [
        row for line, remark in enumerate(remarks) for row in _rows_of(remark, line, width, palette)
    ]
    return [*rows, row_of([], rows[-1].line + 1)] if rows else []


def _rows_of(remark: Remark, line: int, width: int, palette: Palette) -> Iterator[Row]:
    pieces = [(clean_line(text[:_LONGEST]), _style(tone, palette)) for text, tone in remark.pieces]
    spans = wrap_spans("".join(text for text, _ in pieces), width)
    if remark.most_rows is not None and len(spans) > remark.most_rows:
        start = spans[remark.most_rows - 1][0]
        spans = [*spans[: remark.most_rows - 1], (start, start + 4 * width)]
    for (start, _), found in zip(spans, cut(pieces, spans), strict=True):
        yield row_of(_fitted(found, width), line, start)


def _fitted(pieces: Iterable[Fragment], width: int) -> Iterator[Fragment]:
    """Shorten the piece that does not fit any more; what follows it is left out."""
    room = width
    for text, style in pieces:
        shown = fit(text, room)
        yield shown, style
        room -= cell_len(shown)
        if shown != text:
            return


def _style(tone: Tone, palette: Palette) -> Style:
    match tone:
        case "quiet":
            return palette.muted
        case "plain":
            return palette.text
        case "accent":
            return palette.accent
        case "star":
            return palette.warning

"""What the transcript shows instead of messages, and over them."""

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from conduit_tui.tui.widgets.row_painter import GUTTER

_WIDEST = 120


def welcome_rows(widget: Widget, content: Content, width: int) -> list[Strip]:
    """Return words in place of messages, behind the same margin as messages."""
    room = max(1, min(_WIDEST, width - 2 * GUTTER))
    strips = Visual.to_strips(widget, content, room, None, widget.visual_style)
    ground = widget.visual_style.rich_style
    margin = Strip.blank(GUTTER, ground)
    return [Strip.join([margin, strip]).adjust_cell_length(width, ground) for strip in strips]


def with_pill(strip: Strip, count: int, right: int, style: Style) -> tuple[Strip, int]:
    """Lay the count of new lines over the end of a row, `right` cells from the edge.

    Also returns the cell on which it begins.
    """
    words = f" ↓ {count:,} new {'line' if count == 1 else 'lines'} · End "
    room = strip.cell_length - right
    if len(words) > room:
        words = "↓"[: max(0, room)]
    start = max(0, room - len(words))
    pill = Strip([Segment(words, style)], len(words))
    return Strip.join([strip.crop(0, start), pill, strip.crop(start + len(words))]), start

"""The list of what a search found, two lines each."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message as Posted
from textual.strip import Strip

from conduit_tui.core.clean import clean_line
from conduit_tui.core.edges import short_model
from conduit_tui.core.hit import Hit
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.lit_line import lit_line
from conduit_tui.tui.widgets.row_list import RowList
from conduit_tui.tui.widgets.session_rows import age

LINES = 2
"""Of one hit: where it is, and what it says."""
UNTITLED = "New session"
NO_WORDS = "(no words)"
INDENT = "  "
AGE_CELLS = 5
NARROW = 24
LONGEST_NAME = 500
_ROLES = {"user": "you", "tool": "tool", "system": "system", "assistant": "assistant"}


class HitList(RowList):
    """Hits in the order given; the rows of the list are lines, of which the first can be chosen.

    The cursor is shown without focus: what is typed goes into the line above.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hit-list--lit", "hit-list--title"}
    DEFAULT_CSS = """
    HitList {
        & .hit-list--lit { background: $warning 30%; color: $foreground; }
        & .hit-list--title { color: $text-accent; }
        &:ansi .hit-list--lit { text-style: bold underline; }
    }
    """

    class Chosen(Posted):
        """A person wants to go to a hit."""

        def __init__(self, hit: Hit) -> None:
            super().__init__()
            self.hit = hit

    class Moved(Posted):
        """Another hit is under the cursor, or none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._hits: Sequence[Hit] = ()
        self._empty: tuple[str, ...] = ()
        self._now = datetime.now(UTC)

    def show(
        self, hits: Sequence[Hit], now: datetime, *, empty: tuple[str, ...] = (), more: bool = False
    ) -> None:
        """Show hits; `more`: they go on where the others end, and the cursor stays.

        `empty` are lines to show when there are none.
        """
        before = self.hit
        self._hits, self._empty, self._now = hits, empty, now
        if not more:
            self.cursor = 0
            self.scroll_to(y=0, animate=False, force=True)
        self.rows_changed()
        if self.hit is not before:
            self.post_message(self.Moved())

    @property
    def hit(self) -> Hit | None:
        """The hit under the cursor."""
        at = self.cursor // LINES
        return self._hits[at] if at < len(self._hits) else None

    def row_count(self) -> int:
        """How many lines there are."""
        return LINES * len(self._hits)

    def can_choose(self, row: int) -> bool:
        """Whether a line is the first of its hit."""
        return 0 <= row < self.row_count() and row % LINES == 0

    def row_chosen(self, row: int) -> None:
        """Tell which hit was chosen."""
        self.post_message(self.Chosen(self._hits[row // LINES]))

    def row_segments(self, row: int, width: int) -> list[Segment]:
        """Session, who wrote it and when; or what it says, with the matches lit."""
        at, line = divmod(row, LINES)
        hit = self._hits[at]
        return self._head(at, hit, width) if line == 0 else self._words(hit, width)

    def render_line(self, y: int) -> Strip:
        """Return one line of the view; both of the hit under the cursor are set off."""
        row = round(self.scroll_y) + y
        if not self._hits or row // LINES != self.cursor // LINES:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        ground, lit = self.part("cursor"), self._lit
        set_off = ground + lit + Style(bold=True)
        segments = [
            Segment(each.text, set_off if each.style == lit else ground)
            for each in self.row_segments(row, width)
        ]
        return Strip(segments).adjust_cell_length(width, ground)

    def watch_cursor(self, before: int, after: int) -> None:
        """Paint all lines of both hits, and tell of the move."""
        super().watch_cursor(before, after)
        for row in (before, after):
            self.refresh_lines(row, LINES)
        self.post_message(self.Moved())

    def show_cursor_row(self) -> None:
        """Scroll just as far as it takes to see all lines of the hit."""
        room, top = self.size.height, round(self.scroll_y)
        if room <= 0 or not self._hits:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor + LINES > top + room:
            self.scroll_to(y=self.cursor + min(LINES, room) - room, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Choose the hit that was clicked, by any of its lines."""
        event.prevent_default()
        row = (round(self.scroll_y) + event.y) // LINES * LINES
        if self.can_choose(row):
            event.stop()
            self.cursor = row
            self.row_chosen(row)

    def empty_lines(self) -> tuple[str, ...]:
        """What to say when nothing is there."""
        return self._empty

    def _head(self, at: int, hit: Hit, width: int) -> list[Segment]:
        mark = "★ " if hit.is_starred else ""
        label = f" @{_line(hit.label)}" if hit.label else ""
        who = fit(_who(hit), width // 2 - AGE_CELLS)
        right = f"{who}{age(hit.created_at, self._now):>{AGE_CELLS}}" if width >= NARROW else ""
        room = width - cell_len(mark) - cell_len(right) - 2
        label = fit(label, room // 2)
        title = fit(_line(hit.session_title) or UNTITLED, room - cell_len(label))
        gap = max(0, width - sum(map(cell_len, (mark, title, label, right))))
        is_same = at > 0 and self._hits[at - 1].session_id == hit.session_id
        return [
            Segment(mark, self.part("mark")),
            Segment(title, self.part("quiet") if is_same else self._title),
            Segment(label, self.part("mark")),
            Segment(" " * gap + right, self.part("quiet")),
        ]

    def _words(self, hit: Hit, width: int) -> list[Segment]:
        plain, lit = self.part("text"), self._lit
        pieces = lit_line(hit.excerpt, hit.spans, width - len(INDENT))
        if not pieces:
            return [Segment(fit(INDENT + NO_WORDS, width), self.part("quiet"))]
        return [
            Segment(INDENT, plain),
            *(Segment(words, lit if is_lit else plain) for words, is_lit in pieces),
        ]

    @property
    def _title(self) -> Style:
        return self.get_component_rich_style("hit-list--title")

    @property
    def _lit(self) -> Style:
        """As in the transcript: among the terminal's own colours it has no ground."""
        if "ansi" in self.pseudo_classes:
            return Style(bold=True, underline=True)
        return self.get_visual_style("hit-list--lit").rich_style


def _who(hit: Hit) -> str:
    """Whose words they are: `you`, a model's name, or the role."""
    if hit.role != "assistant" or not hit.model:
        return _ROLES[hit.role]
    return _line(short_model(hit.model)) or _ROLES[hit.role]


def _line(text: str | None) -> str:
    return " ".join(clean_line((text or "")[:LONGEST_NAME]).split())

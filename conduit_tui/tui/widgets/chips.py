"""The row above the prompt: what is attached, and what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as Posted
from textual.widget import Widget

from conduit_tui.core.amounts import short_count, short_size
from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment

LONGEST_LABEL = 44
LONGEST_NAME = 200
MOST_LINES = 3
CLOSE = " ×"

ChipKind: TypeAlias = Literal["attachment", "queued"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A small labelled box; `index` counts within its kind."""

    kind: ChipKind
    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a chip is drawn: its line, its first cell, and the first cell after it."""

    chip: Chip
    line: int
    start: int
    end: int
    text: str


def attachment_label(attachment: Attachment) -> str:
    """`notes.md · 120 lines · 5.2 KB`, `cat.png · PNG 800×600 · 1.2 MB`, `a.pdf · PDF · 80 KB`."""
    name = fit(" ".join(clean_line(attachment.name[:LONGEST_NAME]).split()) or "file", 24)
    size = short_size(len(attachment.data))
    if not attachment.is_text:
        kind = kind_words(attachment)
        return f"{name} · {kind} · {size}" if kind else f"{name} · {size}"
    count = attachment.data.count(b"\n") + (not attachment.data.endswith(b"\n"))
    lines = "1 line" if count == 1 else f"{short_count(count)} lines"
    return f"{name} · {lines} · {size}"


def kind_words(attachment: Attachment) -> str:
    """`PNG 800×600`, `PDF`; nothing for text and what is not known."""
    from conduit_tui.core.image_size import image_size
    from conduit_tui.core.media import kind_name

    size = image_size(attachment.data)
    pixels = f"{size[0]}×{size[1]}" if size else ""
    return f"{kind_name(attachment)} {pixels}".strip()


def queued_label(text: str) -> str:
    """`queued: first words`."""
    return "queued: " + " ".join(clean_line(text.lstrip()[:LONGEST_NAME]).split())


def lay_out(chips: Sequence[Chip], width: int) -> list[Spot]:
    """Put chips one after the other, breaking lines; each fits the width with its × in view."""
    spots: list[Spot] = []
    line = start = 0
    for chip in chips:
        room = min(LONGEST_LABEL, width - len(CLOSE) - 2)
        text = f" {fit(chip.label, room)}{CLOSE} "
        cells = cell_len(text)
        if start and start + cells > width:
            line, start = line + 1, 0
        spots.append(Spot(chip, line, start, start + cells, text))
        start += cells + 1
    return spots


class ChipRow(Widget):
    """Draws chips and says which was clicked, and whether on its ×."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChipRow {
        width: 1fr;
        height: auto;
        max-height: 3;
        display: none;
        &.-filled { display: block; }
    }
    """

    class Clicked(Posted):
        """A chip was clicked; `on_close` if it was its ×."""

        def __init__(self, chip: Chip, on_close: bool) -> None:
            super().__init__()
            self.chip = chip
            self.on_close = on_close

    def __init__(self, bring: Callable[[Widget], None] = lambda _: None) -> None:
        """Without chips it need not be mounted: `bring` is called when there are the first."""
        super().__init__()
        self._bring = bring
        self._chips: tuple[Chip, ...] = ()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The chips shown."""
        return self._chips

    def show(self, chips: Sequence[Chip]) -> None:
        """Show these chips; without any the row takes no room."""
        self._chips = tuple(chips)
        self.set_class(bool(chips), "-filled")
        if chips and not self.is_attached:
            self._bring(self)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the chips need, at most three."""
        del container, viewport
        return min(
            MOST_LINES, 1 + max((spot.line for spot in lay_out(self._chips, width)), default=0)
        )

    def render(self) -> Content:
        """The last lines of chips that fit: what was added last is in view."""
        content = Content.empty()
        line, end = self._first_line(), 0
        for spot in self._visible():
            if spot.line != line:
                content, line, end = content.append("\n"), spot.line, 0
            content = content.append(" " * (spot.start - end)).append(_drawn(spot))
            end = spot.end
        return content

    def on_click(self, event: events.Click) -> None:
        """Say which chip was clicked."""
        line = event.y + self._first_line()
        for spot in self._visible():
            if spot.line == line and spot.start <= event.x < spot.end:
                event.stop()
                self.post_message(self.Clicked(spot.chip, event.x >= spot.end - len(CLOSE) - 1))

    def _first_line(self) -> int:
        spots = lay_out(self._chips, self.size.width)
        return max(0, spots[-1].line + 1 - max(1, self.size.height)) if spots else 0

    def _visible(self) -> list[Spot]:
        first = self._first_line()
        return [spot for spot in lay_out(self._chips, self.size.width) if spot.line >= first]


def _drawn(spot: Spot) -> Content:
    colour = "$foreground-muted" if spot.chip.kind == "queued" else "$foreground"
    body, close = spot.text[: -len(CLOSE) - 1], spot.text[-len(CLOSE) - 1 :]
    return Content.assemble((body, f"{colour} on $panel"), (close, "$foreground-muted on $panel"))

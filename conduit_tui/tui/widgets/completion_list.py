"""The list of completions that floats above the prompt."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message as Posted
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.completion import Offer
from conduit_tui.tui.widgets.fitting import fit

MOST_ROWS = 8
GAP = 2


class CompletionList(Widget):
    """Shows offers, at most eight at a time. The prompt keeps the keys and moves the choice."""

    ALLOW_SELECT = False
    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"completion--chosen"}
    DEFAULT_CSS = """
    CompletionList {
        overlay: screen;
        constrain: inside inside;
        width: 1fr;
        height: auto;
        max-height: 8;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        display: none;
        &.-open { display: block; }
        & .completion--chosen {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:ansi .completion--chosen { text-style: reverse; }
    }
    """

    chosen: reactive[int | None] = reactive(None)
    """Index of the highlighted offer; None while nothing is."""

    class Picked(Posted):
        """An offer was clicked."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    def __init__(self, bring: Callable[[Widget], None] = lambda _: None) -> None:
        """Without offers it need not be mounted: `bring` is called when there are the first."""
        super().__init__()
        self._bring = bring
        self.offers: tuple[Offer, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose from."""
        return bool(self.offers)

    @property
    def offer(self) -> Offer | None:
        """The highlighted offer."""
        return None if self.chosen is None or not self.offers else self.offers[self.chosen]

    def open(self, offers: tuple[Offer, ...], chosen: int | None) -> None:
        """Show offers; none close the list."""
        self.offers = offers
        if not self.is_attached:
            if not offers:
                return
            self._bring(self)
        self.chosen = chosen if offers else None
        self.set_class(bool(offers), "-open")
        self.styles.offset = Offset(0, -self._row_count())
        self.refresh(layout=True)

    def close(self) -> None:
        """Show nothing."""
        if self.offers:
            self.open((), None)

    def move(self, rows: int) -> None:
        """Move the highlight, around the ends."""
        if not self.offers:
            return
        if self.chosen is None:
            self.chosen = 0 if rows > 0 else len(self.offers) - 1
        else:
            self.chosen = (self.chosen + rows) % len(self.offers)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each offer in view."""
        del container, viewport, width
        return self._row_count()

    def render(self) -> Content:
        """The offers around the highlighted one."""
        width = self.content_size.width
        first = self._first_row()
        shown = self.offers[first : first + self._row_count()]
        column = min(max((cell_len(offer.shown) for offer in shown), default=0), width)
        lines = [_line(offer, column, width) for offer in shown]
        if self.chosen is not None:
            row = self.chosen - first
            # Without its own styles: a quiet summary would not stand out from the highlight.
            text = lines[row].plain
            padding = " " * max(0, width - cell_len(text))
            lines[row] = Content.styled(text + padding, self._chosen_style())
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Pick what was clicked."""
        event.stop()
        row = self._first_row() + event.y
        if 0 <= row < len(self.offers):
            self.post_message(self.Picked(self.offers[row]))

    def _chosen_style(self) -> Style:
        style = self.get_visual_style("completion--chosen")
        # get_visual_style leaves "reverse" out, all that a theme of 16 colours has.
        is_reversed = self.get_component_styles("completion--chosen").text_style.reverse
        return style + Style(reverse=True) if is_reversed else style

    def _row_count(self) -> int:
        # A terminal of five lines still has to show the prompt below.
        return min(len(self.offers), MOST_ROWS, max(1, self.screen.size.height - 4))

    def _first_row(self) -> int:
        last = len(self.offers) - self._row_count()
        return max(0, min(last, (self.chosen or 0) - self._row_count() // 2))


def _line(offer: Offer, column: int, width: int) -> Content:
    shown = fit(offer.shown, width)
    summary = fit(clean_line(offer.summary), width - column - GAP)
    gap = " " * (max(0, column - cell_len(shown)) + GAP) if summary else ""
    return Content.assemble(shown, (gap + summary, "$foreground-muted"))

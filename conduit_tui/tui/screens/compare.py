"""The screen that shows two branches side by side."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.comparison import Pair
from conduit_tui.tui.markdown.wrap import fit
from conduit_tui.tui.screens.dialog import Dialog
from conduit_tui.tui.widgets.compare_side import Column, CompareMessages, CompareSide
from conduit_tui.tui.widgets.lit_words import LitWords
from conduit_tui.tui.widgets.side_by_side import SideBySide

WHEEL_ROWS = 3
STACKED_BELOW = 80
"""Columns under which one stands above the other."""

_TITLE = "Compare  "
_HINTS = Content.from_markup(
    "[@click=screen.swap]Tab[/] [dim]side[/]  "
    "[@click=screen.sibling_before]h[/] [@click=screen.sibling_after]l[/] [dim]sibling[/]  "
    "[@click=screen.words]w[/] [dim]words[/]  "
    "[@click=screen.take]Enter[/] [dim]continues from it[/]  "
    "[@click=screen.leave]Esc[/] [dim]back[/]"
)

Columns = Callable[[Pair], tuple[Column, Column]]
"""What a pair shows now; raises KeyError when something of it is gone."""

Step = Callable[[Pair, int], Pair | None]
"""The pair with another sibling on its chosen side, or None at the edge; KeyError as above."""


class CompareScreen(Dialog[str]):
    """Returns the id of the message to continue from, or None if one just looked.

    `fork` are words of the message both hang on.
    """

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (STACKED_BELOW, "-beside")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,equals_sign", "leave", "Back", show=False),
        Binding("enter", "take", "Continue from it", show=False),
        Binding("tab,shift+tab", "swap", "Other side", show=False),
        Binding("left", "choose(0)", "Left", show=False),
        Binding("right", "choose(1)", "Right", show=False),
        Binding("h,left_square_bracket", "sibling_before", "Sibling before", show=False),
        Binding("l,right_square_bracket", "sibling_after", "Next sibling", show=False),
        Binding("j,down", "scroll_rows(1)", "Down", show=False),
        Binding("k,up", "scroll_rows(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll_pages(1)", "Page down", show=False),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False),
        Binding("ctrl+d", "scroll_pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "scroll_pages(-0.5)", "Half a page up", show=False),
        Binding("g,home", "to_start", "Start", show=False),
        Binding("G,end", "to_end", "End", show=False),
        Binding("w", "words", "Words that differ", show=False),
    ]
    DEFAULT_CSS = """
    CompareScreen {
        background: $background;
        & > .compare--line { height: 1; padding: 0 1; color: $text-muted; }
        & > #compare-hints {
            color: $foreground; link-style: none; link-background: transparent;
            link-color: $text-accent;
        }
        & > #sides { height: 1fr; }
        & #left { border-right: solid $panel; }
        &:ansi #left { border-right: solid ansi_bright_black; }
        &.-stacked > #sides { layout: vertical; }
        &.-stacked #left { border-right: none; }
    }
    """

    def __init__(self, pair: Pair, columns: Columns, step: Step, fork: str) -> None:
        super().__init__()
        self.pair = pair
        self._columns, self._step = columns, step
        self._fork = fork
        self._lights = True
        self._shared: SideBySide | None = None
        self._lit: LitWords | None = None

    def compose(self) -> ComposeResult:
        """Where both come from, the two, and the keys."""
        yield Static(id="compare-title", classes="compare--line", markup=False)
        with Horizontal(id="sides"):
            yield CompareSide(id="left")
            yield CompareSide(id="right")
        yield Static(_HINTS, id="compare-hints", classes="compare--line")

    def on_mount(self) -> None:
        """Show both."""
        left, right = (side.messages for side in self._sides)
        self._shared = SideBySide(left, right)
        self._lit = LitWords(left.path, right.path)
        self.show()

    def show(self) -> None:
        """Show both as they are now; when one of them is gone there is nothing to compare."""
        if self._shared is None:
            return
        try:
            columns = self._columns(self.pair)
        except KeyError:
            self.dismiss(None)
            return
        for side, column in zip(self._sides, columns, strict=True):
            side.messages.lit = self._lit if self._lights else None
            side.show(column)
        self._shared.hold()
        self._tell()

    def reply_grew(self, message_id: str) -> None:
        """A draft got longer."""
        for side in self._sides if self._shared else ():
            side.messages.touch(message_id)

    def action_take(self) -> None:
        """Continue from the chosen side."""
        self.dismiss(self.pair.sides[self.pair.chosen].through_id)

    def action_swap(self) -> None:
        """Choose the other side."""
        self.action_choose(1 - self.pair.chosen)

    def action_choose(self, side: int) -> None:
        """Choose a side."""
        self.pair = self.pair.choose(side)
        for number, each in enumerate(self._sides):
            each.mark(is_chosen=number == side)

    def action_sibling_before(self) -> None:
        """Show the sibling before on the chosen side."""
        self._show_sibling(-1)

    def action_sibling_after(self) -> None:
        """Show the next sibling on the chosen side."""
        self._show_sibling(1)

    def _show_sibling(self, by: int) -> None:
        try:
            other = self._step(self.pair, by)
        except KeyError:
            self.dismiss(None)
            return
        if other is not None:
            self.pair = other
            self.show()

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll both."""
        if self._shared is not None:
            self._shared.scroll(rows)
            self._tell()

    def action_scroll_pages(self, pages: float) -> None:
        """Scroll both by what is in sight."""
        height = min(side.messages.size.height for side in self._sides)
        self.action_scroll_rows(round(pages * max(1, height - 1)) or (1 if pages > 0 else -1))

    def action_to_start(self) -> None:
        """Go to the first row of both."""
        if self._shared is not None:
            self._shared.to_start()
            self._tell()

    def action_to_end(self) -> None:
        """Go to the last row of both, and follow what comes."""
        if self._shared is not None:
            self._shared.to_end()
            self._tell()

    def action_words(self) -> None:
        """Light the words that differ, or none."""
        self._lights = not self._lights
        for side in self._sides:
            side.messages.lit = self._lit if self._lights else None
            side.messages.light()
        self._tell()

    @on(CompareSide.Clicked)
    def _side_clicked(self, event: CompareSide.Clicked) -> None:
        self.action_choose(0 if event.side.id == "left" else 1)
        if event.goes_there:
            self.action_take()

    @on(CompareMessages.Wheeled)
    def _wheeled(self, event: CompareMessages.Wheeled) -> None:
        self.action_scroll_rows(event.direction * WHEEL_ROWS)

    @on(CompareMessages.Grew)
    def _grew(self) -> None:
        if self._shared is not None:
            self._shared.hold()

    def on_resize(self, event: events.Resize) -> None:
        """Keep both beside each other."""
        del event
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        if self._shared is not None:
            self._shared.hold()
            self._tell()

    def _tell(self) -> None:
        """Say where both come from, and whether words are lit."""
        line = self.query_one("#compare-title", Static)
        words = self._words_of_light()
        fork = f'below "{clean_line(self._fork)}"' if self._fork else "from the beginning"
        room = line.content_size.width - len(_TITLE) - (len(words) + 2 if words else 0)
        fork = fit(fork, room)
        gap = " " * max(0, room - cell_len(fork) + 2 if words else 0)
        line.update(Content.assemble((_TITLE, "bold"), fork, gap, words))

    def _words_of_light(self) -> str:
        if not self._lights:
            return "words not lit"
        lit, shared = self._lit, self._shared
        if lit is None or shared is None or not lit.are_too_different(shared.message):
            return ""
        return "too different to light words"

    @property
    def _sides(self) -> tuple[CompareSide, CompareSide]:
        return self.query_one("#left", CompareSide), self.query_one("#right", CompareSide)

"""One of two branches that are compared: a line about it, and its messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as Posted
from textual.widgets import Static

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.markdown.wrap import fit
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.lit_words import LitWords
from conduit_tui.tui.widgets.live_scroll import LiveScroll
from conduit_tui.tui.widgets.path_view import PathView, Spot
from conduit_tui.tui.widgets.row_painter import Found

_CHOSEN, _OTHER = "●", "○"


@dataclass(frozen=True, slots=True)
class Column:
    """What one side shows; of what is empty nothing is said."""

    entries: tuple[Entry, ...]
    position: str = ""
    marks: str = ""
    differs: str = ""
    took: str = ""
    is_chosen: bool = False


class CompareMessages(LiveScroll, can_focus=False):
    """The messages of a branch. Where its view stands is said from outside, for both at once."""

    class Wheeled(Posted):
        """The mouse scrolls, down with 1 and up with -1."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    class Grew(Posted):
        """A reply got longer, or what is folded opened or closed."""

    def __init__(self) -> None:
        super().__init__()
        self.lit: LitWords | None = None
        self._path.is_held = True

    @property
    def path(self) -> PathView:
        """Its messages as rows."""
        return self._path

    def show(self, entries: Sequence[Entry]) -> None:
        """Show messages, from the first row unless they are those shown already."""
        self.warm_up()
        if list(entries) == self._path.entries:
            return
        is_other = not self._path.entries or self._path.entries[0].id != entries[0].id
        if is_other:
            self.clear_selection()
        self._path.show(entries)
        if is_other:
            self._path.to_start()
        self._path.following = False
        self.bring_up_to_date()

    def stand(self, message: int, row: int) -> None:
        """Place the view: a row of a message at its top, or the end if that is nearer."""
        path = self._path
        path.following = False
        if message >= len(path.entries):
            message, row = max(0, len(path.entries) - 1), 1 << 30
        path.stand(message, row, 0)
        path.settle()

    @property
    def is_at_end(self) -> bool:
        """Whether its last row is in sight."""
        return self._path.rows_below == 0

    def light(self) -> None:
        """Paint the words that differ, or no more."""
        self.bring_up_to_date()

    def replies_grew(self, message_ids: Collection[str], gained: int) -> None:  # noqa: ARG002
        """Say so, for the view is placed from outside."""
        self.post_message(self.Grew())

    def folded(self) -> None:
        """Draw what opened or closed."""
        self.clear_selection()
        self._path.following = False
        self.bring_up_to_date()
        self.post_message(self.Grew())

    def found_in_sight(self, spots: Sequence[Spot]) -> Mapping[Spot, tuple[Found, ...]]:
        """The words in sight that differ from those beside them."""
        return self.lit.in_rows(self._path, spots) if self.lit else {}

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.prevent_default()
        event.stop()
        self.post_message(self.Wheeled(1))

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.prevent_default()
        event.stop()
        self.post_message(self.Wheeled(-1))


class CompareHead(Static):
    """Two lines above a branch: which it is, and what it was made with."""

    DEFAULT_CSS = """
    CompareHead {
        height: 2; padding: 0 1; background: $surface; color: $text-muted; text-wrap: nowrap;
        &.-chosen { background: $block-cursor-background; color: $block-cursor-foreground; }
        &:ansi.-chosen { text-style: reverse; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.column = Column(())

    def show(self, column: Column) -> None:
        """Say which branch it is."""
        self.column = column
        self.set_class(column.is_chosen, "-chosen")
        self._write()

    def on_resize(self) -> None:
        """Write as much as there is room for."""
        self._write()

    def _write(self) -> None:
        column, width = self.column, max(1, self.size.width)
        sign = _CHOSEN if column.is_chosen else _OTHER
        name = " ".join(filter(None, [sign, column.position, clean_line(column.marks)]))
        took = column.took if len(column.took) + 6 <= width else ""
        name = fit(name, width - len(took) - 2 if took else width)
        first = name + " " * (width - cell_len(name) - len(took)) + took
        second = fit("  " + clean_line(column.differs), width)
        second += " " * (width - cell_len(second))
        self.update(Content(f"{first}\n{second}"))


class CompareSide(Vertical):
    """A branch with the line above it."""

    DEFAULT_CSS = """
    CompareSide { width: 1fr; height: 1fr; }
    """

    class Clicked(Posted):
        """A person pointed at a side; twice at its head to continue there."""

        def __init__(self, side: "CompareSide", *, goes_there: bool) -> None:
            super().__init__()
            self.side = side
            self.goes_there = goes_there

    def compose(self) -> ComposeResult:
        """The head, the messages."""
        yield CompareHead()
        yield CompareMessages()

    @property
    def messages(self) -> CompareMessages:
        """What shows the messages."""
        return self.query_one(CompareMessages)

    def show(self, column: Column) -> None:
        """Show a branch."""
        self.query_one(CompareHead).show(column)
        self.messages.show(column.entries)

    def mark(self, *, is_chosen: bool) -> None:
        """Mark this side as the chosen one, or no more."""
        head = self.query_one(CompareHead)
        head.show(replace(head.column, is_chosen=is_chosen))

    def on_click(self, event: events.Click) -> None:
        """Choose this side."""
        is_head = isinstance(event.widget, CompareHead)
        self.post_message(self.Clicked(self, goes_there=is_head and event.chain == 2))

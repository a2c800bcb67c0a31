"""The screen that shows the keys in force."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from conduit_tui.tui.keymap import ACTIONS, Action, Keymap
from conduit_tui.tui.screens.columns import in_columns
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.typed_filter import TypedFilter

KEYS_CELLS = 18
FEW_KEYS_CELLS = 10
"""Room for the keys of an action, the latter where the screen is narrow."""
NARROW_CELLS = 56
TWO_COLUMNS_FROM, THREE_COLUMNS_FROM = 110, 162
"""Columns of the screen from which on no summary is wrapped."""
MOST_COLUMNS = 3


class KeysScreen(Dialog[None]):
    """Every action with its keys, grouped, in as many columns as there is room for.

    `/` filters by what an action does, its keys, or its name in settings.
    """

    AUTO_FOCUS = "VerticalScroll"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (TWO_COLUMNS_FROM, "-wide"),
        (THREE_COLUMNS_FROM, "-widest"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1,question_mark", "leave", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    KeysScreen {
        &.-wide Frame { width: 112; }
        &.-widest Frame { width: 166; }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #columns { height: auto; }
        & .column { width: 1fr; height: auto; padding-right: 1; }
        & #filter { height: 1; color: $text-accent; text-style: bold; display: none; }
    }
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._filter = TypedFilter(self._filter_changed)

    def compose(self) -> ComposeResult:
        """The filter while there is one, and the columns that scroll below it."""
        with Frame("Keys", ("Esc", "close"), ("↑↓", "scroll"), ("/", "filter")):
            yield Static(id="filter")
            with VerticalScroll(), Horizontal(id="columns"):
                for _ in range(MOST_COLUMNS):
                    yield Static(classes="column")

    def on_resize(self, event: events.Resize) -> None:
        """Write the groups for the width there is."""
        del event
        self.query_one(Frame).styles.min_height = None
        self._write()

    def on_key(self, event: events.Key) -> None:
        """Letters belong to the filter while it is typed."""
        self._filter.take_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        self._filter.take_paste(event)

    def action_scroll(self, lines: int) -> None:
        """Scroll the keys by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _filter_changed(self) -> None:
        frame = self.query_one(Frame)
        if self._filter.text is not None and frame.styles.min_height is None:
            frame.styles.min_height = frame.outer_size.height  # what is typed moves no edges
        self._write()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _write(self) -> None:
        width = self.size.width
        cells = FEW_KEYS_CELLS if width < NARROW_CELLS else KEYS_CELLS
        found = [action for action in ACTIONS if self._matches(action)]
        groups = [_group(name, found) for name in dict.fromkeys(each.group for each in found)]
        count = 1 + (width >= TWO_COLUMNS_FROM) + (width >= THREE_COLUMNS_FROM)
        columns = in_columns(groups, count)
        for at, column in enumerate(self.query(".column").results(Static)):
            column.display = at < count
            column.update(self._column(columns[at] if at < count else (), cells))
        self._write_filter(len(found))

    def _write_filter(self, count: int) -> None:
        line = self.query_one("#filter", Static)
        line.display = self._filter.text is not None
        line.update(Content(f"/{self._filter.shown}  {count or 'nothing like that'}"))

    def _matches(self, action: Action) -> bool:
        keys = " ".join(self._keymap.keys_of(action.id))
        about = f"{action.summary} {keys} {action.id} {action.group}".casefold()
        return all(word in about for word in (self._filter.text or "").casefold().split())

    def _column(self, groups: Sequence[Sequence[Action]], cells: int) -> Content:
        return Content("\n\n").join(
            Content("\n").join(
                [
                    Content.styled(group[0].group, "bold $text-accent"),
                    *(self._line(action, cells) for action in group),
                ]
            )
            for group in groups
        )

    def _line(self, action: Action, cells: int) -> Content:
        keys = self._keymap.keys_of(action.id)
        while len(" ".join(keys)) > cells and len(keys) > 1:
            keys = keys[:-1]
        words = " ".join(keys).ljust(cells)
        return Content.assemble((words, "bold"), " ", (action.summary, "dim"))


def _group(name: str, actions: Sequence[Action]) -> list[Action]:
    return [action for action in actions if action.group == name]

"""The screen that shows the keys in force."""

from collections import Counter
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from conduit_tui.tui.keymap import ACTIONS, Action, Keymap
from conduit_tui.tui.screens.dialog import Dialog, Frame

KEYS_CELLS = 18
FEW_KEYS_CELLS = 10
"""Room for the keys of an action, the latter where the screen is narrow."""
NARROW_CELLS = 56


class KeysScreen(Dialog[None]):
    """Every action with its keys, grouped; two columns where there is room."""

    AUTO_FOCUS = "VerticalScroll"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (104, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1,question_mark", "leave", "Close", show=False),
        Binding("j", "scroll('down')", "Down", show=False),
        Binding("k", "scroll('up')", "Up", show=False),
    ]
    DEFAULT_CSS = """
    KeysScreen {
        &.-wide Frame { width: 108; }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & .columns { height: auto; layout: vertical; }
        & .column { height: auto; width: 1fr; }
        &.-wide .columns { layout: horizontal; }
        &.-wide .column { margin-right: 1; }
        & .group { margin-bottom: 1; }
    }
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The groups in two columns."""
        frame = Frame("Keys", ("Esc", "close"), ("↑↓", "scroll"))
        with frame, VerticalScroll(), Container(classes="columns"):
            for column in _columns():
                with Container(classes="column"):
                    for group in column:
                        yield Static(classes="group", name=group)

    def on_resize(self, event: events.Resize) -> None:
        """Write the groups for the width there is."""
        cells = FEW_KEYS_CELLS if event.size.width < NARROW_CELLS else KEYS_CELLS
        for group in self.query(".group").results(Static):
            group.update(self._group(group.name or "", cells))

    def action_scroll(self, where: str) -> None:
        """Scroll the keys by a line."""
        self.query_one(VerticalScroll).scroll_relative(
            y=1 if where == "down" else -1, animate=False
        )

    def _group(self, group: str, cells: int) -> Content:
        lines = [Content.styled(group, "bold $text-accent")]
        lines += [self._line(action, cells) for action in ACTIONS if action.group == group]
        return Content("\n").join(lines)

    def _line(self, action: Action, cells: int) -> Content:
        keys = self._keymap.keys_of(action.id)
        while len(" ".join(keys)) > cells and len(keys) > 1:
            keys = keys[:-1]
        words = " ".join(keys).ljust(cells)
        return Content.assemble((words, "bold"), " ", (action.summary, "dim"))


def _columns() -> tuple[list[str], list[str]]:
    """The longest group at the top of the right column, each other one where there is more room."""
    sizes = Counter(action.group for action in ACTIONS)
    longest = max(sizes, key=lambda group: sizes[group])
    left: list[str] = []
    right = [longest]
    for group in sizes:
        if group != longest:
            heights = [sum(sizes[each] + 2 for each in column) for column in (left, right)]
            (left if heights[0] <= heights[1] else right).append(group)
    return left, right

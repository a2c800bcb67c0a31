"""The screen that shows the keys in force."""

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from conduit_tui.tui.keymap import ACTIONS, Action, Keymap
from conduit_tui.tui.screens.columns import in_columns
from conduit_tui.tui.screens.filtered import Filtered

KEYS_CELLS = 18
FEW_KEYS_CELLS = 10
"""Room for the keys of an action, the latter where the screen is narrow."""
NARROW_CELLS = 56
TWO_COLUMNS_FROM, THREE_COLUMNS_FROM = 110, 162
"""Columns of the screen from which on no summary is wrapped."""
MOST_COLUMNS = 3


class KeysScreen(Filtered):
    """Every action with its keys, grouped, in as many columns as there is room for.

    `/` filters by what an action does, its keys, or its name in settings.
    """

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (TWO_COLUMNS_FROM, "-wide"),
        (THREE_COLUMNS_FROM, "-widest"),
    ]
    DEFAULT_CSS = """
    KeysScreen {
        &.-wide Frame { width: 112; }
        &.-widest Frame { width: 166; }
        & #columns { height: auto; }
        & .column { width: 1fr; height: auto; padding-right: 1; }
    }
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("Keys")
        self._keymap = keymap

    def body(self) -> Iterable[Widget]:
        """As many columns as there may be."""
        columns = (Static(classes="column") for _ in range(MOST_COLUMNS))
        yield Horizontal(*columns, id="columns")

    def write(self) -> int:
        """Put the groups into columns."""
        width = self.size.width
        cells = FEW_KEYS_CELLS if width < NARROW_CELLS else KEYS_CELLS
        found = [each for each in ACTIONS if self.fits(about_action(each, self._keymap))]
        count = 1 + (width >= TWO_COLUMNS_FROM) + (width >= THREE_COLUMNS_FROM)
        columns = in_columns(groups_of(found), count)
        for at, column in enumerate(self.query(".column").results(Static)):
            column.display = at < count
            groups = columns[at] if at < count else ()
            column.update(key_lines(groups, self._keymap, cells))
        return len(found)


def about_action(action: Action, keymap: Keymap) -> str:
    """What a filter of keys looks through."""
    return f"{action.summary} {' '.join(keymap.keys_of(action.id))} {action.id} {action.group}"


def groups_of(actions: Sequence[Action]) -> list[list[Action]]:
    """The actions by group, in their order."""
    names = dict.fromkeys(action.group for action in actions)
    return [[action for action in actions if action.group == name] for name in names]


def key_lines(groups: Sequence[Sequence[Action]], keymap: Keymap, cells: int) -> Content:
    """The groups below each other, their keys in `cells`."""
    return Content("\n\n").join(
        Content("\n").join(
            [
                Content.styled(group[0].group, "bold $text-accent"),
                *(_line(action, keymap, cells) for action in group),
            ]
        )
        for group in groups
    )


def _line(action: Action, keymap: Keymap, cells: int) -> Content:
    keys = keymap.keys_of(action.id)
    while len(" ".join(keys)) > cells and len(keys) > 1:
        keys = keys[:-1]
    words = " ".join(keys).ljust(cells)
    return Content.assemble((words, "bold"), " ", (action.summary, "dim"))

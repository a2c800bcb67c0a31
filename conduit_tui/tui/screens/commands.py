"""The help: every command with its key, then every key."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from conduit_tui.tui.keymap import ACTIONS, Keymap
from conduit_tui.tui.screens.filtered import Filtered
from conduit_tui.tui.screens.keys import (
    FEW_KEYS_CELLS,
    KEYS_CELLS,
    about_action,
    groups_of,
    key_lines,
)
from conduit_tui.tui.slash import COMMANDS, Command

FRAME_CELLS = 104
AROUND_CELLS = 6
"""What the edges, the air and the scrollbar take of the frame."""
WRITTEN_CELLS, SHORT_WRITTEN_CELLS = 30, 22
"""Room for a command with what may follow it, the latter where the screen is narrow."""
WIDE_FROM, NARROW_BELOW = 84, 46
LONGEST_KEY = 12
GAP = 2


class CommandsScreen(Filtered):
    """Commands and keys in one column; `/` filters both by their names, keys and words."""

    DEFAULT_CSS = f"CommandsScreen Frame {{ width: {FRAME_CELLS}; }}"

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("Help")
        self._keymap = keymap

    def body(self) -> Iterable[Widget]:
        """One text."""
        yield Static(id="lines")

    def write(self) -> int:
        """Show what there is to say first, the commands, and the keys."""
        room = min(self.size.width, FRAME_CELLS) - AROUND_CELLS
        commands = [each for each in COMMANDS if self.fits(self._about(each))]
        actions = [each for each in ACTIONS if self.fits(about_action(each, self._keymap))]
        cells = FEW_KEYS_CELLS if room < NARROW_BELOW else KEYS_CELLS
        parts = [self._command_lines(commands, room)] if commands else []
        parts += [key_lines(groups_of(actions), self._keymap, cells)] if actions else []
        if len(commands) == len(COMMANDS):
            parts = [Content(_first_words()), *parts, Content(_last_words(self._keymap))]
        self.query_one("#lines", Static).update(Content("\n\n").join(parts))
        return len(commands) + len(actions)

    def _about(self, command: Command) -> str:
        return f"/{command.name} {command.argument_hint} {command.summary} {self._key(command)}"

    def _key(self, command: Command) -> str:
        return self._keymap.hint(command.action) if command.action else ""

    def _command_lines(self, commands: Sequence[Command], room: int) -> Content:
        widest = max(len(self._key(command)) for command in COMMANDS)
        key_cells = min(widest, LONGEST_KEY) + GAP
        lines = [line for each in commands for line in self._lines(each, room, key_cells)]
        return Content("\n").join([Content.styled("Commands", "bold $text-accent"), *lines])

    def _lines(self, command: Command, room: int, key_cells: int) -> Iterator[Content]:
        """A command in one line, or in as many as its words need in their columns."""
        name, key = f"/{command.name}", self._key(command)[: key_cells - GAP]
        written = f"{name} {command.argument_hint}".strip()
        if room < NARROW_BELOW:
            yield _row(written, "", key, len(name), max(len(written) + GAP, room - key_cells), 0)
            yield from (
                _row("  ", line, "", 0, GAP, 0) for line in wrap(command.summary, room - GAP)
            )
            return
        cells = WRITTEN_CELLS if room >= WIDE_FROM else SHORT_WRITTEN_CELLS
        left = wrap(written, cells - 1, subsequent_indent="  ", break_on_hyphens=False)
        right = wrap(command.summary, room - cells - key_cells)
        for at, (first, words) in enumerate(zip_longest(left, right, fillvalue="")):
            bold, hint = (0, "") if at else (len(name), key)
            yield _row(first, words, hint, bold, cells, room - cells - key_cells)


def _row(written: str, words: str, key: str, bold: int, cells: int, room: int) -> Content:
    """One line: what is written in `cells`, words in `room` of them, and a key."""
    return Content.assemble(
        (written[:bold], "bold"),
        written[bold:].ljust(cells - bold),
        (words.ljust(room), "dim"),
        (f"{' ' * GAP}{key}", "bold"),
    ).rstrip()


def _first_words() -> str:
    return (
        "Commands are typed at the start of the prompt, or after : in NORMAL. To send a text that "
        "begins with a slash, write //. Where ADDRESS stands, a message is named: /help addresses."
    )


def _last_words(keymap: Keymap) -> str:
    return (
        "Many terminals send Shift+Enter and Alt+Enter as plain Enter; "
        f"{keymap.hint('newline') or 'a backslash before Enter'} always breaks the line."
    )

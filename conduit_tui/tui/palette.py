"""The command palette: the slash commands, and what otherwise only a key in NORMAL does."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.command import CommandPalette as PaletteScreen
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input, OptionList

from conduit_tui.tui.keymap import ACTIONS, Keymap
from conduit_tui.tui.screens.chat import ChatScreen
from conduit_tui.tui.slash import COMMANDS, Command, Invocation

ONLY_KEYS = (
    *("edit_quietly", "regenerate_with", "continue_here", "prune_others", "fork_subtree"),
    *("mark_for_graft", "graft", "move", "copy_path", "back", "forward"),
    *("previous_sibling", "next_sibling", "parent", "previous_fork", "next_fork"),
    *("previous_star", "next_star"),
)
"""Actions without a command of their own; from INSERT they act at the end of the path."""


class _Entry(NamedTuple):
    label: str
    summary: str
    run: Callable[[], None]


class CommandPalette(Provider):
    """Finds commands and actions by name and summary, and runs them on the chat screen."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(entry.label, entry.run, help=entry.summary)

    async def search(self, query: str) -> Hits:
        """Those that fit what was typed, the best first."""
        matcher = self.matcher(query)
        for entry in self._entries():
            score = matcher.match(f"{entry.label.removeprefix('/')} {entry.summary}")
            if score > 0:
                yield Hit(score, entry.label, entry.run, help=entry.summary)

    def _entries(self) -> Iterator[_Entry]:
        screen = self.screen
        if not isinstance(screen, ChatScreen):
            return
        for command in COMMANDS:
            summary = _with_key(command.summary, command.action, screen.keymap)
            yield _Entry(f"/{command.name}", summary, partial(_run, screen, command))
        for action in ACTIONS:
            if action.id in ONLY_KEYS:
                name = action.id.replace("_", " ")
                run = partial(screen.actions.run, action.id)
                yield _Entry(name, _with_key(action.summary, action.id, screen.keymap), run)


class Palette(PaletteScreen):
    """The palette itself.

    Textual's list counts the lines of a page by its height on the screen. Right after it opened,
    and on a very small screen, it has none, and the keys for pages would end the program.
    """

    DEFAULT_CSS = """
    Palette {
        & > Vertical { margin-top: 2; width: 84; max-width: 100%; background: transparent; }
        & #--input, & #--input.--list-visible {
            height: 3; padding: 0 1; border: round $border; background: $surface;
        }
        & SearchIcon { display: none; }
        & CommandInput, & CommandInput:focus { height: 1; border: none; padding: 0; }
        & CommandList, & CommandList:focus {
            border: none; background: $surface; max-height: 70vh; scrollbar-size-vertical: 1;
        }
    }
    """

    def on_mount(self) -> None:
        """Say what can be typed; a caret that blinks would write to the terminal for nothing."""
        line = self.query_one(Input)
        line.placeholder = "Filter by name or by what it does"
        line.cursor_blink = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be done now: the list has to be on the screen for its keys."""
        if action != "command_list":
            return super().check_action(action, parameters)
        return bool(self.query_one(OptionList).scrollable_content_region)


def _run(screen: ChatScreen, command: Command) -> None:
    screen.commands.run(Invocation(command, ""))


def _with_key(summary: str, action_id: str, keymap: Keymap) -> str:
    """What a command or an action does, and the key that does it too."""
    action = next((each for each in ACTIONS if each.id == action_id), None)
    if action is None or not (key := keymap.hint(action_id)):
        return summary
    return f"{summary}; {key} in NORMAL" if action.mode == "normal" else f"{summary}; {key}"

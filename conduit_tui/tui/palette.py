"""The command palette: the same table of commands as the prompt's slashes."""

from functools import partial

from textual.command import CommandPalette as PaletteScreen
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.widgets import OptionList

from conduit_tui.tui.screens.chat import ChatScreen
from conduit_tui.tui.slash import COMMANDS, Command, Invocation


class CommandPalette(Provider):
    """Finds commands by name and summary, and runs them on the chat screen."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in COMMANDS:
            yield DiscoveryHit(_label(command), self._runner(command), help=command.summary)

    async def search(self, query: str) -> Hits:
        """The commands that fit what was typed, the best first."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            score = matcher.match(f"{command.name} {command.summary}")
            if score > 0:
                yield Hit(score, _label(command), self._runner(command), help=command.summary)

    def _runner(self, command: Command) -> partial[None]:
        return partial(_run, self.screen, command)


class Palette(PaletteScreen):
    """The palette itself.

    Textual's list counts the lines of a page by its height on the screen. Right after it opened,
    and on a very small screen, it has none, and the keys for pages would end the program.
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be done now: the list has to be on the screen for its keys."""
        if action != "command_list":
            return super().check_action(action, parameters)
        return bool(self.query_one(OptionList).scrollable_content_region)


def _run(screen: object, command: Command) -> None:
    if isinstance(screen, ChatScreen):
        screen.commands.run(Invocation(command, ""))


def _label(command: Command) -> str:
    return f"/{command.name}"

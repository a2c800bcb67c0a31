"""What slash commands do in the chat: one method for each row of the table."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from conduit_tui.core.errors import NotPossible, SettingsError, StorageError
from conduit_tui.settings import remember_theme
from conduit_tui.tui.address_help import address_help
from conduit_tui.tui.argument_offers import ArgumentOffers
from conduit_tui.tui.chat_cache import cache_command
from conduit_tui.tui.looking_commands import LookingCommands
from conduit_tui.tui.model_commands import ModelCommands
from conduit_tui.tui.permission_commands import PermissionCommands
from conduit_tui.tui.schema_command import set_schema
from conduit_tui.tui.session_commands import SessionCommands
from conduit_tui.tui.skill_commands import SkillCommands
from conduit_tui.tui.slash import (
    HELP_TOPICS,
    CopyRequest,
    Invocation,
    Mistake,
    parse_command,
    parse_copy,
)
from conduit_tui.tui.tool_commands import ToolCommands
from conduit_tui.tui.tree_commands import TreeCommands

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class ChatCommands:
    """Runs commands by name, with what followed it: `command_NAME`, here or where it belongs."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.tree = TreeCommands(screen)
        self.models = ModelCommands(screen)
        self.tools = ToolCommands(screen)
        self.skills = SkillCommands(screen)
        self.arguments = ArgumentOffers(screen, self.tools, self.skills)
        self._homes = (
            *(self, SessionCommands(screen), self.tree),
            *(LookingCommands(screen), PermissionCommands(screen), screen.search),
            *(self.models, self.tools, self.skills, screen.trusting),
        )

    def run_line(self, line: str) -> None:
        """Run a typed command line."""
        match parse_command(line):
            case Mistake(words):
                self._screen.say_problem(words)
            case Invocation() as invocation:
                self.run(invocation)

    def run(self, invocation: Invocation) -> None:
        """Run a command in a worker; a store that fails is told in words."""
        command = self.method(invocation.command.name)
        self._screen.run_worker(self.guarded(command(invocation.argument)), group="commands")

    def method(self, name: str) -> Callable[[str], Coroutine[Any, Any, None]]:
        """What runs a command. Raises StopIteration for one that is not in the table."""
        method = f"command_{name}"
        return getattr(next(home for home in self._homes if hasattr(home, method)), method)

    async def command_help(self, argument: str) -> None:
        """All commands and keys, or how messages are named."""
        match argument.lower():
            case "":
                self._show_help()
            case "addresses":
                await self._screen.controller.shelf.whole(self._screen.session)
                self.show_text("Addresses", address_help(self._screen.session))
            case _:
                topics = ", ".join(HELP_TOPICS)
                self._screen.say_problem(
                    f"There is no help on {argument[:40]!r}. Topics: {topics}."
                )

    async def command_set(self, argument: str) -> None:
        """Parameters of the session."""
        await self._screen.params.set(argument)

    async def command_with(self, argument: str) -> None:
        """Send a message, this once with other parameters."""
        self._screen.composer.sent(f"/with {argument}", ())

    async def command_cache(self, argument: str) -> None:
        """Say what the response cache came to, switch it, wipe it."""
        await cache_command(self._screen, argument)

    async def command_attach(self, argument: str) -> None:
        """Attach files."""
        self._screen.files.attach(argument)

    async def command_paste(self, _: str) -> None:
        """Attach the picture in the clipboard."""
        await self._screen.files.paste()

    async def command_schema(self, argument: str) -> None:
        """Answer with a value of this shape, show the shape, or answer in words again."""
        await set_schema(self._screen, argument)

    async def command_edit(self, _: str) -> None:
        """Edit the last message of one's own."""
        self._screen.actions.run("edit")

    async def command_retry(self, argument: str) -> None:
        """Regenerate the reply."""
        self._screen.params.regenerate_with(argument)

    async def command_cancel(self, argument: str) -> None:
        """Stop the reply that streams, or all of the session."""
        if argument not in ("", "all"):
            self._screen.say_problem("/cancel stops the reply on view, /cancel all every one.")
        elif argument:
            self._screen.actions.cancel_all()
        else:
            self._screen.actions.cancel()

    async def command_copy(self, argument: str) -> None:
        """Copy the message, a block of it, or the whole path."""
        match parse_copy(argument):
            case Mistake(words):
                self._screen.say_problem(words)
            case CopyRequest("message"):
                self._screen.actions.messages.do_copy()
            case CopyRequest("path"):
                self._screen.extracts.copy_path()
            case CopyRequest("address", address=address):
                await self.tree.copy(address)
            case CopyRequest(number=number):
                self._screen.extracts.copy_block(number)

    async def command_write(self, argument: str) -> None:
        """Write the message to a file."""
        self._screen.extracts.write(argument)

    async def command_open(self, _: str) -> None:
        """Open the message outside."""
        self._screen.extracts.open()

    async def command_find(self, argument: str) -> None:
        """Find text in the transcript."""
        if argument:
            self._screen.finding.look_for(argument)
        else:
            self._screen.finding.open()

    async def command_tokens(self, argument: str) -> None:
        """Say how many tokens would be sent next."""
        await self._screen.usage.tell_tokens(argument)

    async def command_cost(self, _: str) -> None:
        """Say what the session, the path and today cost."""
        await self._screen.usage.tell_cost()

    async def command_usage(self, _: str) -> None:
        """Open the usage screen."""
        self._screen.usage.open()

    async def command_tree(self, _: str) -> None:
        """Go to the tree."""
        self._screen.side.show_tree()

    async def command_sidebar(self, _: str) -> None:
        """Show or hide the sidebar."""
        self._screen.side.toggle()

    async def command_keys(self, _: str) -> None:
        """All keys."""
        self._screen.actions.do_keys()

    async def command_quit(self, _: str) -> None:
        """Quit."""
        self._screen.actions.do_quit()

    async def command_theme(self, argument: str) -> None:
        """Change the colours; without a name, list them."""
        from conduit_tui.tui.themes import unknown_theme

        app = self._screen.application
        if not argument:
            others = ", ".join(sorted({*app.available_themes} - {app.theme}))
            self._screen.say(f"Theme {app.theme}. Others: {others}")
        elif argument not in app.available_themes:
            self._screen.say_problem(unknown_theme(argument, app.available_themes))
        else:
            app.theme = argument
            if self._screen.controller.is_saving:
                await asyncio.to_thread(remember_theme, self._screen.settings.paths, argument)

    def _show_help(self) -> None:
        from conduit_tui.tui.screens.commands import CommandsScreen

        self._screen.application.push_screen(CommandsScreen(self._screen.keymap))

    def show_text(self, title: str, text: str) -> None:
        """Show Markdown on a screen of its own."""
        from conduit_tui.tui.screens.help import HelpScreen

        self._screen.application.push_screen(HelpScreen(title, text))

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Await work; what it raises is told in words."""
        try:
            await work
        except (NotPossible, StorageError, SettingsError, OSError) as error:
            self._screen.say_problem(str(error))

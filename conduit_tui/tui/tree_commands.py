"""What slash commands do to the tree: one method for each row of the table."""

from typing import TYPE_CHECKING

from conduit_tui.core import address
from conduit_tui.core.errors import UnknownAddress
from conduit_tui.core.message import Message
from conduit_tui.tui.tree_words import IN_TRASH

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class TreeCommands:
    """`command_NAME` for the tree; each waits until all messages have been read."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_prune(self, argument: str) -> None:
        """Put a branch into the trash of the session, or all others."""
        match argument.lower():
            case "":
                self._screen.actions.run("prune")
            case "others":
                self._screen.actions.run("prune_others")
            case _:
                self._screen.say_problem("Write /prune, or /prune others to keep this path alone.")

    async def command_undo(self, _: str) -> None:
        """Take back the last change of the tree."""
        self._screen.actions.run("undo")

    async def command_redo(self, _: str) -> None:
        """Do again what was undone."""
        self._screen.actions.run("redo")

    async def command_reflog(self, _: str) -> None:
        """List what was done to the tree, and return to any of it."""
        await self._whole()
        await self._screen.actions.history.show_steps()

    async def command_pruned(self, _: str) -> None:
        """Restore or erase what was pruned."""
        await self._whole()
        await self._screen.actions.history.show_pruned()

    async def command_star(self, _: str) -> None:
        """Star the message, or take its star away."""
        self._screen.actions.run("star")

    async def command_label(self, argument: str) -> None:
        """Label the message."""
        await self._whole()
        tree = self._screen.actions.tree
        if not argument:
            tree.do_label()
        elif message := tree.chosen("label"):
            tree.label(message.id, argument.removeprefix("@"))

    async def command_note(self, argument: str) -> None:
        """Put a note on the message."""
        await self._whole()
        tree = self._screen.actions.tree
        if not argument:
            tree.do_note()
        elif message := tree.chosen("annotate"):
            tree.annotate(message.id, argument)

    async def command_fork(self, argument: str) -> None:
        """Copy the path, or with all below it, to a new session."""
        match argument.lower():
            case "":
                self._screen.actions.run("fork")
            case "subtree":
                self._screen.actions.run("fork_subtree")
            case _:
                self._screen.say_problem("Write /fork, or /fork subtree to take all below along.")

    async def command_graft(self, argument: str) -> None:
        """Put a copy of a branch below a message."""
        await self._whole()
        argument = argument or await self._ask("Copy a branch", "what [onto], as in best @~3")
        if not argument:
            return
        what, _, onto = (argument, "", "") if argument[:2] == ":/" else argument.partition(" ")
        copies = self._screen.actions.copies
        message = self._at(what)
        if message is None:
            return
        target = self._at(onto) if onto else copies.chosen("put it there")
        if target is not None:
            copies.graft(message.id, target.id)

    async def command_go(self, argument: str) -> None:
        """Go to an address."""
        await self._whole()
        argument = argument or await self._ask("Go to", "an address: best, @~3, :/text")
        if argument and (message := self._at(argument)):
            self._screen.mode = "normal"
            self._screen.actions.jump(message.id)

    async def copy(self, addressed: str) -> None:
        """Copy the message at an address, or the path between two."""
        await self._whole()
        session = self._screen.session
        try:
            found = address.resolve_path(addressed, session)
        except UnknownAddress as error:
            self._screen.say_problem(str(error))
            return
        await self._screen.actions.copies.copy_messages(found)

    async def _ask(self, title: str, example: str) -> str:
        from conduit_tui.tui.screens.line_input import LineInput

        asking = LineInput(title, "", example, does=(title.split()[0].lower(), "leave it"))
        return await self._screen.ask(asking) or ""

    async def _whole(self) -> None:
        await self._screen.controller.shelf.whole(self._screen.session)

    def _at(self, addressed: str) -> Message | None:
        """The message at an address, if it is in sight; otherwise the person is told."""
        session = self._screen.session
        if address.is_range(addressed):
            self._screen.say_problem("That names a path; write the address of one message.")
            return None
        try:
            message = address.resolve(addressed, session)
        except UnknownAddress as error:
            self._screen.say_problem(str(error))
            return None
        if not session.is_visible(message.id):
            self._screen.say_problem(IN_TRASH)
            return None
        return message

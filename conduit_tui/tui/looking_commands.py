"""What slash commands do to look at a session: one method for each row of the table."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class LookingCommands:
    """`command_NAME` for other views of the session than its transcript."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_explore(self, _: str) -> None:
        """The tree over the whole screen."""
        self._screen.actions.run("explore")

    async def command_compare(self, argument: str) -> None:
        """Two siblings side by side."""
        self._screen.comparing.addressed(argument)

    async def command_changes(self, _: str) -> None:
        """Files that tools changed."""
        from conduit_tui.tui.changed_files import ChangedFiles

        await ChangedFiles(self._screen).show()

"""What slash commands do to sessions: one method for each row of the table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conduit_tui.core.session import Session
from conduit_tui.core.summary import SessionSummary
from conduit_tui.tui.titling import Titling

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class SessionCommands:
    """`command_NAME` for what is about a session as a whole."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.titling = Titling(screen)

    async def command_new(self, _: str) -> None:
        """New session."""
        self._screen.actions.do_new_session()

    async def command_title(self, argument: str) -> None:
        """Give the session a title; an emptied one, or `auto`, has a model find one."""
        from conduit_tui.tui.screens.line_input import LineInput

        screen = self._screen
        session = screen.session
        title = argument or await screen.ask(
            LineInput("Title", session.title, "empty: a generated one")
        )
        if title is not None:
            await self.titling.name(session, title)

    async def command_system(self, argument: str) -> None:
        """System prompt of the session."""
        from conduit_tui.tui.screens.line_input import TextInput

        screen = self._screen
        current = screen.controller.system_prompt_of(screen.session) or ""
        text = argument or await self._screen.ask(TextInput("System prompt", current))
        if text is not None:
            await screen.controller.shelf.set_system_prompt(screen.session, text)
            screen.say("System prompt set." if text else "No system prompt from now on.")

    async def command_pin(self, _: str) -> None:
        """Keep the session at the top of the list, or let it go."""
        screen = self._screen
        if screen.session.leaf_id is None:
            screen.say("This session is empty; send something first.")
            return
        is_pinned = await screen.controller.shelf.toggle_pin(screen.session)
        screen.say("Pinned." if is_pinned else "No longer pinned.")
        screen.refresh_sessions()

    async def command_delete(self, _: str) -> None:
        """Put the session into the trash and open another."""
        screen = self._screen
        gone = screen.session
        if gone.leaf_id is None:
            screen.say("This session is empty; there is nothing to delete.")
            return
        for turn in list(screen.controller.running(gone)):
            await screen.controller.cancel(turn.id)
        await screen.composer.save_now()
        await screen.controller.shelf.delete(gone.id)
        remaining = await screen.controller.shelf.summaries()
        following = await self._open_first(remaining)
        await screen.show_session(following, keep_unsent=False)
        screen.say(f"{gone.title!r} is in the trash; /trash brings it back.")

    async def command_trash(self, _: str) -> None:
        """Restore or erase deleted sessions."""
        from conduit_tui.tui.screens.trash import Trash

        shelf = self._screen.controller.shelf
        summaries = await shelf.summaries(deleted=True)
        answer = await self._screen.ask(Trash(summaries))
        if answer is None:
            return
        what, session_id = answer
        if what == "restore":
            await shelf.restore(session_id)
            self._screen.actions.open_session(session_id)
        else:
            await shelf.erase(session_id)
        self._screen.refresh_sessions()

    async def _open_first(self, summaries: Sequence[SessionSummary]) -> Session:
        shelf = self._screen.controller.shelf
        for summary in summaries:
            if session := await shelf.open(summary.id):
                return session
        return shelf.new(self._screen.controller.model_of(self._screen.session))

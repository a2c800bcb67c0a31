"""What slash commands do to sessions: one method for each row of the table."""

from typing import TYPE_CHECKING, assert_never

from conduit_tui.core.amounts import counted
from conduit_tui.core.summary import ORDERS, order_named

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class SessionCommands:
    """`command_NAME` for what is about a session as a whole."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_new(self, _: str) -> None:
        """New session."""
        self._screen.actions.do_new_session()

    async def command_title(self, argument: str) -> None:
        """Give the session a title; an emptied one, or `auto`, has a model find one."""
        await self._screen.listed.rename(self._screen.session.id, argument)

    async def command_system(self, argument: str) -> None:
        """System prompt of the session."""
        from conduit_tui.tui.screens.line_input import TextInput

        screen = self._screen
        current = screen.controller.system_prompt_of(screen.session) or ""
        text = argument or await self._screen.ask(TextInput("System prompt", current))
        if text is not None:
            await screen.controller.shelf.set_system_prompt(screen.session, text)
            screen.say("System prompt set." if text else "No system prompt from now on.")

    async def command_sessions(self, _: str) -> None:
        """Go to the list of sessions."""
        self._screen.side.show_sessions()

    async def command_pin(self, _: str) -> None:
        """Keep the session at the top of the list, or let it go."""
        screen = self._screen
        if screen.session.leaf_id is None:
            screen.say("This session is empty; send something first.")
        else:
            await screen.listed.pin(screen.session.id)

    async def command_delete(self, _: str) -> None:
        """Put the session into the trash and open another."""
        screen = self._screen
        if screen.session.leaf_id is None:
            screen.say("This session is empty; there is nothing to delete.")
        else:
            await screen.listed.delete(screen.session.id)

    async def command_sort(self, argument: str) -> None:
        """Sort the list of sessions, without an order by the next one."""
        order = order_named(argument.lower())
        if argument and order is None:
            words = ", ".join(ORDERS)
            self._screen.say_problem(f"{argument!r} is no order; write /sort and one of {words}.")
        else:
            await self._screen.listed.sort(order)

    async def command_trash(self, _: str) -> None:
        """Restore or erase deleted sessions, until there are none or one is restored."""
        from conduit_tui.tui.screens.trash import Trash

        screen, shelf = self._screen, self._screen.controller.shelf
        while True:
            summaries = await shelf.summaries(deleted=True)
            answer = await screen.ask(Trash(summaries))
            if answer is None:
                return
            what, session_id = answer
            match what:
                case "restore":
                    await shelf.restore(session_id)
                    screen.actions.open_session(session_id)
                    screen.refresh_sessions()
                    return
                case "erase":
                    await shelf.erase(session_id)
                    if len(summaries) == 1:
                        return
                case "empty":
                    await shelf.erase(*(each.id for each in summaries))
                    screen.say(f"Erased {counted(len(summaries), 'session', 'sessions')}.")
                    return
                case _:
                    assert_never(what)

"""The search over all sessions as the chat opens it, and landing on what it found."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.errors import StorageError
from conduit_tui.core.hit import Hit
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen
    from conduit_tui.tui.screens.search import Search, SearchScreen


class ChatSearch:
    """Opens the search screen with what was selected or looked for last, and goes to a hit.

    `find_hits` is what searches.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._last = ""
        self.find_hits: Search = screen.controller.search

    def open(self, text: str = "") -> None:
        """Open the screen; `text` is looked for at once."""
        from conduit_tui.tui.screens.search import SearchScreen

        begins_with = text or self._screen.selected_text or self._last
        search = SearchScreen(self.find_hits, self._read, begins_with, is_typed=bool(text))
        self._screen.application.push_screen(search, partial(self._closed, search))

    async def command_search(self, argument: str) -> None:
        """Search all sessions."""
        self.open(argument)

    def _closed(self, search: "SearchScreen", hit: Hit | None) -> None:
        from conduit_tui.tui.screens.search import words_to_light

        self._last = search.text
        if hit is not None:
            # Before anything is awaited: a key that follows is meant for where one is going.
            self._screen.mode = "normal"
            work = partial(self._go, hit, search.words, words_to_light(hit, search.words))
            self._screen.run_worker(work, group="open", exclusive=True)

    async def _read(self, hit: Hit) -> Message | None:
        return await self._screen.controller.shelf.message(hit.session_id, hit.message_id)

    async def _go(self, hit: Hit, words: Sequence[str], lit: Sequence[str]) -> None:
        """Go to a hit in its session, once that is known to have it still."""
        screen = self._screen
        try:
            session = await self._session_of(hit)
        except StorageError as error:
            screen.say_problem(str(error))
            return
        if session is None:
            screen.say_problem("That session is gone; it was erased elsewhere.")
            screen.refresh_sessions()
        elif hit.message_id not in session:
            screen.say_problem("That message is gone; it was erased meanwhile.")
        elif not session.is_visible(hit.message_id):
            screen.say_problem("That message was pruned meanwhile; its session's trash has it.")
        else:
            if session is not screen.session:
                await screen.show_session(session)
            if session is screen.session:
                screen.actions.jump(hit.message_id)
                screen.mode = "normal"
                screen.finding.land(hit.message_id, words, lit)

    async def _session_of(self, hit: Hit) -> Session | None:
        """The whole session of a hit, with what another instance wrote. Raises StorageError."""
        screen = self._screen
        shelf = screen.controller.shelf
        here = screen.session
        session = here if here.id == hit.session_id else await shelf.open(hit.session_id)
        if session is not None:
            await shelf.whole(session)
            if hit.message_id not in session and await screen.controller.structure.take_in(session):
                screen.turns_shown.branch_changed(session.id)
        return session

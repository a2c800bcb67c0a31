"""What is done to sessions of the list, whether they are on view or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session
from conduit_tui.core.summary import ORDERS, SessionOrder, SessionSummary, order_named
from conduit_tui.tui.titling import Titling
from conduit_tui.tui.widgets.fitting import fit
from conduit_tui.tui.widgets.session_list import UNTITLED, Wish
from conduit_tui.tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

SESSION_ORDER = "session_order"
LONGEST_TITLE = 48


class ListedSessions:
    """Acts on sessions by their id, and keeps the order of the list.

    Methods that store raise StorageError; `do` tells it.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._titling = Titling(screen)
        self._order: SessionOrder | None = None

    async def do(self, wish: Wish, session_id: str) -> None:
        """Do what a key in the list asks for."""
        try:
            match wish:
                case "pin":
                    await self.pin(session_id)
                case "rename":
                    await self.rename(session_id)
                case "delete":
                    await self.delete(session_id)
                case _:
                    assert_never(wish)
        except StorageError as error:
            self._screen.say_problem(f"Not saved: {error}")

    async def pin(self, session_id: str) -> None:
        """Keep a session at the top of the list, or let it go."""
        screen = self._screen
        is_pinned = await screen.controller.shelf.toggle_pin(session_id)
        screen.say("Pinned." if is_pinned else "No longer pinned.")
        screen.refresh_sessions()

    async def rename(self, session_id: str, title: str = "") -> None:
        """Give a session a title, asking for one; an emptied one has a model find it."""
        from conduit_tui.tui.screens.line_input import LineInput

        if (session := await self._opened(session_id)) is None:
            return
        asking = LineInput("Title", session.title, "empty: found by a model")
        answer = title or await self._screen.ask(asking)
        if answer is not None:  # the same again makes it one by hand
            await self._titling.name(session, answer)

    async def delete(self, session_id: str) -> None:
        """Put a session into the trash; of the one on view, open another."""
        screen = self._screen
        if (session := await self._opened(session_id)) is None:
            return
        for turn in list(screen.controller.running(session)):
            await screen.controller.cancel(turn.id)
        is_on_view = session is screen.session
        if is_on_view:
            await screen.drafts.save_now()
        await screen.controller.shelf.delete(session_id)
        if is_on_view:
            remaining = await screen.controller.shelf.summaries(limit=10)
            await screen.show_session(await self._first(remaining), keep_unsent=False)
        screen.refresh_sessions()
        title = fit(clean_line(session.title), LONGEST_TITLE) or UNTITLED
        screen.say(f"{title!r} is in the trash; /trash brings it back.")

    async def order(self) -> SessionOrder:
        """How the list is sorted, as it was left at the last start."""
        if self._order is None:
            kept = await self._screen.controller.shelf.recall(SESSION_ORDER)
            self._order = order_named(kept or "") or "changed"
        return self._order

    async def sort(self, order: SessionOrder | None = None) -> None:
        """Sort the list in an order, or in the next one, and remember it."""
        before = await self.order()
        self._order = order or ORDERS[(ORDERS.index(before) + 1) % len(ORDERS)]
        self._screen.query_one(Sidebar).name_order(self._order)
        self._screen.refresh_sessions()
        await self._screen.controller.shelf.remember(SESSION_ORDER, self._order)

    async def _opened(self, session_id: str) -> Session | None:
        screen = self._screen
        if session_id == screen.session.id:
            return screen.session
        session = await screen.controller.shelf.open(session_id)
        if session is None:
            screen.say_problem("That session is gone; it was erased elsewhere.")
            screen.refresh_sessions()
        return session

    async def _first(self, summaries: Sequence[SessionSummary]) -> Session:
        shelf = self._screen.controller.shelf
        for summary in summaries:
            if session := await shelf.open(summary.id):
                return session
        return shelf.new(self._screen.controller.model_of(self._screen.session))

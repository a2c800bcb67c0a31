"""Back and forward through where one was, in any session, as a browser does."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.controller.structure import Storing
    from conduit_tui.tui.screens.chat import ChatScreen

MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was: a session, the end of the path on view, and the message with the cursor.

    `is_exact` says that the path ended there although more follows.
    """

    session_id: str
    end_id: str
    cursor_id: str | None
    is_exact: bool = False


class Places:
    """The places one left, kept in memory, at most `MOST_PLACES` of them.

    `arrived` finds out by itself that the view went elsewhere; a path that only got longer is the
    same place. `leave` notes a jump that might not look like one.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self._here: Place | None = None
        self._travels = asyncio.Lock()

    def leave(self) -> None:
        """Remember where one is, as a jump begins."""
        if here := self._now():
            self._remember(here)
        self._here = None

    def arrived(self) -> None:
        """Take note of what is about to be shown; the transcript still shows what was left."""
        here, self._here = self._here, self._now()
        if here is not None and not self._goes_on(here):
            self._remember(_with_cursor(here, self._screen.transcript.cursor_id))

    def back(self, count: int) -> None:
        """Go to where one was before."""
        self._travel(self._back, self._forward, count, "Nowhere further back.")

    def forward(self, count: int) -> None:
        """Go to where one was before going back."""
        self._travel(self._forward, self._back, count, "Nowhere further forward.")

    def _remember(self, place: Place) -> None:
        self._forward.clear()
        _append(self._back, place)

    def _now(self) -> Place | None:
        screen, session = self._screen, self._screen.session
        if session.leaf_id is None:
            return None
        reply = screen.live.on_view(session)
        end_id = reply.message_id if reply else session.leaf_id
        is_exact = reply is None and bool(screen.live.sibling_ids(session, session.leaf_id))
        return Place(session.id, end_id, screen.transcript.cursor_id, is_exact)

    def _goes_on(self, before: Place) -> bool:
        """Whether what is on view is what was there before, or goes on below it."""
        session, now = self._screen.session, self._here
        if session.id != before.session_id:
            return False
        if now is None or now.end_id == before.end_id or not self._is_there(session, before):
            return True
        return any(message.id == before.end_id for message in session.path(session.leaf_id))

    def _travel(self, source: list[Place], other: list[Place], count: int, nowhere: str) -> None:
        """Go step by step; where another session has to be opened, in a worker."""
        session = self._screen.session
        for left in range(count, 0, -1):
            while source and source[-1].session_id == session.id and not self._leads_on(source[-1]):
                source.pop()
            is_near = not self._travels.locked() and session.is_whole
            if source and not (is_near and source[-1].session_id == session.id):
                work = self._travel_far(source, other, left, nowhere)
                self._screen.run_worker(work, group="travel")
                return
            if not source:
                self._screen.notices.say_latest(nowhere)
                return
            place = source.pop()
            self._depart(other)
            self._screen.store(self._go(session, place))
            self._screen.refresh_path()
            self._screen.transcript.cursor.put(place.cursor_id)

    async def _travel_far(
        self, source: list[Place], other: list[Place], count: int, nowhere: str
    ) -> None:
        screen = self._screen
        async with self._travels:
            for _ in range(count):
                try:
                    found = await self._next(source)
                except StorageError as error:
                    screen.say_problem(str(error))
                    return
                if found is None:
                    screen.notices.say_latest(nowhere)
                    return
                session, place = found
                self._depart(other)
                screen.store(self._go(session, place))
                if session is screen.session:
                    screen.refresh_path()
                else:
                    await screen.show_session(session)
                screen.transcript.cursor.put(place.cursor_id)

    async def _next(self, source: list[Place]) -> tuple[Session, Place] | None:
        """Take the next place that is still there. Raises StorageError."""
        screen = self._screen
        shelf = screen.controller.shelf
        kept: set[str] | None = None
        while source:
            place = source.pop()
            session: Session | None = screen.session
            if place.session_id != screen.session.id:
                if kept is None:
                    kept = {summary.id for summary in await shelf.summaries()}
                session = await shelf.open(place.session_id) if place.session_id in kept else None
            if session is not None:
                await shelf.whole(session)
                if self._is_there(session, place):
                    return session, place
        return None

    def _leads_on(self, place: Place) -> bool:
        return self._is_there(self._screen.session, place) and place != self._now()

    def _is_there(self, session: Session, place: Place) -> bool:
        reply = self._screen.live.get(place.end_id)
        held = reply.draft.predecessor_id if reply else place.end_id
        return held in session and session.is_visible(held)

    def _depart(self, other: list[Place]) -> None:
        if here := self._now():
            _append(other, here)
        self._here = None

    def _go(self, session: Session, place: Place) -> "Storing":
        """Make the end of a place current; awaiting what is returned stores it."""
        structure = self._screen.controller.structure
        reply = self._screen.live.get(place.end_id)
        if reply is not None and place.end_id not in session:
            storing = structure.go(session, reply.draft.predecessor_id, is_exact=True)
            session.awaited_id = place.end_id
            return storing
        storing = structure.go(session, place.end_id, is_exact=place.is_exact)
        if place.is_exact:
            session.awaited_id = place.end_id
        return storing


def _append(places: list[Place], place: Place) -> None:
    if not places or places[-1] != place:
        places.append(place)
        del places[:-MOST_PLACES]


def _with_cursor(place: Place, cursor_id: str | None) -> Place:
    return Place(place.session_id, place.end_id, cursor_id, place.is_exact)

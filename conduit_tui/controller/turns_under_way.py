"""The turns under way: their tasks, and which of them is on view."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

from conduit_tui.controller.turn import Turn
from conduit_tui.core.session import Session


class TurnsUnderWay:
    """All turns whose tasks have not ended, by their ids."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}

    def start(self, turn: Turn, session: Session, work: Coroutine[Any, Any, None]) -> Turn:
        """Begin a turn's task, and return the turn; it is among these until the task ends."""

        def end(_: object) -> None:
            del self._turns[turn.id]
            if session.awaited_id in (turn.group_id, turn.draft_id):  # it came to nothing
                session.awaited_id = None

        self._turns[turn.id] = turn
        turn.start(work).add_done_callback(end)
        return turn

    def running(self, session: Session | None = None) -> Iterator[Turn]:
        """Those that still do something, of one session or of all."""
        for turn in self._turns.values():
            if turn.is_running and (session is None or turn.session_id == session.id):
                yield turn

    def at_leaf(self, session: Session) -> Turn | None:
        """The one that works below the current leaf and is on view: of several the awaited one."""
        awaited = session.awaited_id
        at_leaf = (turn for turn in self.running(session) if turn.last_id == session.leaf_id)
        if awaited is None:
            return next(at_leaf, None)
        return next((turn for turn in at_leaf if awaited in (turn.group_id, turn.draft_id)), None)

    async def cancel(self, turn_id: str) -> None:
        """Stop a turn, if it is still there; what it had received is committed then."""
        if turn := self._turns.get(turn_id):
            await turn.cancel()

    async def cancel_all(self) -> None:
        """Stop all of them, side by side."""
        await asyncio.gather(*(turn.cancel() for turn in list(self._turns.values())))

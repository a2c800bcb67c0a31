"""Steps of a tree that were made in memory, on their way to the store."""

import asyncio
import logging
from dataclasses import dataclass

from conduit_tui.controller.ledger import Ledger
from conduit_tui.core.change import SetLeaf
from conduit_tui.core.errors import PlaceErased, StorageError
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

log = logging.getLogger(__name__)

_LOST = (
    "The message it was put below was erased by another instance, so this copy is not saved. "
    "The original is where it was; put it below another message."
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is not stored yet, with the copies it adds; `is_made`: its changes are stored."""

    entry: Entry
    added: tuple[Message, ...] = ()
    is_made: bool = False


class UnstoredSteps:
    """Stores steps in their order. What fails is kept, with all behind it, and tried again.

    A copy below what was erased meanwhile can never be stored: it is told, and holds nothing back.
    While `still` is held, nothing here is stored.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.still = asyncio.Lock()
        self._ledger = ledger
        self._store = ledger.sessions
        self._waiting: dict[Session, list[Step]] = {}

    def __len__(self) -> int:
        """In how many sessions something waits to be stored."""
        return len(self._waiting)

    def add(self, session: Session, step: Step) -> None:
        """Take a step that was made, to be stored by the next `store`."""
        self._waiting.setdefault(session, []).append(step)

    def entries(self, session: Session) -> tuple[Entry, ...]:
        """The steps of a session that are not stored yet, in their order."""
        return tuple(step.entry for step in self._waiting.get(session, ()))

    async def store_all(self) -> None:
        """Store what waits of every session; what fails is in the log."""
        for session in tuple(self._waiting):
            try:
                await self.store(session)
            except StorageError as error:
                log.warning("steps of a session not stored: %s", error)

    async def store(self, session: Session) -> None:
        """Store what waits of a session, after the messages it is about. Raises StorageError.

        Raises PlaceErased when all else is stored, for copies that never can be.
        """
        async with self.still:
            if session not in self._waiting:
                return
            await self._ledger.ensure_stored(session)
            await self._ledger.save_rest()
            waiting = self._waiting[session]
            led_to: SetLeaf | None = None
            lost: PlaceErased | None = None
            while waiting:
                try:
                    await self._store_one(session, waiting[0])
                except PlaceErased as error:
                    lost = error
                step = waiting.pop(0)
                led_to = _led_to(step) or led_to
                if step.added:
                    self._ledger.coming.difference_update(each.id for each in step.added)
                    await self._ledger.save_rest()  # what was written below them meanwhile
            self._waiting.pop(session, None)
            if led_to not in (None, SetLeaf(session.leaf_id)):
                # What was written there since may have been stored before the steps were.
                await self._store.set_leaf(session.id, session.leaf_id)
            if lost is not None:
                raise PlaceErased(_LOST) from lost

    async def _store_one(self, session: Session, step: Step) -> None:
        if step.is_made:
            await self._store.note(session.id, step.entry)
        else:
            self._ledger.require_saved(step.entry.changes)
            await self._store.record(session.id, step.entry, step.added)


def _led_to(step: Step) -> SetLeaf | None:
    """Where storing a step put the leaf of the store; None if nowhere else."""
    made = () if step.is_made else (*step.entry.inverse, *step.entry.changes)
    return next((each for each in reversed(made) if isinstance(each, SetLeaf)), None)

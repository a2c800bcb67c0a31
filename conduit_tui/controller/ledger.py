"""Brings messages into the tree and into the store, in that order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from conduit_tui.core.change import Changes, concerns
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import PlaceErased, StorageError
from conduit_tui.core.events import StreamEvent
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.engine.draft import Draft
from conduit_tui.storage.drafts import DraftHeader, DraftStore, OrphanedDraft
from conduit_tui.storage.sessions import SessionStore

log = logging.getLogger(__name__)

TITLE_CHARACTERS = 60
_BROKEN_OFF = "The program ended while this reply was coming in."


async def unpriced(message: Message) -> Message:
    """Return a message as it is: nothing is known of prices."""
    return message


class Ledger:
    """Writes messages, drafts and the sessions they belong to.

    A store that fails does not stop the conversation: the message stays in the tree, `notify`
    gets the words once, and the message is saved before the next one of its session. `priced`
    gives a reply its cost before it is committed. `coming` are messages that are being
    stored otherwise: what is below them waits for that.
    """

    def __init__(
        self,
        sessions: SessionStore,
        drafts: DraftStore,
        priced: Callable[[Message], Awaitable[Message]] = unpriced,
    ) -> None:
        self.sessions = sessions
        self.drafts = drafts
        self.priced = priced
        self.notify: Callable[[str], None] = log.warning
        self.coming: set[str] = set()
        self._stored: set[str] = set()
        self._erased: set[str] = set()
        self._unsaved: list[_Unsaved] = []
        self._homeless: set[str] = set()  # what they answer was erased by another instance
        self._saving = asyncio.Lock()
        self._complaint = ""

    def opened(self, session: Session) -> None:
        """Take note that a session came from the store."""
        self._stored.add(session.id)

    def erased(self, session_id: str) -> None:
        """Take note that a session is removed for good: nothing of it is written any more."""
        self._erased.add(session_id)
        self._unsaved = [one for one in self._unsaved if one.session.id != session_id]

    def is_stored(self, session: Session) -> bool:
        """Whether the session's own row was written."""
        return session.id in self._stored

    async def ensure_stored(self, session: Session) -> None:
        """Write the session's own row, once. Raises StorageError."""
        if session.id not in self._stored:
            await self.sessions.create(session, datetime.now(UTC))
            self._stored.add(session.id)

    def place(self, session: Session, message: Message, *, take_leaf: bool = False) -> None:
        """Put a message into the tree. The leaf follows if it is the predecessor, or if told to.

        This is synchronous, so two sends in a row can never share a predecessor by accident. While
        one of several replies is awaited, the others do not take the leaf.
        """
        session.add(message)
        if take_leaf or self._takes_leaf(session, message):
            session.visit(message.id)
        if not session.title and message.role == "user":
            session.title = first_words(message)

    async def save(self, session: Session, message: Message, *, take_leaf: bool = False) -> None:
        """Store a placed message, and before it those that could not be stored when they came."""
        if session.id not in self._erased:
            takes = True if take_leaf else _by_rule(session, message)
            self._unsaved.append(_Unsaved(session, message, takes))
            await self.save_rest()

    async def save_rest(self) -> None:
        """Store what could not be stored when it came; what fails again waits on.

        One at a time: turns commit at once, and each message needs its predecessor stored.
        """
        async with self._saving:
            failed: set[str] = set()
            for one in tuple(self._unsaved):
                if one.session.id not in failed and not await self._try_to_save(one):
                    failed.add(one.session.id)
            if not failed:
                self._complaint = ""

    def require_saved(self, changes: Changes) -> None:
        """Raise StorageError if changes are about messages that could not be saved yet.

        Those that never can be, since what they answer was erased, are not waited for.
        """
        unsaved = {one.message.id for one in self._unsaved}
        if concerns(changes, unsaved - self._homeless):
            raise StorageError("What this is about is not saved yet; it will be saved after that.")

    async def quietly(self, storing: Awaitable[None]) -> None:
        """Await something that stores; the person is told once if it fails."""
        try:
            await storing
        except StorageError as error:
            self._complain(error)

    @staticmethod
    def _takes_leaf(session: Session, message: Message) -> bool:
        if session.leaf_id != message.predecessor_id:
            return False
        return message.role == "user" or session.awaited_id in (None, message.id)

    async def open_draft(self, header: DraftHeader) -> None:
        """Make room for a draft's checkpoints. Failing is worth no notice: the commit will tell."""
        try:
            await self.drafts.open(header)
        except StorageError as error:
            log.warning("draft not opened: %s", error)

    async def checkpoint(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        """Append what a draft received. Failing is worth no notice here: the commit will tell."""
        try:
            await self.drafts.append(message_id, events)
        except StorageError as error:
            log.warning("checkpoint failed: %s", error)

    async def recover(self) -> int:
        """Commit the drafts of processes that died, as interrupted messages; return how many.

        One that cannot be placed does not hold back the others. Raises StorageError if the
        drafts cannot be read.
        """
        kept = 0
        for orphan in await self.drafts.orphans():
            try:
                await self.sessions.commit(await self.priced(_sealed(orphan)))
                kept += 1
            except StorageError as error:
                log.warning("draft %s not recovered: %s", orphan.header.message_id, error)
        return kept

    async def _try_to_save(self, one: "_Unsaved") -> bool:
        if one.message.predecessor_id in self.coming:
            return False
        try:
            await self._commit(one.session, one.message, one.take_leaf)
        except StorageError as error:
            if isinstance(error, PlaceErased):
                self._homeless.add(one.message.id)
            if one.session.id not in self._erased:
                self._complain(error)
            return False
        self._unsaved = [other for other in self._unsaved if other is not one]
        return True

    async def _commit(self, session: Session, message: Message, take_leaf: bool | None) -> None:
        await self.ensure_stored(session)
        await self.sessions.commit(message, take_leaf=take_leaf)
        if session.title == first_words(message) and not session.title_is_manual:
            await self.sessions.set_title(session.id, session.title, manual=False)

    def _complain(self, error: StorageError) -> None:
        """Tell a failure once, however many messages it holds back."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            self.notify(f"Not saved: {error}")


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """A message that is in the tree and not yet in the store."""

    session: Session
    message: Message
    take_leaf: bool | None


def _by_rule(session: Session, message: Message) -> bool | None:
    """Leave it to the store whether a message takes the leaf, unless it was passed over here."""
    return None if session.leaf_id != message.predecessor_id else False


def first_words(message: Message) -> str:
    """A title from the beginning of a message: its first line, cut at a word."""
    lines = (clean_line(line).strip() for line in message.text[:2000].splitlines())
    line = next((line for line in lines if line), "")
    if not line and message.attachments:
        line = clean_line(message.attachments[0].name)
    if len(line) <= TITLE_CHARACTERS:
        return line
    head = line[:TITLE_CHARACTERS]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + "…"


def _sealed(orphan: OrphanedDraft) -> Message:
    header = orphan.header
    draft = Draft(
        message_id=header.message_id,
        session_id=header.session_id,
        predecessor_id=header.predecessor_id,
        provider=header.provider,
        model=header.model,
        params=header.params,
        started_at=header.started_at,
    )
    for event in orphan.events:
        draft.feed(event)
    return draft.seal("interrupted", datetime.now(UTC), error=_BROKEN_OFF)

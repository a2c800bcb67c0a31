"""Sessions as a person handles them: open, new, list, title, delete, restore, settings."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import cast
from weakref import WeakValueDictionary

from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.core.message import Attachment, Message, new_id
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.spending import Account, Grouping
from conduit_tui.core.summary import SessionSummary

LAST_SESSION = "last_session"
LAST_MODEL = "last_model"
TOKEN_RATIOS = "token_ratios"


class Shelf:
    """The sessions there are. One that is open twice in a program is one object.

    Every method that writes raises StorageError, in words, when the store fails.
    """

    def __init__(self, ledger: Ledger, models: Models) -> None:
        self._ledger = ledger
        self._store = ledger.sessions
        self._models = models
        self._version: int | None = None
        self._open: WeakValueDictionary[str, Session] = WeakValueDictionary()
        self._completing: dict[str, asyncio.Task[None]] = {}

    def new(self, model: str | None = None) -> Session:
        """A new session; it is written when something is put into it."""
        session = Session(new_id(), model=model)
        self._open[session.id] = session
        return session

    def new_like(self, session: Session) -> Session:
        """A new session with the title and the settings of another."""
        forked = self.new(session.model)
        forked.title, forked.title_is_manual = session.title, session.title_is_manual
        forked.system_prompt, forked.params = session.system_prompt, session.params
        forked.tools, forked.skills = session.tools, session.skills
        forked.has_read_files = session.has_read_files
        return forked

    async def open(self, session_id: str) -> Session | None:
        """Load a session, of a long one only the end; None if there is none of this id.

        It is at its starred leaf, if it has one and nothing was written elsewhere since. `whole`
        brings the rest.
        """
        if session := self._open.get(session_id):
            return session
        session = await self._store.load_end(session_id, at_star=True)
        if session is None:
            return None
        self._ledger.opened(session)
        return self._open.setdefault(session.id, session)  # it may have been opened meanwhile

    async def whole(self, session: Session) -> None:
        """Bring a session all its messages, if it lacks any. Raises StorageError."""
        if not session.is_whole:
            await asyncio.shield(self._completing.get(session.id) or self._complete(session))

    async def aclose(self) -> None:
        """Stop loading."""
        for task in self._completing.values():
            task.cancel()
        await asyncio.gather(*self._completing.values(), return_exceptions=True)

    async def open_last(self) -> Session | None:
        """The session that was open last, if it is still there."""
        last = await self._store.recall(LAST_SESSION)
        return await self.open(last) if last else None

    async def message(self, session_id: str, message_id: str) -> Message | None:
        """One message of any session, without opening it; None if there is none of this id."""
        if (session := self._open.get(session_id)) and message_id in session:
            return session[message_id]
        return await self._store.message(session_id, message_id)

    async def summaries(
        self, *, deleted: bool = False, limit: int | None = None
    ) -> tuple[SessionSummary, ...]:
        """The sessions, or those in the trash; pinned first, then newest first."""
        return await self._store.summaries(deleted=deleted, limit=limit)

    async def ids_with(self, digits: str, most: int = 5) -> Sequence[tuple[str, str]]:
        """Messages of any session whose id begins with digits: their ids and sessions."""
        return await self._store.ids_with(digits, most)

    async def keep_open(self, session: Session) -> None:
        """Remember which session to reopen at the next start."""
        await self._store.remember(LAST_SESSION, session.id)

    async def changed_elsewhere(self) -> bool:
        """Whether another instance wrote to the file since this was asked last."""
        before, self._version = self._version, await self._store.data_version()
        return before is not None and before != self._version

    async def set_model(self, session: Session, name: str) -> str:
        """Talk to another model from now on; return its full name. Raises UnknownModel."""
        session.model = self._models.full_name(name)
        if self._ledger.is_stored(session):
            await self._store.set_model(session.id, session.model)
        await self._store.remember(LAST_MODEL, session.model)
        return session.model

    async def set_system_prompt(self, session: Session, text: str | None) -> None:
        """Use a system prompt from now on; None goes back to the configured one."""
        session.system_prompt = text
        await self._ledger.ensure_stored(session)
        await self._store.set_system_prompt(session.id, text)

    async def set_params(self, session: Session, params: Params | None) -> None:
        """Use these sampling settings from now on; None goes back to the configured ones."""
        session.params = params
        await self._ledger.ensure_stored(session)
        await self._store.set_params(session.id, params)

    async def set_tools(self, session: Session, names: Sequence[str]) -> None:
        """Switch exactly these tools on."""
        session.tools = tuple(names)
        await self._ledger.ensure_stored(session)
        await self._store.set_tools(session.id, session.tools)

    async def toggle_pin(self, session_id: str) -> bool:
        """Pin a session to the top of the list, or unpin it; return whether it is pinned now."""
        summaries = await self._store.summaries()
        pinned = not any(each.pinned for each in summaries if each.id == session_id)
        await self._store.set_pinned(session_id, pinned)
        return pinned

    async def delete(self, session_id: str) -> None:
        """Put a session into the trash."""
        await self._store.delete(session_id, datetime.now(UTC))

    async def restore(self, session_id: str) -> None:
        """Take a session out of the trash."""
        await self._store.restore(session_id)

    async def erase(self, *session_ids: str) -> None:
        """Remove sessions for good."""
        for session_id in session_ids:
            self._ledger.erased(session_id)
        await self._store.erase(*session_ids)

    async def save_prompt(
        self, session: Session, text: str, attachments: Sequence[Attachment]
    ) -> None:
        """Keep what is typed but not sent."""
        if text or attachments or session.leaf_id is not None:
            await self._ledger.ensure_stored(session)
            await self._store.save_prompt(session.id, text, tuple(attachments))

    async def load_prompt(self, session: Session) -> tuple[str, tuple[Attachment, ...]]:
        """What was typed but not sent."""
        return await self._store.load_prompt(session.id)

    async def add_history(self, text: str) -> None:
        """Remember a sent text for the Up key."""
        await self._store.add_history(text)

    async def history(self) -> tuple[str, ...]:
        """Sent texts, the newest last."""
        return await self._store.history()

    async def account(self, by: Grouping, since: datetime | None = None) -> Account:
        """What was used since an aware time, or ever, in all sessions."""
        return await self._store.account(by, since)

    async def recall(self, key: str) -> str | None:
        """A remembered choice of the screen's, such as its theme."""
        return await self._store.recall(key)

    async def remember(self, key: str, value: str) -> None:
        """Remember a choice of the screen's."""
        await self._store.remember(key, value)

    async def token_ratios(self) -> dict[str, float]:
        """By how much real counts of models differed from estimates; what is odd is left out."""
        try:
            found = cast("object", json.loads(await self._store.recall(TOKEN_RATIOS) or "{}"))
        except ValueError:
            return {}
        items = cast("dict[str, object]", found).items() if isinstance(found, dict) else ()
        return {key: float(ratio) for key, ratio in items if isinstance(ratio, int | float)}

    async def keep_token_ratios(self, ratios: Mapping[str, float]) -> None:
        """Remember by how much real counts differ from estimates."""
        await self._store.remember(TOKEN_RATIOS, json.dumps(dict(ratios)))

    def _complete(self, session: Session) -> "asyncio.Task[None]":
        task = asyncio.create_task(self._store.complete(session), name=f"load {session.id[:8]}")
        self._completing[session.id] = task
        task.add_done_callback(partial(self._completed, session.id))
        return task

    def _completed(self, session_id: str, task: "asyncio.Task[None]") -> None:
        del self._completing[session_id]
        if not task.cancelled():
            task.exception()  # looked at: who waits for it is told, and nobody may wait any more

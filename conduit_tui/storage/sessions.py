"""The saved sessions: what the controller may ask of the store, each method one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from conduit_tui.core.journal import Entry, Journal
from conduit_tui.core.message import Attachment, Message
from conduit_tui.core.params import Params
from conduit_tui.core.query import Query
from conduit_tui.core.session import Session
from conduit_tui.core.spending import Account, Grouping
from conduit_tui.core.summary import SessionSummary
from conduit_tui.storage import (
    erasing,
    journal_rows,
    mark_rows,
    message_rows,
    odometer,
    prompts,
    session_rows,
)
from conduit_tui.storage.connection import Sql, SqlValue
from conduit_tui.storage.database import Database
from conduit_tui.storage.fields import encode_time
from conduit_tui.storage.search import Search
from conduit_tui.storage.session_loading import SessionLoading


class SessionStore:
    """Reads and writes sessions, prompts and small state. Every method may raise StorageError.

    A write that was called is carried through even when its caller is cancelled. Setting
    something of a session that is not stored changes nothing. `hosts` are the servers of providers
    by name, recorded with what is used.
    """

    def __init__(self, database: Database, hosts: Mapping[str, str] | None = None) -> None:
        self._database = database
        self._hosts = hosts or {}
        self._loading = SessionLoading(database)

    async def create(self, session: Session, created_at: datetime) -> None:
        """Store a session without its messages; one that is stored already stays as it is."""
        await self._database.write(lambda sql: session_rows.insert(sql, session, created_at))

    async def load(self, session_id: str, *, at_star: bool = False) -> Session | None:
        """Return a session with all its messages at its leaf, or None if there is none.

        With `at_star` it is at its starred leaf, if it has one and nothing was written elsewhere
        since.
        """
        return await self._loading.load(session_id, at_star=at_star)

    async def load_end(self, session_id: str, *, at_star: bool = False) -> Session | None:
        """Return a short session as `load` does, and of a long one the end of its line.

        How long it takes does not depend on the length. It is not whole before `complete`.
        """
        return await self._loading.load_end(session_id, at_star=at_star)

    async def message(self, session_id: str, message_id: str) -> Message | None:
        """Return one message of a session, or None if there is none of this id."""
        found = await self._database.read(
            lambda sql: message_rows.select_end(sql, session_id, message_id, 1)
        )
        return next((each for each in found if each.id == message_id), None)

    async def complete(self, session: Session) -> None:
        """Bring a session all its messages. Raises StorageError if it was erased meanwhile."""
        await self._loading.complete(session)

    async def refresh(self, session: Session) -> tuple[Message, ...]:
        """Add to a session what others committed since it was loaded, and return that.

        Its title follows the store if there is one, and so do marks and what is out of sight; the
        place in the tree does not.
        """
        return await self._loading.refresh(session)

    async def ids_with(self, digits: str, most: int = 5) -> Sequence[tuple[str, str]]:
        """Return messages of any session whose id begins with digits: their ids and sessions."""
        return await self._database.read(lambda sql: message_rows.ids_with(sql, digits, most))

    async def commit(self, message: Message, *, take_leaf: bool | None = None) -> None:
        """Store a message, its usage and its attachments, and drop the draft it came from.

        The session's leaf moves to it if `take_leaf` says so; None: if it was at the predecessor.
        Storing the same id again changes nothing. Raises StorageError for an unknown session or
        predecessor.
        """
        host = self._hosts.get(message.provider or "")
        await self._database.write(
            lambda sql: session_rows.commit(sql, message, take_leaf=take_leaf, host=host)
        )

    def search(self, query: Query) -> Search:
        """Begin to search the messages of all sessions."""
        return Search(self._database, query)

    async def account(self, by: Grouping, since: datetime | None = None) -> Account:
        """Add up what was used since an aware time, or ever; erased sessions stay counted."""
        return await self._database.read(lambda sql: odometer.account(sql, by, since))

    async def data_version(self) -> int:
        """A number that changes when another instance wrote to the file."""
        return await self._database.data_version()

    async def summaries(
        self, *, deleted: bool = False, limit: int | None = None
    ) -> tuple[SessionSummary, ...]:
        """Return the sessions (or those in the trash) that hold a message or an unsent prompt.

        Pinned ones come first, then the newest.
        """
        return await self._database.read(
            lambda sql: session_rows.summaries(sql, deleted=deleted, limit=limit)
        )

    async def set_leaf(self, session_id: str, leaf_id: str | None) -> None:
        """Remember where in the tree a person is."""
        await self._database.write(lambda sql: mark_rows.move_leaf(sql, session_id, leaf_id))

    async def record(self, session_id: str, entry: Entry, added: Sequence[Message] = ()) -> None:
        """Store a step of a session's structure: copies, changes and its line in the journal.

        Raises StorageError for a session that is not stored.
        """
        await self._database.write(lambda sql: session_rows.record(sql, session_id, entry, added))

    async def note(self, session_id: str, entry: Entry) -> None:
        """Add to the journal a step whose changes are stored already."""
        await self._database.write(lambda sql: journal_rows.insert(sql, session_id, entry))

    async def journal(self, session_id: str, limit: int = 1000) -> Journal:
        """Return the last steps of a session."""
        found = await self._database.read(
            lambda sql: journal_rows.select(sql, session_id, limit + 1)
        )
        return Journal(found[-limit:], is_all=len(found) <= limit)

    async def erase_messages(
        self, session_id: str, message_ids: Sequence[str], quotes: Collection[str] = ()
    ) -> None:
        """Remove messages for good, their words from the file too; what they used stays counted.

        With each, all below it must be among them. `quotes` are words of theirs that steps of the
        journal may have.
        """
        await self._database.write(
            lambda sql: erasing.erase_messages(sql, session_id, message_ids, quotes)
        )
        await self._database.forget_erased()

    async def count(self, used: Message) -> None:
        """Put what was used beside the conversation on the odometer, under the message's id."""
        host = self._hosts.get(used.provider or "")
        await self._database.write(lambda sql: odometer.record(sql, used, host))

    async def set_title(self, session_id: str, title: str, *, manual: bool) -> bool:
        """Set the title; one that a person chose (`manual`) is only replaced by a person.

        Returns whether it was set.
        """
        return await self._database.write(
            lambda sql: session_rows.set_title(sql, session_id, title, manual=manual)
        )

    async def set_system_prompt(self, session_id: str, text: str | None) -> None:
        """Set the session's own system prompt; None: the usual one."""
        await self._change(session_id, "system_prompt", text)

    async def set_params(self, session_id: str, params: Params | None) -> None:
        """Set the session's own sampling settings; None: the usual ones."""
        await self._change(session_id, "params", session_rows.encode_own_params(params))

    async def set_model(self, session_id: str, name: str | None) -> None:
        """Set the session's own model; None: the usual one."""
        await self._change(session_id, "model", name)

    async def set_tools(self, session_id: str, names: tuple[str, ...] | None) -> None:
        """Set the tools the session offers; None: the usual ones."""
        await self._change(session_id, "tools", session_rows.encode_tools(names))

    async def set_skills(self, session_id: str, names: tuple[str, ...]) -> None:
        """Set the skills whose instructions the session uses."""
        await self._change(session_id, "skills", session_rows.encode_tools(names))

    async def set_pinned(self, session_id: str, pinned: bool) -> None:
        """Keep a session at the top of the list, or let it go."""
        await self._change(session_id, "pinned", pinned)

    async def delete(self, session_id: str, at: datetime) -> None:
        """Put a session into the trash."""
        await self._change(session_id, "deleted_at", encode_time(at))

    async def restore(self, session_id: str) -> None:
        """Take a session out of the trash."""
        await self._change(session_id, "deleted_at", None)

    async def erase(self, *session_ids: str) -> None:
        """Remove sessions for good, their words from the file too; what they used stays counted."""

        def erase(sql: Sql) -> None:
            for session_id in session_ids:
                erasing.erase_session(sql, session_id)

        await self._database.write(erase)
        await self._database.forget_erased()

    async def save_prompt(
        self, session_id: str, text: str, attachments: tuple[Attachment, ...] = ()
    ) -> None:
        """Keep the unsent draft of a session's prompt. Raises StorageError for an unknown one."""

        def save(sql: Sql) -> None:
            session_rows.require(sql, session_id)
            prompts.save(sql, session_id, text, attachments)

        await self._database.write(save)

    async def load_prompt(self, session_id: str) -> tuple[str, tuple[Attachment, ...]]:
        """Return the unsent draft of a session's prompt; empty if there is none."""
        return await self._database.read(lambda sql: prompts.load(sql, session_id))

    async def add_history(self, text: str) -> None:
        """Remember a prompt that was sent, unless it is the one before again."""
        await self._database.write(lambda sql: prompts.add_history(sql, text))

    async def history(self, limit: int = 500) -> tuple[str, ...]:
        """Return the last prompts that were sent, newest last."""
        return await self._database.read(lambda sql: prompts.history(sql, limit))

    async def remember(self, key: str, value: str) -> None:
        """Keep one small thing of the program itself, such as the last session."""

        def put(sql: Sql) -> None:
            sql.run(
                "INSERT INTO state (key, value) VALUES (:key, :value)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                key=key,
                value=value,
            )

        await self._database.write(put)

    async def recall(self, key: str) -> str | None:
        """Return what was last remembered under a key."""
        value = await self._database.read(
            lambda sql: sql.value("SELECT value FROM state WHERE key = :key", key=key)
        )
        return None if value is None else str(value)

    async def _change(self, session_id: str, column: str, value: SqlValue) -> None:
        await self._database.write(lambda sql: session_rows.change(sql, session_id, column, value))

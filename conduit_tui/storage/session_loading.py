"""Sessions out of the store: whole, the end first, and what others wrote since."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.storage import mark_rows, message_rows, session_rows
from conduit_tui.storage.connection import Sql, Work
from conduit_tui.storage.database import Database

SHORT_MESSAGES = 200
"""A session of no more messages is loaded at once."""

END_MESSAGES = 60
"""Messages at the end of a longer one that are loaded first: more than a screen shows."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """All messages of a session, and where in it one was before, the last place first."""

    rows: list[message_rows.SeqMessage]
    visits: list[str]

    @classmethod
    def of(cls, sql: Sql, session_id: str) -> "_Rest":
        rows = list(message_rows.select(sql, session_id))
        return cls(rows, mark_rows.visits(sql, session_id))


class SessionLoading:
    """Reads sessions, and knows how far each was read. Every method may raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen_seq: WeakKeyDictionary[Session, int] = WeakKeyDictionary()

    async def load(self, session_id: str, *, at_star: bool = False) -> Session | None:
        """Return a session with all its messages, or None: see `SessionStore.load`."""
        return await self._load(session_id, lambda _: True, at_star)

    async def load_end(self, session_id: str, *, at_star: bool = False) -> Session | None:
        """Return a short session as `load` does, and of a long one the end of its line."""
        return await self._load(
            session_id, lambda sql: session_rows.is_short(sql, session_id, SHORT_MESSAGES), at_star
        )

    async def complete(self, session: Session) -> None:
        """Bring a session all its messages. Raises StorageError if it was erased meanwhile."""

        def select(sql: Sql) -> _Rest:
            session_rows.require(sql, session.id)
            return _Rest.of(sql, session.id)

        self._fill(session, await self._database.read(select))

    async def refresh(self, session: Session) -> tuple[Message, ...]:
        """Add to a session what others committed since it was loaded, and return that."""
        seen = self._seen_seq.get(session, 0)
        marked = Session(session.id)

        def changes(sql: Sql) -> tuple[tuple[str, int] | None, list[message_rows.SeqMessage]]:
            row = sql.run(
                "SELECT title, title_is_manual FROM sessions WHERE id = :id", id=session.id
            ).fetchone()
            mark_rows.load(sql, marked)
            return row, list(message_rows.select(sql, session.id, seen))

        title, rows = await self._database.read(changes)
        if title is not None and any(title):  # the first words may be on their way to the store
            session.title, session.title_is_manual = title[0], bool(title[1])
        if rows:
            self._seen_seq[session] = rows[-1][0]
        added = tuple(message for _, message in rows if message.id not in session)
        for message in added:
            session.add(message)
        session.take_marks(marked)
        return added

    async def _load(
        self, session_id: str, is_loaded_whole: Work[bool], at_star: bool
    ) -> Session | None:
        def load(sql: Sql) -> tuple[Session | None, _Rest | None]:
            session = session_rows.load(sql, session_id, at_star=at_star)
            if session is None or is_loaded_whole(sql):
                return session, _Rest.of(sql, session_id)
            session_rows.load_end(sql, session, END_MESSAGES)
            return session, None

        session, rest = await self._database.read(load)
        if session is not None and rest is not None:
            self._fill(session, rest)
        return session

    def _fill(self, session: Session, rest: "_Rest") -> None:
        session.complete(message for _, message in rest.rows)
        session.recall_visits(rest.visits)
        self._seen_seq[session] = rest.rows[-1][0] if rest.rows else 0

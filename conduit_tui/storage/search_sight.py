"""Which messages a search may find: those in sight, of sessions that are not in the trash."""

from conduit_tui.storage import mark_rows
from conduit_tui.storage.connection import Sql


class Sight:
    """Knows what is out of sight, of each session when it is first asked about it."""

    def __init__(self) -> None:
        self._in_trash: frozenset[str] = frozenset()
        self._hidden: dict[str, frozenset[int] | None] = {}

    def begin(self, sql: Sql) -> None:
        """Look which sessions are in the trash, and which have anything out of sight."""
        rows = sql.run("SELECT id FROM sessions WHERE deleted_at IS NOT NULL")
        self._in_trash = frozenset(session_id for (session_id,) in rows)
        rows = sql.run("SELECT DISTINCT session_id FROM marks WHERE absent IS NOT NULL")
        self._hidden = dict.fromkeys(session_id for (session_id,) in rows)

    def has(self, sql: Sql, session_id: str, seq: int) -> bool:
        """Whether a message is in sight."""
        if session_id in self._in_trash:
            return False
        if session_id not in self._hidden:
            return True
        hidden = self._hidden[session_id]
        if hidden is None:
            hidden = self._hidden[session_id] = mark_rows.out_of_sight(sql, session_id)
        return seq not in hidden

"""What a person said of tools: rules that hold always or for a session."""

from conduit_tui.core.rule import Rule
from conduit_tui.storage import rule_rows, session_rows
from conduit_tui.storage.database import Database


class PermissionStore:
    """Reads and writes rules. Every method may raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def always(self) -> tuple[Rule, ...]:
        """The rules that always hold."""
        return await self._database.read(lambda sql: rule_rows.load(sql, None))

    async def add(self, rule: Rule, session_id: str | None) -> None:
        """Keep a rule, for a session that is stored or for always."""
        await self._database.write(lambda sql: rule_rows.add(sql, rule, session_id))

    async def remove(self, rule: Rule, session_id: str | None) -> None:
        """Forget a rule."""
        await self._database.write(lambda sql: rule_rows.remove(sql, rule, session_id))

    async def note_read(self, session_id: str) -> None:
        """Remember that a tool has read files in a session."""
        await self._database.write(
            lambda sql: session_rows.change(sql, session_id, "has_read_files", True)
        )

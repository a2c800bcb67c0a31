"""What tools did to files, with what the files held before and after."""

from datetime import datetime

from conduit_tui.core.file_change import FileChange, FileContents
from conduit_tui.storage import file_change_rows
from conduit_tui.storage.database import Database


class FileChangeStore:
    """Reads and writes changes of files. Every method may raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        session_id: str,
        message_id: str | None,
        path: str,
        contents: FileContents,
        changed_at: datetime,
    ) -> None:
        """Keep a change by a call of a message, of a session that is stored."""
        await self._database.write(
            lambda sql: file_change_rows.add(
                sql, session_id, message_id, path, contents, changed_at
            )
        )

    async def of_session(self, session_id: str) -> tuple[FileChange, ...]:
        """The changes of a session, the newest first."""
        return await self._database.read(lambda sql: file_change_rows.load(sql, session_id))

    async def contents(self, change_id: int) -> FileContents | None:
        """What a file held before and after; None if that is not kept any more."""
        return await self._database.read(lambda sql: file_change_rows.contents(sql, change_id))

    async def set_reverted(self, change_id: int, at: datetime | None) -> None:
        """Remember when a change was taken back last, or that it holds again."""
        await self._database.write(lambda sql: file_change_rows.set_reverted(sql, change_id, at))

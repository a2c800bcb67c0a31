"""The one file that holds everything: a writer, readers, and all of them closed at the end."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from conduit_tui.storage import files, message_index
from conduit_tui.storage.connection import Connection, Sql, Work
from conduit_tui.storage.failures import in_words, means_damage
from conduit_tui.storage.opening import connect_memory, connect_reader, connect_writer
from conduit_tui.storage.schema import MIGRATIONS

T = TypeVar("T")


class Database:
    """An open database. Everything that fails raises StorageError in words.

    `notices` are words for the person, such as where a damaged file was put. `path` is None for
    a database in memory.
    """

    def __init__(
        self, writer: Connection, reader: Connection, path: Path | None, notices: tuple[str, ...]
    ) -> None:
        self.notices = notices
        self.path = path
        self._writer = writer
        self._reader = reader
        self._reading = asyncio.Lock()
        self._searcher: Connection | None = None
        self._searching = asyncio.Lock()

    @property
    def is_saving(self) -> bool:
        """Whether anything is still there after the program ends."""
        return self.path is not None

    @classmethod
    async def open(cls, path: Path, *, migrations: Path = MIGRATIONS) -> "Database":
        """Open the file, or make it, for its owner alone.

        A damaged one is set aside and replaced, which `notices` tells. Raises StorageError for
        a file of another program or of a newer release (it is not touched), for a place that
        cannot be written to, and for a full disk.
        """
        notices: list[str] = []
        writer = await Connection.start(partial(connect_writer, path, migrations, notices))
        try:
            reader = await Connection.start(partial(connect_reader, path))
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader, path, tuple(notices))

    @classmethod
    async def in_memory(cls, *, migrations: Path = MIGRATIONS) -> "Database":
        """Make a database with the same schema that is gone when it is closed."""
        connection = await Connection.start(partial(connect_memory, migrations))
        return cls(connection, connection, None, ())

    async def aclose(self) -> None:
        """Let what was begun finish, then close. Closing twice changes nothing."""
        try:
            async with self._searching:
                await self._reader.close()
                if self._searcher is not None:
                    await self._searcher.close()
        finally:
            await self._writer.close()

    async def write(self, work: Work[T]) -> T:
        """Run `work` as one transaction and return what it returns; on any error undo it all.

        Once called it is carried through, also when the caller is cancelled meanwhile.
        """
        return await self._writer.call(self._in_transaction("BEGIN IMMEDIATE", work))

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one unchanging view of the database and return what it returns."""
        transaction = self._in_transaction("BEGIN", work)
        async with self._reading:
            return await self._reader.call(transaction, interrupt=self.is_saving)

    async def search(self, work: Work[T]) -> T:
        """Do as `read` does, on a connection of its own: who loads a session does not wait for it.

        That connection is opened at the first search.
        """
        if self.path is None:
            return await self.read(work)
        transaction = self._in_transaction("BEGIN", work)
        async with self._searching:
            if self._searcher is None and not self._reader.is_closing:
                self._searcher = await Connection.start(partial(connect_reader, self.path))
            searcher = self._searcher or self._reader
            return await searcher.call(transaction, interrupt=True)

    async def data_version(self) -> int:
        """Return a number that changes when another program wrote to the file."""

        def ask(sql: Sql) -> int:
            return int(sql.execute("PRAGMA data_version").fetchone()[0])

        return await self._writer.call(self._in_words(ask))

    async def forget_erased(self) -> None:
        """Remove what was erased from the index and from the write-ahead log.

        As far as no other program reads them. Between the steps others may write.
        """

        def truncate(sql: Sql) -> None:
            sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        while await self.write(message_index.forget_some):
            pass
        await self._writer.call(self._in_words(truncate))

    def _in_transaction(self, begin: str, work: Work[T]) -> Work[T]:
        return self._in_words(partial(_transact, begin, work))

    def _in_words(self, work: Work[T]) -> Work[T]:
        def guarded(sql: Sql) -> T:
            try:
                return work(sql)
            except sqlite3.Error as error:
                if self.path is not None and means_damage(error):
                    files.mark_suspect(self.path)
                raise in_words(error, self.path) from error

        return guarded


def _transact(begin: str, work: Callable[[Sql], T], sql: Sql) -> T:
    sql.execute(begin)
    try:
        result = work(sql)
        sql.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself after some errors, such as a full disk.
        if sql.in_transaction:
            sql.execute("ROLLBACK")
        raise
    return result

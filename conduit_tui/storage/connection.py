"""One SQLite connection on a thread of its own, to which whole transactions are handed.

A transaction is one plain function that runs on that thread from BEGIN to COMMIT, so no
cancellation can leave it half-open, and the thread's queue is the lock between writers. Whoever
handed it in waits for its end even when cancelled meanwhile; then the cancellation goes on.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar, cast

import aiosqlite

from conduit_tui.core.errors import StorageError
from conduit_tui.storage.fields import plain

T = TypeVar("T")
SqlValue: TypeAlias = str | bytes | int | float | None

_ROWS_AT_A_TIME = 64


class Sql(sqlite3.Connection):
    """What a transaction speaks to. Parameters are named; text is made storable on the way in.

    `is_cut_short` says that nobody waits any more for what a read returns.
    """

    is_cut_short = False

    def run(self, statement: str, /, **values: SqlValue) -> sqlite3.Cursor:
        """Execute one statement and return its cursor."""
        safe = {
            name: plain(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return self.execute(statement, safe)

    def value(self, statement: str, /, **values: SqlValue) -> SqlValue:
        """Return the first column of the first row, or None if there is no row."""
        row = self.run(statement, **values).fetchone()
        return None if row is None else row[0]

    def cut_short(self) -> None:
        """Interrupt the statement that runs, if one does; may be called on any thread."""
        self.is_cut_short = True
        self.interrupt()

    def check_wanted(self) -> None:
        """Raise sqlite3.OperationalError if nobody waits any more; for work between statements."""
        if self.is_cut_short:
            raise sqlite3.OperationalError("interrupted")


Work: TypeAlias = Callable[[Sql], T]


class Connection(aiosqlite.Connection):
    """Runs functions on its thread, one after the other, until it is closed."""

    is_closing = False
    _stopping: asyncio.Future[None] | None = None

    @classmethod
    async def start(cls, connect: Callable[[], Sql]) -> "Connection":
        """Call `connect` on the new thread. Raises what it raises; then nothing stays open."""
        connection = cls(connect, _ROWS_AT_A_TIME)
        try:
            await _settled(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def call(self, work: Work[T], *, interrupt: bool = False) -> T:
        """Return what `work` returns. With `interrupt`, cancelling cuts a running query short.

        Raises StorageError when the connection is closed.
        """
        if self.is_closing:
            raise StorageError("The history is closed already; start the program again.")
        sql = cast("Sql", self._conn)
        sql.is_cut_short = False
        # aiosqlite leaves the method unannotated; it returns what the function returns.
        running = cast("Awaitable[T]", self._execute(work, sql))  # pyright: ignore[reportUnknownMemberType]
        return await _settled(running, sql.cut_short if interrupt else None)

    async def close(self) -> None:
        """Close after everything that was handed in has run. Closing twice changes nothing."""
        self.is_closing = True
        await _settled(self._end())

    def stop(self) -> asyncio.Future[None] | None:
        """End the thread; see aiosqlite, which calls this itself when connecting fails."""
        # The future's type is left open there; it carries nothing.
        self._stopping = super().stop()  # pyright: ignore[reportUnknownMemberType]
        return self._stopping

    async def _end(self) -> None:
        await super().close()
        # After a failed connect nobody else waits, and the thread must not outlive the loop.
        if self._stopping is not None:
            await self._stopping


async def _settled(awaitable: Awaitable[T], cut_short: Callable[[], None] | None = None) -> T:
    """Wait to the end, also when cancelled meanwhile; then let the cancellation go on."""
    task = asyncio.ensure_future(awaitable)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
            if cut_short is not None:
                cut_short()
    if cancelled is not None:
        raise cancelled from (None if task.cancelled() else task.exception())
    return task.result()

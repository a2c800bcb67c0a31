"""From a path to connections that can be used; runs on the connections' own threads."""

import sqlite3
import time
from pathlib import Path

from conduit_tui.storage import files, message_index
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.failures import (
    BUSY_SECONDS,
    OPENING_SECONDS,
    in_words,
    means_damage,
    means_locked,
)
from conduit_tui.storage.files import Condition
from conduit_tui.storage.schema import migrate, newest_version

_PRAGMAS = ("trusted_schema = OFF", "secure_delete = ON", "foreign_keys = ON")
_LONG_SECONDS = 2


def connect_writer(path: Path, migrations: Path, notices: list[str]) -> Sql:
    """Make or open the database and bring it to the newest schema.

    A damaged file is set aside, which `notices` then tells. Raises StorageError in words.
    """
    try:
        files.make_private_folder(path.parent)
        condition = files.inspect(path, newest_version(migrations))
        if condition is Condition.EMPTY:
            notices.append(f"{str(path)!r} was empty; a new history was started in it.")
        if condition is Condition.DAMAGED:
            notices.append(files.set_aside(path))
        return _connect_or_renew(path, migrations, notices, condition is Condition.SUSPECT)
    except (sqlite3.Error, OSError) as error:
        raise in_words(error, path, OPENING_SECONDS) from error


def connect_reader(path: Path) -> Sql:
    """Open the database, which exists by now, for reading alone. Raises StorageError in words."""
    try:
        return _connect(str(path), "query_only = ON")
    except sqlite3.Error as error:
        raise in_words(error, path) from error


def connect_memory(migrations: Path) -> Sql:
    """Make a database that is gone when it is closed."""
    sql = _connect(":memory:")
    migrate(sql, None, migrations)
    return sql


def _connect_or_renew(path: Path, migrations: Path, notices: list[str], doubted: bool) -> Sql:
    try:
        return _connect_sound(path, migrations, notices, doubted)
    except sqlite3.DatabaseError as error:
        if not means_damage(error):
            raise
    notices.append(files.set_aside(path))
    return _connect_sound(path, migrations, notices, doubted=False)


def _connect_sound(path: Path, migrations: Path, notices: list[str], doubted: bool) -> Sql:
    files.make_private_file(path)
    sql = _connect(str(path))
    try:
        _wait_up_to(sql, OPENING_SECONDS)
        if doubted:
            _check(sql)
            files.clear_suspicion(path)
        # The schema comes before WAL, so that the file itself says from the start whose it is.
        began = time.monotonic()
        if copy := migrate(sql, path, migrations):
            notices.append(_updated(copy, time.monotonic() - began))
        _switch_to_wal(sql)
        sql.execute("PRAGMA synchronous = FULL")
        _wait_up_to(sql, BUSY_SECONDS)
    except BaseException:
        sql.close()
        raise
    return sql


def _switch_to_wal(sql: Sql) -> None:
    """Switch the file to WAL, or find that it was.

    The switch fails at once while another instance uses the file, whatever `busy_timeout` says: it
    raises a lock for reading to one for writing. Asking for the file alone does wait.
    """
    deadline = time.monotonic() + OPENING_SECONDS
    while True:
        try:
            sql.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not means_locked(error) or time.monotonic() > deadline:
                raise
        else:
            return
        sql.execute("BEGIN EXCLUSIVE")
        sql.execute("ROLLBACK")


def _wait_up_to(sql: Sql, seconds: int) -> None:
    """Wait so long for other connections from now on."""
    sql.execute(f"PRAGMA busy_timeout = {seconds * 1000}")


def _updated(copy: Path, seconds: float) -> str:
    once = f" in {seconds:.0f} s, which is needed only once" if seconds >= _LONG_SECONDS else ""
    return f"The history was updated{once}; as it was before, it is in {str(copy)!r}."


def _connect(name: str, *more_pragmas: str) -> Sql:
    sql = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, factory=Sql)
    try:
        for pragma in (*_PRAGMAS, *more_pragmas):
            sql.execute(f"PRAGMA {pragma}")
        message_index.prepare(sql)
    except BaseException:
        sql.close()
        raise
    return sql


def _check(sql: Sql) -> None:
    """Read the whole file once (about a second for a million messages)."""
    found = sql.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        damage = sqlite3.DatabaseError(found)
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage

"""Brings a database to the newest schema: numbered `.sql` files, one transaction, a copy before.

The statements run one by one: `executescript` would commit the open transaction first, and a
crash could leave half a schema.
"""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from conduit_tui.core.errors import StorageError
from conduit_tui.storage.connection import Sql

APPLICATION_ID = 0x636F6E64
"""`cond`, in the header of every database of ours."""

MIGRATIONS = Path(__file__).parent / "migrations"

_Script: TypeAlias = tuple[int, str]


def newest_version(directory: Path) -> int:
    """Return the number of the last migration."""
    return max(_number(file) for file in directory.glob("*.sql"))


def migrate(sql: Sql, path: Path | None, directory: Path) -> Path | None:
    """Run the migrations that are missing; return the copy made before, if there was one.

    Raises StorageError for a newer schema; on any error the database is as it was.
    """
    version = _version(sql)
    newest = newest_version(directory)
    if version > newest:
        raise newer(path, version, newest)
    if version == newest:
        return None
    copy = _back_up(sql, path, version) if path is not None and version > 0 else None
    # Rebuilding a table drops the old one, which enforced references would forbid.
    sql.execute("PRAGMA foreign_keys = OFF")
    _run_missing(sql, directory)
    sql.execute("PRAGMA foreign_keys = ON")
    return copy


def newer(path: Path | None, version: int, newest: int) -> StorageError:
    """Return the refusal of a database that a later release wrote."""
    return StorageError(
        f"{str(path)!r} was written by a newer conduit-tui (schema {version}, this one knows "
        f"{newest}); it was not touched. Update conduit-tui, or set CONDUIT_HOME to another folder."
    )


def _run_missing(sql: Sql, directory: Path) -> None:
    sql.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another instance may have migrated while this one waited for the lock.
        missing = tuple(_scripts(directory, above=_version(sql)))
        for _, script in missing:
            for statement in _statements(script):
                sql.execute(statement)
        if missing:
            _seal(sql, version=missing[-1][0])
        sql.execute("COMMIT")
    except BaseException:
        if sql.in_transaction:
            sql.execute("ROLLBACK")
        raise


def _seal(sql: Sql, version: int) -> None:
    if sql.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.IntegrityError("a migration left references to nothing")
    sql.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    sql.execute(f"PRAGMA user_version = {version}")


def _scripts(directory: Path, above: int) -> Iterator[_Script]:
    for file in sorted(directory.glob("*.sql"), key=_number):
        if _number(file) > above:
            yield _number(file), file.read_text(encoding="utf-8")


def _statements(script: str) -> Iterator[str]:
    """Split at line ends after which SQLite sees a complete statement (triggers stay whole)."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered


def _back_up(sql: Sql, path: Path, version: int) -> Path:
    """Copy the database as it is. The file is made first: SQLite would make it world-readable."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    copy = path.with_name(f"{path.name}.backup-{version}-{stamp}")
    descriptor = os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        # As bytes: a path need not be text that SQLite can be given.
        sql.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(copy),))
        os.fsync(descriptor)
    except BaseException:
        copy.unlink()
        raise
    finally:
        os.close(descriptor)
    return copy


def _version(sql: Sql) -> int:
    return int(sql.execute("PRAGMA user_version").fetchone()[0])


def _number(file: Path) -> int:
    return int(file.name.partition("_")[0])

"""Migrations: a copy before, one transaction, nothing half done."""

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.storage import message_index
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.schema import MIGRATIONS, migrate, newest_version
from tests.storage.examples import count, write_history

NEWEST = newest_version(MIGRATIONS)
NEXT = NEWEST + 1
STARS_FILE = f"{NEXT:04}_stars.sql"
STARS = """
-- A column, a table and a trigger; with ; in it.
ALTER TABLE sessions ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
CREATE TABLE labels (session_id TEXT NOT NULL, label TEXT NOT NULL DEFAULT 'a;b');
CREATE TRIGGER label_gone AFTER DELETE ON sessions BEGIN
  DELETE FROM labels WHERE session_id = old.id;
  UPDATE state SET value = ';' WHERE key = 'x';
END;
INSERT INTO labels (session_id) SELECT id FROM sessions;
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The real migrations, to which a test adds."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


def version(sql: Sql) -> int:
    return sql.execute("PRAGMA user_version").fetchone()[0]


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob("conduit.db.backup-*"))


async def test_a_new_database_needs_no_copy(path: Path, migrations: Path) -> None:
    (migrations / STARS_FILE).write_text(STARS)
    database = await Database.open(path, migrations=migrations)
    try:
        assert await database.read(version) == NEXT
        assert database.notices == ()
        assert backups(path) == []
    finally:
        await database.aclose()


async def test_an_older_database_is_copied_then_migrated(path: Path, migrations: Path) -> None:
    await write_history(path, ["first", "second"])
    (migrations / STARS_FILE).write_text(STARS)
    database = await Database.open(path, migrations=migrations)
    try:
        assert await database.read(version) == NEXT
        assert await count(database, "labels") == 1
        assert await count(database, "messages") == 2
        (backup,) = backups(path)
        (notice,) = database.notices
        assert repr(str(backup)) in notice
    finally:
        await database.aclose()
    assert backup.stat().st_mode & 0o777 == 0o600


async def test_the_copy_is_the_database_as_it_was(path: Path, migrations: Path) -> None:
    await write_history(path, ["first", "second"])
    (migrations / STARS_FILE).write_text(STARS)
    await (await Database.open(path, migrations=migrations)).aclose()
    copy = await Database.open(backups(path)[0])
    try:
        assert await copy.read(version) == NEWEST
        assert await count(copy, "messages") == 2
    finally:
        await copy.aclose()


async def test_a_path_that_is_no_text_can_be_copied_too(path: Path, migrations: Path) -> None:
    path = path.with_name(os.fsdecode(b"\xff.db"))
    await write_history(path, ["first"])
    (migrations / STARS_FILE).write_text(STARS)
    await (await Database.open(path, migrations=migrations)).aclose()
    (backup,) = path.parent.glob("*.backup-*")
    assert backup.stat().st_size > 4096


async def test_several_migrations_run_in_order_of_their_numbers(
    path: Path, migrations: Path
) -> None:
    await write_history(path, [])
    (migrations / f"{NEXT + 8:04}_drop.sql").write_text("DROP TABLE one;")
    (migrations / f"{NEXT:04}_make.sql").write_text("CREATE TABLE one (x);")
    database = await Database.open(path, migrations=migrations)
    try:
        assert await database.read(version) == NEXT + 8
    finally:
        await database.aclose()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(STARS + "INSERT INTO nowhere VALUES (1);", id="a statement fails"),
        pytest.param(STARS + "CREATE TABLE unfinished (", id="the end is missing"),
        pytest.param(STARS + "UPDATE messages SET session_id = 'gone';", id="references break"),
    ],
)
async def test_a_migration_that_fails_leaves_everything_as_it_was(
    path: Path, migrations: Path, broken: str
) -> None:
    await write_history(path, ["first"])
    (migrations / f"{NEXT:04}_broken.sql").write_text(broken)
    with pytest.raises(StorageError):
        await Database.open(path, migrations=migrations)
    database = await Database.open(path)
    try:
        assert await database.read(version) == NEWEST
        assert await count(database, "messages") == 1
        with pytest.raises(StorageError, match="no such table"):
            await count(database, "labels")
    finally:
        await database.aclose()


async def test_no_migration_runs_without_its_copy(path: Path, migrations: Path) -> None:
    await write_history(path, ["first"])
    (migrations / STARS_FILE).write_text(STARS)
    long_name = path.with_name("x" * 250)  # too long for what a copy's name adds
    path.rename(long_name)
    with pytest.raises(StorageError, match="File name too long"):
        await Database.open(long_name, migrations=migrations)
    assert int.from_bytes(long_name.read_bytes()[60:64], "big") == NEWEST


async def test_a_rebuilt_table_keeps_what_refers_to_it(path: Path, migrations: Path) -> None:
    await write_history(path, ["first", "second"])
    (migrations / f"{NEXT:04}_rebuild.sql").write_text(
        "CREATE TABLE renewed AS SELECT * FROM sessions;"
        "\nDROP TABLE sessions;"
        "\nALTER TABLE renewed RENAME TO sessions;"
        "\nCREATE UNIQUE INDEX renewed_id ON sessions (id);"
    )
    database = await Database.open(path, migrations=migrations)
    try:
        assert await count(database, "messages") == 2
        enforced = await database.write(lambda sql: sql.execute("PRAGMA foreign_keys").fetchone())
        assert enforced == (1,)
    finally:
        await database.aclose()


async def test_instances_that_start_at_once_migrate_once(path: Path, migrations: Path) -> None:
    await write_history(path, ["first"])
    (migrations / STARS_FILE).write_text(STARS)
    opening = (Database.open(path, migrations=migrations) for _ in range(3))
    databases = await asyncio.gather(*opening)
    try:
        assert await count(databases[1], "labels") == 1
        assert await databases[2].read(version) == NEXT
    finally:
        for database in databases:
            await database.aclose()


def test_who_waited_for_another_to_migrate_writes_nothing(path: Path) -> None:
    path.parent.mkdir()
    first, second = (sqlite3.connect(path, isolation_level=None, factory=Sql) for _ in range(2))
    for sql in (first, second):
        message_index.prepare(sql)
    after_first: list[bytes] = []

    def migrate_first(statement: str) -> None:
        if statement.startswith("BEGIN"):
            migrate(first, path, MIGRATIONS)
            after_first.append(path.read_bytes())

    second.set_trace_callback(migrate_first)
    assert migrate(second, path, MIGRATIONS) is None
    assert after_first == [path.read_bytes()]
    assert version(second) == NEWEST
    first.close()
    second.close()

"""Files that are not what they should be: each is refused or set aside, in words."""

import asyncio
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.storage import files, opening
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.failures import BUSY_SECONDS, OPENING_SECONDS
from conduit_tui.storage.schema import MIGRATIONS, migrate, newest_version
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import count, write_history

NOBODY = 65534
LONG = ["word " * 2000] * 40


@pytest.fixture(autouse=True)
def _leaves_no_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=60)
        assert not thread.is_alive()


@pytest.fixture
def public_path() -> Iterator[Path]:
    """A place that other users can look into."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "conduit.db"


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write anywhere, so root steps down for a while."""
    user = os.geteuid()
    os.seteuid(user or NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def journal_mode(sql: Sql) -> str:
    return sql.execute("PRAGMA journal_mode").fetchone()[0]


def busy_timeout(sql: Sql) -> int:
    return sql.execute("PRAGMA busy_timeout").fetchone()[0]


async def refuse(path: Path, words: str) -> None:
    """Opening is refused in words that name the file, and nothing is touched."""
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(StorageError, match=words) as caught:
        await Database.open(path)
    assert repr(str(path)) in str(caught.value)
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


async def start_anew(path: Path) -> Path:
    """Opening makes a new, working database; return where the old file was put."""
    database = await Database.open(path)
    try:
        assert await count(database, "messages") == 0
        (notice,) = database.notices
    finally:
        await database.aclose()
    (kept,) = path.parent.glob("conduit.db.damaged-*Z")
    assert repr(str(kept)) in notice
    assert kept.stat().st_mode & 0o777 == 0o600
    return kept


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: os.truncate(path, 50), id="cut in the header"),
        pytest.param(lambda path: os.truncate(path, 5000), id="cut in a page"),
        pytest.param(lambda path: os.truncate(path, 8192), id="cut between pages"),
        pytest.param(lambda path: overwrite(path, 0, b"\xde\xad" * 50), id="garbage header"),
        pytest.param(lambda path: overwrite(path, 0, b"\xde\xad" * 2048), id="garbage first page"),
        pytest.param(lambda path: overwrite(path, 16, b"\xff\xff"), id="garbage page size"),
        pytest.param(lambda path: overwrite(path, 100, b"\xff" * 3000), id="garbage schema"),
        pytest.param(
            lambda path: overwrite(path, 4096 * 9, b"\xa5" * 4096 * 4), id="garbage inside"
        ),
    ],
)
async def test_a_damaged_file_is_set_aside_and_a_new_one_made(
    path: Path, damage: Callable[[Path], None]
) -> None:
    await write_history(path, LONG)
    damage(path)
    damaged = path.read_bytes()
    kept = await start_anew(path)
    assert kept.read_bytes() == damaged


async def test_what_belongs_to_a_damaged_file_is_set_aside_with_it(path: Path) -> None:
    await write_history(path, LONG)
    Path(f"{path}-wal").write_bytes(b"not a log")
    overwrite(path, 0, b"\xde\xad" * 50)
    kept = await start_anew(path)
    assert Path(f"{kept}-wal").read_bytes() == b"not a log"


async def test_damage_met_while_running_is_told_and_dealt_with_at_the_next_start(
    path: Path,
) -> None:
    await write_history(path, LONG * 30)
    overwrite(path, 4096 * 300, b"\xa5" * 4096 * 2000)
    database = await Database.open(path)
    try:
        assert database.notices == ()
        with pytest.raises(StorageError, match=r"is damaged\. Quit and start again"):
            await SessionStore(database).load("s")
    finally:
        await database.aclose()
    await start_anew(path)
    database = await Database.open(path)
    await database.aclose()
    assert database.notices == ()


async def test_a_sound_file_that_was_not_closed_is_kept(path: Path) -> None:
    await write_history(path, ["a"])
    database = await Database.open(path)
    await database.write(lambda sql: sql.run("UPDATE sessions SET title = 'T'").rowcount)
    crashed = path.with_name("crashed")
    crashed.mkdir()
    for suffix in ("", "-wal"):
        file = crashed / f"conduit.db{suffix}"
        file.write_bytes(Path(f"{path}{suffix}").read_bytes())
    await database.aclose()
    again = await Database.open(crashed / "conduit.db")
    try:
        assert again.notices == ()
        assert [each.title for each in await SessionStore(again).summaries()] == ["T"]
    finally:
        await again.aclose()


async def test_an_empty_file_becomes_a_database_and_that_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    database = await Database.open(path)
    await database.aclose()
    assert database.notices == (f"{str(path)!r} was empty; a new history was started in it.",)


async def test_an_empty_file_beside_a_log_is_damaged(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    Path(f"{path}-wal").write_bytes(b"log")
    kept = await start_anew(path)
    assert Path(f"{kept}-wal").read_bytes() == b"log"


async def test_a_newer_schema_is_refused(path: Path) -> None:
    await write_history(path, ["a"])
    overwrite(path, 60, (99).to_bytes(4, "big"))
    await refuse(path, "written by a newer conduit-tui")


async def test_a_newer_schema_that_is_only_in_the_log_is_refused(path: Path) -> None:
    database = await Database.open(path)
    await database.write(lambda sql: sql.execute("PRAGMA user_version = 99").fetchall())
    with pytest.raises(StorageError, match="written by a newer conduit-tui"):
        await Database.open(path)
    await database.aclose()


async def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    sql = sqlite3.connect(path)
    sql.execute("CREATE TABLE theirs (x)")
    sql.close()
    await refuse(path, "belongs to another program")


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 100)
    await refuse(path, "is not a database")


async def test_a_folder_or_a_pipe_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match="is not a file"):
        await Database.open(path)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(StorageError, match="is not a file"):
        await Database.open(path)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot be used.*CONDUIT_HOME") as caught:
        await Database.open(tmp_path / "file" / "data" / "conduit.db")
    assert isinstance(caught.value.__cause__, OSError)


async def test_a_read_only_folder_is_told(public_path: Path) -> None:
    public_path.parent.chmod(0o555)
    for path in (public_path, public_path.parent / "data" / "conduit.db"):
        with (
            without_privileges(),
            pytest.raises(StorageError, match=r"cannot be written to.*CONDUIT_HOME"),
        ):
            await Database.open(path)


async def test_a_read_only_file_is_told(public_path: Path) -> None:
    await write_history(public_path, ["a"])
    public_path.parent.chmod(0o755)
    public_path.chmod(0o444)
    with without_privileges(), pytest.raises(StorageError, match="cannot be written to"):
        await Database.open(public_path)


async def test_two_instances_may_start_for_the_first_time_at_once(path: Path) -> None:
    databases = await asyncio.gather(*(Database.open(path) for _ in range(4)))
    try:
        for number, database in enumerate(databases):
            await SessionStore(database).remember(str(number), "here")
        assert await count(databases[0], "state") == 4
    finally:
        for database in databases:
            await database.aclose()


async def test_who_writes_during_the_first_start_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_another_writes(sql: Sql, where: Path | None, directory: Path) -> Path | None:
        copy = migrate(sql, where, directory)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        attempts: list[str] = []

        def end_it(statement: str) -> None:
            attempts.append(statement)
            if len(attempts) == 2:
                other.close()

        sql.set_trace_callback(end_it)
        return copy

    monkeypatch.setattr(opening, "migrate", and_another_writes)
    database = await Database.open(path)
    try:
        assert await database.read(journal_mode) == "wal"
    finally:
        await database.aclose()


async def test_a_start_waits_longer_for_another_than_a_write_does(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []

    def while_starting(sql: Sql, where: Path | None, directory: Path) -> Path | None:
        waits.append(busy_timeout(sql))
        return migrate(sql, where, directory)

    monkeypatch.setattr(opening, "migrate", while_starting)
    database = await Database.open(path)
    try:
        assert waits == [OPENING_SECONDS * 1000]
        assert await database.write(busy_timeout) == BUSY_SECONDS * 1000
    finally:
        await database.aclose()


async def test_a_start_that_waited_in_vain_says_how_long(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(opening, "OPENING_SECONDS", 0)
    with pytest.raises(StorageError, match="locked for more than 0 s"):
        await Database.open(path)
    other.close()


def test_a_file_that_another_instance_makes_meanwhile_is_not_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.touch()
    others: list[Sql] = []
    has_wal = files._has_wal

    def while_another_starts(file: Path) -> bool:
        monkeypatch.setattr(files, "_has_wal", has_wal)
        others.append(opening.connect_writer(path, MIGRATIONS, []))
        others[0].execute("INSERT INTO state (key, value) VALUES ('k', 'v')")
        return has_wal(file)

    monkeypatch.setattr(files, "_has_wal", while_another_starts)
    assert files.inspect(path, newest_version(MIGRATIONS)) is files.Condition.SUSPECT
    others[0].close()


async def test_a_journal_that_vanishes_while_it_is_looked_at_is_no_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = path.with_name(f"{path.name}-journal")
    monkeypatch.setattr(files, "_beside", lambda _: [gone])
    database = await Database.open(path)
    await database.aclose()


async def test_a_start_that_is_cancelled_leaves_nothing_open(path: Path) -> None:
    opening = asyncio.create_task(Database.open(path))
    for _ in range(3):
        await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    database = await Database.open(path)

    def alone(sql: Sql) -> str:
        return sql.execute("PRAGMA integrity_check").fetchone()[0]

    assert await database.read(alone) == "ok"
    await database.aclose()

"""The database as a whole: permissions, pragmas, transactions, cancellation, closing."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.storage.connection import Sql, Work
from conduit_tui.storage.database import Database
from conduit_tui.storage.schema import APPLICATION_ID


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def put(key: str, value: str = "x") -> Work[int]:
    return lambda sql: (
        sql.run(
            "INSERT INTO state (key, value) VALUES (:key, :value)", key=key, value=value
        ).rowcount
    )


def keys(sql: Sql) -> list[str]:
    return [key for (key,) in sql.execute("SELECT key FROM state ORDER BY key")]


async def test_folder_and_files_are_for_their_owner_alone(database: Database, path: Path) -> None:
    await database.write(put("k"))
    assert mode(path.parent) == "0o700"
    names = {file.name: mode(file) for file in path.parent.iterdir()}
    assert names == {
        "conduit.db": "0o600",
        "conduit.db-wal": "0o600",
        "conduit.db-shm": "0o600",
    }


async def test_rights_of_others_are_taken_away(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    await (await Database.open(path)).aclose()
    path.chmod(0o644)
    path.parent.chmod(0o755)
    await (await Database.open(path)).aclose()
    assert (mode(path), mode(path.parent)) == ("0o600", "0o700")


async def test_a_folder_that_is_everybodys_on_purpose_stays_so(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    await (await Database.open(shared / "conduit.db")).aclose()
    assert shared.stat().st_mode & 0o7777 == 0o1777


async def test_the_header_says_whose_file_it_is_before_anything_is_checkpointed(
    database: Database, path: Path
) -> None:
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == 6


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
    ],
)
async def test_the_writer_runs_with(database: Database, pragma: str, value: object) -> None:
    found = await database.write(lambda sql: sql.execute(f"PRAGMA {pragma}").fetchone()[0])
    assert found == value


async def test_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.read(put("k"))


async def test_a_failed_write_is_undone_and_later_ones_work(database: Database) -> None:
    def half(sql: Sql) -> None:
        put("half")(sql)
        raise KeyError("bug")

    with pytest.raises(KeyError):
        await database.write(half)
    await database.write(put("whole"))
    assert await database.read(keys) == ["whole"]


async def test_cancelling_a_write_waits_for_its_end_and_leaves_no_transaction_open(
    database: Database,
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(sql: Sql) -> None:
        put("slow")(sql)
        began.set()
        go_on.wait()

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(began.wait)
    writing.cancel()
    await asyncio.sleep(0)
    assert not writing.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await database.write(put("after"))
    assert await database.read(keys) == ["after", "slow"]


async def test_a_write_that_was_called_happens_though_cancelled_before_its_turn(
    database: Database,
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(sql: Sql) -> None:
        began.set()
        go_on.wait()

    first = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(began.wait)
    second = asyncio.create_task(database.write(put("second")))
    await asyncio.sleep(0)
    second.cancel()
    second_again = asyncio.create_task(database.write(put("third")))
    go_on.set()
    await asyncio.wait([first, second, second_again])
    assert second.cancelled()
    assert await database.read(keys) == ["second", "third"]


async def test_a_write_cancelled_twice_still_is_carried_through(database: Database) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(sql: Sql) -> None:
        began.set()
        go_on.wait()
        put("kept")(sql)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(began.wait)
    for _ in range(2):
        writing.cancel()
        await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await database.read(keys) == ["kept"]


async def test_closing_lets_writes_in_flight_finish(path: Path) -> None:
    database = await Database.open(path)
    writes = [asyncio.create_task(database.write(put(f"{n:02}"))) for n in range(20)]
    await asyncio.sleep(0)
    await database.aclose()
    await asyncio.gather(*writes)
    again = await Database.open(path)
    found = await again.read(keys)
    await again.aclose()
    assert found == [f"{n:02}" for n in range(20)]


async def test_cancelling_a_read_cuts_it_short(database: Database) -> None:
    began = threading.Event()

    def endless(sql: Sql) -> None:
        sql.create_function("began", 0, lambda: began.set() or 1)
        sql.execute(
            "WITH RECURSIVE n(i) AS (SELECT began() UNION ALL SELECT i + 1 FROM n)"
            " SELECT max(i) FROM n"
        ).fetchone()

    reading = asyncio.create_task(database.read(endless))
    await asyncio.to_thread(began.wait)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await database.read(keys) == []


async def test_a_full_disk_is_told_in_words_undone_and_got_over(
    database: Database, path: Path
) -> None:
    def limit(pages: int) -> Work[int]:
        return lambda sql: sql.execute(f"PRAGMA max_page_count = {pages}").fetchone()[0]

    pages = await database.write(limit(1))
    await database.write(put("before"))
    with pytest.raises(StorageError, match="no room on the disk") as caught:
        await database.write(put("big", "x" * 1_000_000))
    assert repr(str(path)) in str(caught.value)
    assert isinstance(caught.value.__cause__, sqlite3.Error)
    await database.write(limit(pages + 1000))
    await database.write(put("big", "x" * 1_000_000))
    assert await database.read(keys) == ["before", "big"]


async def test_a_database_locked_by_another_program_is_told_in_words(
    database: Database, path: Path
) -> None:
    await database.write(lambda sql: sql.execute("PRAGMA busy_timeout = 0").fetchall())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="Another program kept"):
        await database.write(put("k"))
    other.close()
    await database.write(put("k"))


async def test_data_version_changes_only_when_others_write(database: Database, path: Path) -> None:
    before = await database.data_version()
    await database.write(put("own"))
    assert await database.data_version() == before
    other = await Database.open(path)
    await other.write(put("other"))
    await other.aclose()
    assert await database.data_version() != before


async def test_every_thread_ends_when_it_is_closed(path: Path) -> None:
    before = set(threading.enumerate())
    databases = [await Database.open(path), await Database.in_memory()]
    threads = set(threading.enumerate()) - before
    assert len(threads) == 3
    for database in (*databases, *databases):
        await database.aclose()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()


async def test_a_closed_database_says_so(path: Path) -> None:
    database = await Database.open(path)
    await database.aclose()
    with pytest.raises(StorageError, match="closed"):
        await database.write(put("k"))
    with pytest.raises(StorageError, match="closed"):
        await database.read(keys)


async def test_closing_properly_leaves_one_file(path: Path) -> None:
    database = await Database.open(path)
    await database.write(put("k"))
    await database.aclose()
    assert [file.name for file in path.parent.iterdir()] == ["conduit.db"]


async def test_in_memory_has_the_same_schema_and_leaves_nothing(database: Database) -> None:
    def schema(sql: Sql) -> list[str]:
        return sql.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()

    memory = await Database.in_memory()
    try:
        assert (memory.is_saving, database.is_saving) == (False, True)
        assert await memory.read(schema) == await database.read(schema)
        await memory.write(put("k"))
        assert await memory.read(keys) == ["k"]
    finally:
        await memory.aclose()


async def test_text_that_sqlite_cannot_hold_is_made_storable_on_the_way_in(
    database: Database,
) -> None:
    await database.write(put("\ud800key", "a\udfff\x00b"))
    found = await database.read(
        lambda sql: sql.value("SELECT value FROM state WHERE key = :key", key="\ud800key")
    )
    assert found == "a\ufffd\x00b"

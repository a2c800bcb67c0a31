"""What tools did to files, in the database, and out of it for good."""

from hashlib import sha256

from conduit_tui.core.file_change import FileChange, FileContents
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.file_changes import FileChangeStore
from conduit_tui.storage.sessions import SessionStore
from tests.conftest import AT


async def count(database: Database, table: str) -> int:
    return int(str(await database.read(lambda sql: sql.value(f"SELECT count(*) FROM {table}"))))


async def kept(database: Database, session: Session, *contents: FileContents) -> FileChangeStore:
    await SessionStore(database).create(session, AT)
    store = FileChangeStore(database)
    for number, each in enumerate(contents):
        await store.add(session.id, f"m{number}", f"/a{number}", each, AT)
    return store


async def test_changes_come_back_newest_first_with_what_was_there(database: Database) -> None:
    session = Session("s")
    new, edit = FileContents(None, b"a"), FileContents(b"a\0\xff", b"")
    store = await kept(database, session, new, edit)
    second, first = await store.of_session(session.id)
    assert (first.path, first.before, first.changed_at) == ("/a0", None, AT)
    assert (second.path, second.after) == ("/a1", sha256(b"").hexdigest())
    assert second.before == sha256(b"a\0\xff").hexdigest()
    assert await store.contents(first.id) == new
    assert await store.contents(second.id) == edit
    assert await store.contents(99) is None
    assert await store.of_session("another") == ()


async def test_what_is_the_same_is_kept_once(database: Database) -> None:
    steps = [FileContents(None, b"1"), FileContents(b"1", b"2"), FileContents(b"2", b"1")]
    await kept(database, Session("s"), *steps)
    assert await count(database, "blobs") == 2


async def test_erasing_a_session_erases_what_its_tools_changed(database: Database) -> None:
    gone, stays = Session("gone"), Session("stays")
    await kept(database, gone, FileContents(b"only here", b"shared"))
    store = await kept(database, stays, FileContents(b"shared", b"last"))
    await SessionStore(database).erase(gone.id)
    assert await count(database, "blobs") == 2
    (change,) = await store.of_session(stays.id)
    assert await store.contents(change.id) == FileContents(b"shared", b"last")
    await SessionStore(database).erase(stays.id)
    assert await count(database, "blobs") == 0
    assert await count(database, "file_changes") == 0


async def test_erasing_messages_erases_what_their_calls_changed(database: Database) -> None:
    session = Session("s")
    shared, gone = FileContents(b"before", b"shared"), FileContents(b"shared", b"secret")
    store = await kept(database, session, shared, gone)
    await store.add(session.id, None, "/old", FileContents(None, b"from before"), AT)
    await SessionStore(database).erase_messages(session.id, ["m1", "m9"])
    assert [change.path for change in await store.of_session(session.id)] == ["/old", "/a0"]
    assert await count(database, "blobs") == 3


async def test_a_path_that_no_database_can_hold_is_kept_nearly(database: Database) -> None:
    session = Session("s")
    store = await kept(database, session)
    await store.add(session.id, None, "/a\udcff", FileContents(None, b""), AT)
    (change,) = await store.of_session(session.id)
    assert change.path == "/a\ufffd"


def test_what_a_file_holds_now_is_told_apart() -> None:
    change = FileChange(1, "/a", AT, None, "new")
    assert change.state("new") == "done"
    assert change.state(None) == "undone"
    assert change.state("") == "other"

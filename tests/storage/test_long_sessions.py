"""A long session is opened with its end; the rest follows."""

from decimal import Decimal

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment, Message
from conduit_tui.core.session import Session
from conduit_tui.storage import session_loading, session_rows
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, message

FILE = Attachment("text/plain", b"kept", "a.txt")


@pytest.fixture(autouse=True)
def _short_sessions_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_loading, "SHORT_MESSAGES", 10)
    monkeypatch.setattr(session_loading, "END_MESSAGES", 4)


async def keep(database: Database, *messages: Message, leaf_id: str | None = None) -> SessionStore:
    store = SessionStore(database)
    await store.create(Session("s"), NOW)

    def commit(sql: Sql) -> None:
        for each in messages:
            session_rows.commit(sql, each, take_leaf=True)

    await database.write(commit)
    if leaf_id is not None:
        await store.set_leaf("s", leaf_id)
    return store


def line(length: int) -> list[Message]:
    return [message(f"m{n}", f"m{n - 1}" if n else None) for n in range(length)]


async def opened(store: SessionStore) -> Session:
    session = await store.load_end("s")
    assert session is not None
    return session


async def test_a_short_session_is_whole_at_once(database: Database) -> None:
    session = await opened(await keep(database, *line(10)))
    assert session.is_whole
    assert len(session) == 10


async def test_a_long_one_has_its_last_messages_first(database: Database) -> None:
    store = await keep(database, *line(30))
    session = await opened(store)
    assert not session.is_whole
    assert [each.id for each in session.path(session.leaf_id)] == ["m26", "m27", "m28", "m29"]
    await store.complete(session)
    assert session.is_whole
    assert [each.id for each in session.path(session.leaf_id)] == [f"m{n}" for n in range(30)]


async def test_the_end_is_that_of_the_current_leaf_with_siblings(database: Database) -> None:
    siblings = [message("other", "m3", parts=(FILE,)), message("below", "other")]
    store = await keep(database, *line(30), *siblings, leaf_id="m5")
    session = await opened(store)
    assert [each.id for each in session.path("m5")] == ["m2", "m3", "m4", "m5"]
    assert [each.id for each in session.siblings("m4")] == ["m4", "other"]
    assert session["other"].attachments == (FILE,)
    assert "below" not in session
    whole = await store.load("s")
    await store.complete(session)
    assert whole is not None
    assert list(session) == list(whole)
    assert session.leaf_id == whole.leaf_id == "m5"


async def test_a_leaf_that_is_gone_gives_the_newest_message(database: Database) -> None:
    session = await opened(await keep(database, *line(30), leaf_id="nowhere"))
    assert session.leaf_id == "m29"


async def test_messages_committed_between_end_and_rest_are_there_once(database: Database) -> None:
    store = await keep(database, *line(30))
    session = await opened(store)
    mine = message("mine", "m29", cost_usd=Decimal("0.5"))
    session.add(mine)
    session.visit("mine")
    await store.commit(mine)
    unsaved = message("unsaved", "mine")
    session.add(unsaved)
    session.visit("unsaved")
    await store.complete(session)
    assert [each.id for each in session][-3:] == ["m29", "mine", "unsaved"]
    assert session["mine"] is mine
    assert session.leaf_id == "unsaved"
    assert await store.refresh(session) == ()


async def test_a_session_that_was_erased_meanwhile_is_not_taken_for_whole(
    database: Database,
) -> None:
    store = await keep(database, *line(30))
    session = await opened(store)
    await store.erase("s")
    with pytest.raises(StorageError, match="erased"):
        await store.complete(session)
    assert not session.is_whole


async def test_a_root_has_its_siblings_too(database: Database) -> None:
    roots = [message("root"), message("other root"), message("below", "root")]
    store = await keep(database, *line(30), *roots, leaf_id="below")
    session = await opened(store)
    assert {each.id for each in session.siblings("root")} == {"m0", "root", "other root"}


async def test_what_others_committed_since_is_still_found(database: Database) -> None:
    store = await keep(database, *line(30))
    session = await opened(store)
    await store.complete(session)
    await SessionStore(database).commit(message("theirs", "m29"))
    assert [each.id for each in await store.refresh(session)] == ["theirs"]


async def test_what_messages_have_in_common_is_one_object(database: Database) -> None:
    store = await keep(database, *line(30))
    session = await store.load("s")
    assert session is not None
    first, second = session["m7"], session["m8"]
    assert first.session_id is second.session_id
    assert second.predecessor_id is first.id
    assert first.role is second.role
    assert first.status is second.status

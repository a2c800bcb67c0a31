"""Sessions and their messages in the store."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment, Message, Text, Thinking, ToolCall, Unknown
from conduit_tui.core.params import Params
from conduit_tui.core.schema import Schema
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, count, later, message

PICTURE = Attachment("image/png", b"\x89PNG\x00" * 50, "a.png", {"id": 1})


@pytest.fixture
async def other(database: Database, path: Path) -> AsyncIterator[SessionStore]:
    """The store of another instance on the same file."""
    other = await Database.open(path)
    yield SessionStore(other)
    await other.aclose()


async def load(store: SessionStore) -> Session:
    session = await store.load("s")
    assert session is not None
    return session


async def leaf(store: SessionStore) -> str | None:
    return (await load(store)).leaf_id


async def test_every_field_of_a_message_comes_back(store: SessionStore) -> None:
    question = message("q", parts=(Text("hello \x00 \n\n"), PICTURE, Text("ð", [1])))
    answer = Message(
        id="a",
        session_id="s",
        predecessor_id="q",
        role="assistant",
        parts=(Thinking("hm"), ToolCall("1", "f", "{}"), Unknown({"kind": "video", "of": [None]})),
        created_at=later(5),
        provider="openai",
        model="gpt-5",
        params=Params(
            "Be brief.",
            0.5,
            0.9,
            100,
            ("END",),
            7,
            "low",
            2048,
            True,
            ("f",),
            {"x": [1]},
            Schema("answer", {"type": "object"}),
        ),
        usage=Usage(1, 2, 3, 4, 5),
        cost_usd=Decimal("0.000012345678901234567890"),
        duration_seconds=1.25,
        stop="tool_calls",
        status="interrupted",
        error="The wire was cut.",
        provider_data={"signature": "ß"},
    )
    await store.commit(question)
    await store.commit(answer)
    assert list(await load(store)) == [question, answer]


async def test_every_field_of_a_session_comes_back(store: SessionStore) -> None:
    await store.create(Session("t", "Title", None, "Be brief.", "openai/gpt-5", ("f",), True), NOW)
    session = await store.load("t")
    assert session is not None
    assert (session.title, session.title_is_manual, session.leaf_id) == ("Title", True, None)
    assert (session.system_prompt, session.model, session.tools) == (
        "Be brief.",
        "openai/gpt-5",
        ("f",),
    )


async def test_no_tools_is_something_else_than_the_usual_tools(store: SessionStore) -> None:
    assert (await load(store)).tools is None
    await store.set_tools("s", ())
    assert (await load(store)).tools == ()


async def test_sampling_settings_stay_with_their_session(store: SessionStore) -> None:
    assert (await load(store)).params is None
    chosen = Params(temperature=0.2, stop=("x",), thinking_tokens=2048, search=True)
    await store.set_params("s", chosen)
    assert (await load(store)).params == chosen


async def test_every_setting_left_to_the_provider_is_not_the_usual_ones(
    store: SessionStore,
) -> None:
    await store.set_params("s", Params())
    assert (await load(store)).params == Params()
    await store.set_params("s", None)
    assert (await load(store)).params is None


async def test_an_unknown_session_is_none(store: SessionStore) -> None:
    assert await store.load("nowhere") is None


async def test_creating_a_session_again_changes_nothing(store: SessionStore) -> None:
    await store.set_title("s", "Kept", manual=False)
    await store.create(Session("s", "Other"), later(9))
    assert (await load(store)).title == "Kept"


async def test_a_tree_comes_back_with_its_siblings_in_order(store: SessionStore) -> None:
    for message_id, above in [("a", None), ("b", "a"), ("c", "a"), ("d", "b"), ("e", None)]:
        await store.commit(message(message_id, above))
    session = await load(store)
    assert [each.id for each in session.children("a")] == ["b", "c"]
    assert [each.id for each in session.children(None)] == ["a", "e"]
    assert [each.id for each in session.path("d")] == ["a", "b", "d"]


async def test_a_loaded_session_remembers_the_way_to_its_leaf(store: SessionStore) -> None:
    for message_id, above in [("a", None), ("b", "a"), ("c", "a")]:
        await store.commit(message(message_id, above))
    await store.set_leaf("s", "b")
    assert (await load(store)).leaf_below("a") == "b"


async def test_a_leaf_that_is_not_there_becomes_the_newest_message(store: SessionStore) -> None:
    await store.commit(message("a"))
    await store.set_leaf("s", "gone")
    assert await leaf(store) == "a"


async def test_the_leaf_follows_only_from_its_own_place(store: SessionStore) -> None:
    await store.commit(message("a"))
    await store.commit(message("b", "a"))
    assert await leaf(store) == "b"
    await store.commit(message("c", "a"))
    assert await leaf(store) == "b"
    await store.commit(message("d", "a"), take_leaf=True)
    assert await leaf(store) == "d"


async def test_the_same_id_again_changes_nothing(store: SessionStore, database: Database) -> None:
    await store.commit(message("a", usage=Usage(1, 1)))
    await store.commit(message("b", "a"))
    await store.commit(message("a", parts=(Text("other"),), usage=Usage(9, 9)), take_leaf=True)
    session = await load(store)
    assert [each.text for each in session] == ["a", "b"]
    assert session.leaf_id == "b"
    assert await count(database, "usage_events") == 1
    (summary,) = await store.summaries()
    assert summary.message_count == 2


async def test_a_message_below_nothing_is_refused_whole(
    store: SessionStore, database: Database
) -> None:
    await store.create(Session("t"), NOW)
    await store.commit(message("elsewhere", session_id="t"))
    for above in ("gone", "elsewhere"):
        with pytest.raises(StorageError, match="not in its session"):
            await store.commit(message("a", above, parts=(PICTURE,)))
    with pytest.raises(StorageError, match="Start a new session"):
        await store.commit(message("a", session_id="erased"))
    assert await count(database, "messages") == 1
    assert await count(database, "blobs") == 0


async def test_equal_bytes_are_stored_once(store: SessionStore, database: Database) -> None:
    await store.commit(message("a", parts=(PICTURE, PICTURE)))
    await store.commit(message("b", "a", parts=(PICTURE,)))
    assert await count(database, "blobs") == 1
    assert all(PICTURE in each.parts for each in await load(store))


async def test_size_and_newlines_are_told_without_reading_the_text(
    store: SessionStore, database: Database
) -> None:
    await store.commit(message("a", parts=(Text("é\n\x00"), Thinking("\n"), Text("b\n"))))
    row = await database.read(
        lambda sql: sql.execute("SELECT size_characters, newlines FROM messages").fetchone()
    )
    assert row == (5, 2)


async def test_usage_is_counted_in_the_same_transaction(
    store: SessionStore, database: Database
) -> None:
    usage = Usage(10, 20, 3, 4, 5)
    await store.commit(
        message("a", provider="openai", model="gpt-5", usage=usage, cost_usd=Decimal("0.10"))
    )
    await store.commit(message("b", "a"))
    row = await database.read(lambda sql: sql.execute("SELECT * FROM usage_events").fetchall())
    at = "2026-03-01T12:00:00.123456+00:00"
    assert row == [(1, at, "s", "a", "openai", "gpt-5", 10, 20, 3, 4, 5, "0.10", None, 0)]


async def test_a_message_that_comes_back_after_its_erasure_is_not_counted_twice(
    store: SessionStore, database: Database
) -> None:
    for _ in range(2):
        await store.create(Session("s"), NOW)
        await store.commit(message("a", usage=Usage(1, 1)))
        await store.erase("s")
    assert await count(database, "usage_events") == 1


async def test_summaries_show_pinned_then_newest_and_no_empty_sessions(
    store: SessionStore,
) -> None:
    for seconds, session_id in enumerate(["old", "new", "pinned", "prompted", "empty"]):
        await store.create(Session(session_id, session_id.title()), later(-seconds))
    await store.commit(message("o", session_id="old", created_at=later(10)))
    await store.commit(message("p", session_id="pinned", created_at=later(5)))
    await store.commit(message("n", session_id="new", created_at=later(20)))
    await store.set_pinned("pinned", True)
    await store.save_prompt("prompted", "unsent")
    found = await store.summaries()
    assert [each.title for each in found] == ["Pinned", "New", "Old", "Prompted"]
    assert (found[0].pinned, found[0].updated_at, found[0].message_count) == (True, later(5), 1)
    assert [each.id for each in await store.summaries(limit=2)] == ["pinned", "new"]


async def test_an_old_message_does_not_make_a_session_look_older(store: SessionStore) -> None:
    await store.commit(message("a", created_at=later(-1000)))
    (summary,) = await store.summaries()
    assert summary.updated_at == NOW


async def test_the_trash_takes_and_gives_back(store: SessionStore) -> None:
    await store.commit(message("a"))
    await store.delete("s", later(1))
    assert await store.summaries() == ()
    (summary,) = await store.summaries(deleted=True)
    assert summary.deleted_at == later(1)
    await store.restore("s")
    assert await store.summaries(deleted=True) == ()
    (summary,) = await store.summaries()
    assert summary.deleted_at is None


async def test_a_chosen_title_is_only_replaced_by_a_person(store: SessionStore) -> None:
    await store.set_title("s", "Made up", manual=False)
    await store.set_title("s", "Chosen", manual=True)
    await store.set_title("s", "Made up again", manual=False)
    session = await load(store)
    assert (session.title, session.title_is_manual) == ("Chosen", True)
    await store.set_title("s", "Chosen again", manual=True)
    assert (await load(store)).title == "Chosen again"


async def test_system_prompt_and_model_can_be_set_and_unset(store: SessionStore) -> None:
    await store.set_system_prompt("s", "Be \ud800 brief.")
    await store.set_model("s", "openai/gpt-5")
    session = await load(store)
    assert (session.system_prompt, session.model) == ("Be \ufffd brief.", "openai/gpt-5")
    await store.set_system_prompt("s", None)
    await store.set_model("s", None)
    session = await load(store)
    assert (session.system_prompt, session.model) == (None, None)


async def test_erasing_removes_the_words_from_the_files_too(
    store: SessionStore, database: Database, path: Path
) -> None:
    secret, data = "xylophone-in-the-attic", b"secret bytes of an attachment"
    await store.create(Session("kept"), NOW)
    await store.commit(message("k", session_id="kept", parts=(PICTURE,)))
    attached = (Text(secret), PICTURE, Attachment("a/b", data, "n"))
    await store.commit(message("a", parts=attached, usage=Usage(1, 1)))
    await store.commit(message("b", "a"))
    await store.save_prompt("s", secret, (Attachment("a/b", data, "n"),))
    await store.set_title("s", secret, manual=True)
    await store.add_history(secret)
    await store.erase("s")
    assert await store.load("s") is None
    assert await count(database, "messages") == 1
    assert await count(database, "blobs") == 1
    assert await count(database, "usage_events") == 1
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret.encode() not in everything
    assert data not in everything


async def test_refresh_brings_what_another_instance_committed(
    store: SessionStore, other: SessionStore
) -> None:
    await store.commit(message("a"))
    session = await load(store)
    theirs = await load(other)
    await other.commit(message("b", "a"))
    await other.set_title("s", "Theirs", manual=True)
    assert [each.id for each in await store.refresh(session)] == ["b"]
    assert (session.title, session.title_is_manual) == ("Theirs", True)
    assert session.leaf_id == "a"
    assert await store.refresh(session) == ()
    await store.commit(message("c", "b"))
    assert [each.id for each in await other.refresh(theirs)] == ["b", "c"]


async def test_refresh_leaves_out_what_the_session_has_already(store: SessionStore) -> None:
    session = Session("s")
    for message_id, above in [("a", None), ("b", "a")]:
        await store.commit(message(message_id, above))
        session.add(message(message_id, above))
    assert await store.refresh(session) == ()
    await store.commit(message("c", "b", parts=(PICTURE,)))
    (added,) = await store.refresh(session)
    assert added.parts == (PICTURE,)


async def test_refresh_leaves_first_words_that_are_not_stored_yet(store: SessionStore) -> None:
    await store.commit(message("a"))
    session = await load(store)
    await store.set_title("s", "", manual=False)
    session.title = "What is typed just now"
    await store.refresh(session)
    assert session.title == "What is typed just now"


async def test_refreshing_an_erased_session_changes_nothing(
    store: SessionStore, other: SessionStore
) -> None:
    await store.commit(message("a"))
    session = await load(store)
    await other.erase("s")
    assert await store.refresh(session) == ()
    assert len(session) == 1


async def test_two_instances_may_write_the_same_session_at_once(
    store: SessionStore, other: SessionStore
) -> None:
    await store.commit(message("root"))
    both = [
        writer.commit(message(f"{name}{number}", "root"))
        for number in range(20)
        for name, writer in (("own", store), ("their", other))
    ]
    await asyncio.gather(*both)
    assert len(await load(store)) == 41
    assert [each.id for each in await load(store)] == [each.id for each in await load(other)]


async def test_a_cancelled_commit_is_carried_through(store: SessionStore) -> None:
    committing = asyncio.create_task(store.commit(message("a")))
    await asyncio.sleep(0)
    committing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await committing
    assert [each.id for each in await load(store)] == ["a"]


async def test_a_message_that_found_no_room_can_be_committed_later(
    store: SessionStore, database: Database
) -> None:
    def limit(sql: Sql, pages: int) -> None:
        sql.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    big = message("a", parts=(Text("x" * 500_000), PICTURE), usage=Usage(1, 1))
    await database.write(lambda sql: limit(sql, 1))
    with pytest.raises(StorageError, match="no room"):
        await store.commit(big)
    assert await count(database, "blobs") == 0
    await database.write(lambda sql: limit(sql, 100_000))
    await store.commit(big)
    assert list(await load(store)) == [big]


async def test_everything_works_in_memory() -> None:
    database = await Database.in_memory()
    try:
        store = SessionStore(database)
        await store.create(Session("s"), NOW)
        await store.commit(message("a", parts=(PICTURE,)))
        assert list(await load(store)) == [message("a", parts=(PICTURE,))]
        await store.erase("s")
        assert await store.load("s") is None
    finally:
        await database.aclose()


async def test_ten_thousand_messages_in_one_line_come_back(
    store: SessionStore, database: Database
) -> None:
    """Also deep ones: nothing here may recurse."""

    def write(sql: Sql) -> None:
        sql.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
            " INSERT INTO messages (id, session_id, predecessor_seq, role, status, created_at,"
            " size_characters, newlines, parts, text) SELECT 'm' || i, 's', nullif(i - 1, 0),"
            " 'user', 'complete', '2026-03-01T12:00:00.000000+00:00', 2, 0,"
            """ '[{"kind":"text","length":2}]', 'hi' FROM n"""
        )

    await database.write(write)
    session = await load(store)
    assert session.leaf_id == "m10000"
    assert len(session.path("m10000")) == 10_000

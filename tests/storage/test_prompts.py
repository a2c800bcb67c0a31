"""What a person typed survives, sent or not."""

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.prompts import HISTORY_ROWS
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, count, message

NOTES = Attachment("text/markdown", b"# Notes", "notes.md", {"pasted": True})
PICTURE = Attachment("image/png", b"\x89PNG", "a.png")


async def test_an_unsent_prompt_comes_back_with_its_attachments(store: SessionStore) -> None:
    await store.save_prompt("s", "half a \ud800 thought\x00", (PICTURE, NOTES, PICTURE))
    assert await store.load_prompt("s") == (
        "half a \ufffd thought\x00",
        (PICTURE, NOTES, PICTURE),
    )


async def test_each_session_has_its_own(store: SessionStore) -> None:
    await store.create(Session("t"), NOW)
    await store.save_prompt("s", "one")
    await store.save_prompt("t", "two")
    assert (await store.load_prompt("s"), await store.load_prompt("t")) == (
        ("one", ()),
        ("two", ()),
    )
    assert await store.load_prompt("nowhere") == ("", ())


async def test_saving_replaces_and_emptying_leaves_nothing(
    store: SessionStore, database: Database
) -> None:
    await store.save_prompt("s", "one", (NOTES, PICTURE))
    await store.save_prompt("s", "", (NOTES,))
    assert await store.load_prompt("s") == ("", (NOTES,))
    assert await count(database, "blobs") == 1
    await store.save_prompt("s", "")
    assert await store.load_prompt("s") == ("", ())
    assert await count(database, "prompt_drafts") == 0
    assert await count(database, "blobs") == 0


async def test_bytes_that_were_sent_stay_when_the_prompt_is_emptied(store: SessionStore) -> None:
    await store.save_prompt("s", "look", (PICTURE,))
    await store.commit(message("a", parts=(PICTURE,)))
    await store.save_prompt("s", "")
    session = await store.load("s")
    assert session is not None
    assert session["a"].parts == (PICTURE,)


async def test_a_prompt_of_an_unknown_session_is_refused(store: SessionStore) -> None:
    with pytest.raises(StorageError, match="'nowhere' is not in the history"):
        await store.save_prompt("nowhere", "lost?")


async def test_history_ends_with_the_newest_and_has_no_doubles_in_a_row(
    store: SessionStore,
) -> None:
    for text in ["a", "b", "b", "a", "c\n"]:
        await store.add_history(text)
    assert await store.history() == ("a", "b", "a", "c\n")
    assert await store.history(limit=2) == ("a", "c\n")


async def test_history_forgets_the_oldest(store: SessionStore, database: Database) -> None:
    await database.write(
        lambda sql: (
            sql.executemany(
                "INSERT INTO prompt_history (text) VALUES (?)",
                [(str(number),) for number in range(HISTORY_ROWS)],
            ).rowcount
        )
    )
    await store.add_history("newest")
    assert await count(database, "prompt_history") == HISTORY_ROWS
    assert (await store.history(HISTORY_ROWS))[0] == "1"


async def test_small_things_are_remembered(store: SessionStore) -> None:
    assert await store.recall("theme") is None
    await store.remember("theme", "dark")
    await store.remember("theme", "light")
    assert await store.recall("theme") == "light"

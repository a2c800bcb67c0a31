"""Sessions as a person handles them."""

import asyncio

import pytest

from conduit_tui.core.errors import UnknownModel
from conduit_tui.core.message import Attachment
from conduit_tui.storage.sessions import SessionStore
from tests.controller.desk import Desk, texts


async def test_a_new_session_is_not_written_before_something_is_in_it(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.shelf.save_prompt(session, "", ())
    assert await desk.store.load(session.id) is None
    assert await desk.shelf.summaries() == ()


async def test_opening_a_session_twice_gives_one_and_the_same(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    assert await desk.shelf.open(session.id) is session
    assert await desk.shelf.open("unknown") is None


async def test_opening_a_session_twice_at_once_gives_one_and_the_same(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    session_id = session.id
    del session
    desk.shelf._open.clear()
    first, second = await asyncio.gather(desk.shelf.open(session_id), desk.shelf.open(session_id))
    assert first is not None
    assert first is second


async def test_a_model_chosen_before_the_first_message_is_kept(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.shelf.save_prompt(session, "unsent", ())
    assert await desk.shelf.set_model(session, "plain/x") == "plain/x"
    assert (await desk.stored(session)).model == "plain/x"
    await desk.talk(session, "one")
    assert (await desk.stored(session)).model == "plain/x"
    assert await desk.shelf.recall("last_model") == "plain/x"


async def test_a_model_nobody_knows_changes_nothing(desk: Desk) -> None:
    session = desk.shelf.new("demo/guide")
    with pytest.raises(UnknownModel):
        await desk.shelf.set_model(session, "nothing like it")
    assert session.model == "demo/guide"


async def test_what_is_typed_and_not_sent_is_kept(desk: Desk) -> None:
    session = desk.shelf.new()
    file = Attachment("text/plain", b"diff", "a.diff")
    await desk.shelf.save_prompt(session, "half a thou", (file,))
    assert await desk.shelf.load_prompt(session) == ("half a thou", (file,))
    await desk.talk(session, "one")
    await desk.shelf.save_prompt(session, "", ())
    assert await desk.shelf.load_prompt(session) == ("", ())


async def test_settings_of_a_session_are_kept(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.shelf.set_system_prompt(session, "Be brief.")
    await desk.shelf.set_tools(session, ("current_time",))
    await desk.controller.structure.rename(session, "Mine")
    stored = await desk.stored(session)
    assert (stored.system_prompt, stored.tools, stored.title) == (
        "Be brief.",
        ("current_time",),
        "Mine",
    )
    await desk.shelf.set_system_prompt(session, None)
    assert desk.controller.system_prompt_of(session) == "Be kind."
    assert (await desk.stored(session)).system_prompt is None


async def test_a_deleted_session_is_in_the_trash_and_comes_back(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    await desk.shelf.delete(session.id)
    assert await desk.shelf.summaries() == ()
    (trashed,) = await desk.shelf.summaries(deleted=True)
    assert (trashed.id, trashed.message_count) == (session.id, 2)
    await desk.shelf.restore(session.id)
    assert [one.id for one in await desk.shelf.summaries()] == [session.id]
    await desk.shelf.erase(session.id)
    assert await desk.store.load(session.id) is None


async def test_what_another_instance_says_comes_in_and_moves_nothing(desk: Desk) -> None:
    session = desk.shelf.new()
    line = await desk.talk(session, "one")
    elsewhere = Desk(desk.database)
    theirs = await SessionStore(desk.database).load(session.id)
    assert theirs is not None
    elsewhere.ledger.opened(theirs)
    await elsewhere.talk(theirs, "two")
    assert texts(await desk.controller.structure.take_in(session)) == ["two", "Re: two"]
    assert session.leaf_id == line[-1].id
    assert texts(session.children(line[-1].id)) == ["two"]


async def test_one_message_is_read_without_opening_its_session(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    session_id, first = session.id, next(iter(session))
    assert await desk.shelf.message(session_id, first.id) is first
    del session
    desk.shelf._open.clear()
    assert await desk.shelf.message(session_id, first.id) == first
    assert await desk.shelf.message(session_id, "unknown") is None
    assert await desk.shelf.message("unknown", first.id) is None
    assert session_id not in desk.shelf._open

"""What is said is kept: in the tree when the store fails, and in the file when it works again."""

import asyncio

import pytest

from conduit_tui.controller.ledger import TITLE_CHARACTERS, first_words
from conduit_tui.core.errors import StorageError
from conduit_tui.core.events import TurnEnded
from conduit_tui.core.message import Attachment
from tests.conftest import MakeMessage, stalling, until
from tests.controller.desk import FULL, Desk, committed, events_of, texts


async def test_a_failing_store_keeps_the_conversation_and_says_so_once(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    desk.store.is_broken = True
    line = await desk.talk(session, "two", "three")
    assert texts(line) == ["one", "Re: one", "two", "Re: two", "three", "Re: three"]
    assert desk.notices == [f"Not saved: {FULL}"]
    assert texts(await desk.stored(session)) == ["one", "Re: one"]


async def test_what_could_not_be_saved_is_saved_with_the_next_message(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.store.is_broken = True
    await desk.talk(session, "one")
    desk.store.is_broken = False
    await desk.talk(session, "two")
    stored = await desk.stored(session)
    assert list(stored) == list(session)
    assert (stored.leaf_id, stored.title) == (session.leaf_id, "one")
    assert desk.notices == [f"Not saved: {FULL}"]


async def test_a_store_that_fails_again_later_is_told_again(desk: Desk) -> None:
    session = desk.shelf.new()
    for text in ("one", "two"):
        desk.store.is_broken = True
        await desk.talk(session, text)
        desk.store.is_broken = False
        await desk.talk(session, f"{text} more")
    assert desk.notices == [f"Not saved: {FULL}"] * 2
    assert list(await desk.stored(session)) == list(session)


async def test_closing_tries_once_more_to_save(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.store.is_broken = True
    await desk.talk(session, "one")
    desk.store.is_broken = False
    await desk.controller.aclose()
    assert list(await desk.stored(session)) == list(session)


async def test_a_turn_goes_on_and_ends_well_while_the_store_fails(desk: Desk) -> None:
    session = desk.shelf.new()
    desk.store.is_broken = True
    events = await events_of(desk.controller.send(session, "one"))
    assert committed(events) == ["one", "Re: one"]
    assert events[-1] == TurnEnded("done")


async def test_a_session_that_cannot_be_saved_does_not_hold_back_others(desk: Desk) -> None:
    stuck, other = desk.shelf.new(), desk.shelf.new()
    desk.store.lost = [stuck.id]
    await desk.talk(stuck, "one")
    await desk.talk(other, "two")
    await desk.talk(stuck, "three")
    assert list(await desk.stored(other)) == list(other)
    assert desk.notices == [f"Not saved: {FULL}"]
    desk.store.lost = []
    await desk.talk(other, "four")
    assert list(await desk.stored(stuck)) == list(stuck)


async def test_a_reply_to_an_erased_session_is_not_written_and_troubles_nobody(
    desk: Desk,
) -> None:
    erased, other = desk.shelf.new(), desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["tell"] = stalling(reached, "Once")
    turn = desk.controller.send(erased, "tell")
    await until(reached)
    await desk.shelf.erase(erased.id)
    await turn.cancel()
    await desk.talk(other, "two")
    assert await desk.store.load(erased.id) is None
    assert list(await desk.stored(other)) == list(other)
    assert desk.notices == []


async def test_the_place_in_the_tree_is_kept(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer, *_ = await desk.talk(session, "one", "two")
    await desk.controller.edit(session, one.id, "1").wait()
    await desk.controller.structure.go(session, one.id)
    assert (await desk.stored(session)).leaf_id == session.leaf_id
    await desk.controller.structure.go(session, answer.id, is_exact=True)
    assert session.leaf_id == answer.id
    assert (await desk.stored(session)).leaf_id == answer.id


async def test_a_place_that_cannot_be_kept_is_kept_later(desk: Desk) -> None:
    session = desk.shelf.new()
    one, *_ = await desk.talk(session, "one", "two")
    desk.store.is_broken = True
    with pytest.raises(StorageError, match=FULL):
        await desk.controller.structure.go(session, one.id, is_exact=True)
    assert session.leaf_id == one.id
    desk.store.is_broken = False
    await desk.controller.structure.go(session, session.leaf_below(one.id))
    steps = await desk.store.journal(session.id)
    assert len(steps) == 2, "what could not be stored is stored later"


async def test_a_session_is_titled_by_the_first_words_that_come(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, " \n ", "Explain Raft\nto a child", "And Paxos")
    assert session.title == "Explain Raft"
    assert (await desk.stored(session)).title == "Explain Raft"


async def test_a_title_given_by_hand_stays(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.controller.structure.rename(session, "Mine")
    await desk.talk(session, "Explain Raft")
    stored = await desk.stored(session)
    assert (stored.title, stored.title_is_manual) == ("Mine", True)
    assert session.title == "Mine"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Explain Raft", "Explain Raft"),
        ("\n\n  Explain Raft  \nplease", "Explain Raft"),
        ("", ""),
        ("[bold", "[bold"),
        ("\x1b]0;pwned\x07", "␛]0;pwned␇"),
        ("a\udc80b\tc", "a\ufffdb c"),
        ("x" * 200_000, "x" * TITLE_CHARACTERS + "…"),
        ("word " * 100, ("word " * 12).strip() + "…"),
        ("x" * TITLE_CHARACTERS, "x" * TITLE_CHARACTERS),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(
    make_message: MakeMessage, text: str, title: str
) -> None:
    assert first_words(make_message("user", text)) == title


def test_a_message_of_files_alone_is_titled_by_the_first(make_message: MakeMessage) -> None:
    file = Attachment("text/plain", b"", "a\x1b.diff")
    assert first_words(make_message("user", file)) == "a␛.diff"

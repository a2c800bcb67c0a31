"""Changes of the tree in the store: in order, after failures, beside another instance, erased."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conduit_tui.controller.structure import Storing
from conduit_tui.core import structure
from conduit_tui.core.change import SetAbsence
from conduit_tui.core.errors import NotPossible, PlaceErased, StorageError
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.controller.desk import Desk, texts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "xylophone-in-the-attic"


async def talk(desk: Desk, *words: str) -> tuple[Session, list[Message]]:
    session = desk.shelf.new()
    return session, await desk.talk(session, *words)


async def prune(desk: Desk, session: Session, message: Message) -> None:
    plan = structure.prune(session, message.id, NOW)
    await desk.controller.structure.carry_out(session, plan, f'prune "{message.text}"')


async def test_what_is_written_below_a_copy_at_once_is_stored_after_it(desk: Desk) -> None:
    session, (one, _, two, _) = await talk(desk, "one", "two")
    plan = structure.graft(session, two.id, one.id)
    storing = desk.controller.structure.carry_out(session, plan, "graft")
    turn = desk.controller.send(session, "three")
    await turn.wait()
    await storing
    await desk.assert_stored(session)
    assert desk.notices == []


async def test_the_leaf_is_where_one_wrote_though_going_there_was_stored_later(desk: Desk) -> None:
    session, (one, *_) = await talk(desk, "one", "two")
    storing = desk.controller.structure.go(session, one.id, is_exact=True)
    await desk.controller.send(session, "three").wait()
    await storing
    await desk.assert_stored(session)
    assert texts(session.path(session.leaf_id)) == ["one", "three", "Re: three"]


async def test_a_leaf_that_went_out_of_sight_is_stored_as_what_is_above_it(desk: Desk) -> None:
    session, (one, reply) = await talk(desk, "one")
    plan = structure.Plan((SetAbsence(reply.id, Absence("pruned", NOW)),))
    await desk.controller.structure.carry_out(session, plan, "prune")
    assert session.leaf_id == one.id
    await desk.controller.send(session, "two").wait()
    await desk.assert_stored(session)


async def test_what_stands_on_an_unsaved_message_waits_for_it(desk: Desk) -> None:
    session, _ = await talk(desk, "one")
    desk.store.lost_words = ("two",)
    two = (await desk.talk(session, "two"))[2]
    steps = desk.controller.structure
    with pytest.raises(StorageError, match="not saved"):
        await steps.carry_out(session, structure.star(session, two.id, NOW), "star")
    desk.store.lost_words = ()
    await steps.rename(session, "A")
    await desk.assert_stored(session)
    assert (await desk.stored(session)).mark(two.id).starred_at == NOW


async def test_steps_that_could_not_be_stored_are_stored_at_the_end(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "conduit.db")
    session, (_, reply) = await talk(desk, "one")
    desk.store.is_broken = True
    with pytest.raises(StorageError):
        await prune(desk, session, reply)
    assert not session.is_visible(reply.id)
    desk.store.is_broken = False
    await desk.aclose()
    database = await Database.open(tmp_path / "conduit.db")
    try:
        stored = await SessionStore(database).load(session.id)
    finally:
        await database.aclose()
    assert stored is not None
    assert stored.leaf_id == session.leaf_id
    assert not stored.is_visible(reply.id)


async def test_undo_and_redo_go_on_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    session, (_, reply) = await talk(desk, "one")
    await prune(desk, session, reply)
    other = await Desk.open(tmp_path / "conduit.db")
    try:
        again = await other.shelf.open(session.id)
        assert again is not None
        assert await other.controller.structure.undo(again) == 'prune "Re: one"'
        assert texts(again.path(again.leaf_id)) == ["one", "Re: one"]
        assert await other.controller.structure.redo(again) == 'prune "Re: one"'
        assert texts(again.path(again.leaf_id)) == ["one"]
        await other.assert_stored(again)
    finally:
        await other.aclose()


async def test_hundreds_of_undos_in_a_row_lead_to_where_it_began(desk: Desk) -> None:
    session, line = await talk(desk, "one", "two")
    steps = desk.controller.structure
    for number in range(150):
        await steps.go(session, line[number % 2].id, is_exact=True)
    for _ in range(150):
        assert await steps.undo(session)
    assert session.leaf_id == line[-1].id
    assert await steps.undo(session) is None
    for _ in range(150):
        assert await steps.redo(session)
    assert session.leaf_id == line[1].id
    await desk.assert_stored(session)


async def test_all_of_a_session_stays_pruned_after_a_restart(desk: Desk) -> None:
    session, (root, _) = await talk(desk, "one")
    await prune(desk, session, root)
    assert session.leaf_id is None
    stored = await desk.stored(session)
    assert stored.leaf_id is None
    assert len(stored) == 2


async def test_a_fork_holds_the_path_and_no_undo_takes_its_beginning(desk: Desk) -> None:
    session, (_, reply, *_) = await talk(desk, "one", "two")
    forked = await desk.controller.fork(session, reply.id, with_subtree=False)
    assert texts(forked) == ["one", "Re: one"]
    await desk.assert_stored(forked)
    assert await desk.controller.structure.undo(forked) is None
    assert len(await desk.controller.structure.journal(forked)) == 1


async def test_what_another_instance_did_is_taken_in_and_can_be_undone_here(
    desk: Desk, tmp_path: Path
) -> None:
    session, (_, reply) = await talk(desk, "one")
    await desk.controller.structure.journal(session)
    other = await Desk.open(tmp_path / "conduit.db")
    try:
        theirs = await other.shelf.open(session.id)
        assert theirs is not None
        await prune(other, theirs, theirs[reply.id])
    finally:
        await other.aclose()
    await desk.controller.structure.take_in(session)
    assert not session.is_visible(reply.id)
    assert await desk.controller.structure.undo(session) == 'prune "Re: one"'
    assert session.is_visible(reply.id)


async def test_what_is_not_stored_yet_outlives_taking_in(desk: Desk) -> None:
    session, (_, reply) = await talk(desk, "one")
    plan = structure.prune(session, reply.id, NOW)
    storing = desk.controller.structure.carry_out(session, plan, "prune")
    await desk.controller.structure.take_in(session)
    assert not session.is_visible(reply.id)
    await storing
    await desk.assert_stored(session)


async def test_erasing_leaves_no_word_of_a_branch_in_the_file(desk: Desk, tmp_path: Path) -> None:
    session, line = await talk(desk, SECRET, f"more of {SECRET}")
    steps = desk.controller.structure
    await desk.store.add_history(SECRET)
    await desk.store.add_history(f"more of {SECRET}")
    marked = structure.annotate(session, line[2].id, f"note {SECRET}")
    await steps.carry_out(session, marked, f'note on "more of {SECRET}"')
    await steps.carry_out(
        session, structure.label(session, line[0].id, SECRET), f'label "{SECRET}"'
    )
    await steps.rename(session, "Chosen")
    await steps.undo(session)
    await steps.go(session, line[1].id, is_exact=True)
    await steps.go(session, line[3].id)
    await prune(desk, session, line[2])
    await steps.journal(session)
    await prune(desk, session, line[0])
    assert await steps.erase(session, line[0].id) == 4
    assert len(session) == 0
    assert session.title == ""
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert SECRET.encode() not in everything
    journal = await steps.journal(session)
    assert {each.words for each in journal} >= {"prune (erased)", "label (erased)"}


async def test_words_that_other_messages_have_too_stay_in_the_steps(desk: Desk) -> None:
    session, (_, _, second, _) = await talk(desk, "yes", "yes")
    await prune(desk, session, second)
    await desk.controller.structure.erase(session, second.id)
    assert session.title == "yes"
    assert texts(session) == ["yes", "Re: yes"]
    await desk.assert_stored(session)


async def test_after_erasing_undo_goes_on_with_what_is_left(desk: Desk) -> None:
    session, line = await talk(desk, "one", "two")
    steps = desk.controller.structure
    await steps.carry_out(session, structure.star(session, line[0].id, NOW), 'star "one"')
    await prune(desk, session, line[2])
    await steps.erase(session, line[2].id)
    assert session.leaf_id == line[1].id
    assert (
        await steps.undo(session) == "prune (erased)" or session.mark(line[0].id).starred_at is None
    )
    while await steps.undo(session):
        pass
    assert session.mark(line[0].id).starred_at is None
    assert session.leaf_id == line[1].id
    await desk.assert_stored(session)


async def test_what_comes_back_into_sight_while_it_is_erased_leaves_no_leaf_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, line = await talk(desk, "one", "two")
    steps = desk.controller.structure
    await prune(desk, session, line[2])
    await steps.journal(session)
    back: list[Storing] = []
    erase_messages = desk.store.erase_messages

    async def undone_meanwhile(*erased: Any) -> None:
        back.extend(filter(None, [steps.turn_back(session, "undo")]))
        await erase_messages(*erased)

    monkeypatch.setattr(desk.store, "erase_messages", undone_meanwhile)
    await steps.erase(session, line[2].id)
    await back[0]
    assert session.leaf_id == line[1].id
    await desk.assert_stored(session)


async def erase_elsewhere(path: Path, session: Session, message: Message) -> None:
    other = await Desk.open(path)
    try:
        theirs = await other.shelf.open(session.id)
        assert theirs is not None
        await prune(other, theirs, theirs[message.id])
        await other.controller.structure.erase(theirs, message.id)
    finally:
        await other.aclose()


async def test_a_copy_below_what_was_erased_elsewhere_holds_no_later_step_back(
    desk: Desk, tmp_path: Path
) -> None:
    session, (one, _, two, _) = await talk(desk, "one", "two")
    steps = desk.controller.structure
    await erase_elsewhere(tmp_path / "conduit.db", session, two)
    with pytest.raises(PlaceErased, match="erased by another instance"):
        await steps.carry_out(session, structure.graft(session, one.id, two.id), "graft")
    await steps.carry_out(session, structure.star(session, one.id, NOW), "star")
    assert (await desk.stored(session)).mark(one.id).starred_at == NOW
    assert await steps.undo(session) == "star"
    assert (await desk.stored(session)).mark(one.id).starred_at is None


async def test_what_was_written_below_what_was_erased_elsewhere_holds_no_step_back(
    desk: Desk, tmp_path: Path
) -> None:
    session, (one, _, two, _) = await talk(desk, "one", "two")
    steps = desk.controller.structure
    await erase_elsewhere(tmp_path / "conduit.db", session, two)
    written = (await desk.talk(session, "three"))[-2]
    assert "not in its session" in desk.notices[0]
    await steps.carry_out(session, structure.star(session, written.id, NOW), "star")
    await steps.carry_out(session, structure.star(session, one.id, NOW), "star")
    assert (await desk.stored(session)).mark(one.id).starred_at == NOW


async def test_only_what_is_in_the_trash_can_be_erased(desk: Desk) -> None:
    session, (one, _) = await talk(desk, "one")
    with pytest.raises(NotPossible):
        await desk.controller.structure.erase(session, one.id)


async def test_what_another_instance_wrote_below_is_not_erased_unseen(
    desk: Desk, tmp_path: Path
) -> None:
    session, (_, reply) = await talk(desk, "one")
    other = await Desk.open(tmp_path / "conduit.db")
    try:
        theirs = await other.shelf.open(session.id)
        assert theirs is not None
        await prune(desk, session, reply)
        await other.talk(theirs, "and then?")
        steps = desk.controller.structure
        with pytest.raises(StorageError, match="Another instance wrote below"):
            await steps.erase(session, reply.id)
        assert len(await desk.stored(session)) == 4
        await steps.take_in(session)
        assert await steps.erase(session, reply.id) == 3
    finally:
        await other.aclose()


async def test_a_step_that_is_stored_late_does_not_take_the_leaf_back(
    desk: Desk, tmp_path: Path
) -> None:
    session, (one, *_) = await talk(desk, "one", "two")
    steps = desk.controller.structure
    desk.store.is_broken = True
    with pytest.raises(StorageError):
        await steps.go(session, one.id, is_exact=True)
    desk.store.is_broken = False
    await desk.talk(session, "three")
    await steps.rename(session, "A")
    await desk.assert_stored(session)


async def test_erasing_finds_words_whose_broken_characters_were_replaced(
    desk: Desk, tmp_path: Path
) -> None:
    session, (_, reply) = await talk(desk, "one")
    broken = f"{SECRET} \ud83d"
    asked = await desk.controller.put_beside(session, reply.id, broken)
    await desk.controller.structure.go(session, reply.id, is_exact=True)
    await desk.controller.structure.go(session, asked.id, is_exact=True)
    await prune(desk, session, asked)
    await desk.controller.structure.erase(session, asked.id)
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert SECRET.encode() not in everything

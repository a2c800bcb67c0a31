"""Changes of the tree as a person makes them: applied, stored, undone, and found again."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit_tui.core import structure
from conduit_tui.core.edges import edge_words
from conduit_tui.core.errors import NotPossible, StorageError
from conduit_tui.core.session import Session
from tests.conftest import stalling, until
from tests.controller.desk import FULL, Desk, texts
from tests.core.growing import DEEDS, SHAPES, Deed, grow, picture

STEPS = st.lists(
    st.one_of(DEEDS, st.sampled_from(["undo", "redo"]), st.integers(0, 20)), max_size=10
)
"""Deeds, undos and redos; a number restores the tree to after one of the steps before."""


def whole_picture(session: Session) -> dict[str, object]:
    """What must be the same after a restart: all messages and marks, and where one goes."""
    return {
        **picture(session),
        "messages": list(session),
        "absences": dict(session.absences),
        "marks": dict(session.marks),
        "ways": {each.id: session.leaf_below(each.id) for each in session.visible()},
    }


async def play(shape: list[int | None], steps: list[Deed | str | int], folder: Path) -> None:
    desk = await Desk.open(folder / "conduit.db")
    try:
        session = desk.shelf.new()
        for message in grow(shape, session.id):
            session.add(message)
            session.visit(message.id)
            await desk.ledger.save(session, message, take_leaf=True)
        pictures = {"": picture(session)}
        for step in steps:
            await take(desk, session, step, pictures)
            journal = list(await desk.controller.structure.journal(session))
            if journal:
                pictures[journal[-1].id] = picture(session)
        stored = await desk.stored(session)
        assert whole_picture(stored) == whole_picture(session)
        assert list(await desk.store.journal(session.id)) == list(
            await desk.controller.structure.journal(session)
        )
    finally:
        await desk.aclose()


async def take(
    desk: Desk, session: Session, step: Deed | str | int, pictures: dict[str, object]
) -> None:
    changing = desk.controller.structure
    match step:
        case "undo":
            await changing.undo(session)
        case "redo":
            await changing.redo(session)
        case int():
            ids = [None, *(each.id for each in await changing.journal(session))]
            chosen = ids[step % len(ids)]
            await changing.restore_to(session, chosen, "restored")
            assert picture(session) == pictures[chosen or ""]
        case Deed():
            if (plan := step.plan(session)) is not None:
                await changing.carry_out(session, plan, step.name)
        case _:
            pytest.fail(f"{step!r} is no step")


@settings(max_examples=40)
@given(SHAPES, STEPS)
def test_the_store_after_reopening_equals_memory(
    shape: list[int | None], steps: list[Deed | str | int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(shape, steps, Path(folder)))


async def test_undo_and_redo_survive_a_restart(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "conduit.db")
    session = desk.shelf.new()
    one, *_ = await desk.talk(session, "one", "two")
    await desk.controller.structure.carry_out(session, prune(session, one.id), "prune")
    session_id = session.id
    await desk.aclose()
    desk = await Desk.open(tmp_path / "conduit.db")
    try:
        found = await desk.shelf.open(session_id)
        assert found is not None
        assert list(found.visible()) == []
        assert await desk.controller.structure.undo(found) == "prune"
        assert texts(found.path(found.leaf_id)) == ["one", "Re: one", "two", "Re: two"]
        assert await desk.controller.structure.redo(found) == "prune"
        assert list(found.visible()) == []
        assert found.leaf_id is None
    finally:
        await desk.aclose()


async def test_without_steps_there_is_nothing_to_undo(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    assert await desk.controller.structure.undo(session) is None
    assert await desk.controller.structure.redo(session) is None


async def test_after_something_else_is_done_there_is_nothing_to_redo(desk: Desk) -> None:
    session = desk.shelf.new()
    one, *_ = await desk.talk(session, "one")
    changing = desk.controller.structure
    await changing.rename(session, "A")
    await changing.undo(session)
    await changing.carry_out(session, structure.label(session, one.id, "best"), "label best")
    assert await changing.redo(session) is None
    assert [(each.kind, each.words) for each in await changing.journal(session)] == [
        ("do", "title 'A'"),
        ("undo", "title 'A'"),
        ("do", "label best"),
    ]


async def test_an_edit_can_be_left_by_undo_and_come_back_to(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer = await desk.talk(session, "one")
    await desk.controller.edit(session, one.id, "1").wait()
    edited = session.leaf_id
    assert await desk.controller.structure.undo(session) == 'edit: "1"'
    assert session.leaf_id == answer.id
    assert (await desk.stored(session)).leaf_id == answer.id
    await desk.controller.structure.redo(session)
    assert session.leaf_id == edited, "the reply that had come since, not the bare question"


async def test_a_sibling_can_be_made_without_an_answer(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer = await desk.talk(session, "one")
    written = await desk.controller.put_beside(session, answer.id, "One, mended")
    assert session.leaf_id == written.id
    assert (written.role, written.model, written.usage) == ("assistant", "guide", None)
    assert edge_words(session, written) == "", "nothing says that a model was asked otherwise"
    assert texts(session.children(one.id)) == ["Re: one", "One, mended"]
    await desk.assert_stored(session)
    assert await desk.controller.structure.undo(session) == 'write "One, mended"'
    assert session.leaf_id == answer.id


async def test_a_fork_is_a_session_of_its_own(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer, *_ = await desk.talk(session, "one", "two")
    await desk.shelf.set_system_prompt(session, "Be brief.")
    forked = await desk.controller.fork(session, answer.id, with_subtree=False)
    assert texts(forked.path(forked.leaf_id)) == ["one", "Re: one"]
    assert forked.system_prompt == "Be brief."
    assert (await desk.stored(forked)).system_prompt == "Be brief."
    await desk.assert_stored(forked)
    await desk.talk(forked, "three")
    assert len(session) == 4
    assert {each.copy_of for each in forked} == {one.id, answer.id, None}


async def test_copies_count_no_usage(desk: Desk) -> None:
    session = desk.shelf.new()
    await desk.talk(session, "one")
    before = (await desk.shelf.account("session")).total
    await desk.controller.fork(session, session.leaf_id or "", with_subtree=False)
    assert (await desk.shelf.account("session")).total == before


async def test_what_could_not_be_stored_is_stored_with_the_next_step(desk: Desk) -> None:
    session = desk.shelf.new()
    one, *_ = await desk.talk(session, "one", "two")
    desk.store.is_broken = True
    with pytest.raises(StorageError, match=FULL):
        await desk.controller.structure.rename(session, "A")
    assert session.title == "A"
    desk.store.is_broken = False
    plan = structure.label(session, one.id, "best")
    await desk.controller.structure.carry_out(session, plan, "label")
    stored = await desk.stored(session)
    assert stored.title == "A"
    assert stored.labelled("best") == one


async def test_a_pruned_branch_can_be_erased_for_good(desk: Desk, tmp_path: Path) -> None:
    session = desk.shelf.new()
    one, answer, two, _ = await desk.talk(session, "one", "a secret word")
    changing = desk.controller.structure
    with pytest.raises(NotPossible):
        await changing.erase(session, two.id)
    await changing.carry_out(session, prune(session, two.id), "prune")
    assert [message for message, _ in changing.trash(session)] == [two]
    assert await changing.erase(session, two.id) == 2
    assert list(session) == [one, answer]
    assert changing.trash(session) == ()
    await desk.assert_stored(session)
    await changing.undo(session)
    assert list(session.visible()) == [one, answer]
    assert texts(await desk.talk(session, "three"))[-1] == "Re: three"


async def test_the_leaf_stays_with_the_reply_on_view(desk: Desk) -> None:
    """Two replies stream below one message; that which is not on view ends first."""
    session = desk.shelf.new()
    reached = asyncio.Event()
    desk.scripts["one"] = stalling(reached, "slow")
    first = desk.controller.send(session, "one")
    await until(reached)
    one = session.leaf_id
    assert one is not None
    desk.scripts.clear()
    second = desk.controller.regenerate(session, one)
    session.awaited_id = "the reply on view"
    await second.wait()
    assert session.leaf_id == one
    assert (await desk.stored(session)).leaf_id == one
    await first.cancel()


async def test_a_session_opens_at_its_starred_leaf(desk: Desk) -> None:
    session = desk.shelf.new()
    one, answer = await desk.talk(session, "one")
    await desk.controller.edit(session, one.id, "1").wait()
    star = structure.star(session, answer.id, datetime.now(UTC))
    await desk.controller.structure.carry_out(session, star, "star")
    assert (await load(desk, session)).leaf_id == answer.id
    await desk.talk(session, "went on elsewhere")
    assert (await load(desk, session)).leaf_id == session.leaf_id


async def test_a_star_above_a_leaf_is_no_place_to_open_at(desk: Desk) -> None:
    session = desk.shelf.new()
    one, *_ = await desk.talk(session, "one")
    star = structure.star(session, one.id, datetime.now(UTC))
    await desk.controller.structure.carry_out(session, star, "star")
    assert (await load(desk, session)).leaf_id == session.leaf_id


async def load(desk: Desk, session: Session) -> Session:
    found = await desk.store.load_end(session.id, at_star=True)
    assert found is not None
    return found


def prune(session: Session, message_id: str) -> structure.Plan:
    return structure.prune(session, message_id, datetime.now(UTC))

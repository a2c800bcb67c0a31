"""Undo, redo and the list of steps."""

import asyncio

from conduit_tui.core.errors import StorageError
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.reflog import Reflog
from tests.conftest import stalling, until
from tests.tui.stage import Chat, Stage
from tests.tui.test_tree_pruning import LEFT, WHOLE
from tests.tui.tree import command, grow


async def test_u_takes_back_and_ctrl_r_does_again(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "d", "y", "u")
        await chat.until(lambda: chat.path() == WHOLE)
        await chat.is_told('Undid prune "child"; Ctrl+R does it again.')
        assert chat.cursor() == "child"
        await chat.press("ctrl+r")
        assert chat.path() == LEFT
        await chat.is_told('Did again: prune "child".')
        await chat.press("ctrl+r")
        await chat.is_told("Nothing to redo.")


async def test_undo_goes_on_after_a_restart(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "d", "y")
        await chat.screen.leave()
    async with stage.open() as chat:
        assert chat.path() == LEFT
        await chat.run("/undo")
        await chat.until(lambda: chat.path() == WHOLE)
        await chat.run("/redo")
        await chat.until(lambda: chat.path() == LEFT)


async def test_many_undos_in_one_packet_say_it_once(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press(*["*"] * 40, *["u"] * 45)
        await chat.until(lambda: chat.notices() == ["Nothing to undo."])
        assert chat.path() == LEFT, "the edit was the first step"


async def test_a_title_is_taken_back_too(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("raft")
        await chat.run("/title Paxos")
        await chat.sees("Paxos")
        await chat.run("/undo")
        await chat.until(lambda: chat.session.title == "raft")
        await chat.sees_no("Paxos ")


async def test_undo_does_not_hide_a_reply_that_streams(stage: Stage):
    reached = asyncio.Event()
    stage.answers("more", stalling(reached, "streaming"))
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "x", "g", "g", "p", "i")
        await chat.send("more")
        await until(reached)
        await chat.press("escape", "u")
        await chat.is_told("A reply streams in there. Cancel it first (Esc in NORMAL)")
        assert chat.path()[-1] == "more"
        await chat.press("escape")
        await chat.until(lambda: not chat.is_running())
        await chat.press("u")
        await chat.is_told("What was written there since, 2 messages, went along.")
        assert chat.path() == WHOLE


async def test_the_list_returns_to_any_step(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "*", "d", "y", "u")
        await chat.until(lambda: chat.path() == WHOLE)
        await command(chat, "reflog")
        await chat.sees('undo: prune "child"', 'star "child"', "before all of this", "here")
        await chat.press("enter")
        await chat.is_told("It is like that already.")
        await command(chat, "reflog")
        await chat.until(lambda: isinstance(chat.app.screen, Reflog))
        await chat.press("down", "enter")
        await chat.until(lambda: chat.path() == LEFT)
        await chat.is_told("The tree is as it was then; u takes that back.")
        await command(chat, "reflog")
        await chat.until(lambda: isinstance(chat.app.screen, Reflog))
        await chat.sees('go back to after prune "child"')
        await chat.press("G", "enter")
        await chat.until(lambda: chat.path() == LEFT and not chat.session.marks)
        await chat.press("u", "u")
        await chat.until(lambda: chat.path() == WHOLE)


async def break_store(chat: Chat) -> None:
    async def record(*_: object) -> None:
        raise StorageError("There is no room on the disk.")

    chat.controller.structure._store.record = record  # type: ignore[method-assign]


async def test_a_store_that_fails_is_told_and_the_tree_changes_all_the_same(stage: Stage):
    stage.answers("raft", reply("Re: raft"))
    async with stage.open() as chat:
        await grow(chat)
        await break_store(chat)
        await chat.press("k", "d", "y")
        await chat.is_told("Not saved: There is no room on the disk.")
        assert chat.path() == LEFT
        await chat.press("u")
        await chat.until(lambda: chat.path() == WHOLE)
        del chat.controller.structure._store.record
        await chat.press("ctrl+r")
        await chat.until(lambda: not chat.controller.structure._unstored)
        stored = await stage.stored(chat.session)
    assert stored.leaf_id == chat.session.leaf_id

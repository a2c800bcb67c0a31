"""Pruning: what it would cost is asked first, and nothing of it is lost."""

import asyncio

from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.confirm import Confirm
from tests.conftest import stalling, until
from tests.tui.stage import Chat, Stage
from tests.tui.tree import command, grow

LEFT = ["raft", "Re: raft", "bullets", "Re: bullets"]
WHOLE = ["raft", "Re: raft", "child", "Re: child"]


async def test_d_asks_what_it_would_cost_and_enter_prunes(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "*", "d")
        await chat.sees("Prune 2 messages? 1 star.", "They go to this session's trash; u brings")
        assert chat.path() == WHOLE
        await chat.press("enter")
        assert chat.path() == LEFT
        assert chat.cursor() == "bullets"
        await chat.until(lambda: not any(w.group == "store" for w in chat.app.workers))
        stored = await stage.stored(chat.session)
    assert stored.leaf_id == chat.session.leaf_id
    assert len(stored) == 6


async def test_escape_and_n_leave_it(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        for key in ("escape", "n"):
            await chat.press("d")
            await chat.until(lambda: isinstance(chat.app.screen, Confirm))
            await chat.press(key)
            assert chat.path() == WHOLE
            assert chat.screen.mode == "normal"


async def test_keys_typed_right_behind_d_are_the_dialogs(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "d", "y")
        assert chat.path() == LEFT


async def test_one_message_is_asked_for_as_one(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("d")
        await chat.sees("Prune 1 message?", "It goes to this session's trash; u brings it back.")


async def test_everything_but_the_path_goes(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("D")
        await chat.sees("Prune 2 messages outside this path?")
        await chat.press("y")
        assert chat.path() == WHOLE
        assert len(list(chat.session.visible())) == 4
        await chat.press("D")
        await chat.is_told("There is nothing but this path.")


async def test_commands_prune_from_the_prompt(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("i")
        await chat.run("/prune others")
        await chat.sees("outside this path")
        await chat.press("enter")
        await chat.run("/prune")
        await chat.sees("Prune 1 message?")
        await chat.press("enter")
        assert chat.path() == WHOLE[:-1]
        await chat.run("/prune what")
        await chat.is_told("Write /prune, or /prune others")


async def test_a_pruned_root_leaves_a_hint_also_after_a_restart(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("g", "g", "d", "y")
        assert chat.path() == []
        await chat.sees("Everything here was pruned.", "/pruned lists what is in the trash")
        await chat.press("j", "k", "d", "*", "m", "f", "x", "p", "r", "y")
        await chat.is_told("This session is empty")
        await chat.screen.leave()
    async with stage.open() as chat:
        await chat.sees("Everything here was pruned.")
        await chat.press("escape", "u")
        await chat.until(lambda: chat.path() == WHOLE)


async def test_what_is_written_after_all_was_pruned_begins_anew(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("raft")
        await chat.press("escape", "g", "g", "d", "y", "i")
        await chat.ask("paxos")
        assert chat.path() == ["paxos", "Re: paxos"]


async def test_a_branch_in_which_a_reply_streams_stays(stage: Stage):
    reached = asyncio.Event()
    stage.answers("hi", reply("done"), stalling(reached, "more"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await until(reached)
        await chat.press("k", "d")
        await chat.is_told("A reply streams in there. Cancel it first (Esc in NORMAL)")
        await chat.press("j", "d")
        await chat.is_told("This reply still streams; prune it when it is complete")
        await chat.press("h", "d", "y")
        assert chat.path() == ["hi"]
        await chat.sees("more")


async def test_a_reply_that_began_while_it_was_asked_stays(stage: Stage):
    reached = asyncio.Event()
    stage.answers("more", stalling(reached, "streaming"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "g", "g", "d")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        turn = chat.controller.send(chat.session, "more")
        await until(reached)
        await chat.press("y")
        await chat.is_told("A reply streams in there.")
        assert chat.path() == ["hi", "Re: hi", "more"]
        await chat.controller.cancel(turn.id)


async def test_an_edit_of_what_is_pruned_ends_and_keeps_its_words(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "e")
        await chat.until(lambda: chat.screen.composer.editing.message_id)
        await chat.write("ren")
        chat.screen.mode = "normal"  # as a click on the transcript does
        await chat.press("d", "y")
        assert chat.path() == LEFT
        assert chat.screen.composer.editing.message_id is None
        assert chat.screen.prompt.text == "children"


async def test_an_empty_session_says_so(stage: Stage):
    async with stage.open() as chat:
        await chat.press("escape", "d", "D", "*", "f", "F", "x", "g", "y", "m", "M")
        await chat.is_told("This session is empty; send something first.")
        await chat.press("u")
        await chat.is_told("Nothing to undo.")
        await chat.press("p")
        await chat.is_told("Nothing is marked. x marks the message to put here.")
        for line in ("pruned", "reflog", "go @", "graft @", "prune", "fork"):
            await command(chat, line)
        await chat.is_told("Nothing is in the trash of this session.")
        await chat.is_told("Nothing was changed in this tree yet.")
        await chat.is_told("This session is empty; there is no @ yet.")


async def trash(chat: Chat) -> None:
    """Prune two branches and open the trash."""
    await grow(chat)
    await chat.press("k", "d", "y", "d", "y")
    await command(chat, "pruned")
    await chat.sees("Pruned in this session")


async def test_the_trash_lists_and_previews_and_enter_restores(stage: Stage):
    async with stage.open() as chat:
        await trash(chat)
        await chat.sees('"bullets"', '"child"', "2 messages", "Re: bullets")
        await chat.press("down")
        await chat.sees("Re: child")
        await chat.press("enter")
        await chat.until(lambda: chat.path() == WHOLE)
        assert chat.cursor() == "child"
        await chat.press("u")
        await chat.until(lambda: chat.path() == ["raft", "Re: raft"])


async def test_the_trash_erases_after_a_question(stage: Stage):
    async with stage.open() as chat:
        await trash(chat)
        await chat.press("x")
        await chat.sees('Erase "bullets", 2 messages?', "This cannot be undone.")
        await chat.press("y")
        await chat.is_told("Erased 2 messages.")
        await chat.sees("Pruned in this session", '"child"')
        await chat.sees_no('"bullets"')
        await chat.press("x")
        await chat.sees('Erase "child"')
        await chat.press("y")
        await chat.until(lambda: len(chat.session) == 2)
        await chat.is_told("Nothing is in the trash of this session.")
        stored = await stage.stored(chat.session)
    assert len(stored) == 2


async def test_dialogs_opened_and_left_in_one_packet_take_their_own_keys_and_no_others(
    stage: Stage,
):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "m", *"best", "enter", "M", *"why", "enter", "d", "enter", "d", "y")
        await chat.until(lambda: chat.path() == ["raft", "Re: raft"])
        mark = next(iter(chat.session.marks.values()))
        assert (mark.label, mark.note) == ("best", "why")
        await chat.press("u", "u")
        await chat.until(lambda: chat.path() == WHOLE)

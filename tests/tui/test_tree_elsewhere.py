"""Another instance changes the tree of the session on view."""

from datetime import UTC, datetime

from conduit_tui.core import structure
from conduit_tui.core.change import apply
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import new_id
from tests.tui.stage import Chat, Stage
from tests.tui.test_tree_pruning import LEFT, WHOLE
from tests.tui.tree import command, grow


async def prune_elsewhere(stage: Stage, chat: Chat) -> None:
    """Have another program prune what the leaf is in."""
    async with stage.store() as store:
        theirs = await store.load(chat.session.id)
        assert theirs is not None
        child = theirs.path(theirs.leaf_id)[-2]
        now = datetime.now(UTC)
        plan = structure.prune(theirs, child.id, now)
        inverse = apply(theirs, plan.changes)
        entry = Entry("theirs", now, "do", 'prune "theirs"', plan.changes, inverse)
        await store.record(theirs.id, entry)
    await chat.screen.surroundings.look_for_others()


async def test_what_is_pruned_elsewhere_leaves_the_view_and_can_be_undone_here(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("*", "u")
        await chat.until(lambda: not chat.controller.structure._unstored)
        await prune_elsewhere(stage, chat)
        await chat.until(lambda: chat.path() == ["raft", "Re: raft"])
        await chat.is_told("The branch on view was pruned elsewhere; u brings it back.")
        await command(chat, "reflog")
        await chat.sees('prune "theirs"')
        await chat.press("escape", "u")
        await chat.until(lambda: chat.path() == WHOLE)
        await chat.is_told('Undid prune "theirs"')


async def test_a_question_that_is_asked_meanwhile_is_about_the_tree_as_it_is(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "d")
        await chat.sees("Prune 2 messages?")
        await prune_elsewhere(stage, chat)
        await chat.press("y")
        assert chat.path() == ["raft", "Re: raft"]
        await command(chat, "pruned")
        await chat.sees('"child"')
        await chat.press("enter")
        await chat.until(lambda: chat.path() == WHOLE)
        assert LEFT != WHOLE


async def test_a_step_is_returned_to_while_another_instance_goes_on(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("*", "*", "*")
        await chat.until(lambda: not chat.controller.structure._unstored)
        await command(chat, "reflog")
        await chat.sees("before all of this")
        await prune_elsewhere(stage, chat)
        await chat.until(lambda: chat.path() == ["raft", "Re: raft"])
        await chat.press("G", "enter")
        await chat.is_told("The tree is as it was then")
        assert len(list(chat.session.visible())) == 6
        assert not chat.session.marks


async def test_what_another_instance_brought_back_cannot_be_erased(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "d", "y")
        await chat.until(lambda: not chat.controller.structure._unstored)
        await command(chat, "pruned")
        await chat.sees('"child"')
        await restore_elsewhere(stage, chat)
        await chat.press("x", "y")
        await chat.is_told("Only what is in the trash can be erased.")
        assert len(chat.session) == 6


async def restore_elsewhere(stage: Stage, chat: Chat) -> None:
    """Have another program bring back all that was pruned."""
    async with stage.store() as store:
        theirs = await store.load(chat.session.id)
        assert theirs is not None
        for message_id in list(theirs.absences):
            plan = structure.restore(theirs, message_id)
            inverse = apply(theirs, plan.changes)
            entry = Entry(new_id(), datetime.now(UTC), "do", "restore", plan.changes, inverse)
            await store.record(theirs.id, entry)
    await chat.screen.surroundings.look_for_others()

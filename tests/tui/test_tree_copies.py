"""Forks, grafts, copied paths and jumps."""

import asyncio

from conduit_tui.tui.clipboard import copy
from tests.conftest import stalling, until
from tests.tui.stage import Stage
from tests.tui.test_tree_pruning import WHOLE
from tests.tui.tree import command, grow


async def test_f_forks_the_path_to_a_session_that_opens(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        first = chat.session
        await chat.press("k", "k", "f")
        await chat.until(lambda: chat.session is not first)
        await chat.is_told("Forked 2 messages to a new session")
        assert chat.path() == ["raft", "Re: raft"]
        assert chat.session.title == "raft (fork)"
        await chat.press("i")
        await chat.ask("more")
        assert len(first) == 6
        stored = await stage.stored(chat.session)
    assert len(stored) == 4
    assert stored.title == "raft (fork)"


async def test_F_takes_all_below_along(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        first = chat.session
        await chat.press("g", "g", "F")
        await chat.until(lambda: chat.session is not first)
        assert len(chat.session) == 6
        assert chat.path() == WHOLE
        await command(chat, "fork subtree")
        await chat.until(lambda: chat.session.title == "raft (fork 2)")
        await chat.press("u")
        await chat.is_told("Nothing to undo.")


async def test_a_reply_that_streams_is_not_forked(stage: Stage):
    reached = asyncio.Event()
    stage.answers("hi", stalling(reached, "words"))
    async with stage.open() as chat:
        await chat.send("hi")
        await until(reached)
        await chat.press("escape", "f")
        await chat.is_told("This reply still streams; fork it when it is complete")
        await chat.press("k", "f")
        await chat.until(lambda: chat.session.title == "hi (fork)")
        assert chat.path() == ["hi"]


async def test_x_marks_and_p_puts_a_copy_below(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "x")
        assert chat.screen.marked_id == chat.screen.transcript.cursor_id
        assert 'marked "child" (2): p copies, P moves' in chat.status()
        await chat.press("g", "g")
        assert 'p copies "child"  P moves it' in chat.status()
        await chat.press("p")
        assert chat.path() == ["raft", "child", "Re: child"]
        assert chat.cursor() == "child"
        await chat.is_told("Copied 2 messages here; u takes that back.")
        await chat.press("u")
        await chat.until(lambda: chat.path() == WHOLE)
        await chat.press("k", "x")
        assert chat.screen.marked_id is None or chat.cursor() != "child"


async def test_x_again_takes_the_mark_away(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("x", "x")
        assert chat.screen.marked_id is None
        await chat.press("p")
        await chat.is_told("Nothing is marked. x marks the message to put here.")


async def test_P_moves_and_refuses_in_words(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "x", "j", "P")
        await chat.is_told("A message cannot be moved below itself.")
        await chat.press("k", "k", "P")
        await chat.is_told("It hangs there already.")
        await chat.press("k", "P")
        await chat.is_told("Moved 2 messages here")
        assert chat.path() == ["raft", "child", "Re: child"]
        await chat.press("u")
        await chat.until(lambda: chat.path() == WHOLE)


async def test_addresses_graft_and_go(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await command(chat, "graft @^ @~3")
        await chat.until(lambda: chat.path() == ["raft", "child", "Re: child"])
        await command(chat, "graft :/bullets")
        await chat.until(lambda: chat.path()[-1] == "Re: bullets")
        await command(chat, "graft")
        await chat.sees("Copy a branch", "what [onto]")
        await chat.press(*"@^..@", "enter")
        await chat.is_told("That names a path; write the address of one message.")
        await command(chat, "graft @nothing")
        await chat.is_told("No message is labelled 'nothing'.")
        await command(chat, "go @^9")
        await chat.is_told("'@^9': siblings at ")
        await command(chat, "go")
        await chat.sees("Go to", "an address")
        await chat.press(*"@~2", "enter")
        await chat.until(lambda: chat.cursor() == "raft")


async def test_what_is_in_the_trash_is_no_place_to_go(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await command(chat, "label best")
        await chat.press("d", "y")
        await command(chat, "go @best")
        await chat.is_told("That message is in the trash of this session; /pruned brings it back.")


async def test_the_path_down_to_the_cursor_is_copied(stage: Stage, monkeypatch):
    copied: list[str] = []

    async def take(app: object, text: str, environ: object) -> str:
        copied.append(text)
        return "copied"

    monkeypatch.setattr("conduit_tui.tui.chat_actions.copy", take)
    assert copy is not take
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("k", "k", "g", "y")
        await chat.until(lambda: copied)
        assert "Re: raft" in copied[0]
        assert "child" not in copied[0]
        await command(chat, "copy @^..@")
        await chat.until(lambda: len(copied) == 2)
        assert "raft" not in copied[1]
        assert "child" in copied[1]
        await command(chat, "copy @9")
        await chat.is_told("No message is labelled '9'.")

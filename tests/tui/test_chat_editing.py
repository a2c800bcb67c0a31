"""Editing earlier messages: the words come back, sending makes a sibling, Escape undoes."""

import asyncio

from conduit_tui.core.message import Attachment
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.widgets.prompt import Prompt
from tests.conftest import stalling
from tests.tui.stage import Stage, words_of


async def test_edit_brings_the_words_back_and_sending_makes_a_sibling(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.ask("second")
        await chat.press("escape", "g", "g", "e")
        assert chat.screen.prompt.text == "first"
        assert chat.screen.mode == "insert"
        assert "Editing 1/1" in "\n".join(chat.lines(Prompt))
        await chat.ask("!")
        assert chat.path() == ["first!", "Re: first!"], "the view goes to the sibling"
        assert "2/2" in chat.transcript()
        assert "Editing" not in "\n".join(chat.lines(Prompt))
        stored = await stage.stored(chat.session)
    assert words_of(stored)[:4] == ["first", "Re: first", "second", "Re: second"]
    assert stored.leaf_id == chat.session.leaf_id


async def test_escape_leaves_an_edit_and_brings_back_what_was_not_sent(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.write("not sent yet")
        await chat.press("escape", "k", "e")
        assert chat.screen.prompt.text == "first"
        assert "Esc leaves the edit" in chat.status()
        await chat.press("escape")
        assert chat.screen.prompt.text == "not sent yet"
        assert len(chat.session) == 2


async def test_escape_from_an_edit_goes_back_to_where_it_began(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.press("escape", "k", "e", "escape")
        assert chat.screen.mode == "normal"
        assert chat.cursor() == "first"
        await chat.press("i", *"/edit", "enter")
        await chat.until(lambda: chat.screen.composer.editing.message_id)
        await chat.press("escape")
        assert chat.screen.mode == "insert"


async def test_a_sibling_that_nobody_answers_is_read_where_the_edit_began(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.press("escape", "k", "E", "!", "enter")
        await chat.until(lambda: len(chat.session) == 3)
        assert chat.screen.mode == "normal"
        assert chat.cursor() == "first!"


async def test_what_was_not_sent_is_back_after_the_edit_is_sent(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.write("later")
        await chat.press("escape", "k", "e")
        await chat.ask("!")
        assert chat.path() == ["first!", "Re: first!"]
        assert chat.screen.prompt.text == "later"


async def test_an_edited_reply_stands_as_a_sibling_and_nothing_is_asked(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "e")
        assert chat.screen.prompt.text == "Re: hi"
        await chat.send(" and more")
        await chat.until(lambda: len(chat.session) == 3 and not chat.is_running())
        assert chat.path() == ["hi", "Re: hi and more"]
        assert "2/2" in chat.transcript()
        assert len(stage.provider.requests) == 1
        await chat.ask("go on")
    sent = words_of(stage.provider.requests[-1].messages)
    assert sent == ["hi", "Re: hi and more", "go on"], "the conversation goes on from it"


async def test_the_edit_command_takes_the_last_message_of_ones_own(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.ask("second")
        await chat.run("/edit")
        await chat.until(lambda: chat.screen.prompt.text == "second")


async def test_an_edit_brings_its_attachments_along(stage: Stage):
    note = Attachment("text/plain", b"milk", "note.txt")
    async with stage.open() as chat:
        chat.screen.prompt.attach(note)
        await chat.ask("look")
        await chat.press("escape", "k", "e")
        assert chat.screen.prompt.attachments == (note,)
        await chat.ask("!")
        changed = chat.session.path(chat.session.leaf_id)[0]
    assert (changed.text, changed.attachments) == ("look!", (note,))


async def test_editing_in_an_empty_session_is_answered_in_words(stage: Stage):
    async with stage.open() as chat:
        await chat.press("escape", "e")
        await chat.is_told("Nothing to edit here.")
        assert chat.screen.mode == "normal"


async def test_an_edit_while_the_reply_streams_leaves_it_running(stage: Stage):
    stage.answers("slow", stalling(asyncio.Event(), "part"))
    stage.answers("slow!", reply("fast"))
    async with stage.open() as chat:
        await chat.send("slow")
        await chat.sees("part")
        await chat.press("escape", "k", "e")
        await chat.send("!")
        await chat.sees("fast")
        assert chat.path() == ["slow!", "fast"]
        assert len(list(chat.controller.running())) == 1

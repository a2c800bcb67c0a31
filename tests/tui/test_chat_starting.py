"""How the screen begins, and what is there again after a quit."""

import asyncio
import os

from conduit_tui.core.message import Attachment
from conduit_tui.core.start import Start
from conduit_tui.tui import kept_drafts
from tests.tui.stage import Chat, Stage, words_of

NOTES = Attachment("text/markdown", b"milk\n", "notes.md")


async def leave(chat: Chat) -> None:
    """Quit as a person does."""
    await chat.press("ctrl+q")
    await chat.until(lambda: not chat.app.is_running)


async def test_a_bare_start_is_where_one_was_with_what_was_not_sent(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.press("escape", "r")
        await chat.until(lambda: len(chat.session) == 3 and not chat.is_running())
        await chat.press("h", "i")
        await chat.write("half a thought")
        await leave(chat)
    async with stage.open() as chat:
        assert "1/2" in chat.transcript()
        assert chat.screen.prompt.text == "half a thought"
        assert chat.screen.mode == "insert"
        await chat.press("!")
        assert chat.screen.prompt.text == "half a thought!"


async def test_a_prompt_begins_a_new_session_and_is_sent(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("old")
        await chat.write("unsent")
        await leave(chat)
    async with stage.open(Start(prompt="new")) as chat:
        await chat.sees("Re: new")
        assert chat.path() == ["new", "Re: new"]
        assert chat.screen.prompt.text == ""
        await chat.sees("old")  # in the list


async def test_attachments_without_a_prompt_are_chips_that_wait(stage: Stage):
    async with stage.open(Start(attachments=(NOTES,))) as chat:
        await chat.sees("notes.md · 1 line")
        assert len(chat.session) == 0
        await chat.ask("look")
    assert next(iter(chat.session)).attachments == (NOTES,)


async def test_attachments_with_a_prompt_are_sent_with_it(stage: Stage):
    async with stage.open(Start(prompt="look", attachments=(NOTES,))) as chat:
        await chat.sees("Re: look")
        assert next(iter(chat.session)).attachments == (NOTES,)
        assert chat.screen.prompt.attachments == ()


async def test_continuing_puts_what_was_brought_into_the_last_session(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.write("unsent")
        await leave(chat)
    async with stage.open(Start(prompt="second", continue_last=True)) as chat:
        await chat.sees("Re: second")
        assert chat.path() == ["first", "Re: first", "second", "Re: second"]
        assert chat.screen.prompt.text == "unsent"


async def test_what_is_piped_in_becomes_a_chip_and_goes_with_the_prompt(stage: Stage):
    reader, writer = os.pipe()
    os.write(writer, b"diff --git\n")
    os.close(writer)
    async with stage.open(Start(prompt="review", pipe_fd=reader)) as chat:
        await chat.sees("Re: review")
        [piped] = next(iter(chat.session)).attachments
    assert (piped.name, piped.data) == ("stdin", b"diff --git\n")


async def test_a_model_named_at_the_start_is_the_sessions(stage: Stage):
    async with stage.open(Start(prompt="hi", model="demo/other", system_prompt="Be kind.")) as chat:
        await chat.sees("Re: hi")
    [request] = stage.provider.requests
    assert (request.model, request.params.system_prompt) == ("other", "Be kind.")


async def test_what_is_typed_is_saved_after_a_pause(stage: Stage, monkeypatch):
    monkeypatch.setattr(kept_drafts, "SAVE_AFTER_SECONDS", 0.01)
    saved: list[str] = []
    async with stage.open() as chat:
        shelf = chat.controller.shelf
        save = shelf.save_prompt

        async def watched(session, text, attachments):
            await save(session, text, attachments)
            saved.append(text)

        monkeypatch.setattr(shelf, "save_prompt", watched)
        await chat.write("thinking")
        await chat.until(lambda: "thinking" in saved)
        async with stage.store() as store:
            assert await store.load_prompt(chat.session.id) == ("thinking", ())


async def test_without_saving_nothing_is_written(stage: Stage):
    async with stage.open(Start(save=False)) as chat:
        await chat.ask("secret")
        assert "not saved" in chat.status()
        await leave(chat)
    assert not stage.settings.paths.database.exists()


async def test_the_welcome_tells_what_was_found(stage: Stage):
    stage.environ["OPENAI_API_KEY"] = "sk-none"
    async with stage.open(size=(140, 40)) as chat:
        await chat.sees("openai (OPENAI_API_KEY)", "every conversation is a tree", "/key")
        assert "sk-none" not in chat.text()


async def test_a_mistake_in_the_settings_is_told_in_the_welcome(stage: Stage):
    stage.write_settings("max_steps = 'many'\n")
    async with stage.open(size=(140, 40)) as chat:
        await chat.sees("settings.toml", "max_steps")
        await chat.ask("hi")


async def test_notices_are_toasts_where_there_is_no_welcome(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await leave(chat)
    stage.write_settings("max_steps = 'many'\n")
    async with stage.open() as chat:
        await chat.is_told("max_steps")
        await chat.sees("Re: hi")


async def test_a_reply_that_streams_at_the_quit_is_kept_as_far_as_it_came(stage: Stage):
    stage.answers("go", ["so far", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("go")
        await chat.sees("so far")
        session = chat.session
        await leave(chat)
    stored = await stage.stored(session)
    assert words_of(stored) == ["go", "so far"]
    assert stored[str(stored.leaf_id)].status == "interrupted"

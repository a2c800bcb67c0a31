"""A session of many messages: its end at once, the rest when it is there."""

import asyncio

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tui import chat_actions
from tests.conftest import MakeMessage, until
from tests.tui.stage import Chat, Stage
from tests.tui.test_chat_reading import long_session

COUNT = 1_000


@pytest.fixture
async def gate(monkeypatch) -> asyncio.Event:
    """The rest of a long session is read only when this is set."""
    gate, complete = asyncio.Event(), SessionStore.complete

    async def wait(self: SessionStore, session: Session) -> None:
        await until(gate)
        await complete(self, session)

    monkeypatch.setattr(SessionStore, "complete", wait)
    return gate


@pytest.fixture
async def long_stage(stage: Stage, make_message: MakeMessage) -> Stage:
    """A home whose last session is long."""
    session = long_session(make_message, COUNT)
    await stage.keep(session, last=session)
    return stage


def words(chat: Chat) -> list[str]:
    """What the transcript shows, without the scroll bar, which tells of the length."""
    transcript = chat.screen.transcript
    width = transcript.scrollable_content_region.width
    return [line[:width].rstrip() for line in chat.lines(transcript)]


async def test_the_end_is_on_the_screen_before_the_rest_is_read(
    long_stage: Stage, gate: asyncio.Event
):
    async with long_stage.open() as chat:
        await chat.sees(f"message {COUNT - 1}")
        assert not chat.session.is_whole
        assert len(chat.screen.transcript.entries) == 60
        assert any("… 27 turns" in line for line in chat.lines(chat.screen.message_tree))
        before = words(chat)
        gate.set()
        await chat.until(lambda: len(chat.screen.transcript.entries) == COUNT)
        assert words(chat) == before


async def test_a_reader_who_scrolled_up_meanwhile_stays_where_they_are(
    long_stage: Stage, gate: asyncio.Event
):
    async with long_stage.open() as chat:
        await chat.press("pageup", "pageup")
        before = words(chat)
        assert f"message {COUNT - 1}" not in chat.transcript()
        gate.set()
        await chat.until(lambda: len(chat.screen.transcript.entries) == COUNT)
        assert words(chat) == before
        assert chat.screen.transcript.new_lines == 0


async def test_gg_waits_for_the_first_message(long_stage: Stage, gate: asyncio.Event):
    async with long_stage.open() as chat:
        await chat.press("escape", "g", "g")
        assert "message 0" not in chat.transcript().split()
        gate.set()
        await chat.until(lambda: chat.cursor().startswith("message 0\n"))


async def test_a_message_sent_meanwhile_goes_out_with_the_whole_conversation(
    long_stage: Stage, gate: asyncio.Event
):
    async with long_stage.open() as chat:
        await chat.send("and now?")
        await chat.sees("and now?")
        gate.set()
        await chat.sees("Re: and now?")
        assert len(long_stage.provider.requests[-1].messages) == COUNT + 1
        assert len(chat.path()) == COUNT + 2


async def test_the_path_is_copied_with_its_beginning(
    long_stage: Stage, gate: asyncio.Event, monkeypatch
):
    copied: list[str] = []

    async def copy(terminal: object, text: str, environ: object) -> str:
        copied.append(text)
        return "copied (test)"

    monkeypatch.setattr(chat_actions, "copy", copy)
    async with long_stage.open() as chat:
        await chat.run("/copy path")
        assert not copied
        gate.set()
        await chat.is_told("copied (test)")
        assert "message 0\n" in copied[0]
        assert f"message {COUNT - 1}\n" in copied[0]


async def test_a_rest_that_cannot_be_read_is_told(long_stage: Stage, monkeypatch):
    async def fail(self: SessionStore, session: Session) -> None:
        raise StorageError("The disk is gone.")

    monkeypatch.setattr(SessionStore, "complete", fail)
    async with long_stage.open() as chat:
        await chat.is_told("Only the end of this session could be read. The disk is gone.")
        assert f"message {COUNT - 1}" in chat.transcript()
        before = len(chat.notices())
        await chat.send("and now?")
        await chat.until(lambda: "The disk is gone." in chat.notices()[before:])

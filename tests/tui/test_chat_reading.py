"""NORMAL: the cursor on the messages, copying, and only what is visible being made."""

import pytest

from conduit_tui.core.events import ThinkingDelta
from conduit_tui.core.message import Message, new_id
from conduit_tui.core.session import Session
from conduit_tui.providers.scripted import reply
from conduit_tui.tui import chat_actions
from conduit_tui.tui.widgets import kept_views
from conduit_tui.tui.widgets.message_view import MessageView
from tests.conftest import MakeMessage
from tests.tui.stage import Stage


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    """What reaches the clipboard, whose routes have tests of their own."""
    texts: list[str] = []

    async def copy(terminal: object, text: str, environ: object) -> str:
        texts.append(text)
        return "copied (test)"

    monkeypatch.setattr(chat_actions, "copy", copy)
    return texts


def long_session(make_message: MakeMessage, count: int) -> Session:
    """A session of one line."""
    session = Session(new_id(), title="long")
    before: Message | None = None
    for number in range(count):
        role = "assistant" if number % 2 else "user"
        words = f"message {number}\n\n- a\n- b"
        before = make_message(role, words, after=before, session_id=session.id)
        session.add(before)
    session.visit(before.id if before else None)
    return session


async def test_j_k_gg_and_capital_g_move_the_cursor(stage: Stage):
    async with stage.open() as chat:
        for words in ("one", "two", "three"):
            await chat.ask(words)
        await chat.press("escape")
        assert chat.cursor() == "Re: three"
        for keys, words in (
            ("k", "three"),
            ("k", "Re: two"),
            ("j", "three"),
            ("gg", "one"),
            ("j", "Re: one"),
            ("k", "one"),
            ("G", "Re: three"),
        ):
            await chat.press(*keys)
            assert chat.cursor() == words, keys
        await chat.press("home")
        assert chat.cursor() == "one"
        await chat.press("end", "up", "down")
        assert chat.cursor() == "Re: three"


async def test_at_the_ends_the_cursor_stays(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("one")
        await chat.press("escape", "j", "j")
        assert chat.cursor() == "Re: one"
        await chat.press("k", "k", "k")
        assert chat.cursor() == "one"


async def test_y_copies_the_markdown_source(stage: Stage, copied: list[str]):
    source = "**bold** and\n\n```python\nprint(1)\n```"
    stage.answers("hi", [source])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "y")
        await chat.is_told("copied (test)")
        await chat.press("k", "y")
        await chat.until(lambda: len(copied) == 2)
    assert copied == [source, "hi"]


async def test_the_copy_command_takes_the_last_reply(stage: Stage, copied: list[str]):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/copy")
        await chat.until(lambda: copied == ["Re: hi"])


async def test_y_with_nothing_to_copy_says_so(stage: Stage, copied: list[str]):
    async with stage.open() as chat:
        await chat.press("escape", "y")
        await chat.is_told("Nothing to copy here.")
    assert copied == []


async def test_page_keys_scroll_in_both_modes(stage: Stage, make_message: MakeMessage):
    session = long_session(make_message, 30)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        assert "message 29" in chat.transcript()
        await chat.press("pageup", "pageup")
        assert "message 29" not in chat.transcript()
        assert chat.screen.mode == "insert"
        await chat.press("escape", "pagedown", "pagedown", "pagedown")
        assert "message 29" in chat.transcript()


async def test_k_enters_a_tall_message_from_below(stage: Stage, make_message: MakeMessage):
    session = Session(new_id(), title="tall")
    question = make_message("user", "why?", session_id=session.id)
    lines = "\n\n".join(f"line {number}" for number in range(90))
    tall = make_message("assistant", lines, after=question)
    short = make_message("user", "and then?", after=tall)
    for message in (question, tall, short):
        session.add(message)
    session.visit(short.id)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.press("escape", "k")
        assert "line 89" in chat.transcript()
        await chat.press("j")
        assert chat.cursor() == "and then?"


async def test_end_goes_back_to_the_end_also_from_the_prompt(
    stage: Stage, make_message: MakeMessage
):
    session = long_session(make_message, 30)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.press("pageup", "pageup", "end")
        assert "message 29" in chat.transcript()
        assert chat.screen.transcript.at_end
        await chat.write("words")
        await chat.press("pageup", "pageup", "left", "left", "end")
        assert "message 29" not in chat.transcript(), "it went to the end of the typed line"
        await chat.press("end")
        assert "message 29" in chat.transcript()
        await chat.press("escape", "pageup", "pageup", "end")
        assert "message 29" in chat.transcript()
        assert chat.cursor().startswith("message 29")


async def test_a_thousand_messages_open_with_only_those_in_sight_made(
    stage: Stage, make_message: MakeMessage, monkeypatch
):
    made: list[MessageView] = []

    class Counted(MessageView):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(kept_views, "MessageView", Counted)
    session = long_session(make_message, 1000)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.sees("message 999")
        assert len(chat.screen.transcript.entries) == 1000
        assert 0 < len(made) < 60
        await chat.press("escape", "g", "g")
        await chat.sees("message 0")
        assert len(made) < 120


async def test_z_opens_and_folds_all_thinking(stage: Stage):
    stage.answers("hi", (ThinkingDelta("a deep thought"), *reply("one")))
    stage.answers("and", (ThinkingDelta("another thought"), *reply("two")))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.ask("and")
        await chat.press("escape", "z")
        assert "a deep thought" in chat.transcript()
        assert "another thought" in chat.transcript()
        await chat.press("z")
        assert "deep" not in chat.transcript()
        assert chat.transcript().count("▸ thought") == 2

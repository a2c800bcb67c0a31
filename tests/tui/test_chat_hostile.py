"""Replies and terminals that are out of all proportion: keys are answered, and it ends up right."""

import asyncio
from collections.abc import Callable

import pytest
from textual.events import Key

from conduit_tui.providers.scripted import reply
from conduit_tui.tui.widgets import kept_views
from conduit_tui.tui.widgets.prompt import Prompt
from tests.tui.stage import PATIENCE_SECONDS, Chat, Stage

LONG = "".join(f"Paragraph {number} of *many*.\n\n" for number in range(20_000)) + "The **end**."


def is_drawn(chat: Chat) -> bool:
    return not chat.screen.transcript._path.is_behind


async def turns_until(condition: Callable[[], bool]) -> None:
    """Let the event loop turn until something is so, which the pilot's pause would outlast."""
    while not condition():  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(0)


async def test_letters_are_taken_while_a_long_reply_is_drawn(stage: Stage, monkeypatch):
    monkeypatch.setattr(kept_views, "SLICE_SECONDS", -1.0)
    stage.answers("go", reply(LONG))
    async with stage.open() as chat:
        prompt = chat.screen.query_one(Prompt)
        await chat.write("go")
        chat.app.post_message(Key("enter", "\r"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await turns_until(lambda: not is_drawn(chat))
            chat.app.post_message(Key("h", "h"))
            await turns_until(lambda: prompt.text == "h")
        assert not is_drawn(chat)
        await chat.until(lambda: is_drawn(chat) and not chat.is_running())
        await chat.sees("The **end**.")  # beyond what is read as Markdown


async def test_a_long_session_opens_at_its_end_while_the_rest_is_drawn(stage: Stage, monkeypatch):
    short = LONG[-100_000:]
    stage.answers("go", reply(short))
    async with stage.open() as chat:
        await chat.ask("go")
    monkeypatch.setattr(kept_views, "SLICE_SECONDS", -1.0)
    async with stage.open() as chat:
        assert "The end." in chat.transcript()
        await chat.until(lambda: is_drawn(chat))
        assert "The end." in chat.transcript()
        await chat.press("escape", "g", "g")
        await chat.sees("Paragraph", "go")


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (80, 1), (1, 24), (20, 5), (5, 20)])
async def test_a_tiny_terminal_takes_keys_and_a_reply(stage: Stage, size: tuple[int, int]):
    async with stage.open(size=size) as chat:
        await chat.ask("first")
        await chat.press("escape", "k", "j", "g", "g", "G", "i")
        await chat.ask("second")
        await chat.pilot.resize_terminal(100, 30)
        await chat.sees("Re: first", "Re: second")


async def test_a_storm_of_resizes_while_a_reply_streams_ends_up_right(stage: Stage):
    go_on = [asyncio.Event() for _ in range(60)]
    words = [f"Paragraph {number} has **words** that wrap.\n\n" for number in range(60)]
    steps = [step for pair in zip(words, go_on, strict=True) for step in pair]
    stage.answers("go", (*steps, *reply("The end.")))
    async with stage.open() as chat:
        await chat.send("go")
        for number, event in enumerate(go_on):
            event.set()
            await chat.pilot.resize_terminal(1 + (number * 37) % 150, 1 + (number * 11) % 50)
        await chat.press("h", "i")
        await chat.pilot.resize_terminal(100, 30)
        await chat.until(lambda: not chat.is_running())
        await chat.sees("Paragraph 59 has words that wrap.", "The end.")
        assert chat.screen.query_one(Prompt).text == "hi"
        assert chat.screen.transcript.at_end

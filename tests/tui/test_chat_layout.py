"""Sizes: the sidebar, small terminals, and resizing while a reply streams."""

import asyncio

import pytest

from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.tui.stage import Chat, Stage


def rows_of_text(chat: Chat) -> list[str]:
    """The transcript without its scroll bar and the row of the pill."""
    return [line[:60].rstrip() for line in chat.lines(chat.screen.transcript)[:-1]]


async def test_under_80_columns_the_sidebar_is_hidden_and_f2_shows_it(stage: Stage):
    async with stage.open(size=(79, 24)) as chat:
        sidebar = chat.screen.query_one(Sidebar)
        assert not sidebar.display
        await chat.press("f2")
        assert sidebar.display
        assert "Sessions" in chat.text()
        await chat.press("ctrl+b")
        assert not sidebar.display


async def test_growing_and_shrinking_shows_and_hides_the_sidebar(stage: Stage):
    async with stage.open(size=(80, 24)) as chat:
        sidebar = chat.screen.query_one(Sidebar)
        assert sidebar.display
        await chat.pilot.resize_terminal(60, 24)
        await chat.until(lambda: not sidebar.display)
        await chat.pilot.resize_terminal(120, 24)
        await chat.until(lambda: sidebar.display)
        await chat.press("f2")
        await chat.pilot.resize_terminal(130, 24)
        await chat.pilot.pause()
        assert not sidebar.display, "what was hidden by hand stays hidden"


async def test_hiding_the_sidebar_gives_the_keys_of_its_lists_back(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "t", "f2")
        assert chat.screen.focused is not None
        await chat.press("i", *"word")
        assert chat.screen.prompt.text == "word"


@pytest.mark.parametrize("size", [(20, 5), (20, 3), (10, 10), (300, 6)])
async def test_one_can_chat_in_a_very_small_terminal(stage: Stage, size: tuple[int, int]):
    async with stage.open(size=size) as chat:
        await chat.ask("hi")
        assert "INSERT" in chat.status()
        assert chat.screen.query_one(Prompt).region.height >= 1
        if size[1] >= 5:
            await chat.press("escape", "G")
            await chat.sees("Re: hi")


async def test_resizing_while_a_reply_streams_keeps_its_end_in_sight(stage: Stage):
    more, last = asyncio.Event(), asyncio.Event()
    stage.answers("go", ["word " * 300, more, "then ", last, "END", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("go")
        await chat.sees("word word")
        await chat.pilot.resize_terminal(60, 12)
        more.set()
        await chat.sees("then")
        await chat.pilot.resize_terminal(20, 5)
        await chat.pilot.resize_terminal(110, 40)
        last.set()
        await chat.sees("END")
        assert chat.screen.transcript.entries[-1].is_live


async def test_reading_further_up_while_a_reply_streams_is_not_disturbed(stage: Stage):
    more = asyncio.Event()
    stage.answers("go", ["line\n\n" * 60, more, "new\n\n" * 10, asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("go")
        await chat.sees("line")
        await chat.press("pageup", "pageup")
        before = rows_of_text(chat)
        more.set()
        await chat.until(lambda: chat.screen.transcript.new_lines > 0)
        await chat.pilot.pause()
        assert rows_of_text(chat) == before
        await chat.press("escape", "G")
        await chat.sees("new")

"""The tree over the whole screen, with what is under its cursor beside it."""

import asyncio

import pytest

from conduit_tui.core.marks import Mark
from conduit_tui.core.start import Start
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.widgets.message_preview import MessagePreview
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.conftest import stalling
from tests.tui.stage import Chat, Stage
from tests.tui.widgets.building import NOW, Growing


def preview(chat: Chat) -> str:
    return "\n".join(chat.lines(MessagePreview))


async def shows(chat: Chat, *words: str) -> None:
    await chat.until(lambda: all(each in preview(chat) for each in words))


async def test_capital_t_shows_the_tree_with_the_message_under_its_cursor(stage: Stage):
    stage.answers("hi", reply("**bold** words"))
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "T")
        assert chat.screen.exploring.is_open
        assert chat.screen.focused is chat.screen.message_tree
        await shows(chat, "bold words", "re: hi")
        assert "**" not in preview(chat), "it is drawn, not quoted"
        assert chat.screen.message_tree.size.width > 50
        assert not chat.screen.query_one(SessionList).display
        assert "Esc leaves" in chat.status()
        await chat.press("k")
        await shows(chat, "you")


@pytest.mark.parametrize("key", ["T", "escape", "f2"])
async def test_it_is_left_as_it_was_entered(stage: Stage, key: str):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "T", "g", key)
        await chat.until(lambda: chat.screen.focused is chat.screen.transcript)
        assert not chat.screen.exploring.is_open
        assert chat.screen.mode == "normal"
        assert chat.path() == ["hi", "Re: hi"]
        assert "Re: hi" in chat.transcript()
        assert chat.screen.query_one(SessionList).display


async def test_from_the_prompt_the_keys_go_back_to_the_prompt(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.run("/explore")
        await chat.until(lambda: chat.screen.exploring.is_open)
        await chat.press("escape")
        await chat.write("more")
        assert chat.screen.mode == "insert"
        assert chat.screen.prompt.text == "more"


async def test_enter_goes_there_and_leaves(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("a")
        await chat.press("escape", "g", "g", "e")
        await chat.ask("2")
        await chat.press("escape", "T", "g", "j", "enter")
        await chat.until(lambda: chat.path() == ["a", "Re: a"])
        assert not chat.screen.exploring.is_open
        assert chat.screen.focused is chat.screen.transcript
        assert chat.cursor() == "Re: a"


async def test_a_hidden_sidebar_is_shown_meanwhile(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("f2", "escape", "T")
        assert chat.screen.query_one(Sidebar).display
        await chat.press("escape")
        assert not chat.screen.query_one(Sidebar).display


async def test_it_opens_from_the_tree_and_goes_back_to_it(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "t", "T", "T")
        await chat.until(lambda: chat.screen.focused is chat.screen.message_tree)
        assert not chat.screen.exploring.is_open
        assert chat.screen.mode == "normal"


async def test_in_a_narrow_terminal_the_preview_is_below(stage: Stage):
    async with stage.open(size=(80, 24)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "T")
        shown = chat.screen.query_one(MessagePreview)
        await chat.until(lambda: shown.region.y > 10)
        assert shown.region.width > 70
        await chat.pilot.resize_terminal(120, 40)
        await chat.until(lambda: shown.region.x > 50 and shown.region.y == 0)
        await shows(chat, "Re: hi")
        await chat.pilot.resize_terminal(70, 20)
        await chat.press("escape")
        assert not chat.screen.query_one(Sidebar).display, "there is no room for it any more"


@pytest.mark.parametrize("size", [(20, 5), (3, 2)])
async def test_it_opens_at_any_size(stage: Stage, size: tuple[int, int]):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "T")
        await chat.pilot.resize_terminal(*size)
        await chat.press("k", "escape")
        assert not chat.screen.exploring.is_open


async def test_page_keys_scroll_the_preview_and_not_the_tree(stage: Stage):
    stage.answers("hi", reply("\n\n".join(f"paragraph {n}" for n in range(60))))
    async with stage.open(size=(120, 30)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "T")
        await shows(chat, "paragraph 0")
        for down, up in (("pagedown", "pageup"), ("ctrl+d", "ctrl+u")):
            await chat.press(down)
            await chat.until(lambda: "paragraph 0\n" not in preview(chat))
            await chat.press(up)
            await shows(chat, "paragraph 0\n")
        assert chat.screen.message_tree.cursor_id == chat.session.leaf_id


async def test_what_stands_on_a_message_is_told_in_full(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        leaf = str(chat.session.leaf_id)
        chat.session.set_mark(leaf, Mark("best", NOW, "first line [bold\n" + "long " * 60 + "end"))
        await chat.press("escape", "T")
        await shows(chat, "★", "[best]", "first line [bold", "end", leaf[:7])


async def test_a_reply_that_streams_grows_in_the_preview(stage: Stage):
    more = asyncio.Event()
    stage.answers("hi", reply("done"), ["first ", more, *reply("second")])
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("first")
        await chat.press("T", "G")
        await shows(chat, "first", "streams now")
        more.set()
        await shows(chat, "first second")
        await chat.until(lambda: not chat.is_running())
        await shows(chat, "first second", "2/2")


async def test_the_cursor_stays_while_something_happens_in_the_tree(stage: Stage):
    more = asyncio.Event()
    stage.answers("hi", ["first ", more, *reply("second")])
    async with stage.open(size=(120, 40)) as chat:
        await chat.send("hi")
        await chat.sees("first")
        await chat.press("escape", "T", "g")
        await shows(chat, "you")
        await chat.press(":")
        more.set()
        await chat.until(lambda: not chat.is_running())
        await chat.press("escape")
        await chat.until(lambda: chat.screen.focused is chat.screen.message_tree)
        assert chat.screen.exploring.is_open
        assert chat.screen.message_tree.cursor == 0


async def test_the_prompt_and_a_search_end_it(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("hi")
        await chat.press("escape", "T")
        await chat.run(":find hi")
        await chat.until(lambda: not chat.screen.exploring.is_open)
        await chat.until(lambda: chat.screen.focused is chat.screen.transcript)
        await chat.press("T", "ctrl+n")
        await chat.until(lambda: chat.screen.mode == "insert")
        assert not chat.screen.exploring.is_open


async def test_an_empty_session_says_so(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.press("escape", "T")
        await shows(chat, "No messages yet.")
        await chat.press("escape")
        assert chat.screen.focused is chat.screen.transcript


async def test_a_click_looks_and_a_second_one_goes_there(stage: Stage):
    async with stage.open(size=(120, 40)) as chat:
        await chat.ask("a")
        await chat.press("escape", "g", "g", "e")
        await chat.ask("2")
        await chat.press("escape", "T")
        await chat.pilot.click(MessageTree, offset=(4, 0))
        await shows(chat, "you")
        assert chat.screen.exploring.is_open
        assert chat.path() == ["a2", "Re: a2"]
        await chat.pilot.click(MessageTree, offset=(4, 0), times=2)
        await chat.until(lambda: not chat.screen.exploring.is_open)
        assert chat.path() == ["a", "Re: a"]


async def test_escape_does_not_cancel_what_streams(stage: Stage):
    stage.answers("hi", stalling(asyncio.Event(), "stuck"))
    async with stage.open(size=(120, 40)) as chat:
        await chat.send("hi")
        await chat.sees("stuck")
        await chat.press("escape", "T", "escape")
        assert not chat.screen.exploring.is_open
        assert chat.is_running()


async def test_a_long_session_shows_what_is_under_the_cursor(stage: Stage):
    growing = Growing().chain(3_000)
    growing.session.visit("m2999")
    await stage.keep(growing.session, last=growing.session)
    async with stage.open(Start(continue_last=True), size=(120, 40)) as chat:
        await chat.press("escape", "T")
        await chat.until(lambda: chat.session.is_whole)
        await chat.press("g")
        await shows(chat, "text 0")
        await chat.press(*"j" * 50)
        words = chat.session[str(chat.screen.message_tree.cursor_id)].text
        await chat.until(lambda: words in map(str.strip, chat.lines(MessagePreview)))

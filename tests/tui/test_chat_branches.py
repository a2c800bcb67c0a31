"""Walking the tree: siblings, jumps, and several replies at once."""

import asyncio

from textual.widget import Widget

from conduit_tui.providers.scripted import reply
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.sidebar import Sidebar
from conduit_tui.tui.widgets.spinner import FRAMES
from tests.conftest import stalling
from tests.tui.stage import Chat, Stage
from tests.tui.widgets.building import stilled


async def ask_again(chat: Chat) -> None:
    """Regenerate the last reply and wait for it."""
    before = len(chat.session)
    await chat.press("r")
    await chat.until(lambda: len(chat.session) > before and not chat.is_running())


async def test_r_regenerates_a_reply_as_a_sibling(stage: Stage):
    stage.answers("hi", reply("one"), reply("two"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await ask_again(chat)
        assert chat.path() == ["hi", "two"]
        assert "2/2" in chat.transcript()
        assert len(stage.provider.requests[-1].messages) == 1, "the first reply is not sent along"


async def test_h_and_l_and_brackets_walk_the_siblings_to_their_edges(stage: Stage):
    stage.answers("hi", reply("one"), reply("two"), reply("three"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await ask_again(chat)
        await ask_again(chat)
        for key, words, position in (
            ("h", "two", "2/3"),
            ("[", "one", "1/3"),
            ("l", "two", "2/3"),
            ("]", "three", "3/3"),
            ("left", "two", "2/3"),
            ("right", "three", "3/3"),
        ):
            await chat.press(key)
            assert chat.path() == ["hi", words], key
            assert position in chat.transcript(), key
            assert chat.cursor() == words
        await chat.press("l")
        await chat.is_told("This is the last of 3.")
        await chat.press("h", "h", "h")
        await chat.is_told("This is the first of 3.")
        stored = await stage.stored(chat.session)
    assert stored[str(stored.leaf_id)].text == "one", "the place is remembered"


async def test_a_message_without_siblings_says_so(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "l")
        await chat.is_told("No sibling.")
        assert chat.path() == ["hi", "Re: hi"]


async def test_a_key_that_leads_nowhere_is_answered_once_however_often_it_is_pressed(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "l", "l")
        await chat.is_told("No sibling.")
        await chat.press("h", "ctrl+o")
        await chat.is_told("Nowhere further back.")
        await chat.until(lambda: len(chat.notices()) == 1)


async def test_going_back_to_a_sibling_comes_to_where_one_was_below_it(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("a")
        await chat.ask("b")
        await chat.press("escape", "g", "g", "e")
        await chat.ask("2")
        await chat.press("escape", "g", "g", "h")
        assert chat.path() == ["a", "Re: a", "b", "Re: b"]


async def test_the_tree_jumps_anywhere(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("a")
        await chat.press("escape", "g", "g", "e")
        await chat.ask("2")
        await chat.press("escape", "t")
        assert chat.screen.focused is chat.screen.message_tree
        await chat.press("g", "j", "enter")
        await chat.until(lambda: chat.path() == ["a", "Re: a"])
        assert chat.cursor() == "Re: a"
        assert any("Re: a ◂" in line for line in chat.lines(MessageTree))


async def test_escape_in_the_tree_goes_back_to_the_messages(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("a")
        await chat.press("escape", "t", "escape")
        assert chat.screen.focused is chat.screen.transcript
        assert chat.screen.mode == "normal"


async def test_t_shows_a_hidden_sidebar(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("a")
        await chat.press("f2", "escape", "t")
        assert chat.screen.query_one(Sidebar).display
        assert chat.screen.focused is chat.screen.message_tree


async def test_a_branch_that_is_left_streams_on_and_is_found_grown(stage: Stage):
    more = asyncio.Event()
    stage.answers("hi", reply("done"), ["first ", more, "second ", asyncio.Event()])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("first")
        await chat.press("h")
        assert chat.path() == ["hi", "done"]
        assert "first" not in chat.transcript()
        more.set()
        await chat.press("l")
        await chat.sees("first second")
        assert chat.screen.transcript.entries[-1].is_live
        assert "2/2" in chat.transcript()


async def test_a_reply_that_ends_elsewhere_does_not_steal_the_view(stage: Stage):
    end = asyncio.Event()
    stage.answers("hi", reply("done"), ["first ", end, *reply("last")])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("first")
        await chat.press("h")
        end.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.path() == ["hi", "done"]
        assert "1/2" in chat.transcript()
        stored = await stage.stored(chat.session)
        assert stored[str(stored.leaf_id)].text == "done"
        await chat.press("l")
        assert chat.path() == ["hi", "first last"]


async def test_escape_cancels_only_the_reply_on_view(stage: Stage):
    stage.answers("hi", reply("done"), stalling(asyncio.Event(), "stuck"))
    stage.answers("next", stalling(asyncio.Event(), "here"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("stuck")
        await chat.press("h", "i")
        await chat.send("next")
        await chat.sees("here")
        await chat.press("escape", "escape")
        await chat.sees("interrupted")
        assert [turn.is_running for turn in chat.controller.running()] == [True]
        assert chat.path()[-1] == "here"


async def test_the_sign_of_a_reply_that_streams_turns_also_while_nothing_comes(stage: Stage):
    stage.answers("hi", stalling(asyncio.Event(), "going"))

    def sign(widget: type[Widget]) -> set[str]:
        return {letter for line in chat.lines(widget) for letter in line} & set(FRAMES)

    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("going")
        for widget in (MessageTree, SessionList):
            await chat.until(lambda widget=widget: len(sign(widget)) == 1)
            before = sign(widget)
            await chat.until(lambda widget=widget, before=before: sign(widget) != before)
        await chat.press("ctrl+c")
        await chat.until(lambda: not chat.is_running())
        assert sign(MessageTree) == set()


async def test_the_tree_marks_the_reply_that_streams(stage: Stage):
    stage.answers("hi", stalling(asyncio.Event(), "going"))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("going")
        assert any("◌" in stilled(line) for line in chat.lines(MessageTree))
        await chat.press("ctrl+c")
        await chat.until(lambda: not chat.is_running())
        assert any("⊘" in line for line in chat.lines(MessageTree))


async def test_r_does_not_ask_twice_while_a_reply_is_on_its_way(stage: Stage):
    released = asyncio.Event()
    stage.answers("hi", ["partial", released, *reply(" whole")])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("partial")
        await chat.press("escape", "r")
        await chat.is_told(
            "A reply is on its way; Ctrl+C cancels it, r on your message asks for another."
        )
        released.set()
        await chat.until(lambda: not chat.is_running())
        assert len(chat.session) == 2

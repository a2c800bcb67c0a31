"""Sending while a reply streams: the message waits, can be taken back, and is never lost."""

import asyncio

from conduit_tui.core.errors import Overloaded
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.widgets.prompt import Prompt
from tests.tui.stage import Chat, Stage


def chips(chat: Chat) -> str:
    """What stands above the text of the prompt."""
    return "\n".join(chat.lines(Prompt))


async def test_what_is_sent_while_a_reply_streams_waits_as_a_chip_and_is_sent_after_it(
    stage: Stage,
):
    end = asyncio.Event()
    stage.answers("one", ["begun ", end, *reply("done")])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        assert "queued: two" in chips(chat)
        assert chat.screen.prompt.text == ""
        assert len(chat.session) == 1, "it is not in the tree yet"
        end.set()
        await chat.sees("Re: two")
        assert "queued" not in chips(chat)
        assert chat.path() == ["one", "begun done", "two", "Re: two"]


async def test_several_wait_in_their_order(stage: Stage):
    end = asyncio.Event()
    stage.answers("one", ["begun ", end, *reply("done")])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.send("three")
        end.set()
        await chat.sees("Re: three")
        assert chat.path()[2:] == ["two", "Re: two", "three", "Re: three"]


async def test_backspace_in_the_empty_prompt_takes_the_last_one_back(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.send("three")
        await chat.press("backspace")
        assert chat.screen.prompt.text == "three"
        assert "queued: two" in chips(chat)
        assert "three" not in chips(chat).split("\n")[0]


async def test_a_click_on_the_chip_takes_it_back(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.pilot.click("ChipRow", offset=(3, 0))
        await chat.until(lambda: chat.screen.prompt.text == "two")
        assert "queued" not in chips(chat)


async def test_after_a_failure_it_is_back_in_the_prompt(stage: Stage):
    end = asyncio.Event()
    stage.answers("one", [end, Overloaded("The server is busy.")])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.send("two")
        await chat.write("half a thought")
        end.set()
        await chat.sees("The server is busy.")
        await chat.until(lambda: not chat.is_running())
        assert chat.screen.prompt.text == "two\n\nhalf a thought"
        assert "queued" not in chips(chat)
        assert len(chat.session) == 2


async def test_after_a_cancel_it_is_back_in_the_prompt(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.press("ctrl+c")
        await chat.until(lambda: chat.screen.prompt.text == "two")
        assert chat.path() == ["one", "begun"]


async def test_the_queue_is_worked_off_while_another_session_is_on_view(stage: Stage):
    end = asyncio.Event()
    stage.answers("one", ["begun ", end, *reply("done")])
    async with stage.open() as chat:
        left = chat.session
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not left)
        assert "queued" not in chips(chat)
        end.set()
        await chat.until(lambda: len(left) == 4 and not chat.is_running())
        assert chat.session is not left, "the view stays"
        assert chat.screen.prompt.text == ""
        stored = await stage.stored(left)
        assert stored[str(stored.leaf_id)].text == "Re: two"
        chat.screen.actions.open_session(left.id)
        await chat.sees("Re: two")
        await chat.pilot.pause()
        assert chat.screen.prompt.text == "", "what was sent is not unsent"


async def test_the_queue_is_there_when_one_comes_back_to_its_session(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        left = chat.session
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.write("half")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not left)
        chat.screen.actions.open_session(left.id)
        await chat.until(lambda: chat.screen.prompt.text == "half")
        assert "queued: two" in chips(chat)


async def test_what_is_queued_in_a_session_not_on_view_is_kept_over_a_quit(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        left = chat.session
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not left)
        await chat.press("ctrl+q")
        await chat.until(lambda: not chat.app.is_running)
    async with stage.store() as store:
        assert await store.load_prompt(left.id) == ("two", ())


async def test_what_fails_while_another_session_is_on_view_is_back_in_its_own_prompt(
    stage: Stage,
):
    end = asyncio.Event()
    stage.answers("one", ["begun ", end, Overloaded("The server is busy.")])
    async with stage.open() as chat:
        left = chat.session
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not left)
        await chat.write("other words")
        end.set()
        await chat.until(lambda: not chat.is_running())
        await chat.is_told("The server is busy.")
        chat.screen.actions.open_session(left.id)
        await chat.until(lambda: chat.session is left)
        await chat.until(lambda: chat.screen.prompt.text == "two")


async def test_a_queued_message_is_kept_over_a_quit(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await chat.send("two")
        await chat.write("three")
        await chat.press("ctrl+q")
        await chat.until(lambda: not chat.app.is_running)
    async with stage.open() as chat:
        await chat.sees("begun", "interrupted")
        assert chat.screen.prompt.text == "two\n\nthree"


async def test_a_branch_that_does_not_stream_is_sent_to_at_once(stage: Stage):
    stage.answers("one", reply("first"), ["second ", asyncio.Event()])
    async with stage.open() as chat:
        await chat.ask("one")
        await chat.press("escape", "r")
        await chat.sees("second")
        await chat.press("h", "i")
        await chat.send("here")
        await chat.sees("Re: here")
        assert chat.path() == ["one", "first", "here", "Re: here"]


async def test_what_was_queued_goes_out_without_taking_the_view_from_a_reader(stage: Stage):
    gate = asyncio.Event()
    stage.answers("first", ["line\n\n" * 60, gate, *reply("the end")])
    async with stage.open() as chat:
        await chat.send("first")
        await chat.sees("line")
        await chat.send("second")
        await chat.press("pageup", "pageup")
        line = chat.screen.transcript._path.line
        gate.set()
        await chat.until(lambda: len(chat.session) == 4 and not chat.is_running())
        assert chat.screen.transcript._path.line == line
        assert not chat.screen.transcript.at_end
        assert chat.screen.transcript.new_lines > 0

"""Several replies at once: which one is on view, and what becomes of the others."""

import asyncio

import pytest

from conduit_tui.core.errors import RateLimited
from conduit_tui.providers.scripted import Script, reply
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.session_list import SessionList
from tests.tui.stage import Chat, Stage
from tests.tui.widgets.building import stilled


class Three:
    """Three replies that stream at once; each ends when its event is set."""

    names = ("one", "two", "three")

    def __init__(self) -> None:
        self.ends = [asyncio.Event() for _ in self.names]

    def scripts(self) -> list[Script]:
        return [
            [f"{name} ", end, *reply(f"{name} whole")]
            for name, end in zip(self.names, self.ends, strict=True)
        ]


async def ask_three(chat: Chat, stage: Stage) -> Three:
    """Ask, have a reply, and ask for three more at once; the first of them is on view."""
    three = Three()
    stage.answers("hi", reply("done"), *three.scripts())
    await chat.ask("hi")
    await chat.press("escape", "3", "r")
    await chat.until(lambda: len(chat.screen.live.of_session(chat.session.id)) == 3)
    await chat.sees("one")
    await chat.until(lambda: all(each.has_begun for each in lives(chat)))
    return three


def lives(chat: Chat):
    return chat.screen.live.of_session(chat.session.id)


def header(chat: Chat) -> str:
    """The sibling position of the reply on view."""
    entry = chat.screen.transcript.entries[-1]
    return f"{entry.position}/{entry.siblings}"


def on_view(chat: Chat) -> str:
    """What the last message on view says so far."""
    return "".join(part.text for part in chat.screen.transcript.entries[-1].parts())  # type: ignore[union-attr]


async def end(chat: Chat, three: Three, number: int) -> None:
    """Let one of the three end, and wait until it is in the tree and out of the screen's drafts."""
    count = len(chat.session)
    three.ends[number].set()
    await chat.until(lambda: len(chat.session) == count + 1)
    await chat.until(lambda: all(each.message_id not in chat.session for each in lives(chat)))
    await chat.pilot.pause()


async def test_three_stream_as_siblings_and_the_first_is_on_view(stage: Stage):
    async with stage.open() as chat:
        await ask_three(chat, stage)
        assert on_view(chat) == "one "
        assert header(chat) == "2/4"
        assert sum("◌" in stilled(line) for line in chat.lines(MessageTree)) == 3
        assert "2 more stream" in chat.status()


async def test_r_on_ones_message_asks_for_another_beside_the_one_that_streams(stage: Stage):
    first, second = asyncio.Event(), asyncio.Event()
    stage.answers("hi", ["one ", first, *reply("one whole")], ["two ", second, *reply("two whole")])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("one")
        await chat.press("escape", "k", "r")
        await chat.sees("two")
        assert header(chat) == "2/2"
        assert "1 more stream" in chat.status()
        first.set()
        await chat.until(lambda: len(chat.session) == 2)
        assert on_view(chat) == "two ", "the one that ends does not take the view"
        second.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.path() == ["hi", "two two whole"]


async def test_one_can_walk_among_all_that_stream_and_those_that_are_done(stage: Stage):
    async with stage.open() as chat:
        await ask_three(chat, stage)
        for key, words, position in (
            ("l", "two ", "3/4"),
            ("l", "three ", "4/4"),
            ("h", "two ", "3/4"),
            ("h", "one ", "2/4"),
            ("h", "done", "1/4"),
            ("l", "one ", "2/4"),
        ):
            await chat.press(key)
            assert (on_view(chat), header(chat)) == (words, position)
        await chat.press("3", "l", "l")
        await chat.is_told("This is the last of 4.")


async def test_the_one_on_view_stays_there_when_it_ends_and_the_others_get_a_dot(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await end(chat, three, 0)
        assert chat.path() == ["hi", "one one whole"]
        assert header(chat) == "2/4"
        await end(chat, three, 1)
        await chat.until(lambda: len(chat.screen.unseen.of(chat.session)) == 1)
        assert chat.path() == ["hi", "one one whole"]
        await chat.press("l")
        assert chat.path() == ["hi", "two two whole"]
        assert not chat.screen.unseen.of(chat.session), "it was seen"


async def test_another_that_ends_does_not_take_the_view_from_the_one_that_streams(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await chat.press("l")
        await end(chat, three, 0)
        assert on_view(chat) == "two "
        await end(chat, three, 2)
        assert on_view(chat) == "two "
        assert header(chat) == "4/4", "those that are done come first"
        stored = await stage.stored(chat.session)
        assert stored.leaf_id == chat.session.leaf_id, "the store agrees"
        await end(chat, three, 1)
        assert chat.path() == ["hi", "two two whole"]
        stored = await stage.stored(chat.session)
        assert stored.leaf_id == chat.session.leaf_id


async def test_jumping_away_and_back_comes_to_the_one_that_was_on_view(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await chat.press("l", "2", "h")
        assert on_view(chat) == "done"
        await end(chat, three, 0)
        assert on_view(chat) == "done", "nothing comes to the view by itself"
        await chat.press("ctrl+o")
        assert on_view(chat) == "two "
        await end(chat, three, 1)
        assert chat.path() == ["hi", "two two whole"]


async def test_escape_cancels_the_one_on_view_and_the_others_stream_on(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await chat.press("l", "escape")
        await chat.until(lambda: len(chat.session) == 3)
        assert chat.path() == ["hi", "two "]
        assert chat.session[str(chat.session.leaf_id)].status == "interrupted"
        assert len(list(chat.controller.running())) == 2
        await end(chat, three, 0)
        assert chat.path() == ["hi", "two "]


async def test_a_rate_limit_on_one_is_told_and_the_others_stream_on(stage: Stage):
    three = Three()
    one, _, last = three.scripts()
    limited: Script = [three.ends[1], RateLimited("Too many requests.")]
    stage.answers("hi", reply("done"), one, limited, last)
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "3", "r")
        await chat.sees("one")
        await chat.until(lambda: len(lives(chat)) == 3)
        await end(chat, three, 1)
        assert on_view(chat) == "one ", "the one that failed is elsewhere"
        await chat.is_told("guide failed on another branch")
        await chat.press("h")
        await chat.sees("Too many requests.")
        await chat.press("l")
        await end(chat, three, 0)
        await end(chat, three, 2)
        assert [message.status for message in chat.session].count("complete") == 4


async def test_a_message_waits_behind_the_one_on_view(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await chat.press("l", "i")
        await chat.send("next")
        assert "queued: next" in "\n".join(chat.lines(Prompt))
        await chat.press("escape", "h")
        assert "queued" not in "\n".join(chat.lines(Prompt)), "it waits behind the other"
        await end(chat, three, 0)
        assert len(stage.provider.requests) == 4
        three.ends[1].set()
        await chat.until(lambda: len(stage.provider.requests) == 5)
        await chat.until(lambda: len(list(chat.controller.running())) == 1)
        assert chat.path() == ["hi", "one one whole"], "the view stays"
        sent = [message.text for message in stage.provider.requests[-1].messages]
        assert sent == ["hi", "two two whole", "next"]


async def test_more_than_nine_at_once_are_refused(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "1", "0", "r")
        await chat.is_told("At most 9 replies at once: each of them costs money.")
        assert len(stage.provider.requests) == 1


async def test_a_turn_is_cancelled_from_the_tree(stage: Stage):
    async with stage.open() as chat:
        three = await ask_three(chat, stage)
        await chat.press("t", "G")
        assert "Esc cancels" in chat.status()
        await chat.press("escape")
        await chat.until(lambda: len(chat.session) == 3)
        assert [message.text for message in chat.session] == ["hi", "done", "three "]
        assert on_view(chat) == "one ", "the view stays"
        assert chat.screen.focused is chat.screen.message_tree
        await end(chat, three, 0)


async def test_cancel_all_stops_every_turn_of_the_session(stage: Stage):
    async with stage.open() as chat:
        await ask_three(chat, stage)
        await chat.press(":", *"cancel all", "enter")
        await chat.until(lambda: not chat.is_running())
        assert [message.status for message in chat.session].count("interrupted") == 3
        await chat.press(":", *"cancel all", "enter")
        await chat.is_told("Nothing streams in this session.")


@pytest.mark.parametrize("command", ["cancel none", "cancel 2"])
async def test_cancel_takes_nothing_but_all(stage: Stage, command: str):
    async with stage.open() as chat:
        await chat.press("escape", ":", *command, "enter")
        await chat.is_told("/cancel all every one.")


async def test_a_branch_is_left_while_it_streams_and_its_end_leaves_a_dot(stage: Stage):
    gate = asyncio.Event()
    stage.answers("slow", ["begun ", gate, *reply("over")])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.send("slow")
        await chat.sees("begun")
        await chat.press("escape", "g", "g", "e")
        await chat.ask_beside("!")
        assert chat.path() == ["hi!", "Re: hi!"]
        assert "1 more streams" in chat.status()
        gate.set()
        await chat.until(lambda: not chat.is_running())
        assert len(chat.screen.unseen.of(chat.session)) == 1
        assert "more" not in chat.status()
        await chat.press("escape", "ctrl+o")
        await chat.until(lambda: chat.path()[-1] == "begun over")
        assert not chat.screen.unseen.sessions


async def test_a_dot_is_there_again_after_a_restart_until_one_looks(stage: Stage):
    gate = asyncio.Event()
    stage.answers("slow", ["begun ", gate, *reply("over")])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.send("slow")
        await chat.sees("begun")
        await chat.press("escape", "g", "g", "e")
        await chat.ask_beside("!")
        gate.set()
        await chat.until(lambda: bool(chat.screen.unseen.of(chat.session)))
        await chat.until(lambda: not kept_dots(chat))
    async with stage.open() as chat:
        await chat.until(lambda: any("• " in line for line in chat.lines(MessageTree)))
        await chat.press("escape", "g", "g", "h")
        await chat.until(lambda: chat.path()[-1] == "begun over")
        await chat.until(lambda: not kept_dots(chat))
        assert not any("•" in line for line in chat.lines(MessageTree))
    async with stage.open() as chat:
        await chat.until(lambda: not kept_dots(chat))
        assert not chat.screen.unseen.sessions


def kept_dots(chat: Chat) -> list[object]:
    """What is still on its way from or to the store."""
    return [each for each in chat.app.workers if each.group == "unseen" and not each.is_finished]


async def test_the_dot_of_another_session_is_known_until_one_looks(stage: Stage):
    gate = asyncio.Event()
    stage.answers("slow", ["begun ", gate, *reply("over")])
    async with stage.open() as chat:
        left = chat.session
        await chat.send("slow")
        await chat.sees("begun")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not left)
        assert "1 more streams" in chat.status()
        gate.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.screen.unseen.sessions == {left.id}
        chat.screen.actions.open_session(left.id)
        await chat.until(lambda: chat.session is left)
        assert not chat.screen.unseen.sessions


async def test_the_list_of_sessions_marks_where_replies_stream_and_where_one_ended(stage: Stage):
    ends = asyncio.Event()
    stage.answers("slow", ["so ", ends, *reply("so it is")])

    def row() -> str:
        return stilled(next(line for line in chat.lines(SessionList) if "slow" in line))

    async with stage.open() as chat:
        await chat.send("slow")
        await chat.until(lambda: row().startswith("▌◌ slow"))
        await chat.press("ctrl+n")
        await chat.until(lambda: row().startswith(" ◌ slow"))
        ends.set()
        await chat.until(lambda: row().startswith(" ● slow"))
        await chat.press("escape", "s", "down", "enter")
        await chat.until(lambda: row().startswith("▌slow"))

"""Stars, labels and notes, by keys and commands, and in the headers."""

from tests.tui.stage import Stage
from tests.tui.tree import command, grow


async def test_a_star_is_put_on_and_taken_away(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("*")
        assert "★" in chat.transcript()
        await chat.press("*")
        assert "★" not in chat.transcript()
        await command(chat, "star")
        await chat.until(lambda: "★" in chat.transcript())
        stored = await stage.stored(chat.session)
    assert [mark.starred_at is not None for mark in stored.marks.values()].count(True) == 1


async def test_a_session_opens_at_its_star(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("*", "k", "h")
        assert chat.path()[-1] == "Re: bullets"
        await chat.screen.leave()
    async with stage.open() as chat:
        assert chat.path()[-1] == "Re: child"


async def test_m_asks_for_a_label_and_says_what_is_wrong_with_it(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("m", *"the best", "enter")
        await chat.is_told("A label is one word: no blanks in it.")
        await chat.sees('Label of "Re: child"', "the best")
        await chat.press(*["backspace"] * 9, *"best", "enter")
        await chat.sees("[best]")
        await chat.press("m")
        await chat.sees("Label of")
        await chat.press("escape")
        assert chat.session.labelled("best")
        await chat.press("m", *["backspace"] * 9, "enter")
        await chat.sees_no("[best]")
        assert chat.session.labelled("best") is None


async def test_a_label_moves_and_that_is_told(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await command(chat, "label best")
        await chat.sees("[best]")
        await chat.press("k")
        await command(chat, "label @best")
        await chat.is_told('Label best moved here from "Re: child".')
        await chat.press("u")
        await chat.until(lambda: chat.session.labelled("best").text == "Re: child")
        await command(chat, "label a b")
        await chat.is_told("no blanks in it")


async def test_a_note_stands_below_the_header(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("M", *"for the talk", "ctrl+j", *"not yet", "enter")
        await chat.sees("note: for the talk …")
        await command(chat, "note short \x1b[2J")
        await chat.sees("note: short")
        await chat.press("M", "ctrl+a", *["backspace"] * 30, "ctrl+k", "enter")
        await chat.sees_no("note:")
        assert not chat.session.marks


async def test_the_status_bar_tells_of_a_mark_that_is_not_on_view(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        other = next(each for each in chat.session if each.text == "bullets")
        chat.screen.actions.tree.label(other.id, "first")
        assert "labelled first" in chat.status()
        await command(chat, "go @first")
        await chat.until(lambda: chat.path()[-1] == "Re: bullets")
        assert chat.cursor() == "bullets"


async def test_a_star_in_the_trash_does_not_decide_where_a_session_opens(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("*", "k", "d", "y")
        assert chat.path()[-1] == "Re: bullets"
        await chat.screen.leave()
    async with stage.open() as chat:
        assert chat.path() == ["raft", "Re: raft", "bullets", "Re: bullets"]


async def test_a_session_opens_at_a_star_below_which_all_was_pruned(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("g", "g", "j", "*", "k", "e")
        await chat.until(lambda: chat.screen.composer.editing.message_id)
        await chat.send("x")
        await chat.until(lambda: len(chat.session) == 8 and not chat.is_running())
        await chat.press("escape", "g", "g", "h", "j", "j", "d", "y", "d", "y")
        assert chat.path() == ["raft", "Re: raft"]
        await chat.press("g", "g", "l")
        assert chat.path()[0] == "raftx"
        await chat.press("g", "g", "h", "j", "*", "*", "g", "g", "l")
        await chat.screen.leave()
    async with stage.open() as chat:
        assert chat.path() == ["raft", "Re: raft"]

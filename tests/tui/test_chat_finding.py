"""Find in the chat: `/`, `n`, `N`, `/find`, Escape, and what else has a slash."""

import asyncio

import pytest

from conduit_tui.core.message import Message, new_id
from conduit_tui.core.session import Session
from conduit_tui.tui.widgets import kept_views
from conduit_tui.tui.widgets.find_line import FindLine
from conduit_tui.tui.widgets.message_view import MessageView
from tests.conftest import MakeMessage
from tests.tui.stage import Chat, Stage


def session_of(make_message: MakeMessage, words: dict[int, str], count: int) -> Session:
    """A session of one line in which some messages have words of their own."""
    session = Session(new_id(), title="long")
    before: Message | None = None
    for number in range(count):
        role = "assistant" if number % 2 else "user"
        text = words.get(number, f"message {number}")
        before = make_message(role, text, after=before, session_id=session.id)
        session.add(before)
    session.visit(before.id if before else None)
    return session


def place(chat: Chat) -> tuple[object, ...]:
    """Where a person is in the transcript."""
    transcript = chat.screen.transcript
    return (
        chat.lines(transcript),
        transcript.scroll_y,
        transcript.cursor_id,
        transcript.at_end,
        chat.screen.mode,
    )


def texts(chat: Chat) -> list[str]:
    """What the transcript says, without the scroll bar and the mark of the cursor."""
    return [row[2:50].rstrip() for row in chat.lines(chat.screen.transcript)]


def line(chat: Chat) -> str:
    """What the find line says."""
    return chat.lines(FindLine)[0]


@pytest.fixture
async def kept(stage: Stage, make_message: MakeMessage) -> Stage:
    """A stage whose last session has needles far above its end."""
    words = {10: "first needle", 30: "a Needle and a needle", 59: "the end"}
    session = session_of(make_message, words, 60)
    await stage.keep(session, last=session)
    return stage


async def test_the_slash_opens_a_line_that_finds_as_one_types(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/")
        assert "FIND" in chat.status()
        assert line(chat) == " /Ctrl+F searches all sessions"
        await chat.write("needle")
        await chat.until(lambda: line(chat).endswith("1/3"))
        assert "first needle" in chat.transcript()
        assert chat.cursor() == "first needle"
        await chat.write("x")
        await chat.until(lambda: line(chat).endswith("no match"))
        assert "the end" in chat.transcript()


async def test_opening_the_line_moves_nothing_and_a_match_in_sight_stays_where_it_is(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape")
        before = texts(chat)
        await chat.press("/")
        assert texts(chat) == before[:-1]
        first = next(words for words in before if "message" in words).split()[-1]
        await chat.write(f"message {first}")
        await chat.until(lambda: line(chat).endswith("1/1"))
        assert texts(chat) == before[:-1]


async def test_enter_keeps_the_matches_and_n_goes_on(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"needle", "enter")
        assert not chat.screen.query_one(FindLine).display
        assert "NORMAL" in chat.status()
        await chat.until(lambda: "/needle 1/3" in chat.status())
        for key, words in (("n", "2/3"), ("n", "3/3"), ("n", "1/3"), ("N", "3/3"), ("N", "2/3")):
            await chat.press(key)
            await chat.until(lambda words=words: f"/needle {words}" in chat.status())
        assert chat.cursor() == "a Needle and a needle"


async def test_a_capital_letter_makes_it_exact(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"Needle")
        await chat.until(lambda: line(chat).endswith("1/1"))


async def test_escape_in_the_line_returns_to_where_one_was(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "pageup", "k")
        before = place(chat)
        await chat.press("/", *"needle")
        assert place(chat) != before
        await chat.press("escape")
        assert place(chat) == before
        await chat.press("/", *"nee", "backspace", "backspace", "backspace", "backspace")
        assert place(chat) == before, "deleting what is not there closes the line too"


async def test_escape_after_enter_returns_before_it_cancels_a_reply(kept: Stage):
    kept.answers("go", ["begun", asyncio.Event()])
    async with kept.open() as chat:
        await chat.send("go")
        await chat.sees("begun")
        await chat.press("escape")
        before = place(chat)
        await chat.press("/", *"needle", "enter", "n")
        assert place(chat) != before
        await chat.press("escape")
        assert place(chat) == before
        assert chat.is_running()
        assert "needle" not in chat.status()
        await chat.press("escape")
        await chat.until(lambda: not chat.is_running())


async def test_a_new_slash_starts_over_and_up_brings_the_last_text(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"needle", "enter")
        await chat.press("/", "up")
        assert line(chat).startswith(" /needle")
        await chat.press("escape")
        assert chat.cursor() == "first needle", "it began where the last search led"
        await chat.press("n")
        await chat.until(lambda: "/needle" in chat.status())


async def test_an_empty_enter_looks_for_the_last_text_again(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", "enter")
        assert chat.screen.mode == "normal"
        assert "/" not in chat.status().replace("guide", "").replace("demo/", "")
        await chat.press("/", *"needle", "enter", "escape", "/", "enter")
        await chat.until(lambda: "/needle 1/3" in chat.status())


async def test_n_without_a_search_says_how_to_begin(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "n")
        await chat.is_told("Nothing to find yet; / begins.")


async def test_the_command_finds_from_the_prompt(kept: Stage):
    async with kept.open() as chat:
        await chat.run("/find first needle")
        await chat.until(lambda: "/first needle 1/1" in chat.status())
        await chat.until(lambda: "first needle" in chat.transcript())
        await chat.until(lambda: chat.screen.mode == "normal")
        assert chat.screen.prompt.text == ""
        await chat.press("escape", "i")
        await chat.run("/find nowhere")
        await chat.is_told("No match for 'nowhere'.")
        assert chat.screen.mode == "insert"
        assert "the end" in chat.transcript()


async def test_the_command_without_text_opens_the_line_and_escape_returns_to_the_prompt(
    kept: Stage,
):
    async with kept.open() as chat:
        before = place(chat)
        await chat.run("/find")
        await chat.until(lambda: chat.screen.mode == "find")
        await chat.write("needle")
        await chat.until(lambda: line(chat).endswith("1/3"))
        await chat.press("escape")
        assert place(chat) == before
        await chat.write("typed")
        assert chat.screen.prompt.text == "typed"


async def test_back_in_the_prompt_nothing_is_highlighted_and_the_place_is_kept(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"needle", "enter", "i")
        assert not chat.screen.finding.is_shown
        assert "first needle" in chat.transcript()
        await chat.press("escape", "n")
        await chat.until(lambda: "/needle" in chat.status())


async def test_in_the_tree_the_slash_filters_the_tree(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "t", "/", *"needle")
        assert chat.screen.message_tree.filter_text == "needle"
        assert chat.screen.mode == "normal"
        assert not chat.screen.query_one(FindLine).display


async def test_another_session_ends_it(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"needle", "enter", "ctrl+n")
        await chat.until(lambda: len(chat.session) == 0)
        assert not chat.screen.finding.is_shown
        assert "needle" not in chat.status()


async def test_in_an_empty_session_there_is_no_match(stage: Stage):
    async with stage.open() as chat:
        await chat.press("escape", "/", "x")
        await chat.until(lambda: line(chat).endswith("no match"))
        await chat.press("enter")
        await chat.is_told("No match for 'x'.")
        assert chat.screen.mode == "normal"


async def test_a_sibling_is_searched_when_one_goes_to_it(stage: Stage):
    stage.answers("hi", ["one cat"], ["cat and cat"])
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("cat and cat")
        await chat.until(lambda: not chat.is_running())
        await chat.press("/", *"cat", "enter")
        await chat.until(lambda: "/cat 1/2" in chat.status())
        await chat.press("h")
        await chat.sees("one cat")
        await chat.until(lambda: "/cat 1 found" in chat.status())
        await chat.press("n")
        await chat.until(lambda: "/cat 1/1" in chat.status())


async def test_a_click_into_the_transcript_keeps_what_was_found(kept: Stage):
    async with kept.open() as chat:
        await chat.press("escape", "/", *"needle")
        await chat.pilot.click("Transcript", offset=(5, 4))
        assert chat.screen.mode == "normal"
        assert not chat.screen.query_one(FindLine).display
        await chat.until(lambda: "/needle" in chat.status())


async def test_ten_thousand_messages_are_searched_without_drawing_them(
    stage: Stage, make_message: MakeMessage, monkeypatch
):
    made: list[MessageView] = []

    class Counted(MessageView):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(kept_views, "MessageView", Counted)
    words = {50: "a **needle in** hay", 5_000: "needle in the middle", 9_000: "no needle here"}
    session = session_of(make_message, words, 10_000)
    await stage.keep(session, last=session)
    async with stage.open() as chat:
        await chat.press("escape")
        made.clear()
        await chat.press("/", *"needle in")
        await chat.until(lambda: line(chat).endswith("1/2"))
        await chat.press("enter", "n")
        await chat.sees("needle in the middle", "2/2")
        assert 0 < len(made) < 60
        await chat.press("escape")
        await chat.sees("message 9999")

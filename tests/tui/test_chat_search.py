"""Search over all sessions in the chat: Ctrl+F, /search, and landing on what was found."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from conduit_tui.core import structure
from conduit_tui.core.errors import StorageError
from conduit_tui.core.marks import Absence
from conduit_tui.core.message import Message, Text, Thinking, new_id
from conduit_tui.core.session import Session
from conduit_tui.tui.screens.search import SearchScreen
from conduit_tui.tui.widgets.hit_list import HitList
from conduit_tui.tui.widgets.query_input import QueryInput
from tests.conftest import MakeMessage
from tests.tui.hits import Searching
from tests.tui.stage import Chat, Stage

LONG = 300
NOW = datetime.now(UTC)


class Searched:
    """A stage with three sessions, and what searches them."""

    def __init__(self, stage: Stage, make: MakeMessage) -> None:
        self.stage = stage
        self.searching = Searching(stage)
        self.here = line_of(make, "here", ["hello", "hi there", "a needle", "found it"])
        self.forked = forked(make)
        self.long = line_of(
            make, "long", ["a needle far above" if at == 4 else f"line {at}" for at in range(LONG)]
        )

    def search_in(self, chat: Chat) -> None:
        """Have a chat search the sessions."""
        chat.screen.search.find_hits = self.searching.search


def line_of(make: MakeMessage, title: str, texts: list[str]) -> Session:
    """A session of one line."""
    session = Session(new_id(), title=title)
    before: Message | None = None
    for at, text in enumerate(texts):
        role = "assistant" if at % 2 else "user"
        before = make(role, text, after=before, session_id=session.id)
        session.add(before)
    session.visit(before.id if before else None)
    return session


def forked(make: MakeMessage) -> Session:
    """A session whose other branch has a needle, in what was thought too."""
    session = Session(new_id(), title="forked")
    root = make("user", "root", session_id=session.id)
    here = make("assistant", "this branch", after=root)
    other = make("assistant", Thinking("hm, a pin"), Text("another needle"), after=root)
    more = make("user", "and more", after=other)
    for each in (root, other, more, here):
        session.add(each)
    session.visit(here.id)
    return session


@pytest.fixture
async def searched(stage: Stage, make_message: MakeMessage) -> AsyncIterator[Searched]:
    searched = Searched(stage, make_message)
    await stage.keep(searched.long, searched.forked, searched.here, last=searched.here)
    yield searched
    await searched.searching.aclose()


def search_screen(chat: Chat) -> SearchScreen:
    """The search, which is open."""
    assert isinstance(chat.app.screen, SearchScreen)
    return chat.app.screen


def typed(chat: Chat) -> str:
    """What stands in the line."""
    return search_screen(chat).query_one(QueryInput).value


def hit_under_cursor(chat: Chat) -> str:
    """What the hit under the cursor says."""
    hit = search_screen(chat).query_one(HitList).hit
    return hit.excerpt if hit else ""


async def look_for(chat: Chat, words: str) -> None:
    """Open the search and wait until it has found all there is, and something."""
    await chat.press("ctrl+f", *words)
    screen = search_screen(chat)
    await chat.until(lambda: screen.text == words and not screen._is_looking)
    await chat.sees(" found ")


def is_lit(chat: Chat, words: str) -> bool:
    """Whether words in the transcript stand out as the match one is at."""
    transcript = chat.screen.transcript
    ground = transcript._look.ground.current.bgcolor
    lit = [
        segment.text
        for strip in transcript.render_lines(transcript.size.region)
        for segment in strip
        if segment.style and segment.style.bgcolor == ground
    ]
    return words in "".join(lit)


# -- opening and closing ----------------------------------------------------------------------


@pytest.mark.parametrize("before", [[], ["escape"], ["escape", "t"], ["f2"]])
async def test_ctrl_f_opens_it_wherever_the_keys_are_and_escape_leaves_all_as_it_was(
    searched: Searched, before: list[str]
):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.write("unsent")
        await chat.press(*before)
        mode, focused, shown = chat.screen.mode, chat.screen.focused, chat.transcript()
        await chat.press("ctrl+f", *"needle", "down", "escape")
        assert chat.app.screen is chat.screen
        assert (chat.screen.mode, chat.screen.focused) == (mode, focused)
        assert chat.transcript() == shown
        assert chat.screen.prompt.text == "unsent"
        assert chat.session.id == searched.here.id


async def test_ctrl_f_in_the_find_line_looks_for_what_is_typed_there_in_all_sessions(
    searched: Searched,
):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("escape", "/", *"needle", "ctrl+f")
        await chat.sees("3 found")
        assert typed(chat) == "needle"
        await chat.press("escape")
        assert chat.screen.mode == "find"
        await chat.press("ctrl+f", "enter")
        await chat.until(lambda: chat.app.screen is chat.screen and chat.screen.mode == "normal")


async def test_the_slash_command_looks_at_once_for_what_follows_it(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.run("/search needle role:assistant")
        await chat.sees("1 found", "another needle")
        await chat.write(" x")
        assert typed(chat) == "needle role:assistant x", "it goes on where it was typed"


async def test_the_last_query_is_there_again_and_typing_replaces_it(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"needle", "escape", "ctrl+f")
        await chat.sees("3 found")
        assert typed(chat) == "needle"
        await chat.write("hi")
        assert typed(chat) == "hi"


async def test_it_begins_with_what_is_selected(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.write("a needle")
        await chat.press(*["shift+left"] * len("needle"), "ctrl+f")
        assert typed(chat) == "needle"


async def test_without_words_the_starred_messages_are_there(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f")
        await chat.sees("Type words to find them")
        await chat.press("enter")
        assert search_screen(chat), "there is nothing to go to"
        await chat.press("escape")
        storing = chat.controller.structure.carry_out(
            chat.session, structure.star(chat.session, str(chat.session.leaf_id), NOW), "star"
        )
        await storing
        await chat.press("ctrl+f")
        await chat.sees("1 starred", "★ here", "found it")


# -- as one types -----------------------------------------------------------------------------


async def test_what_is_typed_on_closes_the_query_before_and_its_hits_are_never_shown(
    searched: Searched,
):
    held = asyncio.Event()
    searched.searching.gates["need"] = held
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"need")
        await chat.until(lambda: "need" in searched.searching.asked)
        await chat.sees("looking…")
        await chat.write("le far")
        await chat.sees("1 found", "a needle far above")
        assert searched.searching.closed.count("need") == 1
        held.set()
        await chat.pilot.pause()
        assert "1 found" in chat.text()
        assert "another needle" not in chat.text()


async def test_letters_appear_while_a_query_hangs_and_old_hits_go(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle")
        searched.searching.gates["needle x"] = asyncio.Event()
        await chat.write(" x")
        assert typed(chat) == "needle x"
        await chat.sees_no("another needle")
        await chat.sees("looking…")


async def test_enter_before_the_first_hit_goes_to_it_when_it_comes(searched: Searched):
    held = asyncio.Event()
    searched.searching.gates["another needle"] = held
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"another needle", "enter")
        await chat.until(lambda: "another needle" in searched.searching.asked)
        assert search_screen(chat)
        held.set()
        await chat.until(lambda: chat.session.id == searched.forked.id)
        await chat.until(lambda: chat.cursor() == "another needle")


async def test_enter_never_goes_to_a_hit_of_other_words(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle")
        await chat.press(*" zzz", "enter")
        await chat.sees("no match", "Try fewer words")
        assert chat.session.id == searched.here.id


async def test_a_file_that_cannot_be_read_is_told_and_the_words_can_be_tried_again(
    searched: Searched,
):
    async with searched.stage.open() as chat:

        async def fail(query, limit):
            raise StorageError("The file is locked.")
            yield ()

        chat.screen.search.find_hits = fail
        await chat.press("ctrl+f", *"needle")
        await chat.sees("The file is locked.")
        await chat.press("enter")
        assert search_screen(chat)


async def test_more_than_are_shown_is_said(searched: Searched, make_message: MakeMessage):
    many = line_of(make_message, "many", ["needle"] * 250)
    await searched.stage.keep(many)
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"needle")
        await chat.sees("200 newest of more")
        assert search_screen(chat).query_one(HitList).row_count() == 400


async def test_tab_completes_a_filter(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"needle ro", "tab", "u", "tab")
        assert typed(chat) == "needle role:user"
        await chat.sees("2 found")


async def test_a_filter_that_is_being_typed_takes_nothing_away(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle")
        await chat.write(" role:us")
        await chat.sees("3 found")
        assert "needle role:" not in searched.searching.asked
        await chat.write("er")
        await chat.sees("2 found")


async def test_a_wide_screen_shows_the_message_under_the_cursor(searched: Searched):
    async with searched.stage.open(size=(120, 30)) as chat:
        searched.search_in(chat)
        await chat.press("ctrl+f", *"needle")
        await chat.sees("3 found")
        while "another needle" not in hit_under_cursor(chat):
            await chat.press("down")
        await chat.sees("thought · 3 words")


# -- landing ----------------------------------------------------------------------------------


async def test_enter_lands_on_the_message_with_the_match_lit_and_n_goes_on(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.write("unsent")
        await look_for(chat, "needle session:here")
        await chat.press("enter")
        await chat.until(lambda: "/needle 1/1" in chat.status())
        assert chat.screen.mode == "normal"
        assert chat.cursor() == "a needle"
        assert is_lit(chat, "needle")
        await chat.press("n", "escape")
        assert not is_lit(chat, "needle")
        assert chat.cursor() == "a needle", "Escape puts the light out and stays"
        assert chat.screen.prompt.text == "unsent"


async def test_landing_off_the_path_makes_the_branch_active_down_to_its_leaf(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle session:forked")
        await chat.press("enter")
        await chat.until(lambda: "/needle 1/1" in chat.status())
        assert chat.session.id == searched.forked.id
        assert chat.path() == ["root", "another needle", "and more"]
        assert chat.cursor() == "another needle"


async def test_landing_in_a_long_session_reads_all_of_it(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await chat.write("unsent here")
        await look_for(chat, "needle session:long")
        await chat.press("enter")
        await chat.until(lambda: "/needle 1/1" in chat.status())
        assert chat.session.id == searched.long.id
        assert chat.cursor() == "a needle far above"
        assert is_lit(chat, "needle")
        assert len(chat.path()) == LONG
        assert chat.screen.prompt.text == ""
    async with searched.stage.store() as store:
        assert (await store.load_prompt(searched.here.id))[0] == "unsent here"


async def test_the_light_is_on_the_hit_and_not_on_an_earlier_match(
    searched: Searched, make_message: MakeMessage
):
    texts = ["needle one", "fine", "needle two", "fine", "needle three", "end"]
    await searched.stage.keep(line_of(make_message, "several", texts))
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "Needle session:several")
        await chat.press("down", "enter")
        await chat.until(lambda: "/Needle 2/3" in chat.status())
        assert chat.cursor() == "needle two"
        await chat.press("n")
        await chat.until(lambda: "/Needle 3/3" in chat.status())


async def test_all_words_of_a_query_are_lit(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "there HI session:here")
        await chat.press("enter")
        await chat.until(lambda: "/there HI 1/2" in chat.status())
        assert is_lit(chat, "hi")
        await chat.press("n")
        await chat.until(lambda: "/there HI 2/2" in chat.status())
        assert is_lit(chat, "there")


async def test_a_match_that_is_folded_away_is_unfolded(
    searched: Searched, make_message: MakeMessage
):
    session = Session(new_id(), title="folded")
    asked = make_message("user", "asked", session_id=session.id)
    reply = make_message("assistant", Thinking("deep\n" * 9 + "pin"), Text("pin"), after=asked)
    session.add(asked)
    session.add(reply)
    session.visit(reply.id)
    await searched.stage.keep(session)
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "pin session:folded")
        await chat.press("enter")
        await chat.until(lambda: "/pin 1/2" in chat.status())
        assert "deep" in chat.transcript()
        assert is_lit(chat, "pin")


@pytest.mark.parametrize("gone", ["erased", "pruned", "session"])
async def test_a_hit_that_is_gone_is_told_in_words_and_nothing_moves(searched: Searched, gone: str):
    leaf = str(searched.here.leaf_id)
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "found it" if gone != "session" else "needle session:forked")
        match gone:
            case "erased":
                chat.session.visit(chat.session[leaf].predecessor_id)
                chat.session.forget([leaf])
                async with searched.stage.store() as store:
                    await store.erase_messages(chat.session.id, [leaf])
            case "pruned":
                chat.session.set_absence(leaf, Absence("pruned", NOW))
            case _:
                async with searched.stage.store() as store:
                    await store.erase(searched.forked.id)
        await chat.press("enter")
        words = {"erased": "erased meanwhile", "pruned": "pruned meanwhile"}
        await chat.is_told(words.get(gone, "session is gone"))
        assert chat.session.id == searched.here.id


async def test_a_message_written_elsewhere_meanwhile_is_found_too(
    searched: Searched, make_message: MakeMessage
):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        before = chat.session[str(chat.session.leaf_id)]
        async with searched.stage.store() as store:
            await store.commit(make_message("user", "news from elsewhere", after=before))
        await look_for(chat, "elsewhere")
        await chat.press("enter")
        await chat.until(lambda: "/elsewhere 1/1" in chat.status())
        assert chat.path()[-1] == "news from elsewhere"


async def test_a_click_lands_too(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle")
        hits = search_screen(chat).query_one(HitList)
        at = next(row for row, line in enumerate(chat.lines(hits)) if "another needle" in line)
        await chat.pilot.click(hits, offset=(6, at))
        await chat.until(lambda: chat.session.id == searched.forked.id)
        await chat.until(lambda: chat.cursor() == "another needle")


async def test_keys_right_behind_enter_act_where_one_goes(searched: Searched):
    async with searched.stage.open() as chat:
        searched.search_in(chat)
        await look_for(chat, "needle session:here")
        await chat.press("enter", "j")
        await chat.until(lambda: chat.screen.mode == "normal")
        assert chat.screen.prompt.text == ""

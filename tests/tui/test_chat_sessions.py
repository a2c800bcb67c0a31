"""Several sessions: switching, new ones, titles, the trash."""

import asyncio

from conduit_tui.core.start import Start
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.chat import ChatScreen
from conduit_tui.tui.screens.confirm import Confirm
from conduit_tui.tui.screens.line_input import LineInput
from conduit_tui.tui.screens.trash import Trash
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.title_line import TitleLine
from tests.tui.stage import Chat, Stage


async def new_session(chat: Chat) -> None:
    """Ctrl+N, until it stands."""
    left = chat.session
    await chat.press("ctrl+n")
    await chat.until(lambda: chat.session is not left)


async def switch_to(chat: Chat, session) -> None:
    """Open a session as the list does, until it stands."""
    chat.screen.query_one(SessionList).post_message(SessionList.Chosen(session.id))
    await chat.until(lambda: chat.session is session)
    await chat.pilot.pause()


def listed(chat: Chat) -> list[str]:
    """The rows of the list of sessions that are not empty."""
    return [line.strip() for line in chat.lines(SessionList) if line.strip()]


async def test_ctrl_n_begins_an_empty_session_and_the_old_one_is_listed(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await new_session(chat)
        await chat.sees("every conversation is a tree")
        assert "New session" in chat.text()
        await chat.ask("second")
        await chat.until(lambda: len(listed(chat)) == 2)
        assert listed(chat)[0].startswith("▌second")
        assert listed(chat)[1].startswith("first")


async def test_a_session_is_opened_from_the_list_by_keys(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        first = chat.session
        await new_session(chat)
        await chat.ask("second")
        await chat.until(lambda: len(listed(chat)) == 2)
        chat.screen.query_one(SessionList).focus()
        await chat.press("j", "enter")
        await chat.until(lambda: chat.session is first)
        await chat.sees("Re: first")
        assert chat.screen.mode == "insert"
        await chat.until(lambda: listed(chat)[1].startswith("▌first"))


async def test_a_reply_streams_on_while_another_session_is_on_view(stage: Stage):
    more = asyncio.Event()
    stage.answers("one", ["begun ", more, "more ", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        left = chat.session
        await new_session(chat)
        assert "begun" not in chat.transcript()
        more.set()
        await chat.send("two")
        await chat.sees("Re: two")
        await switch_to(chat, left)
        await chat.sees("begun more")
        assert chat.screen.transcript.entries[-1].is_live
        await chat.press("ctrl+c")
        await chat.sees("interrupted")


async def test_what_is_typed_stays_with_its_session(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        first = chat.session
        await chat.write("for the first")
        await new_session(chat)
        assert chat.screen.prompt.text == ""
        await chat.write("for the second")
        second = chat.session
        await switch_to(chat, first)
        await chat.until(lambda: chat.screen.prompt.text == "for the first")
        await switch_to(chat, second)
        await chat.until(lambda: chat.screen.prompt.text == "for the second")


async def test_an_edit_that_is_left_by_switching_does_not_follow(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        first = chat.session
        await chat.press("escape", "k", "e")
        await chat.write(" changed")
        await new_session(chat)
        assert chat.screen.prompt.text == ""
        assert chat.screen.prompt.editing is None
        await switch_to(chat, first)
        await chat.until(lambda: chat.screen.prompt.text == "first changed")


async def test_a_new_session_talks_to_the_model_of_the_one_before(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/model demo/other")
        await chat.is_told("Now talking to demo/other.")
        await new_session(chat)
        assert "demo/other" in chat.status()
        await chat.ask("hi")
    assert stage.provider.requests[-1].model == "other"


async def test_the_model_is_remembered_for_new_sessions_of_the_next_start(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/model demo/other")
        await chat.until(lambda: "demo/other" in chat.status())
        await chat.press("ctrl+q")
    async with stage.open() as chat:
        await new_session(chat)
        assert "demo/other" in chat.status()


async def test_title_with_words_sets_it_and_it_stays(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/title A walk")
        await chat.sees("A walk")
        await chat.ask("hi")
        stored = await stage.stored(chat.session)
        assert listed(chat)[0].startswith("▌A walk")
    assert (stored.title, stored.title_is_manual) == ("A walk", True)


async def test_title_alone_asks_for_it(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/title")
        await chat.until(lambda: isinstance(chat.app.screen, LineInput))
        await chat.write(" there")
        await chat.press("enter")
        await chat.sees("▌hi there")
        assert (await stage.stored(chat.session)).title == "hi there"


async def test_a_deleted_session_is_in_the_trash_and_the_next_one_on_view(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("keep")
        kept = chat.session
        await new_session(chat)
        await chat.ask("drop")
        dropped = chat.session
        await chat.run("/delete")
        await chat.is_told("'drop' is in the trash; /trash brings it back.")
        assert chat.session is kept
        await chat.until(lambda: len(listed(chat)) == 1)
        await chat.run("/trash")
        await chat.until(lambda: isinstance(chat.app.screen, Trash))
        await chat.sees("drop", "2 messages")
        await chat.press("enter")
        await chat.until(lambda: chat.session.id == dropped.id)
        await chat.sees("Re: drop")
        await chat.until(lambda: len(listed(chat)) == 2)


async def test_erasing_asks_first_and_then_nothing_is_left(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("secret words")
        gone = chat.session.id
        await chat.run("/delete")
        await chat.until(lambda: chat.session.id != gone)
        await chat.run("/trash")
        await chat.until(lambda: isinstance(chat.app.screen, Trash))
        await chat.press("x")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.press("n")
        await chat.until(lambda: isinstance(chat.app.screen, Trash))
        await chat.press("x")
        await chat.until(lambda: isinstance(chat.app.screen, Confirm))
        await chat.press("y")
        await chat.until(lambda: isinstance(chat.app.screen, ChatScreen))
        await chat.pilot.pause()
        async with stage.store() as store:
            await_gone = await store.load(gone)
    assert await_gone is None
    assert b"Re: secret" not in stage.settings.paths.database.read_bytes()


async def test_deleting_a_session_stops_its_reply(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        gone = chat.session.id
        await chat.run("/delete")
        await chat.until(lambda: chat.session.id != gone)
        assert not list(chat.controller.running())


async def test_an_empty_session_is_not_deleted(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/delete")
        await chat.is_told("This session is empty; there is nothing to delete.")


async def test_switching_back_and_forth_fast_loses_nothing(stage: Stage):
    stage.answers("one", reply("first"))
    async with stage.open() as chat:
        await chat.ask("one")
        first = chat.session
        await chat.write("draft")
        await chat.press("ctrl+n", "ctrl+n", *"abc")
        await chat.until(lambda: chat.session is not first)
        await chat.until(lambda: chat.screen.prompt.text == "abc")
        await switch_to(chat, first)
        await chat.until(lambda: chat.screen.prompt.text == "draft")


async def go_to_list(chat: Chat) -> SessionList:
    """The list of sessions, with the keys."""
    await chat.press("escape", "s")
    sessions = chat.screen.query_one(SessionList)
    await chat.until(lambda: sessions.has_focus)
    return sessions


async def two_sessions(chat: Chat) -> None:
    """An older session `first` and a newer one `second`, which is on view."""
    await chat.ask("first")
    await new_session(chat)
    await chat.ask("second")
    await chat.until(lambda: len(listed(chat)) == 2)


async def test_s_goes_to_the_list_and_the_status_bar_names_its_keys(stage: Stage):
    async with stage.open(size=(90, 24)) as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.sees("/ finds")
        await chat.press("slash")
        await chat.sees("Esc clears")
        await chat.press("escape", "escape")
        await chat.sees("i writes")
        await chat.press("i")
        await chat.run("/sessions")
        await chat.until(lambda: chat.screen.query_one(SessionList).has_focus)


async def test_a_title_that_is_typed_finds_its_session_and_enter_opens_it(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("slash", *"frst", "enter")
        await chat.until(lambda: chat.session.title == "first")
        await chat.sees("Re: first")
        assert len(listed(chat)) == 2


async def test_p_pins_the_session_under_the_cursor(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("j", "p")
        await chat.is_told("Pinned.")
        await chat.until(lambda: listed(chat)[0].startswith("★ first"))
        assert chat.screen.query_one(SessionList).cursor == 0
        await chat.press("p")
        await chat.is_told("No longer pinned.")
        await chat.until(lambda: listed(chat)[1].startswith("first"))


async def test_r_renames_a_session_that_is_not_on_view(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("j", "r")
        await chat.until(lambda: isinstance(chat.app.screen, LineInput))
        await chat.write(" of all")
        await chat.press("enter")
        await chat.until(lambda: listed(chat)[1].startswith("first of all"))
        assert chat.session.title == "second"
        async with stage.store() as store:
            titles = {each.title for each in await store.summaries()}
    assert titles == {"first of all", "second"}


async def test_d_puts_the_session_under_the_cursor_into_the_trash(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("j", "d")
        await chat.is_told("'first' is in the trash; /trash brings it back.")
        await chat.until(lambda: len(listed(chat)) == 1)
        assert chat.session.title == "second"
        await chat.press("d")
        await chat.is_told("'second' is in the trash; /trash brings it back.")
        await chat.sees("every conversation is a tree")


async def test_a_reply_that_streams_elsewhere_is_stopped_with_its_session(stage: Stage):
    stage.answers("one", ["begun", asyncio.Event()])
    async with stage.open() as chat:
        await chat.send("one")
        await chat.sees("begun")
        await new_session(chat)
        await chat.send("two")
        await chat.sees("Re: two")
        await chat.until(lambda: len(listed(chat)) == 2)
        await go_to_list(chat)
        await chat.press("j", "d")
        await chat.is_told("'one' is in the trash")
        await chat.until(lambda: not list(chat.controller.running()))


async def test_s_sorts_the_title_says_so_and_it_is_remembered(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("s")
        await chat.sees("Sessions · by title")
        await chat.until(lambda: listed(chat)[0].startswith("first"))
        await chat.press("escape", "i")
        await chat.run("/sort size")
        await chat.sees("Sessions · by size")
        await chat.press("ctrl+q")
    async with stage.open() as chat:
        await chat.sees("Sessions · by size")
        await chat.run("/sort up")
        await chat.is_told("'up' is no order; write /sort and one of changed, title")
        await chat.pilot.click("SortTitle", offset=(2, 0))
        await chat.until(lambda: "Sessions ·" not in chat.text())


async def test_the_trash_is_emptied_after_a_question_that_says_how_much(stage: Stage):
    async with stage.open() as chat:
        await two_sessions(chat)
        await go_to_list(chat)
        await chat.press("d")
        await chat.until(lambda: len(listed(chat)) == 1)
        await chat.press("d")
        await chat.is_told("'first' is in the trash")
        await chat.press("escape", "i")
        await chat.run("/trash")
        await chat.until(lambda: isinstance(chat.app.screen, Trash))
        await chat.press("X")
        await chat.sees("Erase all 2 sessions in the trash, with 4")
        await chat.press("y")
        await chat.is_told("Erased 2 sessions.")
        async with stage.store() as store:
            assert await store.summaries(deleted=True) == ()


async def test_a_title_that_is_generated_takes_the_place_of_the_first_words(stage: Stage):
    stage.write_settings('title_model = "demo/other"')
    stage.answers_titles('{"title": "Raft for children"}')
    async with stage.open() as chat:
        await chat.ask("Explain Raft")
        await chat.sees("▌Raft for children")
        assert "Raft for children" in chat.lines(TitleLine)[0]
        await chat.run("/title Mine")
        await chat.sees("▌Mine")
        stage.answers_titles('{"title": "Raft once again"}')
        await chat.run("/title auto")
        await chat.sees("▌Raft once again")


async def test_an_emptied_title_is_found_by_a_model_again(stage: Stage):
    stage.write_settings('title_model = "demo/other"')
    async with stage.open() as chat:
        await chat.ask("hi")
        stage.answers_titles('{"title": "A greeting in brief"}')
        await chat.run("/title")
        await chat.until(lambda: isinstance(chat.app.screen, LineInput))
        await chat.press("backspace", "backspace", "enter")
        await chat.is_told("A model is asked for a title.")
        await chat.sees("▌A greeting in brief")


async def test_without_a_model_the_first_words_come_back(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/title Mine")
        await chat.sees("▌Mine")
        await chat.run("/title auto")
        await chat.is_told("No model is asked here; the first words are the title.")
        await chat.sees("▌hi")
    assert len(stage.provider.requests) == 1


async def test_unsaved_sessions_and_those_told_to_stay_ask_for_no_title(stage: Stage):
    stage.write_settings('title_model = "demo/other"')
    async with stage.open(Start(save=False)) as chat:
        await chat.ask("hi")
        assert not chat.controller.titles._tasks
    stage.write_settings('titles = false\ntitle_model = "demo/other"')
    async with stage.open() as chat:
        await chat.ask("hi")
        assert not chat.controller.titles._tasks
    assert len(stage.provider.requests) == 2


async def test_a_model_for_titles_that_is_not_known_is_told_at_the_start(stage: Stage):
    stage.write_settings('title_model = "nowhere/at-all"')
    async with stage.open() as chat:
        await chat.sees("title_model: ")


async def test_a_title_that_is_saved_as_it_is_counts_as_given_by_hand(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/title hi")
        await chat.until(lambda: chat.session.title_is_manual)
        await chat.pilot.pause()
        assert (await stage.stored(chat.session)).title_is_manual

"""Keys that go through the tree, from the transcript and in the tree itself; and back again."""

import asyncio

from conduit_tui.core.structure import prune, star
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.model_picker import ModelPicker
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.prompt import Prompt
from tests.conftest import AT
from tests.tui.stage import Chat, Stage


async def grow(chat: Chat) -> None:
    """Ask a and b, then edit b to b2: a fork below the first reply. Ends in NORMAL."""
    await chat.ask("a")
    await chat.ask("b")
    await chat.press("escape", "k", "e")
    await chat.ask("2")
    await chat.press("escape")
    assert chat.path() == ["a", "Re: a", "b2", "Re: b2"]


def tree_cursor(chat: Chat) -> str:
    return chat.session[str(chat.screen.message_tree.cursor_id)].text


def of(chat: Chat, words: str) -> str:
    """The id of the message with these words."""
    return next(message.id for message in chat.session if message.text == words)


# -- the transcript -------------------------------------------------------------------------------


async def test_parent_and_first_child_move_the_cursor_on_the_path(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2", "K")
        assert chat.cursor() == "Re: a"
        await chat.press("K", "K")
        assert chat.cursor() == "a"
        await chat.press("K")
        await chat.is_told("This is the first message.")
        await chat.press("J")
        assert chat.cursor() == "Re: a"
        assert chat.path()[-1] == "Re: b2", "the path stays"


async def test_a_first_child_that_is_elsewhere_is_jumped_to(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2", "K", "J")
        assert chat.path() == ["a", "Re: a", "b", "Re: b"]
        assert chat.cursor() == "b"
        await chat.press("G", "J")
        await chat.is_told("Nothing follows this message.")


async def test_forks_and_stars_are_found_in_the_whole_tree(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("<")
        assert chat.cursor() == "Re: a"
        await chat.press("<")
        await chat.is_told("No fork above.")
        await chat.press(">")
        await chat.is_told("No fork below.")
        await chat.press("'")
        await chat.is_told("No starred message below.")
        plan = star(chat.session, of(chat, "Re: b"), AT)
        chat.screen.store(chat.controller.structure.carry_out(chat.session, plan, "star"))
        await chat.press("'")
        assert chat.path() == ["a", "Re: a", "b", "Re: b"]
        assert chat.cursor() == "Re: b"
        await chat.press("k", '"')
        await chat.is_told("No starred message above.")


async def test_continuing_ends_the_path_at_the_message_and_says_how_to_get_back(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2", "k", "c")
        assert chat.screen.mode == "insert"
        assert chat.path() == ["a", "Re: a"]
        await chat.sees("More follows here: u or Ctrl+O goes back to it.")
        await chat.ask("other")
        assert chat.path() == ["a", "Re: a", "other", "Re: other"]
        await chat.press("escape", "ctrl+o")
        assert chat.path() == ["a", "Re: a", "b2", "Re: b2"], "the sent message is no place"


async def test_continuing_above_a_reply_that_streams_leaves_it_to_its_branch(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", ["begun ", gate, *reply("over")])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("begun")
        await chat.press("escape", "k", "c")
        await chat.sees_no("begun")
        await chat.ask_beside("other")
        assert chat.path() == ["hi", "other", "Re: other"]
        gate.set()
        await chat.until(lambda: not chat.is_running())
        assert chat.path() == ["hi", "other", "Re: other"]
        await chat.press("escape", "ctrl+o")
        assert chat.path() == ["hi", "begun over"]


async def test_continuing_from_a_reply_that_streams_waits_behind_it(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", ["begun ", gate, *reply("over")])
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.sees("begun")
        await chat.press("escape", "c")
        await chat.is_told("what you send waits behind it")
        await chat.send("next")
        assert "queued: next" in text_of_prompt(chat)
        gate.set()
        await chat.until(lambda: len(chat.session) == 4 and not chat.is_running())
        assert chat.path() == ["hi", "begun over", "next", "Re: next"]


async def test_an_answer_that_was_cut_short_is_continued_from(stage: Stage):
    stage.answers("hi", ["half"])
    async with stage.open() as chat:
        await chat.ask("hi")
        assert chat.session[str(chat.session.leaf_id)].status == "interrupted"
        await chat.press("escape", "c")
        await chat.ask("go on")
        assert chat.path() == ["hi", "half", "go on", "Re: go on"]


async def test_another_model_answers_once_and_the_session_keeps_its_own(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        before = chat.controller.model_of(chat.session)
        await chat.press("escape", "R")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.press(*"demo/other", "enter")
        await chat.until(lambda: len(chat.session) == 3 and not chat.is_running())
        assert stage.provider.requests[-1].model == "other"
        assert chat.controller.model_of(chat.session) == before
        assert "2/2" in chat.transcript()


async def test_leaving_the_models_asks_nobody(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "R")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert len(stage.provider.requests) == 1


# -- an edit that is not sent ---------------------------------------------------------------------


async def test_a_typo_of_ones_own_is_mended_without_a_reply(stage: Stage):
    async with stage.open(size=(120, 30)) as chat:
        await chat.ask("helo")
        await chat.press("escape", "k", "E")
        assert "Editing 1/1 without sending: Enter keeps it as a sibling" in text_of_prompt(chat)
        await chat.send(" you")
        assert chat.path() == ["helo you"]
        await chat.sees("2/2", "No reply yet. Press r to ask for one.")
        assert chat.screen.prompt.text == ""
        assert len(stage.provider.requests) == 1
        await chat.until(lambda: not chat.is_running())
        stored = await stage.stored(chat.session)
        assert stored.leaf_id == chat.session.leaf_id


async def test_a_typo_in_a_reply_is_mended_and_the_model_stays(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "E")
        await chat.send(", mended")
        assert chat.path() == ["hi", "Re: hi, mended"]
        mended, original = chat.session.children(chat.session.tops[0].id)[::-1]
        assert mended.model == original.model
        await chat.press("escape", "h")
        assert chat.path() == ["hi", "Re: hi"]


async def test_values_for_a_reply_are_refused_where_nobody_replies(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "k", "E", "ctrl+a", "backspace")
        await chat.send("/with temperature=0.5 hello")
        await chat.is_told("Nobody answers here")
        assert "temperature=0.5 hello" in chat.screen.prompt.text
        assert len(chat.session) == 2


def text_of_prompt(chat: Chat) -> str:
    return "\n".join(chat.lines(Prompt))


# -- counts ---------------------------------------------------------------------------------------


async def test_a_count_is_shown_and_escape_drops_it(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2")
        assert "2…" in chat.status()
        await chat.press("escape")
        assert "2…" not in chat.status()
        assert chat.screen.mode == "normal"
        await chat.press("k")
        assert chat.cursor() == "b2"


async def test_digits_typed_in_the_prompt_are_text(stage: Stage):
    async with stage.open() as chat:
        await chat.write("3r")
        assert chat.screen.prompt.text == "3r"


# -- the tree -------------------------------------------------------------------------------------


async def test_steps_in_the_tree_move_its_cursor_and_leave_the_path(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", "<")
        assert tree_cursor(chat) == "Re: a"
        await chat.press("J")
        assert tree_cursor(chat) == "b"
        await chat.press("]")
        assert tree_cursor(chat) == "b2"
        await chat.press("[", "2", "K")
        assert tree_cursor(chat) == "a"
        assert chat.path() == ["a", "Re: a", "b2", "Re: b2"]
        assert chat.screen.focused is chat.screen.message_tree


async def test_a_count_also_moves_the_trees_own_cursor(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", "g", "3", "j")
        assert tree_cursor(chat) == "Re: b"
        await chat.press("2", "k")
        assert tree_cursor(chat) == "Re: a"


async def test_keys_in_the_tree_act_on_the_message_under_its_cursor(stage: Stage):
    stage.answers("b", reply("again"))
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", "g", "3", "j", "r")
        await chat.until(lambda: len(chat.session) == 7 and not chat.is_running())
        assert chat.path() == ["a", "Re: a", "b", "Re: b"]
        assert chat.screen.focused is chat.screen.message_tree, "the tree keeps the keys"
        await chat.press("g", "e")
        assert chat.screen.prompt.text == "a"
        assert chat.screen.mode == "insert"
        await chat.press("x")
        assert chat.screen.prompt.text == "ax"


async def test_a_command_from_the_tree_leads_back_to_it(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", "g", ":")
        assert chat.screen.mode == "command"
        await chat.press("escape")
        assert chat.screen.focused is chat.screen.message_tree
        assert chat.screen.target.message() == chat.session.tops[0]
        await chat.press("escape")
        assert chat.screen.focused is chat.screen.transcript
        assert chat.screen.target.message() == chat.session[str(chat.session.leaf_id)]


async def test_letters_of_a_filter_stay_the_trees(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", *"/b2r", "backspace")
        assert chat.screen.message_tree.filter_text == "b2"
        assert len(stage.provider.requests) == 3


async def test_a_click_into_the_tree_gives_it_the_keys(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("i")
        await chat.pilot.click(MessageTree, offset=(8, 0))
        assert chat.screen.mode == "normal"
        assert chat.screen.target.is_in_tree


async def test_a_hidden_tree_has_no_say(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("t", "g", "f2", "escape")
        assert chat.screen.target.message() == chat.session[str(chat.session.leaf_id)]


# -- back and forward -----------------------------------------------------------------------------


async def test_back_and_forward_go_through_where_one_was(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2", "k", "J")
        assert chat.cursor() == "b"
        await chat.press("ctrl+o")
        assert (chat.path()[-1], chat.cursor()) == ("Re: b2", "Re: a")
        await chat.press("ctrl+o")
        assert chat.path()[-1] == "Re: b", "before the edit"
        await chat.press("ctrl+o")
        await chat.is_told("Nowhere further back.")
        await chat.press("2", "alt+right")
        assert (chat.path()[-1], chat.cursor()) == ("Re: b", "b")
        await chat.press("alt+right")
        await chat.is_told("Nowhere further forward.")
        journal = await chat.controller.structure.journal(chat.session)
        assert [entry.words for entry in journal][-1].startswith("go to ")


async def test_a_new_jump_forgets_the_way_forward(stage: Stage):
    async with stage.open() as chat:
        await grow(chat)
        await chat.press("2", "k", "J", "alt+left", "J")
        await chat.press("alt+right")
        await chat.is_told("Nowhere further forward.")


async def test_back_leads_to_another_session_and_forward_again(stage: Stage):
    async with stage.open() as chat:
        first = chat.session
        await chat.ask("a")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not first)
        second = chat.session
        await chat.ask("z")
        await chat.press("escape", "ctrl+o")
        await chat.until(lambda: chat.session is first)
        await chat.sees("Re: a")
        assert chat.screen.mode == "normal"
        await chat.press("alt+right")
        await chat.until(lambda: chat.session is second)


async def test_a_place_that_was_pruned_or_deleted_is_passed_over(stage: Stage):
    async with stage.open() as chat:
        kept = chat.session
        await chat.ask("kept")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not kept)
        gone = chat.session
        await chat.ask("gone")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.session is not gone)
        await grow(chat)
        plan = prune(chat.session, of(chat, "b"), AT)
        chat.screen.store(chat.controller.structure.carry_out(chat.session, plan, "prune"))
        await chat.controller.shelf.delete(gone.id)
        await chat.press("ctrl+o")
        await chat.until(lambda: chat.session is kept)


async def test_going_back_twice_at_once_goes_two_sessions_back(stage: Stage):
    async with stage.open() as chat:
        sessions = []
        for words in ("one", "two", "three"):
            await chat.ask(words)
            sessions.append(chat.session)
            if words != "three":
                await chat.press("ctrl+n")
                await chat.until(lambda: chat.session is not sessions[-1])
        await chat.press("escape", "ctrl+o", "ctrl+o")
        await chat.until(lambda: chat.session is sessions[0])

"""Modes, keys that settings move, and the order in which keys act."""

from conduit_tui.tui.branch_actions import BranchActions
from conduit_tui.tui.chat_actions import COUNTED, ChatActions
from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.message_actions import MessageActions
from conduit_tui.tui.screens.help import HelpScreen
from conduit_tui.tui.screens.keys import KeysScreen
from conduit_tui.tui.tree_actions import TreeActions
from conduit_tui.tui.tree_copies import TreeCopies
from conduit_tui.tui.tree_history import TreeHistory
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.tui.stage import Stage

OF_WIDGETS = {
    action.id
    for action in ACTIONS
    if action.is_fixed and action.mode in ("insert", "sessions", "tree", "answer")
}
HOMES = (ChatActions, MessageActions, BranchActions, TreeActions, TreeCopies, TreeHistory)


def test_every_action_has_its_method_but_those_that_widgets_do_themselves():
    missing = {
        each.id for each in ACTIONS if not any(hasattr(home, f"do_{each.id}") for home in HOMES)
    }
    assert missing == OF_WIDGETS


def test_what_takes_a_count_is_an_action():
    assert {action.id for action in ACTIONS} >= COUNTED


async def test_escape_and_i_change_the_mode_and_the_status_bar_says_so(stage: Stage):
    async with stage.open() as chat:
        assert "INSERT" in chat.status()
        assert "Esc reads" in chat.status()
        await chat.press("escape")
        assert "NORMAL" in chat.status()
        assert "i writes" in chat.status()
        await chat.press("i", "x")
        assert "INSERT" in chat.status()
        assert chat.screen.prompt.text == "x"


async def test_letters_right_behind_i_are_typed_and_not_run(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "i", *"read this")
        assert chat.screen.prompt.text == "read this"
        assert len(chat.session) == 2


async def test_escape_closes_completions_before_it_leaves_insert(stage: Stage):
    async with stage.open() as chat:
        await chat.write("/mo")
        await chat.until(lambda: chat.screen.prompt.is_completing)
        await chat.press("escape")
        assert chat.screen.mode == "insert"
        assert not chat.screen.prompt.is_completing
        await chat.press("escape")
        assert chat.screen.mode == "normal"
        assert chat.screen.prompt.text == "/mo"


async def test_ctrl_c_clears_the_prompt_and_twice_on_an_empty_one_quits(stage: Stage):
    async with stage.open() as chat:
        await chat.write("words")
        await chat.press("ctrl+c")
        assert chat.screen.prompt.text == ""
        await chat.press("up")
        assert chat.screen.prompt.text == "words", "cleared words are found again"
        await chat.press("ctrl+c", "ctrl+c")
        assert "Ctrl+C again quits" in chat.status()
        await chat.press("x")
        assert "again quits" not in chat.status(), "another key takes it back, also a letter"
        await chat.press("backspace", "ctrl+c", "f1", "escape")
        assert "again quits" not in chat.status(), "and one that a dialog takes"
        assert chat.app.is_running
        await chat.press("ctrl+c", "ctrl+c")
        await chat.until(lambda: not chat.app.is_running)


async def test_ctrl_j_and_a_backslash_break_the_line(stage: Stage):
    async with stage.open() as chat:
        await chat.press("a", "ctrl+j", "b", "\\", "enter", "c")
        assert chat.screen.prompt.text == "a\nb\nc"
        assert len(chat.session) == 0


async def test_settings_move_keys_on_the_real_screen(stage: Stage):
    stage.write_settings('[keys]\nregenerate = "q"\nsidebar = "f5"\nnewline = "ctrl+o"\n')
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("f2")
        assert chat.screen.query_one(Sidebar).display, "the old key does nothing"
        await chat.press("f5")
        assert not chat.screen.query_one(Sidebar).display
        await chat.press("a", "ctrl+o", "b")
        assert chat.screen.prompt.text == "a\nb"
        await chat.press("escape", "r")
        assert len(chat.session) == 2
        await chat.press("q")
        await chat.until(lambda: len(chat.session) == 3)


async def test_a_clash_of_keys_is_told_and_the_default_stays(stage: Stage):
    stage.write_settings('[keys]\ncopy = "j"\n')
    async with stage.open() as chat:
        await chat.sees("'j' is taken by next_message")


async def test_f1_and_the_question_mark_show_the_keys(stage: Stage):
    async with stage.open() as chat:
        await chat.press("f1")
        await chat.until(lambda: isinstance(chat.app.screen, KeysScreen | HelpScreen))
        await chat.press("escape", "escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        await chat.press("?")
        await chat.until(lambda: isinstance(chat.app.screen, KeysScreen | HelpScreen))


async def test_a_click_into_the_transcript_reads_and_one_into_the_prompt_writes(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.pilot.click("Transcript", offset=(5, 4))
        assert chat.screen.mode == "normal"
        assert chat.cursor() == "Re: hi"
        await chat.pilot.click("PromptFrame", offset=(6, 1))
        assert chat.screen.mode == "insert"


async def test_letters_in_the_list_of_sessions_belong_to_it(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape")
        chat.screen.query_one(SessionList).focus()
        await chat.press("x", "e", "y")
        await chat.pilot.pause()
        assert len(chat.session) == 2
        assert chat.screen.prompt.text == ""
        await chat.press("i", *"spread words")
        assert chat.screen.prompt.text == "spread words", "at once, also those that are its own"

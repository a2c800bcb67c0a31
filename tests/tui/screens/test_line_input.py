from conduit_tui.tui.screens.line_input import LineInput, TextInput
from tests.tui.screens.opening import open_screen


async def test_a_line_is_edited_and_returned_stripped():
    async with open_screen(LineInput("Title", "Explain Raft")) as (app, pilot):
        await pilot.press(*" now ", "enter")
        assert app.result == "Explain Raft now"


async def test_a_line_may_be_emptied():
    async with open_screen(LineInput("Title", "x")) as (app, pilot):
        await pilot.press("backspace", "enter")
        assert app.result == ""


async def test_a_value_of_several_lines_becomes_one():
    async with open_screen(LineInput("Title", "a\nb\x1b")) as (app, pilot):
        await pilot.press("enter")
        assert app.result == "a b␛"


async def test_text_takes_line_breaks_by_ctrl_j_and_is_saved_by_enter():
    async with open_screen(TextInput("System prompt", "Be terse.")) as (app, pilot):
        await pilot.press("ctrl+j", *"Be kind.", "enter")
        assert app.result == "Be terse.\nBe kind."


async def test_escape_leaves_the_text_as_it_was():
    async with open_screen(TextInput("System prompt", "Be terse.")) as (app, pilot):
        await pilot.press(*"more", "escape")
        assert app.result is None

"""Slash commands, the command line and the palette do what they say."""

import stat

import pytest
from textual.widgets import Input

from conduit_tui.tui.palette import ONLY_KEYS, CommandPalette
from conduit_tui.tui.screens.add_key import AddKey
from conduit_tui.tui.screens.commands import CommandsScreen
from conduit_tui.tui.screens.keys import KeysScreen
from conduit_tui.tui.screens.line_input import TextInput
from conduit_tui.tui.screens.model_picker import ModelPicker
from conduit_tui.tui.slash import COMMANDS
from conduit_tui.tui.widgets.sidebar import Sidebar
from tests.tui.stage import Stage, words_of


async def test_an_unknown_command_keeps_its_text_and_names_those_near_it(stage: Stage):
    async with stage.open() as chat:
        await chat.send("/titel A walk")
        await chat.is_told("'/titel' is no command. Near it: /title")
        assert chat.screen.prompt.text == "/titel A walk"
        assert len(chat.session) == 0


async def test_two_slashes_send_a_message_that_begins_with_one(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("//help")
        assert chat.path() == ["/help", "Re: /help"]


async def test_model_with_a_name_is_kept_with_the_session_and_asked(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/model demo/other")
        await chat.is_told("Now talking to demo/other.")
        assert "demo/other" in chat.status()
        await chat.ask("again")
        stored = await stage.stored(chat.session)
    assert stage.provider.requests[-1].model == "other"
    assert stored.model == "demo/other"


async def test_an_unknown_model_is_answered_with_the_nearest(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/model gpt-55555")
        await chat.is_told("No model is named 'gpt-55555'.")
        await chat.is_told("The nearest are")
        assert "demo/guide" in chat.status()


async def test_a_full_name_is_taken_as_it_is_typed_and_a_part_is_completed(stage: Stage):
    async with stage.open() as chat:
        await chat.send("/model openai/gpt-5")
        await chat.until(lambda: "openai/gpt-5 " in chat.status())
        await chat.press(*"/model demo/g", "tab", "enter")
        await chat.until(lambda: "demo/guide" in chat.status())


async def test_a_model_without_a_key_says_which_variable(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/model openai/gpt-5")
        await chat.is_told("openai/gpt-5 needs a key: set OPENAI_API_KEY or type /key.")


async def test_the_picker_chooses_a_model_by_typing(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/models")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.sees("other")  # what the server listed
        await chat.write("oth dem")
        await chat.press("enter")
        await chat.is_told("Now talking to demo/other.")
        await chat.press("f3")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert "demo/other" in chat.status()


async def test_the_system_prompt_is_sent_and_kept(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/system Be brief.")
        await chat.is_told("System prompt set.")
        await chat.ask("hi")
        assert stage.provider.requests[-1].params.system_prompt == "Be brief."
        assert len(chat.session) == 2, "it is no message"
        await chat.run("/system")
        await chat.until(lambda: isinstance(chat.app.screen, TextInput))
        await chat.write(" Or not.")
        await chat.press("enter")
        await chat.until(lambda: chat.app.screen is chat.screen)
        await chat.until(lambda: chat.session.system_prompt == "Be brief. Or not.")
        stored = await stage.stored(chat.session)
    assert stored.system_prompt == "Be brief. Or not."


async def test_a_theme_is_shown_at_once_and_at_the_next_start(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/theme conduit-light")
        await chat.until(lambda: chat.app.theme == "conduit-light")
        await chat.run("/theme")
        await chat.is_told("Theme conduit-light. Others: ")
        assert "conduit-light" not in chat.text().partition("Others: ")[2]
        await chat.run("/theme pink")
        await chat.until(lambda: any("'pink'" in each for each in chat.notices()))
        assert chat.app.theme == "conduit-light"
        await chat.press("ctrl+q")
    async with stage.open() as chat:
        assert chat.app.theme == "conduit-light"


async def test_a_key_typed_there_and_then_is_kept_privately_and_makes_the_model_usable(
    stage: Stage,
):
    async with stage.open() as chat:
        await chat.run("/key openai")
        await chat.until(lambda: isinstance(chat.app.screen, AddKey))
        await chat.write("sk-secret")
        assert "sk-secret" not in chat.text()
        await chat.press("enter")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.sees("gpt-5")
        await chat.press("escape")
        keys_file = stage.settings.paths.keys_file
        assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
        assert "sk-secret" in keys_file.read_text()
        assert "sk-secret" not in "".join(chat.notices())
        assert chat.controller.models.is_usable("openai/gpt-5")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert "stored key" in chat.transcript(), "the welcome tells of it"


async def test_a_key_for_an_unknown_provider_is_answered_in_words(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/key nobody")
        await chat.is_told("There is no provider 'nobody'.")


async def test_help_and_keys_show_what_there_is(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/help")
        await chat.until(lambda: isinstance(chat.app.screen, CommandsScreen))
        await chat.sees("/title", "give the session a title")
        await chat.press("escape")
        await chat.run("/keys")
        await chat.until(lambda: isinstance(chat.app.screen, KeysScreen))
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)


async def test_retry_cancel_and_sidebar_have_commands_too(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.run("/retry")
        await chat.until(lambda: len(chat.session) == 3)
        await chat.run("/sidebar")
        await chat.until(lambda: not chat.screen.query_one(Sidebar).display)
        await chat.run("/tree")
        await chat.until(lambda: chat.screen.focused is chat.screen.message_tree)


async def test_quit_as_a_command_ends_the_app(stage: Stage):
    async with stage.open() as chat:
        await chat.run("/quit")
        await chat.until(lambda: not chat.app.is_running)


async def test_a_colon_in_normal_takes_the_same_commands(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", ":")
        assert "COMMAND" in chat.status()
        await chat.press(*"title A walk", "enter")
        await chat.sees("▌A walk")
        assert chat.screen.mode == "normal"
        await chat.press(":", "escape")
        assert chat.screen.mode == "normal"
        await chat.press(":", "backspace")
        assert chat.screen.mode == "normal"
        await chat.press(":", *"nonsense", "enter")
        await chat.is_told("'/nonsense' is no command.")


async def test_tab_completes_on_the_command_line(stage: Stage):
    async with stage.open() as chat:
        await chat.press("escape", ":", *"sideb")
        await chat.pilot.pause()
        await chat.press("tab", "enter")
        await chat.until(lambda: not chat.screen.query_one(Sidebar).display)


async def test_the_palette_lists_every_command_and_runs_it(stage: Stage):
    async with stage.open() as chat:
        provider = CommandPalette(chat.screen)
        listed = [hit.text async for hit in provider.discover()]
        commands = [f"/{command.name}" for command in COMMANDS]
        assert listed[: len(commands)] == commands
        assert {name.replace(" ", "_") for name in listed[len(commands) :]} == set(ONLY_KEYS)
        await chat.press("ctrl+p")
        await chat.until(lambda: chat.app.screen is not chat.screen)
        await chat.sees("/help", "/model")
        await chat.write("sidebar")
        await chat.sees("show or hide the sidebar")
        await chat.press("enter")
        await chat.until(lambda: not chat.screen.query_one(Sidebar).display)


@pytest.mark.parametrize("action", ONLY_KEYS)
async def test_what_only_keys_do_runs_from_the_palette_while_one_writes(stage: Stage, action: str):
    async with stage.open() as chat:
        await chat.ask("a")
        hits = [hit async for hit in CommandPalette(chat.screen).discover()]
        run = next(hit.command for hit in hits if hit.text == action.replace("_", " "))
        run()
        await chat.pilot.pause()
        assert len(chat.session) == 2


async def test_a_sibling_is_reached_from_the_palette_and_writing_goes_on(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("a")
        await chat.press("escape", "r")
        await chat.until(lambda: len(chat.session) == 3 and not chat.is_running())
        await chat.press("i", "ctrl+p")
        await chat.until(lambda: chat.app.screen is not chat.screen)
        await chat.write("previous sibling")
        await chat.sees("h in NORMAL")
        assert "🔎" not in chat.text()
        assert not chat.app.screen.query_one(Input).cursor_blink
        await chat.press("enter")
        await chat.until(lambda: "1/2" in chat.transcript())
        assert chat.screen.mode == "insert"


async def test_every_command_has_its_method(stage: Stage):
    async with stage.open() as chat:
        for command in COMMANDS:
            assert callable(chat.screen.commands.method(command.name)), command


async def test_what_was_sent_is_found_by_up_also_after_a_start(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("first")
        await chat.ask("second")
        await chat.press("up", "up")
        assert chat.screen.prompt.text == "first"
        await chat.press("ctrl+c", "ctrl+q")
    async with stage.open() as chat:
        await chat.until(lambda: chat.screen.prompt.history)
        await chat.press("up")
        assert chat.screen.prompt.text
        assert words_of(chat.session)[0] == "first"


@pytest.mark.parametrize("size", [(100, 30), (10, 3)])
@pytest.mark.parametrize("key", ["pagedown", "pageup"])
async def test_pages_of_a_palette_that_is_not_drawn_yet(
    stage: Stage, size: tuple[int, int], key: str
):
    async with stage.open(size=size) as chat:
        await chat.press("ctrl+p", key)
        await chat.press(key)
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)

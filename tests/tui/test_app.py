"""The app around the chat: keys typed early, the second net, crash and exit codes."""

import asyncio
import logging
from functools import partialmethod

from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from conduit_tui import runtime
from conduit_tui.core.errors import StorageError
from conduit_tui.core.start import Start
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tui.app import CRASH_EXIT_CODE, ConduitApp, Ended, _run
from conduit_tui.tui.chat_actions import ChatActions
from tests.tui.stage import Stage


def headless(monkeypatch, *, drive) -> None:
    """Let apps run without a terminal, driven by a function."""
    run = partialmethod(ConduitApp.run_async, headless=True, auto_pilot=drive)
    monkeypatch.setattr(ConduitApp, "run_async", run)


async def opened(pilot) -> None:
    """Wait until the chat stands."""
    while pilot.app.chat is None or not pilot.app.chat.is_current:
        await pilot.pause()


async def test_what_is_typed_while_the_program_loads_is_all_there(stage: Stage, monkeypatch):
    typed = "".join(chr(ord("a") + number % 26) for number in range(150))
    seen: list[str] = []

    async def drive(pilot):
        for letter in typed:
            pilot.app.post_message(Key(letter, letter))
            await asyncio.sleep(0.002)
        await opened(pilot)
        await pilot.pause()
        seen.append(pilot.app.chat.prompt.text)
        pilot.app.exit()

    headless(monkeypatch, drive=drive)
    await _run(stage.settings, Start())
    assert seen == [typed]


async def test_what_is_sent_while_the_program_loads_is_sent(stage: Stage, monkeypatch):
    monkeypatch.setattr(runtime, "build", stage.build)
    seen: list[int] = []

    async def drive(pilot):
        for letter in "hi":
            pilot.app.post_message(Key(letter, letter))
        pilot.app.post_message(Key("enter", "\r"))
        await opened(pilot)
        while len(pilot.app.chat.session) < 2:
            await pilot.pause()
        seen.append(len(pilot.app.chat.session))
        pilot.app.exit()

    headless(monkeypatch, drive=drive)
    assert await _run(stage.settings, Start()) == Ended(0, "Re: hi")
    assert seen == [2]


async def test_ctrl_q_leaves_with_code_0(stage: Stage, monkeypatch):
    async def drive(pilot):
        await opened(pilot)
        await pilot.press("ctrl+q")

    headless(monkeypatch, drive=drive)
    assert await _run(stage.settings, Start()) == Ended(0)


async def test_a_bug_ends_in_words_without_local_variables_and_a_code_of_its_own(
    stage: Stage, monkeypatch, capsys, caplog
):
    def break_down(self):
        api_key = "sk-must-not-be-shown"
        raise ZeroDivisionError(len(api_key))

    async def drive(pilot):
        await opened(pilot)
        await pilot.press("f2")

    monkeypatch.setattr(ChatActions, "do_sidebar", break_down)
    headless(monkeypatch, drive=drive)
    with caplog.at_level(logging.CRITICAL):
        assert await _run(stage.settings, Start()) == Ended(CRASH_EXIT_CODE)
    printed = capsys.readouterr().err
    assert "conduit-tui stopped: ZeroDivisionError" in printed
    assert "conduit.log" in "".join(printed.split())
    assert "sk-must" not in printed + caplog.text


async def test_a_last_session_that_cannot_be_read_leads_to_a_new_one(stage: Stage, monkeypatch):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("ctrl+q")
        await chat.until(lambda: not chat.app.is_running)

    async def fail(self, session_id, **_):
        raise StorageError("The file is damaged.")

    monkeypatch.setattr(SessionStore, "load_end", fail)
    async with stage.open(size=(140, 40)) as chat:
        await chat.sees("The file is damaged.")
        assert len(chat.session) == 0
        await chat.ask("again")


async def test_no_control_character_reaches_the_terminal_whatever_a_widget_shows(stage: Stage):
    async with stage.open() as chat:
        await chat.screen.mount(Static(Content("a\x1b]52;c;eA==\x07b"), id="bad"))
        await chat.until(lambda: chat.screen.query_one("#bad").region.height)
        filtered = chat.screen.query_one("#bad").render_lines(
            chat.screen.query_one("#bad").size.region
        )
        text = "".join(strip.text for strip in filtered)
        assert "a" in text
        assert "\x1b" not in text
        assert "\x07" not in text


async def test_no_color_is_respected(stage: Stage, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stage.environ["NO_COLOR"] = "1"
    async with stage.open() as chat:
        await chat.ask("hi")
        colours = {
            segment.style.color.name
            for strip in chat.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.color
        }
        assert colours <= {"default"}, colours

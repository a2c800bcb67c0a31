"""What tells a person who does not look that a reply has ended."""

import asyncio

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import AppBlur, AppFocus

from conduit_tui.core.errors import BadResponse, StreamInterrupted
from conduit_tui.providers.scripted import reply
from tests.tui.stage import Chat, Stage


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduit_tui.tui.endings.GATHER_SECONDS", 0.001)


def listen(chat: Chat) -> list[str]:
    """What is written to the terminal from now on."""
    driver = chat.app._driver
    assert driver is not None
    written: list[str] = []
    driver.write = written.append  # type: ignore[method-assign]
    return written


async def leave(chat: Chat) -> None:
    """Have the terminal report that it lost the focus."""
    chat.app.post_message(AppBlur())
    await chat.until(lambda: not chat.app.app_focus)


async def all_told(chat: Chat) -> None:
    """Wait until every ending that was noted has been told."""
    await chat.until(lambda: not chat.is_running() and chat.screen.endings._timer is None)
    await chat.pilot.pause()


async def ask_unseen(chat: Chat, stage: Stage, *script: object) -> list[str]:
    """Ask, leave the terminal, and have the reply end; returns what the terminal was sent."""
    gate = asyncio.Event()
    stage.answers("hi", (gate, *script))  # type: ignore[arg-type]
    await chat.send("hi")
    await chat.until(lambda: stage.provider.requests)
    await leave(chat)
    written = listen(chat)
    gate.set()
    await all_told(chat)
    return written


async def test_a_bell_rings_when_a_reply_ends_unseen(stage: Stage):
    async with stage.open() as chat:
        assert await ask_unseen(chat, stage, *reply("there")) == ["\a"]
        assert chat.notices() == []


async def test_no_bell_rings_for_a_person_who_looks(stage: Stage):
    async with stage.open() as chat:
        written = listen(chat)
        await chat.ask("hi")
        await all_told(chat)
        assert written == []
        assert chat.notices() == []


async def test_always_rings_also_where_the_terminal_reports_no_focus(stage: Stage):
    stage.write_settings('notify_when = "always"\n')
    async with stage.open() as chat:
        written = listen(chat)
        await chat.ask("hi")
        await all_told(chat)
        assert written == ["\a"]


async def test_off_is_silent(stage: Stage):
    stage.write_settings('notify = "off"\n')
    async with stage.open() as chat:
        assert await ask_unseen(chat, stage, *reply("there")) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (reply("there"), 'guide answered in "hi"'),
        (("the", StreamInterrupted("It broke.")), 'guide broke off in "hi"'),
        ((BadResponse("No."),), 'guide failed in "hi"'),
    ],
)
async def test_a_notification_says_who_and_how_and_where(
    stage: Stage, script: tuple[object, ...], words: str
):
    stage.write_settings('notify = "notification"\n')
    async with stage.open() as chat:
        written = await ask_unseen(chat, stage, *script)
        assert written == [f"\x1b]9;{words}\x1b\\\a"]


async def test_cancelling_needs_no_call(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", (gate,))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.until(chat.is_running)
        await leave(chat)
        written = listen(chat)
        chat.screen.actions.cancel()
        await all_told(chat)
        assert written == []


async def test_replies_that_end_together_call_once(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("conduit_tui.tui.endings.GATHER_SECONDS", 0.2)
    stage.write_settings('notify = "notification"\n')
    gate = asyncio.Event()
    stage.answers("hi", reply("one"), (gate, *reply("two")), (gate, *reply("three")))
    async with stage.open() as chat:
        await chat.ask("hi")
        await all_told(chat)
        first = chat.session.leaf_id
        assert first is not None
        for _ in range(2):
            turn = chat.controller.regenerate(chat.session, first)
            chat.screen.follow(turn, chat.session)
        await leave(chat)
        written = listen(chat)
        gate.set()
        await all_told(chat)
        assert written == ['\x1b]9;2 replies ended in "hi"\x1b\\\a']


async def test_nothing_is_written_while_an_editor_has_the_terminal(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    stage.write_settings('notify_when = "always"\n')
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    async with stage.open() as chat:
        written = listen(chat)
        with chat.app.suspend():
            await chat.ask("hi")
            await all_told(chat)
        assert written == []
        await chat.ask("and")
        await all_told(chat)
        assert written == ["\a"]


async def test_a_reply_that_ends_in_another_session_is_named(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", (gate, *reply("there")))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.until(lambda: stage.provider.requests)
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.path())
        gate.set()
        await chat.is_told('guide answered in "hi"')


async def test_a_reply_that_ends_on_another_branch_is_named(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", reply("one"), (gate, *reply("two")))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.until(lambda: len(stage.provider.requests) == 2)
        await chat.until(lambda: chat.screen.live.of_session(chat.session.id))
        await chat.press("h")
        await chat.until(lambda: chat.path() == ["hi", "one"])
        gate.set()
        await chat.is_told("guide answered on another branch")
        assert chat.path() == ["hi", "one"]


async def test_what_ended_elsewhere_unseen_is_named_when_the_focus_comes_back(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", (gate, *reply("there")))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.until(lambda: stage.provider.requests)
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.path())
        await leave(chat)
        gate.set()
        await all_told(chat)
        assert chat.notices() == []
        chat.app.post_message(AppFocus())
        await chat.is_told('guide answered in "hi"')


async def test_a_failure_elsewhere_is_told_once(stage: Stage):
    gate = asyncio.Event()
    stage.answers("hi", (gate, BadResponse("The server is out.")))
    async with stage.open() as chat:
        await chat.send("hi")
        await chat.until(lambda: stage.provider.requests)
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.path())
        gate.set()
        await all_told(chat)
        assert chat.notices() == ["The server is out."]


async def test_an_ending_that_was_seen_is_not_told_when_one_leaves_right_after(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("conduit_tui.tui.endings.GATHER_SECONDS", 0.05)
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "k", "e")
        await chat.ask("!")
        await all_told(chat)
        assert chat.notices() == []


async def test_a_notice_hides_no_header_of_a_message(stage: Stage):
    stage.answers("hi", reply("one"), reply("two"))
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.press("escape", "k", "e")
        await chat.ask("!")
        chat.screen.say("Something that is told in passing, in words that are not short.")
        await chat.sees("not short.")
        assert "2/2" in chat.lines(chat.screen.transcript)[0]

from datetime import UTC, datetime

from conduit_tui.core.summary import SessionSummary
from conduit_tui.tui.screens.trash import Trash
from tests.tui.screens.opening import NOTHING_YET, open_screen

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RAFT = SessionSummary("raft", "Explain Raft", AT, 12, deleted_at=AT)
OSLO = SessionSummary("oslo", "", AT, 1, deleted_at=AT)


async def test_sessions_are_listed_with_what_they_hold():
    async with open_screen(Trash([RAFT, OSLO])) as (app, _):
        assert "12 messages  deleted 2026-11-22" in app.text()
        assert "New session" in app.text()
        assert "1 message  deleted" in app.text()


async def test_enter_restores():
    async with open_screen(Trash([RAFT, OSLO])) as (app, pilot):
        await pilot.press("down", "enter")
        assert app.result == ("restore", "oslo")


async def test_r_restores_too():
    async with open_screen(Trash([RAFT, OSLO])) as (app, pilot):
        await pilot.press("r")
        assert app.result == ("restore", "raft")


async def test_erasing_asks_again():
    async with open_screen(Trash([RAFT, OSLO])) as (app, pilot):
        await pilot.press("x")
        await pilot.pause()
        assert "Erase 'Explain Raft' and its 12 messages?" in app.text()
        await pilot.press("enter")
        assert app.result is NOTHING_YET
        await pilot.press("x")
        await pilot.pause()
        await pilot.press("y")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.result == ("erase", "raft")


async def test_an_empty_trash_says_so_and_takes_every_key():
    async with open_screen(Trash([])) as (app, pilot):
        assert "The trash is empty." in app.text()
        await pilot.press("enter", "r", "x", "down")
        assert app.result is NOTHING_YET

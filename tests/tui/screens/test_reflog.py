from datetime import UTC, datetime, timedelta

from conduit_tui.core.journal import Entry, Journal
from conduit_tui.tui.screens.reflog import FIRST, Reflog
from tests.tui.screens.opening import open_screen

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
STEPS = [
    Entry("a", NOW - timedelta(days=2), "do", 'star "one"', (), ()),
    Entry("b", NOW - timedelta(minutes=5), "do", 'prune "two"', (), ()),
    Entry("c", NOW, "undo", 'prune "two"', (), (), "b"),
]


async def test_steps_stand_newest_first_with_their_times():
    async with open_screen(Reflog(Journal(STEPS), NOW)) as (app, _):
        lines = app.lines()
        ways = ("undo: prune", "│   prune", "star", "before all of this")
        undo, prune, star, first = (
            next(at for at, line in enumerate(lines) if words in line) for words in ways
        )
        assert undo < prune < star < first
        assert "5 minutes ago" in lines[prune]
        assert "2 days ago  2026-11-2" in lines[star]
        assert lines[undo].rstrip(" │").split("  ")[-2].strip() == "here"


async def test_enter_returns_the_step_and_the_last_row_all_before():
    for keys, answer in ((("enter",), "c"), (("j", "enter"), "b"), (("G", "enter"), FIRST)):
        async with open_screen(Reflog(Journal(STEPS), NOW)) as (app, pilot):
            await pilot.press(*keys)
            assert app.result == answer


async def test_it_says_that_older_steps_are_not_listed():
    async with open_screen(Reflog(Journal(STEPS, is_all=False), NOW)) as (app, pilot):
        assert "Older steps than these 3 are not listed." in app.text()
        await pilot.press("G", "enter")
        assert app.result == FIRST

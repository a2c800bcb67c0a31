from typing import Any

import pytest
from textual.events import Paste

from conduit_tui.tui.screens.trust import GRACE_SECONDS, TrustDialog
from tests.tui.screens.opening import NOTHING_YET, open_screen


class Clock:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def dialog(typed: list[str], clock: Clock | None = None, **options: Any) -> TrustDialog:
    clock = clock or Clock()
    made = TrustDialog("/home/ann/p", "2 skills", typed.append, clock=clock, **options)
    clock.now = GRACE_SECONDS
    made.call_later(setattr, clock, "now", 2 * GRACE_SECONDS)
    return made


async def test_it_names_the_directory_and_what_is_there_and_enter_says_no():
    async with open_screen(dialog([])) as (app, pilot):
        assert "/home/ann/p" in app.text()
        assert "In it: 2 skills." in app.text()
        await pilot.press("enter")
        assert app.result is False


async def test_yes_takes_the_other_answer_and_enter():
    for key in ("tab", "right", "left", "up", "down", "shift+tab"):
        async with open_screen(dialog([])) as (app, pilot):
            await pilot.press(key, "enter")
            assert app.result is True


@pytest.mark.parametrize("size", [(80, 24), (80, 10), (40, 24), (80, 6)])
async def test_the_longest_path_leaves_the_answers_in_view(size: tuple[int, int]):
    path = "/start" + "/directory" * 400 + "/end"
    async with open_screen(TrustDialog(path, "1 skill", print), size=size) as (app, _):
        assert "/start/" in app.text()
        assert "leave it unread" in app.text()
        assert "Yes, trust it" in app.text()


async def test_letters_answer_nothing_and_go_on_to_the_prompt():
    typed: list[str] = []
    async with open_screen(dialog(typed)) as (app, pilot):
        await pilot.press("y", "space", "n", "q")
        app.screen.post_message(Paste("pasted"))
        await pilot.pause()
        assert app.result is NOTHING_YET
        assert "".join(typed) == "y nqpasted"


async def test_enter_right_after_it_came_up_was_meant_for_something_else():
    clock = Clock()
    async with open_screen(TrustDialog("/p", "x", lambda _: None, clock=clock)) as (app, pilot):
        await pilot.press("tab", "enter")
        assert app.result is NOTHING_YET
        clock.now = GRACE_SECONDS
        await pilot.press("enter")
        assert app.result is True


async def test_a_click_answers():
    async with open_screen(dialog([])) as (app, pilot):
        at = next(at for at, line in enumerate(app.lines()) if "Yes, trust it" in line)
        await pilot.click(offset=(app.lines()[at].index("Yes, trust it") + 2, at))
        await pilot.pause()
        assert app.result is True


async def test_of_a_trusted_directory_it_asks_whether_to_go_on():
    for keys, answer in ((["enter"], True), (["escape"], True), (["tab", "enter"], False)):
        async with open_screen(dialog([], is_trusted=True)) as (app, pilot):
            assert "It is trusted." in app.text()
            assert "No, no longer" in app.text()
            await pilot.press(*keys)
            assert app.result is answer

import pytest

from conduit_tui.tui.screens.confirm import Confirm
from tests.tui.screens.opening import open_screen


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["enter"], False),
        (["escape"], False),
        (["left", "enter"], True),
        (["tab", "space"], True),
        (["left", "right", "enter"], False),
    ],
)
async def test_only_yes_is_yes(keys, answer):
    async with open_screen(Confirm("Delete it?")) as (app, pilot):
        await pilot.press(*keys)
        assert app.result is answer


@pytest.mark.parametrize(("label", "answer"), [("Delete", True), ("Keep", False)])
async def test_a_click_answers(label, answer):
    async with open_screen(Confirm("Delete it?", "Delete", "Keep")) as (app, pilot):
        row = next(y for y, line in enumerate(app.lines()) if "Keep" in line)
        await pilot.click(offset=(app.lines()[row].index(label) + 1, row))
        assert app.result is answer


async def test_both_answers_are_in_view_under_a_long_question():
    async with open_screen(Confirm("Really delete? " * 40, "Yes", "No"), (40, 10)) as (app, _):
        assert "y Yes" in app.text()
        assert "n No" in app.text()

import pytest

from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.screens.keys import KeysScreen
from tests.tui.screens.opening import open_screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (110, 30), (60, 12)])
async def test_every_action_can_be_scrolled_to(size: tuple[int, int]):
    async with open_screen(KeysScreen(load_keymap({})), size) as (app, pilot):
        seen = app.text()
        for _ in range(200):
            before = app.text()
            await pilot.press("down")
            seen += app.text()
            if app.text() == before:
                break
        assert [each.id for each in ACTIONS if each.summary not in seen] == []


async def test_two_columns_of_about_the_same_height_when_wide():
    keymap = load_keymap({"copy": "f9"})
    async with open_screen(KeysScreen(keymap), (120, 40)) as (app, pilot):
        assert any("INSERT" in line and "NORMAL" in line for line in app.lines())
        assert any("F9" in line and "copy the message" in line for line in app.lines())
        await pilot.press("end")
        halves = [(line[5:57].strip(), line[58:111].strip()) for line in app.lines()[-7:-1]]
        assert all(any(half) for half in zip(*halves, strict=True)), "both go on to near the end"


async def test_three_columns_show_all_without_scrolling():
    async with open_screen(KeysScreen(load_keymap({})), (162, 45)) as (app, _):
        assert [each.id for each in ACTIONS if each.summary not in app.text()] == []


async def test_one_column_scrolls_when_narrow():
    async with open_screen(KeysScreen(load_keymap({})), (60, 12)) as (app, pilot):
        assert "NORMAL" not in app.lines()[1]
        assert "the next order" not in app.text()
        await pilot.press("end")
        assert "the next order" in app.text()


async def test_typing_after_a_slash_filters_by_words_and_by_keys():
    async with open_screen(KeysScreen(load_keymap({}))) as (app, pilot):
        await pilot.press("/", *"quit")
        assert "/quit▏  2" in app.text()
        assert "Ctrl+Q" in app.text()
        assert "choose a model" not in app.text()
        await pilot.press("ctrl+u", *"ctrl+r")
        assert "redo it" in app.text()
        await pilot.press(*"jk")
        assert "nothing like that" in app.text()
        await pilot.press("escape")
        assert "choose a model" in app.text()
        await pilot.press("escape")
        assert app.result is None


async def test_the_keys_that_open_it_close_it():
    for key in ("q", "f1", "?", "escape"):
        async with open_screen(KeysScreen(load_keymap({}))) as (app, pilot):
            await pilot.press(key)
            assert app.result is None

from conduit_tui.tui.keymap import ACTIONS, load_keymap
from conduit_tui.tui.screens.keys import KeysScreen
from tests.tui.screens.opening import open_screen


async def test_every_action_is_shown_with_its_keys_in_two_columns_when_wide():
    keymap = load_keymap({"copy": "f9"})
    async with open_screen(KeysScreen(keymap), (120, 64)) as (app, _):
        for action in ACTIONS:
            assert action.summary in app.text()
        assert any("INSERT" in line and "NORMAL" in line for line in app.lines())
        assert any("F9" in line and "copy the message" in line for line in app.lines())


async def test_one_column_scrolls_when_narrow():
    async with open_screen(KeysScreen(load_keymap({})), (60, 12)) as (app, pilot):
        assert "NORMAL" not in app.lines()[1]
        assert ACTIONS[-1].summary not in app.text()
        await pilot.press("end")
        assert ACTIONS[-1].summary in app.text()


async def test_the_keys_that_open_it_close_it():
    for key in ("q", "f1", "?", "escape"):
        async with open_screen(KeysScreen(load_keymap({}))) as (app, pilot):
            await pilot.press(key)
            assert app.result is None

import pytest
from textual.containers import VerticalScroll

from conduit_tui.tui.keymap import ACTIONS
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.screens.commands import CommandsScreen
from conduit_tui.tui.slash import COMMANDS
from tests.tui.screens.opening import Below, open_screen


async def all_text(app: Below, pilot) -> str:
    """What is on the screen while it scrolls from the top to the end, a line once."""
    seen = dict.fromkeys(app.lines())
    for _ in range(300):
        app.screen.query_one(VerticalScroll).scroll_page_down(animate=False)
        await pilot.pause()
        before = len(seen)
        seen |= dict.fromkeys(app.lines())
        if len(seen) == before:
            break
    return "\n".join(line.strip("│ ▁▂▃▄▅▆▇█") for line in seen)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (44, 16), (20, 5)])
async def test_every_command_and_every_key_in_force_can_be_read(size: tuple[int, int]):
    keymap = load_keymap({"copy": "f9", "tree": "`"})
    async with open_screen(CommandsScreen(keymap), size) as (app, pilot):
        text = await all_text(app, pilot)
    assert [each.name for each in COMMANDS if f"/{each.name}" not in text] == []
    if size[0] >= 80:
        words = " ".join(text.split())
        assert [each.id for each in ACTIONS if each.summary not in words] == []
        assert "F9 copy the message" in words


async def test_a_command_has_its_key_and_its_summary_in_one_line_where_there_is_room():
    async with open_screen(CommandsScreen(load_keymap({"copy": "f9"})), (120, 60)) as (app, _):
        lines = [" ".join(line.split()) for line in app.lines()]
    assert any(
        "/copy [N | path | A..B] copy the message, block N, or a path F9" in x for x in lines
    )
    assert any("/retry [NAME=VALUE ...] regenerate the reply as a sibling r" in x for x in lines)


async def test_what_may_follow_a_command_never_touches_its_words():
    async with open_screen(CommandsScreen(load_keymap({})), (80, 80)) as (app, _):
        assert any("/schema [FIELDS |     answer" in line for line in app.lines())


async def test_a_slash_filters_commands_and_keys_together():
    async with open_screen(CommandsScreen(load_keymap({}))) as (app, pilot):
        await pilot.press("/", *"prune")
        for words in ("/prune [others]", "/pruned", "prune all but this path", "/prune▏  4"):
            assert words in app.text()
        assert "/help" not in app.text()
        await pilot.press(*"zzz")
        assert "nothing like that" in app.text()
        await pilot.press("escape")
        assert "/help [TOPIC]" in app.text()


async def test_letters_for_the_ends_scroll_there():
    async with open_screen(CommandsScreen(load_keymap({}))) as (app, pilot):
        await pilot.press("G")
        assert "breaks the line." in app.text()
        await pilot.press("g")
        assert "Commands are typed" in app.text()

from conduit_tui.tui.screens.tools import ToolLine, ToolsScreen
from tests.tui.screens.opening import open_screen

READ = ToolLine("file_read", "reads", "Read a file", True, "", ("It asks.",), "Reads *lines*.")
SHELL = ToolLine("run_shell", "runs", "Run a command", False)
SEARCH = ToolLine("web_search", "network", "Search the web", True, "BRAVE_API_KEY is not set")
SKILL = ToolLine("enable_skill", "nothing", "Read a skill", True, is_fixed=True)


class Kept(list[tuple[str, bool]]):
    """What was switched."""

    def __call__(self, name: str, is_on: bool) -> None:
        self.append((name, is_on))


def tools(kept: Kept, words: str = "") -> ToolsScreen:
    return ToolsScreen([READ, SHELL, SEARCH, SKILL], kept, words)


async def test_every_tool_is_a_row_in_columns_and_the_first_is_read_below():
    async with open_screen(tools(Kept())) as (app, _):
        assert "on   file_read     reads    Read a file" in app.text()
        assert "off  run_shell     runs     Run a command" in app.text()
        assert any(line.rstrip("│ ").endswith("BRAVE_API_KEY is not set") for line in app.lines())
        assert "On in this session." in app.text()
        assert "It asks." in app.text()
        assert "Reads lines." in app.text()


async def test_what_is_read_follows_the_cursor_and_stands_beside_where_there_is_room():
    async with open_screen(tools(Kept()), (160, 30)) as (app, pilot):
        assert any("on   file_read" in line and "▌ file_read" in line for line in app.lines())
        await pilot.press("j", "j")
        await pilot.pause()
        assert "On in this session; not offered: BRAVE_API_KEY is not set." in app.text()


async def test_space_and_enter_switch_and_it_shows_at_once():
    kept = Kept()
    async with open_screen(tools(kept)) as (app, pilot):
        await pilot.press("space", "down", "enter")
        await pilot.pause()
        assert kept == [("file_read", False), ("run_shell", True)]
        assert "off  file_read" in app.text()
        assert "on   run_shell" in app.text()
        assert "Off in this session" not in app.text(), "the one under the cursor is on"
        await pilot.press("space")
        assert kept[-1] == ("run_shell", False)


async def test_a_tool_of_skills_is_listed_and_stays_as_it_is():
    kept = Kept()
    async with open_screen(tools(kept)) as (app, pilot):
        await pilot.press("G", "space", "enter")
        assert kept == []
        assert "on   enable_skill" in app.text()
        await pilot.press("g", "space", "j", "j", "space")
        assert "off  enable_skill" in app.text(), "it is offered only beside others"


async def test_a_click_reads_and_a_second_one_switches():
    kept = Kept()
    async with open_screen(tools(kept)) as (app, pilot):
        at = next(at for at, line in enumerate(app.lines()) if "run_shell" in line)
        await pilot.click(offset=(10, at))
        await pilot.pause()
        assert kept == []
        assert "Off in this session." in app.text()
        await pilot.click(offset=(10, at))
        assert kept == [("run_shell", True)]


async def test_words_about_the_model_stand_above_and_the_cursor_is_not_on_them():
    kept = Kept()
    async with open_screen(tools(kept, "x/y is offered no tools.")) as (app, pilot):
        assert "x/y is offered no tools." in app.lines()[1]
        await pilot.press("space")
        assert kept == [("file_read", False)]


async def test_a_long_reading_scrolls_while_the_list_keeps_the_keys():
    long = ToolLine("a", "reads", "", True, markdown="\n\n".join(f"par {at}" for at in range(60)))
    async with open_screen(ToolsScreen([long], Kept())) as (app, pilot):
        assert "par 0" in app.text()
        await pilot.press(*["ctrl+d"] * 12)
        await pilot.pause()
        assert "par 59" in app.text()
        await pilot.press(*["ctrl+u"] * 12)
        await pilot.pause()
        assert "par 0" in app.text()

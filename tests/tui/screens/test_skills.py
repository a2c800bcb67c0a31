from conduit_tui.core.skill import SkillNote
from conduit_tui.tui.screens.skills import SkillLine, SkillsScreen, SkillsView
from tests.tui.screens.opening import open_screen

REVIEW = SkillLine("review", "skill", "shipped", "Reviews.", "# How\n\nRead **twice**.", is_on=True)
STYLE = SkillLine("style", "context", "user", "House style.", "Short.", is_read=True)
TERSE = SkillLine("terse", "prompt", "project", "One line.", "Be brief.", standing=("/p/terse",))
NOTE = SkillNote("/home/a/.agents/skills/bad/SKILL.md", "It has no name.", is_left_out=True)
VIEW = SkillsView((REVIEW, STYLE, TERSE), (NOTE,))


class Kept(list[tuple[str, bool]]):
    """What was switched."""

    def __call__(self, name: str, is_on: bool) -> None:
        self.append((name, is_on))


async def nothing() -> SkillsView:
    return SkillsView(places=("~/.agents/skills",))


async def test_skills_are_listed_with_type_source_and_state_and_the_body_is_drawn():
    async with open_screen(SkillsScreen(VIEW, Kept(), nothing)) as (app, pilot):
        for words in ("on    review  skill    Reviews.", "read  style   context", "off   terse"):
            assert words in app.text()
        for source in ("shipped", "user", "project"):
            assert any(line.rstrip("│ ").endswith(source) for line in app.lines())
        assert "Read twice." in app.text()
        await pilot.press("j")
        await pilot.pause()
        assert "Read by the model on this branch." in app.text()
        await pilot.press("j")
        await pilot.pause()
        assert "/p/terse" in app.text()


async def test_space_switches_and_it_shows_at_once():
    kept = Kept()
    async with open_screen(SkillsScreen(VIEW, kept, nothing)) as (app, pilot):
        await pilot.press("space", "j", "enter")
        await pilot.pause()
        assert kept == [("review", False), ("style", True)]
        assert "off   review" in app.text()
        assert "on    style" in app.text()


async def test_what_is_odd_stands_below_and_is_read_in_full():
    kept = Kept()
    async with open_screen(SkillsScreen(VIEW, kept, nothing)) as (app, pilot):
        assert "bad/SKILL.md: It has no name." in app.text()
        await pilot.press("G", "space")
        await pilot.pause()
        assert kept == []
        assert "/home/a/.agents/skills/bad/SKILL.md" in app.text()
        assert "This skill is left out." in app.text()


async def test_r_looks_again_and_without_skills_it_says_where_they_are_looked_for():
    async with open_screen(SkillsScreen(VIEW, Kept(), nothing)) as (app, pilot):
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "There are no skills." in app.text()
        assert "~/.agents/skills" in app.text()
        assert "review" not in app.text()

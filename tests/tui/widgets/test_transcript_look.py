"""Everything the transcript draws can be read under each of our themes."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import Theme

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.themes import (
    DARK,
    FEW_COLORS,
    LIGHT,
    TERMINAL,
    load_themes,
    themes_directories,
)
from conduit_tui.tui.widgets.transcript import Transcript
from conduit_tui.tui.widgets.transcript_look import (
    component_style,
    palette_of,
    selection_style,
)
from tests.tui.test_themes import contrast

THEMES = {theme.name: theme for theme in load_themes(themes_directories(Path("none")))[0]}
LEAST = 4.5  # WCAG 2, level AA


class Shown(App[None]):
    """A transcript under one theme."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.register_theme(theme)
        self.theme = theme.name

    def compose(self) -> ComposeResult:
        yield Transcript()


async def look(name: str, read: Callable[[Transcript], dict[str, Style]]) -> dict[str, Style]:
    app = Shown(THEMES[name])
    async with app.run_test() as pilot:
        await pilot.pause()
        return read(app.query_one(Transcript))


def styles(transcript: Transcript) -> dict[str, Style]:
    palette = palette_of(transcript)
    found = {field.name: getattr(palette, field.name) for field in fields(Palette)}
    found["ground"] = transcript.visual_style.rich_style
    found["marked"] = component_style(transcript, "cursor")
    found["selected"] = selection_style(transcript)
    found["pill"] = component_style(transcript, "pill")
    return found


def rgb(color: RichColor | None) -> Color:
    assert color is not None
    return Color(*color.get_truecolor())


@pytest.mark.parametrize("name", [DARK, LIGHT])
async def test_every_style_stands_out_from_every_ground(name: str) -> None:
    found = await look(name, styles)
    grounds = {each: rgb(found.pop(each).bgcolor) for each in ("ground", "panel", "marked")}
    for apart in ("selected", "pill"):
        style = found.pop(apart)
        assert contrast(rgb(style.color), rgb(style.bgcolor)) >= LEAST, apart
    for word, style in found.items():
        for where, ground in grounds.items():
            assert contrast(rgb(style.color), ground) >= LEAST, (word, where)


async def test_the_terminals_colours_are_those_that_are_read_on_black_and_on_white() -> None:
    found = await look(TERMINAL, styles)
    assert not found["panel"].bgcolor  # so that code has a bar
    colors = {word: style.color.name for word, style in found.items() if style.color}
    assert not {word for word, color in colors.items() if color in ("blue", "color(4)")}
    assert colors["code"] == colors["number"] == "color(5)"
    assert found["muted"].dim


@pytest.mark.parametrize("has_few", [False, True])
async def test_code_has_a_bar_where_the_terminal_may_not_show_its_panel(has_few: bool) -> None:
    app = Shown(THEMES[DARK])
    app.set_class(has_few, FEW_COLORS)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert bool(palette_of(app.query_one(Transcript)).panel.bgcolor) != has_few

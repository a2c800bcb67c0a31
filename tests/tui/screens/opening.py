"""An app to open one screen in, and what it then shows and returns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from conduit_tui.tui.themes import load_themes, themes_directories

THEMES, _ = load_themes(themes_directories(Path("no such directory")))
NOTHING_YET = object()


class Below(App[None]):
    """Something to lie below the screen."""

    def __init__(self, opened: Screen[Any], theme: str) -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.opened = opened
        self.result: Any = NOTHING_YET

    def compose(self) -> ComposeResult:
        yield Static("below")

    def on_mount(self) -> None:
        self.push_screen(self.opened, self.take)

    def take(self, result: Any) -> None:
        self.result = result

    def lines(self) -> list[str]:
        """What is on the screen, a line a row, without trailing spaces."""
        width, height = self.size
        strips = self.screen._compositor.render_strips()[:height]
        return ["".join(segment.text for segment in strip)[:width].rstrip() for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())


@asynccontextmanager
async def open_screen(
    screen: Screen[Any], size: tuple[int, int] = (80, 24), theme: str = "conduit-dark"
) -> AsyncIterator[tuple[Below, Pilot[None]]]:
    app = Below(screen, theme)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot

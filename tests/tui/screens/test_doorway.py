"""What is on view before the store is open."""

from textual.app import App

from conduit_tui.tui.screens.doorway import Doorway


class Entrance(App[None]):
    def get_default_screen(self) -> Doorway:
        return Doorway()


async def test_the_place_of_the_sidebar_is_empty() -> None:
    app = Entrance()
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        side = app.screen.query_one("#doorway-side")
        assert side.region.width > 0
        assert str(side.render()) == ""

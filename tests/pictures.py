"""Driving the app for pictures: say something, wait, keep what is shown."""

from pathlib import Path

from conduit_tui.tui.app import ConduitApp


async def say(app: ConduitApp, pilot, text: str) -> None:
    """Send a message and wait for the whole reply."""
    app.screen.prompt.load(text, ())
    await pilot.press("enter")
    await settled(app, pilot)


async def settled(app: ConduitApp, pilot) -> None:
    """Wait until no turn runs."""
    await pilot.pause()
    while list(app.chat.controller.running()):
        await pilot.pause(0.05)
    await pilot.pause(0.2)


def keep(app: ConduitApp, path: Path) -> None:
    """Write what the screen shows as SVG."""
    path.write_text(app.export_screenshot(title="conduit-tui"), encoding="utf-8")

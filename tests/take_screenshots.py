"""Makes the pictures of the README by driving the app: `make screenshots`."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, chdir, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from conduit_tui.core.start import Start
from conduit_tui.settings import Flags, load_settings
from conduit_tui.tui.app import ConduitApp
from tests.pictured_tools import drive_tools, furnish
from tests.pictured_tree import Storyteller, drive_tree
from tests.pictures import keep, say, settled
from tests.servers.http import Exchange, Reply
from tests.servers.openai_server import DONE, OpenAIServer, chunk, usage

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (110, 34)


USED = {
    "openai/gpt-5": (18_400, 3_120),
    "openai/gpt-5.4-mini": (52_000, 9_700),
    "perplexity/sonar-pro": (4_100, 1_900),
    "openai/our-own-model": (12_800, 2_300),
}
"""What the picture of the usage screen shows: tokens in and out, by model."""


async def main(folder: Path) -> None:
    """Drive a conversation with the guide, then some with a server, and keep what is shown."""
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    folder = folder.resolve()
    await _at_home({}, folder, _drive)
    await _at_home({}, folder, drive_tools, furnish)
    async with OpenAIServer(_counted) as server:
        await _at_home(_served_by(server.url), folder, _drive_usage)
    told = Storyteller()
    async with OpenAIServer(told) as server:
        await _at_home(_served_by(server.url), folder, partial(drive_tree, told=told))


async def _at_home(
    variables: dict[str, str],
    folder: Path,
    drive,
    furnish: Callable[[Path], None] = os.chdir,
) -> None:
    """Drive an app that finds nothing from before but what `furnish` puts into its home."""
    with _new_home() as home, chdir("."):
        os.environ["HOME"] = str(home)
        furnish(home)
        environ = {"HOME": str(home), "COLORTERM": "truecolor", "TERM": "xterm-256color"}
        await _with_app(environ | variables, folder, drive)


@contextmanager
def _new_home() -> Iterator[Path]:
    """A home directory whose name is the same in all pictures; there must be none of it."""
    home = Path(tempfile.gettempdir()) / "ann"
    home.mkdir(mode=0o700)
    try:
        yield home
    finally:
        shutil.rmtree(home)


def _served_by(url: str) -> dict[str, str]:
    """The variables that lead both providers to a server of ours."""
    addresses = dict.fromkeys(("OPENAI_BASE_URL", "PERPLEXITY_BASE_URL"), url)
    return addresses | dict.fromkeys(("OPENAI_API_KEY", "PERPLEXITY_API_KEY"), "none")


async def _with_app(environ: dict[str, str], folder: Path, drive) -> None:
    settings = replace(load_settings(Flags(), environ), titles=False)  # a request of its own each
    async with AsyncExitStack() as stack:
        app = ConduitApp(settings, Start(), stack)
        async with app.run_test(size=SIZE) as pilot:
            while app.chat is None or not app.chat.is_current:
                await pilot.pause(0.05)
            await pilot.pause(0.5)  # until the chat has begun: it loads the prompt then
            await drive(app, pilot, folder)


def _counted(exchange: Exchange) -> Reply:
    used = {name.partition("/")[2]: counts for name, counts in USED.items()}
    counts = used.get(exchange.body["model"], (100, 20))
    return Reply([chunk({"content": "Done."}), chunk(finish="stop"), usage(*counts), DONE])


async def _drive_usage(app: ConduitApp, pilot, folder: Path) -> None:
    for name in USED:
        await say(app, pilot, f"/model {name}")
        await say(app, pilot, "Summarise what we know.")
    await say(app, pilot, "/usage")
    await pilot.pause(0.5)
    keep(app, folder / "usage.svg")


async def _drive(app: ConduitApp, pilot, folder: Path) -> None:
    keep(app, folder / "welcome.svg")
    await say(app, pilot, "Think: why do leaves change colour?")
    await say(app, pilot, "show me code")
    await pilot.press("escape", "r")
    await settled(app, pilot)
    keep(app, folder / "chat.svg")
    await pilot.press("k", "e")
    await pilot.pause()
    app.chat.prompt.paste(" in a table")
    keep(app, folder / "edit.svg")
    await pilot.press("escape", "escape")
    await pilot.pause()
    await pilot.press("/", *"prime")
    await pilot.pause(0.3)
    keep(app, folder / "find.svg")
    await pilot.press("escape", "f1")
    await pilot.pause()
    keep(app, folder / "keys.svg")
    await pilot.press("escape", "f3")
    await pilot.pause(0.5)
    keep(app, folder / "models.svg")
    await pilot.press("escape")


if __name__ == "__main__":
    os.environ["COLORTERM"] = "truecolor"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(exist_ok=True)
    asyncio.run(main(target))

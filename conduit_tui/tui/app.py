"""The Textual app: themes, the second net under the terminal, crash and signals."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from conduit_tui.core.clean import clean_line
from conduit_tui.settings import Settings, remembered_theme
from conduit_tui.tui.control_filter import ControlFilter
from conduit_tui.tui.driver import FirmDriver
from conduit_tui.tui.key_order import KeyOrder
from conduit_tui.tui.screens.doorway import Doorway
from conduit_tui.tui.themes import (
    FEW_COLORS,
    choose_theme,
    has_truecolor,
    load_themes,
    themes_directories,
    unknown_theme,
    wants_no_color,
)

if TYPE_CHECKING:
    from textual.command import Provider

    from conduit_tui.core.start import Start
    from conduit_tui.tui.endings import TerminalCalled
    from conduit_tui.tui.screens.chat import ChatScreen

log = logging.getLogger(__name__)

CRASH_EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h."""
_SIGNALLED = 128


def _palette() -> type[Provider]:
    from conduit_tui.tui.palette import CommandPalette

    return CommandPalette


class ConduitApp(App[None], inherit_bindings=False):
    """Owns the terminal; what is on it is the chat screen's."""

    TITLE = "conduit"
    CSS_PATH = "conduit.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}

    def __init__(self, settings: Settings, start: Start, stack: AsyncExitStack) -> None:
        self._control_filter = ControlFilter()
        super().__init__(ansi_color=True if wants_no_color(settings.environ) else None)
        self.animation_level = "none"
        self.set_class(not has_truecolor(settings.environ), FEW_COLORS)
        self.settings = settings
        self.chat: ChatScreen | None = None
        self._start = start
        self._stack = stack
        self.last_words = ""  # what a crash has to say, once the terminal is given back
        self._key_order = KeyOrder(self, self._deliver)
        self._notices = self._use_themes(settings.theme or remembered_theme(settings.paths))
        self._doorway = Doorway()
        self._is_open = asyncio.Event()
        self._is_suspended = False

    def get_default_screen(self) -> Screen[None]:
        """A prompt at once; the chat takes its place."""
        return self._doorway

    def get_driver_class(self) -> type[Driver]:
        """Textual's own driver for a terminal, but for the order of resizes."""
        driver = super().get_driver_class()
        return FirmDriver if driver is LinuxDriver else driver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, after ours has removed what could drive the terminal."""
        return [self._control_filter, *super().get_line_filters()]

    def copy_to_clipboard(self, text: str) -> None:
        """Ask the terminal to copy, inside tmux also the one outside of it."""
        from conduit_tui.tui.clipboard import osc_52, through_tmux

        super().copy_to_clipboard(text)
        if self._driver is not None and self.settings.environ.get("TMUX"):
            self._driver.write(through_tmux(osc_52(text)))

    async def on_mount(self) -> None:
        """Listen to signals."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled, number)

    async def on_event(self, event: Event) -> None:
        """Put keys and pastes in line; they act in the order they came."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._key_order.take(event)
        else:
            await super().on_event(event)

    async def _deliver(self, event: Event) -> None:
        """Hand on an event whose turn has come; the next key, wherever it goes, ends a hint."""
        if self.chat is not None and isinstance(event, Key):
            self.chat.status.key_pressed(event.key)
        await super().on_event(event)

    async def on_key(self, event: Key) -> None:
        """Quit from a dialog too, and before the chat stands."""
        if event.key in (self.chat.keymap.names_of("quit") if self.chat else ("ctrl+q",)):
            await self.action_quit()

    def action_command_palette(self) -> None:
        """Open the command palette."""
        from conduit_tui.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    async def action_quit(self) -> None:
        """Keep what is typed and leave."""
        await self._leave(0)

    @contextmanager
    def suspend(self) -> Generator[None]:
        """Leave the terminal to another program for as long as the block runs."""
        self._is_suspended = True
        try:
            with super().suspend():
                yield
        finally:
            self._is_suspended = False

    def on_program_ended(self) -> None:
        """Put the terminal's modes back and paint all of it, whatever was written there."""
        if isinstance(self._driver, FirmDriver) and not self._is_suspended:
            self._driver.restore_modes()
            self.screen.refresh(layout=True)

    def on_terminal_called(self, event: TerminalCalled) -> None:
        """Write between two frames, unless another program has the terminal."""
        if self._driver is not None and not self._is_suspended:
            self._driver.write(event.data.decode())

    def on_doorway_shown(self) -> None:
        """Open the chat behind the first frame."""
        self.run_worker(self._open_chat(), group="open")

    async def _open_chat(self) -> None:
        """Load the rest of the program in a thread, so that typing goes on, and show the chat."""
        beginning = await asyncio.to_thread(import_module, "conduit_tui.tui.beginning")
        chat = await beginning.open_chat(self.settings, self._start, self._notices, self._stack)
        await self._key_order.hold()  # a key on its way into the doorway must not stay there
        chat.typed_ahead = self._doorway.take()
        self.chat = chat
        await self.push_screen(chat)
        await self._key_order.release()
        self._is_open.set()
        _collect_less()
        _share_time()

    async def _leave(self, return_code: int) -> None:
        await self._is_open.wait()
        if self.chat is not None:
            await self.chat.leave(return_code)

    def _use_themes(self, wanted: str | None) -> tuple[str, ...]:
        themes, notices = load_themes(themes_directories(self.settings.paths.themes_dir))
        for theme in themes:
            self.register_theme(theme)
        known = self.available_themes
        self.theme = choose_theme(wanted, self.settings.environ, known)
        if wanted is not None and wanted not in known:
            notices = (*notices, unknown_theme(wanted, known))
        return notices

    @property
    def has_crashed(self) -> bool:
        """Whether an error that nobody foresaw ended the app."""
        return self._exception is not None

    def _signalled(self, number: int) -> None:
        self.run_worker(self._leave(_SIGNALLED + number), exclusive=True, group="quit")

    def _fatal_error(self) -> None:
        """Replace Textual's report, which prints local variables: a key could be among them."""
        error = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        log.critical("crashed", exc_info=error)
        self.last_words = (
            f"conduit-tui stopped: {type(error).__name__}. This is a mistake in the program.\n"
            f"The log is {clean_line(str(self.settings.paths.log_file))}\n"
            "Everything sent and received up to here is kept; start again to go on.\n"
        )
        self._exit_renderables.clear()  # whatever else broke on the way down
        self._close_messages_no_wait()


def _collect_less() -> None:
    """Leave what lives for the whole run out of every collection, and collect more rarely.

    With Python's own thresholds a full collection took 50 to 100 ms every twenty pages scrolled.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    gc.enable()


def _share_time() -> None:
    """Have threads give way after 1 ms, not 5: a key needs its turn several times.

    Beside three servers that flood `fetch_url`, a key took 156 ms at p90 with Python's own
    interval, and 42 ms with this one.
    """
    sys.setswitchinterval(0.001)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the screen ended; `last_reply` is the Markdown of the last reply on view."""

    return_code: int
    last_reply: str = ""


def run_app(settings: Settings, start: Start) -> Ended:
    """Open the screen and stay until it is left."""
    return asyncio.run(_run(settings, start))


async def _run(settings: Settings, start: Start) -> Ended:
    async with AsyncExitStack() as stack:
        app = ConduitApp(settings, start, stack)
        await app.run_async()
    if app.has_crashed:
        sys.stderr.write(app.last_words)  # not by Textual, which would break the path in two
        return Ended(CRASH_EXIT_CODE)
    # Only now, because what still streamed was kept when the stack was left.
    return Ended(app.return_code or 0, app.chat.last_reply() if app.chat else "")

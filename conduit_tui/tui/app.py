"""The Textual app: themes, the second net under the terminal, crash and signals."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen

from conduit_tui.controller.controller import Controller
from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.runtime import open_controller
from conduit_tui.settings import Settings
from conduit_tui.tui.beginning import first_session
from conduit_tui.tui.control_filter import ControlFilter
from conduit_tui.tui.key_order import KeyOrder
from conduit_tui.tui.keymap import load_keymap
from conduit_tui.tui.screens.chat import ChatScreen
from conduit_tui.tui.themes import (
    choose_theme,
    load_themes,
    themes_directories,
    unknown_theme,
    wants_no_color,
)

if TYPE_CHECKING:
    from textual.command import Provider

log = logging.getLogger(__name__)

CRASH_EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h."""
_SIGNALLED = 128


def _palette() -> "type[Provider]":
    from conduit_tui.tui.palette import CommandPalette

    return CommandPalette


class ConduitApp(App[None], inherit_bindings=False):
    """Owns the terminal; what is on it is the chat screen's."""

    TITLE = "conduit"
    CSS_PATH = "conduit.tcss"
    COMMANDS: ClassVar["set[type[Provider] | Callable[[], type[Provider]]]"] = {_palette}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        controller: Controller,
        settings: Settings,
        start: Start,
        session: Session,
        theme: str | None = None,
    ) -> None:
        self._control_filter = ControlFilter()
        super().__init__(ansi_color=True if wants_no_color(settings.environ) else None)
        self.animation_level = "none"
        self._key_order = KeyOrder(self, super().on_event)
        self.controller = controller
        self.settings = settings
        notices = self._use_themes(theme)
        keymap = load_keymap(settings.keys)
        notices = (*controller.notices, *notices, *keymap.notices)
        self._chat = ChatScreen(controller, settings, keymap, session, start, notices)

    def get_default_screen(self) -> Screen[None]:
        """The chat, from the first frame on: keys typed while it opens must not be lost."""
        return self._chat

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, after ours has removed what could drive the terminal."""
        return [self._control_filter, *super().get_line_filters()]

    async def on_mount(self) -> None:
        """Listen to signals."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled, number)
        gc.freeze()  # what lives for the whole run need not be looked at by every collection

    async def on_event(self, event: Event) -> None:
        """Put keys and pastes in line; they act in the order they came."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._key_order.take(event)
        else:
            await super().on_event(event)

    async def action_quit(self) -> None:
        """Keep what is typed and leave."""
        await self._chat.leave()

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
        self.run_worker(self._chat.leave(_SIGNALLED + number), exclusive=True, group="quit")

    def _fatal_error(self) -> None:
        """Replace Textual's report, which prints local variables: a key could be among them."""
        error = self._exception
        log.critical("crashed", exc_info=error)
        words = (
            f"conduit-tui stopped: {type(error).__name__}. This is a mistake in the program.\n"
            f"The log is {self.settings.paths.log_file}\n"
            "Everything sent and received up to here is kept; start again to go on."
        )
        self._exit_renderables[:] = [Content(words)]  # once, whatever else broke on the way down
        self._close_messages_no_wait()


def run_app(settings: Settings, start: Start) -> int:
    """Open the screen and stay until it is left; returns the exit code."""
    return asyncio.run(_run(settings, start))


async def _run(settings: Settings, start: Start) -> int:
    async with open_controller(settings, save=start.save) as controller:
        session = await _first_session(controller, start)
        theme = settings.theme or await controller.shelf.recall("theme")
        app = ConduitApp(controller, settings, start, session, theme)
        await app.run_async()
        if app.has_crashed:
            return CRASH_EXIT_CODE
        return app.return_code or 0


async def _first_session(controller: Controller, start: Start) -> Session:
    try:
        return await first_session(controller, start)
    except StorageError as error:
        controller.notices = (*controller.notices, str(error))
        return controller.shelf.new()

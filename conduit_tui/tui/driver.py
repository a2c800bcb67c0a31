"""Textual's way to the terminal, made firm.

Sizes come in the order the terminal had them. Textual reads the size inside of a signal handler of
Python's, which the next signal interrupts: while a window was dragged, the handler of an older size
could report it after the newer one, and the program stayed drawn for a size that the terminal no
longer had.
"""

import asyncio
import os
import signal
from typing import TextIO, cast

from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from conduit_tui.tui.lasting_output import LastingOutput
from conduit_tui.tui.whole_pastes import WholePastes

_MODES = (
    "\x1b[?1049h"  # the other screen
    "\x1b[0m\x1b(B\x0f"  # no colours; letters, not lines
    "\x1b[r\x1b[?6l\x1b[4l"  # all rows, counted from the top; no insertion
    "\x1b[?25l\x1b[?1004h"  # no cursor; reports of the focus
)


class FirmDriver(LinuxDriver):
    """Textual's driver, whose handler of resizes runs in the event loop: one after the other.

    What is pasted stays whole. The driver outlives its terminal, so that what is open can be kept.
    """

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)  # pyright: ignore[reportUnknownMemberType]
        self._file = cast("TextIO", LastingOutput(self._file))

    def run_input_thread(self) -> None:
        """Read what the terminal sends, by a parser of ours."""
        linux_driver.__dict__["XTermParser"] = WholePastes  # Textual makes it by this name alone
        super().run_input_thread()

    def restore_modes(self) -> None:
        """Set again what the screen stands on, as another program may have changed it."""
        self.write(_MODES)
        self._disable_line_wrap()
        self._enable_bracketed_paste()
        self._enable_mouse_support()
        if self._mouse_pixels:
            self._enable_mouse_pixels()

    def start_application_mode(self) -> None:
        """Take the terminal; also after another program had it, when Textual listens anew."""
        if self._writer_thread is not None and not os.isatty(self.fileno):
            return  # the terminal was closed, and the system lets the program go on after that
        super().start_application_mode()
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):  # not where the terminal could not be taken
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGWINCH, resized, signal.SIGWINCH, None)

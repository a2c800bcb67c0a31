"""Tells the app of the terminal's sizes in the order it had them.

Textual reads the size inside of a signal handler of Python's, which the next signal interrupts:
while a window was dragged, the handler of an older size could report it after the newer one, and
the program stayed drawn for a size that the terminal no longer had.
"""

import asyncio
import os
import signal
from typing import TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from conduit_tui.tui.lasting_output import LastingOutput


class OrderlyDriver(LinuxDriver):
    """Textual's driver, whose handler of resizes runs in the event loop: one after the other.

    It also outlives its terminal, so that what is open can be kept.
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

    def start_application_mode(self) -> None:
        """Take the terminal; also after another program had it, when Textual listens anew."""
        if self._writer_thread is not None and not os.isatty(self.fileno):
            return  # the terminal was closed, and the system lets the program go on after that
        super().start_application_mode()
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):  # not where the terminal could not be taken
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGWINCH, resized, signal.SIGWINCH, None)

"""Notices at the top of the screen, which go with time or when the person goes on."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

UNREAD_SECONDS = 1.0
"""So long after a notice appeared nobody has read it yet."""
MOST_OF_START = 3
GATHER_SECONDS = 0.06


class Notices:
    """What is said in passing over the chat and its dialogs. `clock` counts seconds."""

    def __init__(self, screen: "ChatScreen", clock: Callable[[], float] = time.monotonic) -> None:
        self._screen = screen
        self._clock = clock
        self._newest_at = clock()
        self._latest = ""
        self._is_latest_newest = False

    def say(self, words: str) -> None:
        """Tell the person something."""
        self._is_latest_newest = False
        self._newest_at = self._clock()
        self._screen.notify(clean(words), markup=False, timeout=4)

    def say_latest(self, words: str) -> None:
        """Tell what many presses in a row tell: each takes the place of the one before.

        They gather for a moment, since a notice that was just made cannot be cleared yet.
        """
        if not self._latest:
            self._screen.set_timer(GATHER_SECONDS, self._say_latest)
        self._latest = words

    def say_problem(self, words: str) -> None:
        """Tell the person what went wrong and what to do."""
        self._is_latest_newest = False
        self._newest_at = self._clock()
        self._screen.notify(clean(words), markup=False, severity="warning", timeout=10)

    def say_of_start(self, words: Sequence[str]) -> None:
        """Tell what was found wrong at the start; of many, the first and where all stand."""
        most = len(words) if len(words) <= MOST_OF_START else MOST_OF_START - 1
        for each in words[:most]:
            self.say_problem(each)
        if rest := len(words) - most:
            self.say_problem(f"{rest} more like these; an empty session lists them all: /new.")

    def go_on(self) -> None:
        """The next line is sent: what stands there is no longer news and must not pile up."""
        if self._clock() - self._newest_at >= UNREAD_SECONDS:
            self._clear()

    def _clear(self) -> None:
        """Take all notices away, with their places: Textual leaves an empty row of each."""
        app = self._screen.application
        app.clear_notifications()
        app.screen.query("ToastHolder").remove()

    def _say_latest(self) -> None:
        words, self._latest = self._latest, ""
        if self._is_latest_newest:
            self._clear()
        self.say(words)
        self._is_latest_newest = True

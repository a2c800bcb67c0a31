"""Puts the screen on the terminal whatever is redirected, and gives the terminal back unharmed.

Nothing here needs Textual: it has to work before Textual is imported and after it has failed.
"""

import fcntl
import os
import stat
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_TERMINAL_PATH = "/dev/tty"
_DUMB = {"dumb", "unknown"}
_FIRST_FREE_DESCRIPTOR = 10  # away from 0 to 2, which may be closed

_ALWAYS_SAFE = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse
    "\x1b[?1004l"  # focus reports
    "\x1b[?2004l"  # bracketed paste
    "\x1b[?2026l"  # synchronized output
    "\x1b[?2048l"  # resize reports
    "\x1b[?7h"  # line wrap
    "\x1b[0m"
    "\x1b[?25h"  # cursor
)
# Wrong on a terminal that was given back already: they would move the cursor over what was
# printed since, or take away a keyboard mode of the shell's.
_ONLY_IF_LEFT_BEHIND = "\x1b[<u\x1b[?1049l"


class NoTerminal(Exception):
    """There is no terminal that a screen could be drawn on; the text says why, for the person."""


@dataclass(slots=True)
class Terminal:
    """The terminal on descriptors 0, 1 and 2. Leaving it puts a redirected 1 and 2 back.

    `pipe_fd` is what was piped in, or None; whoever reads it closes it.
    """

    pipe_fd: int | None
    saved: dict[int, int]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for descriptor, original in self.saved.items():
            os.dup2(original, descriptor)
            os.close(original)
        self.saved = {}


def take_terminal(environ: Mapping[str, str]) -> Terminal:
    """Put the controlling terminal where stdin, stdout and stderr are something else.

    Textual reads keys from 0 and draws on 2, so both must be the terminal, also after
    `2>file`. Raises NoTerminal, and then nothing is changed.
    """
    if environ.get("TERM") in _DUMB:
        raise NoTerminal(f"The terminal cannot show a screen (TERM is {environ['TERM']!r}).")
    redirected = [descriptor for descriptor in range(3) if not os.isatty(descriptor)]
    if not redirected:
        return Terminal(None, {})
    terminal = _open_terminal()
    saved = {descriptor: _duplicate(descriptor) for descriptor in redirected}
    for descriptor in redirected:
        os.dup2(terminal, descriptor)
    os.close(terminal)
    return Terminal(_pipe_or_none(saved.pop(0, None)), saved)


class TerminalGuard:
    """Restores the terminal's modes when left, in whatever way.

    An app that ended well has restored them itself; then only what cannot do harm is repeated.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._before: list[int | list[bytes | int]] | None = None

    def __enter__(self) -> Self:
        if os.isatty(self._descriptor):
            self._before = termios.tcgetattr(self._descriptor)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.restore()

    def restore(self) -> None:
        """Give the terminal back now; a terminal that is gone is no error."""
        if self._before is None:
            return
        try:
            is_left_behind = termios.tcgetattr(self._descriptor) != self._before
            if is_left_behind:
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
            sequences = _ALWAYS_SAFE + (_ONLY_IF_LEFT_BEHIND if is_left_behind else "")
            os.write(self._descriptor, sequences.encode("ascii"))
        except (OSError, termios.error):
            self._before = None  # hung up: there is nobody left to restore it for


def _open_terminal() -> int:
    try:
        opened = os.open(_TERMINAL_PATH, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise NoTerminal("There is no terminal to show a screen on.") from error
    try:
        return _duplicate(opened)
    finally:
        os.close(opened)


def _duplicate(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)


def _pipe_or_none(descriptor: int | None) -> int | None:
    """Keep a pipe, socket or file; devices such as /dev/null bring nothing."""
    if descriptor is None:
        return None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode):
        return descriptor
    os.close(descriptor)
    return None

"""Runs the program in a pseudo-terminal and reads its screen as a person would."""

import difflib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any

import psutil
import pyte

PATIENCE_SECONDS = 30.0
"""How long anything may take; the machine may be busy."""

QUIET_SECONDS = 1.0
"""How long nothing is written before a screen counts as complete."""

SIDEBAR = 30
"""How many columns the sidebar takes."""

CONDUIT = (sys.executable, "-m", "conduit_tui")

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghjklnopqrstuvwxyz"},
}

_FRAME_STARTS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
_ASKS_FOR_FRAMES, _HAS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"

# The child becomes the leader of a session with this terminal, then the program. Forking here
# instead would be unsafe (and warned of) beside the threads that read.
_LAUNCHER = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


class Program:
    """One run of a command in a terminal of its own; leaving it ends the run.

    The terminal knows synchronized output: the program marks its frames, and none is on the
    screen half painted, however it was cut on its way here.
    """

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        directory: Path,
        size: tuple[int, int] = (100, 30),
    ) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = Condition()
        self.raw = b""
        self._on_screen = 0  # how much of `raw` is
        self._master, self._terminal = pty.openpty()
        self._set_size(*size)
        self.modes_before = termios.tcgetattr(self._terminal)
        self._process = subprocess.Popen(
            (sys.executable, "-I", "-S", "-c", _LAUNCHER, *command),
            stdin=self._terminal,
            stdout=self._terminal,
            stderr=self._terminal,
            env=dict(environ),
            cwd=directory,
            start_new_session=True,
        )
        self._reading_stops, self._stop_reading = os.pipe()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self.hang_up()

    # What a person does

    def send(self, text: str) -> None:
        """Type text."""
        self.write(text.encode())

    def press(self, *keys: str) -> None:
        """Press keys by name. After Escape wait for its effect: a letter would make it Alt."""
        for key in keys:
            self.send(KEYS.get(key, key))

    def paste(self, text: str) -> None:
        """Paste, as a terminal with bracketed paste does."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def say(self, text: str) -> None:
        """Type a message and send it; wait for the text first, as a person sees it appear."""
        self.send(text)
        self.wait_for(text[-40:])
        self.press("enter")

    def command(self, line: str) -> None:
        """Give a slash command. The blank after it closes the list of completions."""
        self.send(f"{line} ")
        self.wait_for(line)
        self.press("enter")

    def to_normal(self) -> None:
        """Leave the prompt for the messages."""
        self.press("escape")
        self.wait_for(lambda: "NORMAL" in self.status)

    def to_insert(self) -> None:
        """Go back to the prompt."""
        self.press("i")
        self.wait_for(lambda: "INSERT" in self.status)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told by its system."""
        with self._changed:
            self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        if self._terminal >= 0:
            os.close(self._stop_reading)
            self._reader.join()  # a descriptor that is read is not closed, and may be another's
            os.close(self._reading_stops)
            os.close(self._terminal)
            os.close(self._master)
            self._terminal = -1

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def write(self, data: bytes) -> None:
        """Send bytes as the terminal would."""
        while data:
            data = data[os.write(self._master, data) :]

    # What a person sees

    @property
    def screen(self) -> str:
        """The screen, without blanks at the ends of its lines."""
        with self._changed:
            return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def status(self) -> str:
        """The last line."""
        return self.screen.split("\n")[-1]

    @property
    def after_screen(self) -> bytes:
        """What was written since the program gave the alternate screen back."""
        _, left, after = self.raw.rpartition(b"\x1b[?1049l")
        assert left, "the alternate screen was not left"
        assert b"\x1b[?1049h" not in after
        return after

    @property
    def left_behind(self) -> list[str]:
        """The lines that are in the terminal since the screen was given back."""
        screen = pyte.Screen(self._screen.columns, self._screen.lines)
        pyte.ByteStream(screen).feed(self.after_screen)
        return "\n".join(line.rstrip() for line in screen.display).strip("\n").split("\n")

    @property
    def bells(self) -> int:
        """How often the bell rang; one that ends a sequence is silent."""
        return re.sub(rb"\x1b\][^\a\x1b]*(\a|\x1b\\)", b"", self.raw).count(b"\a")

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and rows the terminal has, also when the program changed that."""
        size = os.get_terminal_size(self._terminal)
        return size.columns, size.lines

    @property
    def device(self) -> str:
        """The name by which any program of this account may open the terminal."""
        return os.ttyname(self._terminal)

    @property
    def cpu_seconds(self) -> float:
        """How long the program has kept a processor busy, however busy others keep it."""
        times = psutil.Process(self._process.pid).cpu_times()
        return times.user + times.system

    @property
    def modes(self) -> list[Any]:
        """The terminal's modes now."""
        return termios.tcgetattr(self._terminal)

    def colours_of(self, text: str) -> set[str]:
        """The foreground colours of the characters of the first place where `text` stands."""
        with self._changed:
            for row, line in enumerate(self._screen.display):
                if (at := line.find(text)) >= 0:
                    cells = self._screen.buffer[row]
                    return {cells[at + offset].fg for offset in range(len(text))}
        raise AssertionError(f"{text!r} is not on the screen")

    def wait_for(self, what: str | Callable[[], bool]) -> None:
        """Wait until text is on the screen, or a condition holds."""
        holds = what if callable(what) else lambda: what in self.screen
        self._wait(holds, f"{what!r} did not appear" if isinstance(what, str) else "no such thing")

    def wait_for_wrapped(self, text: str) -> None:
        """Wait for text beside the sidebar, wherever a path before it has its lines broken."""
        wanted = "".join(text.split())

        def stands() -> bool:
            lines = self.screen.split("\n")
            return wanted in "".join("".join(line[SIDEBAR:].split()) for line in lines)

        self._wait(stands, f"{text!r} did not appear")

    def still_screen(self, quiet_seconds: float = QUIET_SECONDS) -> str:
        """The screen, once nothing was written for a while: what comes late is on it too."""
        written, since = -1, 0.0

        def is_still() -> bool:
            nonlocal written, since
            if written != len(self.raw):
                written, since = len(self.raw), time.monotonic()
            return time.monotonic() - since >= quiet_seconds

        self._wait(is_still, "it is painted again and again")
        return self.screen

    def wait_for_screen(self, screen: str) -> None:
        """Wait until the screen is just so; says which lines are not."""
        try:
            self.wait_for(lambda: self.screen == screen)
        except AssertionError as error:
            lines = difflib.ndiff(screen.split("\n"), self.screen.split("\n"))
            raise AssertionError("the screen differs:\n" + "\n".join(lines)) from error

    def wait_until_gone(self, text: str) -> None:
        """Wait until text is no longer on the screen."""
        self._wait(lambda: text not in self.screen, f"{text!r} stayed")

    def wait_for_raw(self, data: bytes, since: int = 0) -> None:
        """Wait until the program has written some bytes."""
        self._wait(lambda: data in self.raw[since:], f"{data!r} was not written")

    def exit_code(self) -> int:
        """Wait for the end; a signal that killed the program counts negative."""
        code = self._process.wait(PATIENCE_SECONDS)
        if self._terminal >= 0:
            self._drain()
        return code

    def _wait(
        self, holds: Callable[[], bool], complaint: str, *, also_after_the_end: bool = False
    ) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while not holds():
                if self._process.poll() is not None and not also_after_the_end:
                    deadline = min(deadline, time.monotonic() + 1)  # what is still on its way
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{complaint}; the screen is:\n{self.screen}")
                self._changed.wait(min(left, 0.5))

    def _drain(self) -> None:
        """Have everything read that was written up to here."""
        mark = b"\x1b[888;888H"
        os.write(self._terminal, mark)
        self._wait(
            lambda: self.raw.endswith(mark),
            "the terminal was not read to its end",
            also_after_the_end=True,
        )
        self.raw = self.raw.removesuffix(mark)
        with self._changed:
            self._paint(len(self.raw))

    def _read(self) -> None:
        while True:
            readable, _, _ = select.select([self._master, self._reading_stops], [], [])
            if self._reading_stops in readable:
                return
            data = os.read(self._master, 65536)
            with self._changed:
                self._take(data)
                self._changed.notify_all()

    def _take(self, data: bytes) -> None:
        """Paint what was written, up to a frame that is not whole yet."""
        seen = max(0, len(self.raw) - len(_ASKS_FOR_FRAMES))
        self.raw += data
        if self.raw.find(_ASKS_FOR_FRAMES, seen) >= 0:
            self.write(_HAS_FRAMES)
        started = self.raw.rfind(_FRAME_STARTS)
        is_whole = started <= self.raw.rfind(_FRAME_ENDS)
        self._paint(len(self.raw) if is_whole else started)

    def _paint(self, end: int) -> None:
        if end > self._on_screen:
            self._stream.feed(self.raw[self._on_screen : end])
            self._on_screen = end

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

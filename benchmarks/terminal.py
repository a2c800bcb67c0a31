"""A program in a pseudo-terminal: what it shows, what it writes, what it costs."""

import os
import select
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

import psutil
import pyte
from ptyprocess import PtyProcess

DEADLINE_SECONDS = 60.0
COLUMNS, LINES = 100, 30


class Terminal:
    """One run of a command; leaving it ends the run.

    Nothing is read but while one waits. `read_at` is when something was read last, on the
    monotonic clock; `written_bytes` is all that came.
    """

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        size: tuple[int, int] = (COLUMNS, LINES),
    ) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.began_at = self.read_at = time.monotonic()
        self._process = PtyProcess.spawn(
            list(command), env=dict(environ), dimensions=(size[1], size[0]), echo=False
        )
        self._facts = psutil.Process(self._process.pid)
        self.written_bytes = 0

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate(force=True)

    def type(self, keys: str) -> float:
        """Press keys; returns when, on the monotonic clock."""
        pressed_at = time.monotonic()
        self._process.write(keys.encode())
        return pressed_at

    def cpu_seconds(self) -> float:
        """What the process has used so far, all its threads together."""
        times = self._facts.cpu_times()
        return times.user + times.system

    def memory_bytes(self) -> int:
        """What the process holds that is its own."""
        return int(self._facts.memory_full_info().uss)

    def pump(self, seconds: float) -> bool:
        """Take in what comes within `seconds`; returns whether anything did."""
        if not select.select([self._process.fd], [], [], seconds)[0]:
            return False
        output = os.read(self._process.fd, 1 << 16)
        self.read_at = time.monotonic()
        self.written_bytes += len(output)
        self._stream.feed(output)
        return True

    def rest(self, seconds: float) -> None:
        """Take in what comes until `seconds` have passed."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.pump(left)

    def settle(self, seconds: float = 0.5) -> None:
        """Take in what comes until nothing has come for `seconds`."""
        until = time.monotonic() + DEADLINE_SECONDS
        while self.pump(seconds):
            assert time.monotonic() < until, "the program does not come to rest"

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    def shows(self, words: str) -> bool:
        """Whether words stand on one line of the screen."""
        return any(words in line for line in self._screen.display)

    def line_of(self, words: str) -> int:
        """The number of the first line of the screen with these words, from 0."""
        return next(at for at, line in enumerate(self._screen.display) if words in line)

    def wait_for(self, words: str, seconds: float = DEADLINE_SECONDS) -> None:
        """Take in what comes until words are on the screen."""
        until = time.monotonic() + seconds
        while not self.shows(words):
            if time.monotonic() > until:
                raise TimeoutError(f"no {words!r} within {seconds:g} s on:\n{self.text()}")
            self.pump(0.01)

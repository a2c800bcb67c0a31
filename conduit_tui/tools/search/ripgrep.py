"""Runs ripgrep where it is installed: it is many times faster, and finds names and counts alone.

What stands in the files is read by us: between its look and ours a file may have become a link.
"""

import fcntl
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from conduit_tui.tools.search.job import MOST_FILES, MOST_MEGABYTES

_MOST_COMPLAINTS = 64 * 1024
_PIECE = 1024 * 1024
_COMPLAINT = b"(os error "  # as ripgrep ends a line about a file it could not open
_USUAL = [
    "--no-config",
    "--color=never",
    "--null",
    "--hidden",
    "--no-follow",
    "--one-file-system",
    "--no-ignore-dot",
    "--no-ignore-global",
    "--no-require-git",
    "--no-pre",
    "--glob=!.git",
]


@dataclass(slots=True)
class Output:
    """What a program has written; `status` is None while it runs, or if it was stopped."""

    pid: int
    out: list[bytes] = field(default_factory=list[bytes])
    complaints: bytes = b""
    unreadable: int = 0
    names: int = 0
    status: int | None = None

    @property
    def text(self) -> bytes:
        """All of it."""
        return b"".join(self.out)

    has_spoken: bool = False
    is_silent: bool = False

    @property
    def has_failed(self) -> bool:
        """Whether it did not do what it was asked, as an older one may not know an option."""
        if self.is_silent:
            return True
        is_bad = self.status is not None and (self.status > 1 or self.status < 0)
        return is_bad and not self.unreadable

    @property
    def is_empty(self) -> bool:
        """Whether it ended without naming any file."""
        return self.status == 1 and not self.names


class Ripgrep:
    """A program of that name, run in the current folder, and stopped when its time is up.

    It opens what git would, also a .gitignore that is a link to an endless device, or a FIFO to
    which nobody writes: so its memory is bounded, and it has failed if it says nothing for a
    quarter of the time. Our own walk has the rest.
    """

    def __init__(self, program: str, until: float, reads_above: bool) -> None:
        self._program = program
        self._usual = [*_USUAL, *([] if reads_above else ["--no-ignore-parent"])]
        self.until = until
        self._running: dict[int, Output] = {}

    def files(self) -> list[str]:
        """The arguments to list files, each ended by a NUL."""
        return [*self._usual, "--files", "./"]

    def counts(self, expression: str, ignore_case: bool) -> list[str]:
        """The arguments to count the lines that match, of every file that was searched."""
        case = "--ignore-case" if ignore_case else "--case-sensitive"
        limits = [f"--max-filesize={MOST_MEGABYTES}M", "--regex-size-limit=20M", "--crlf", case]
        what = ["--count", "--include-zero", f"--regexp={expression}", "./"]
        return [*self._usual, *limits, *what]

    def run(self, *commands: Sequence[str]) -> list[Output]:
        """Run it several times at once; what is not done in time is stopped."""
        pipes: dict[int, tuple[Output, bool]] = {}
        outputs: list[Output] = []
        silent_until = time.monotonic() + (self.until - time.monotonic()) / 4
        try:
            for command in commands:
                output, out, complaints = self._start(command)
                outputs.append(output)
                pipes |= {out: (output, False), complaints: (output, True)}
            while pipes and (now := time.monotonic()) < self.until:
                silent = [output for output in outputs if not output.has_spoken]
                if silent and now >= silent_until:
                    silent[0].is_silent = True
                    break
                wake_at = silent_until if silent else self.until
                ready, _, _ = select.select(list(pipes), [], [], wake_at - now)
                for pipe in ready:
                    if not _take(pipe, *pipes[pipe]):
                        os.close(pipe)
                        del pipes[pipe]
                if any(output.names > MOST_FILES for output in outputs):
                    break
            is_done = not pipes
        finally:
            for pipe in pipes:
                os.close(pipe)
            if pipes:
                self.stop()
        for output in outputs:
            self._wait(output, is_done)
        return outputs

    def stop(self) -> None:
        """Kill what runs, and wait for its end."""
        for pid in list(self._running):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for output in list(self._running.values()):
            self._wait(output, is_done=False)

    def _start(self, arguments: Sequence[str]) -> tuple[Output, int, int]:
        out, out_end = os.pipe()
        if sys.platform == "linux":
            with suppress(OSError):
                fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, _PIECE)  # fewer turns between the two
        complaints, complaints_end = os.pipe()
        try:
            pid = os.posix_spawn(
                self._program,
                ["rg", *arguments],
                {"PATH": "", "HOME": "/", "LC_ALL": "C.UTF-8"},
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, out_end, 1),
                    (os.POSIX_SPAWN_DUP2, complaints_end, 2),
                ],
            )
        except BaseException:
            os.close(out)
            os.close(complaints)
            raise
        finally:
            os.close(out_end)
            os.close(complaints_end)
        output = Output(pid)
        self._running[pid] = output
        return output, out, complaints

    def _wait(self, output: Output, is_done: bool) -> None:
        if self._running.pop(output.pid, None) is None:
            return
        with suppress(ChildProcessError):
            _, status = os.waitpid(output.pid, 0)
            output.status = os.waitstatus_to_exitcode(status) if is_done else None


def _take(pipe: int, output: Output, is_complaint: bool) -> bool:
    """Take what a program has written; False at the end."""
    piece = os.read(pipe, _PIECE)
    output.has_spoken = True
    if is_complaint:
        output.unreadable += piece.count(_COMPLAINT)
        if len(output.complaints) < _MOST_COMPLAINTS:
            output.complaints += piece
    elif piece:
        output.out.append(piece)
        output.names += piece.count(b"\0")
    return bool(piece)


def names_in(text: bytes) -> list[bytes]:
    """The paths of a list that is complete up to the last NUL."""
    return [path.removeprefix(b"./") for path in text.split(b"\0")[:-1]]


def counts_in(text: bytes) -> dict[bytes, int]:
    """How many lines match, by path; a name may hold anything but a NUL."""
    found: dict[bytes, int] = {}
    path, *rest = text.split(b"\0")
    for piece in rest:
        count, _, following = piece.partition(b"\n")
        if count.strip().isdigit():
            found[path.removeprefix(b"./")] = int(count)
        path = following
    return found

"""Prints an answer to stdout while it arrives: plain, or rendered for a person."""

import asyncio
import sys
from typing import Protocol

from conduit_tui.core.clean import StreamCleaner


class Printer(Protocol):
    """Where the text of an answer goes."""

    async def write(self, text: str) -> None:
        """Take the next piece of raw text. Raises BrokenPipeError when nobody reads."""
        ...

    def pause(self) -> None:
        """Make room for something else on the terminal."""
        ...

    def end_message(self) -> None:
        """End the text of a generation; another may follow."""
        ...

    def close(self) -> None:
        """Give the terminal back. Prints nothing that is not yet printed."""
        ...


class SilentPrinter:
    """Prints nothing: for `--json`, which prints one object at the end."""

    async def write(self, text: str) -> None:
        """Drop the text."""

    def pause(self) -> None:
        """Nothing to do."""

    def end_message(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class PlainPrinter:
    """Writes every piece at once, cleaned; messages are set apart by an empty line."""

    def __init__(self) -> None:
        self._cleaner = StreamCleaner()
        self._ends_with_newline = True
        self._has_written = False
        self._is_at_start = True

    async def write(self, text: str) -> None:
        """Write and flush, in a thread: a slow reader must not stop the stream or a signal."""
        await asyncio.to_thread(self._put, self._cleaner.feed(text))

    def pause(self) -> None:
        """Nothing to do: stdout is no terminal."""

    def end_message(self) -> None:
        """Write what was held back, and end the line."""
        self._put(self._cleaner.finish())
        if not self._ends_with_newline:
            self._put("\n")
        self._is_at_start = True

    def close(self) -> None:
        """Nothing to do."""

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._is_at_start and self._has_written:
            text = f"\n{text}"
        self._is_at_start, self._has_written = False, True
        self._ends_with_newline = text.endswith("\n")
        sys.stdout.write(text)
        sys.stdout.flush()


def make_printer(*, as_json: bool) -> Printer:
    """Return the printer for where stdout goes."""
    if as_json:
        return SilentPrinter()
    if not sys.stdout.isatty():
        return PlainPrinter()
    from conduit_tui.commands.rendered import RenderedPrinter

    return RenderedPrinter()

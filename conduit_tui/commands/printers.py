"""Prints an answer to stdout while it arrives: plain, or rendered for a person."""

import asyncio
import sys
from typing import Protocol

from conduit_tui.core.clean import StreamCleaner
from conduit_tui.core.json import Json
from conduit_tui.core.json_text import compact


class Printer(Protocol):
    """Where the text of an answer goes."""

    async def write(self, text: str) -> None:
        """Take the next piece of raw text. Raises BrokenPipeError when nobody reads."""
        ...

    def show(self, value: Json, *, is_final: bool) -> None:
        """Take a value that was asked for, or as much of it as has come."""
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

    def show(self, value: Json, *, is_final: bool) -> None:
        """Drop the value."""

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

    def show(self, value: Json, *, is_final: bool) -> None:
        """Nothing to do: no value was asked for."""

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


class ValuePrinter(SilentPrinter):
    """Prints the value that was asked for on one line, when it is whole, and nothing else."""

    def show(self, value: Json, *, is_final: bool) -> None:
        """Write the value if nothing of it is missing."""
        if is_final:
            sys.stdout.write(f"{compact(value, sys.stdout.encoding)}\n")
            sys.stdout.flush()


def make_printer(*, as_json: bool, of_value: bool = False) -> Printer:
    """Return the printer for where stdout goes; `of_value` prints a value instead of text."""
    if as_json:
        return SilentPrinter()
    if of_value and not sys.stdout.isatty():
        return ValuePrinter()
    if of_value:
        from conduit_tui.commands.rendered_value import RenderedValuePrinter

        return RenderedValuePrinter()
    if not sys.stdout.isatty():
        return PlainPrinter()
    from conduit_tui.commands.rendered import RenderedPrinter

    return RenderedPrinter()

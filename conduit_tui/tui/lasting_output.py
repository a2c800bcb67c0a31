"""Lets what is written to a terminal that was closed vanish, instead of ending who writes it.

Textual's thread that writes ends with the first error, and then whoever has more to write waits
for it for ever: a program whose window was closed stayed, and was never seen again.
"""

from contextlib import suppress
from typing import TextIO


class LastingOutput:
    """The part of a text file that Textual's writer uses; its errors are kept from it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write a text, if anybody is there to see it."""
        with suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._file.fileno()

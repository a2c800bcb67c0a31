"""Reads what was piped in while the screen already runs."""

import os
import select
from dataclasses import dataclass

from conduit_tui.core.attaching import attachment_from
from conduit_tui.core.message import Attachment

MOST_BYTES = 20 * 1000 * 1000

_ONE_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Piped:
    """What came. `words` tell the person if it is not all of it."""

    attachment: Attachment | None
    words: str = ""


class PipeReader:
    """Reads a descriptor to its end, in a thread of the caller's; owns and closes it.

    A producer that never ends keeps only that thread waiting; `stop` ends it from outside.
    """

    def __init__(self, descriptor: int, most_bytes: int = MOST_BYTES) -> None:
        self._descriptor = descriptor
        self._most_bytes = most_bytes
        self._stop_reader, self._stop_writer = os.pipe()
        self._is_stopped = False

    def read(self) -> Piped:
        """Block until the end, the size limit or `stop`, and return what came until then.

        Raises ConduitError, in words, for data that is neither text nor an image.
        """
        try:
            data, words = self._read()
        finally:
            os.close(self._descriptor)  # the producer is told by SIGPIPE
            os.close(self._stop_reader)
        if not data.strip():
            return Piped(None, words)
        return Piped(attachment_from("stdin", data, guess=True), words)

    def stop(self) -> None:
        """Make `read` return soon. Call it in the end in any case; from any thread."""
        if not self._is_stopped:
            self._is_stopped = True
            os.close(self._stop_writer)

    def _read(self) -> tuple[bytes, str]:
        pieces: list[bytes] = []
        count = 0
        while True:
            ready, _, _ = select.select([self._descriptor, self._stop_reader], [], [])
            if self._stop_reader in ready:
                return b"".join(pieces), "Reading stdin was stopped; this is what had come."
            try:
                piece = os.read(self._descriptor, _ONE_READ_BYTES)
            except OSError as error:
                return b"".join(pieces), f"stdin could not be read to its end: {error.strerror}."
            if not piece:
                return b"".join(pieces), ""
            pieces.append(piece)
            count += len(piece)
            if count > self._most_bytes:
                megabytes = self._most_bytes / 1_000_000
                words = f"stdin has more than {megabytes:g} MB; only the beginning is attached."
                return b"".join(pieces)[: self._most_bytes], words

"""JSON objects, one a line, out of bytes in whatever pieces they arrive: Ollama's streams.

A last line without its line break counts. Bytes that are not UTF-8 become U+FFFD; a character
split between pieces is whole again before it is decoded. Until the first object has come, what is
no object is kept: a server that answers with a page, or with one object over many lines, is told
apart from one that breaks off.
"""

import json
from collections.abc import Iterator
from typing import cast

from conduit_tui.core.json import Json
from conduit_tui.providers.chunks import NotAStream, whole_body
from conduit_tui.providers.sse import MOST_FRAME_BYTES, FrameTooLong

_MOST_STRAY_BYTES = 1_000_000


class LineDecoder:
    """Bytes in by `feed`, objects out; `finish` when the bytes have ended."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._stray: list[bytes] = []
        self._stray_size = 0
        self._has_begun = False

    def feed(self, piece: bytes) -> Iterator[dict[str, Json]]:
        """Return the objects that are complete by now.

        Raises ValueError for a broken line, FrameTooLong for one without end, and NotAStream
        when too much has come that is no object.
        """
        if b"\n" not in piece:
            self._hold(piece)
            return
        first, *lines = piece.split(b"\n")
        lines.insert(0, b"".join((*self._pieces, first)))
        self._pieces, self._size = [], 0
        self._hold(lines.pop())
        for line in lines:
            yield from self._take(line)

    def finish(self) -> Iterator[dict[str, Json]]:
        """Return the object that was still open, if it is one.

        Raises ValueError if it is broken, NotAStream or ErrorFrame if no object came at all.
        """
        rest = b"".join(self._pieces)
        self._pieces, self._size = [], 0
        yield from self._take(rest)
        if not self._has_begun:
            yield whole_body(_text(b"\n".join(self._stray)))

    def _hold(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > MOST_FRAME_BYTES:
            raise FrameTooLong

    def _take(self, line: bytes) -> Iterator[dict[str, Json]]:
        if not line.strip():
            return
        try:
            value = _object(line)
        except (ValueError, RecursionError):
            if self._has_begun:
                raise
            self._keep_stray(line)
            return
        if self._stray:
            raise ValueError("something else came before the first object")
        self._has_begun = True
        yield value

    def _keep_stray(self, line: bytes) -> None:
        self._stray.append(line)
        self._stray_size += len(line)
        if self._stray_size > _MOST_STRAY_BYTES:
            raise NotAStream(_text(b"\n".join(self._stray)))


def _object(line: bytes) -> dict[str, Json]:
    value = cast("Json", json.loads(_text(line)))
    if not isinstance(value, dict):
        raise ValueError("a line without an object")
    return value


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").removeprefix("\ufeff")

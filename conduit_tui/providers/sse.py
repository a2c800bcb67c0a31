"""Server-sent events out of bytes, in whatever pieces they arrive.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html, and four
more for servers seen in use: a last event without its blank line counts, bytes that are not
UTF-8 become U+FFFD, lines that are no field are kept in `stray`, because a server that ignores
`stream: true` answers with plain JSON or with a page, and an object in a field `error` is an event
of that name. The SDK's own decoder drops the first (and so `[DONE]`), raises UnicodeDecodeError on
the second and forgets the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_FRAME_BYTES = 32_000_000
"""A line or event that grows past this is not the protocol any more."""

_FIELDS = {"data", "event", "id", "retry"}
_MOST_STRAY_CHARACTERS = 8_000_000


class FrameTooLong(ValueError):
    """An event grew past MOST_FRAME_BYTES."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One event: its name (often empty) and its data lines, joined by line breaks."""

    event: str
    data: str


class FrameDecoder:
    """Bytes in by `feed`, events out; `finish` when the bytes have ended."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._skip_line_feed = False
        self._event = ""
        self._data: list[str] = []
        self._data_size = 0
        self._stray: list[str] = []
        self._stray_size = 0
        self._is_first_line = True

    @property
    def stray(self) -> str:
        """The lines so far that belong to no event."""
        return "\n".join(self._stray)

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """Return the events that are complete by now. Raises FrameTooLong."""
        if self._skip_line_feed and piece:
            piece = piece.removeprefix(b"\n")
            self._skip_line_feed = False
        if b"\n" not in piece and b"\r" not in piece:
            self._hold(piece)
            return
        self._skip_line_feed = piece.endswith(b"\r")
        # bytes.splitlines knows CR, LF and CR LF only, as the format does
        whole = b"".join((*self._pieces, piece))
        self._pieces, self._size = [], 0
        lines = whole.splitlines(keepends=True)
        if not lines[-1].endswith((b"\n", b"\r")):
            self._hold(lines.pop())
        for line in lines:
            yield from self._take(line.rstrip(b"\r\n"))
        self._check_size()

    def finish(self) -> Iterator[Frame]:
        """Return the event that was still open, if there was one."""
        rest = b"".join(self._pieces)
        self._pieces = []
        if rest:
            yield from self._take(rest)
        yield from self._take(b"")

    def _hold(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        self._check_size()

    def _check_size(self) -> None:
        if self._size + self._data_size > MOST_FRAME_BYTES:
            raise FrameTooLong

    def _take(self, raw: bytes) -> Iterator[Frame]:
        line = raw.decode("utf-8", errors="replace")
        if self._is_first_line:
            line = line.removeprefix("\ufeff")
            self._is_first_line = False
        if not line:
            if self._data or self._event:
                yield Frame(self._event, "\n".join(self._data))
            self._event, self._data, self._data_size = "", [], 0
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            self._data_size += len(value)
        elif name == "event":
            self._event = value
        elif name == "error" and value.startswith("{"):  # llama.cpp before 2025
            yield Frame("error", value)
        elif name and name not in _FIELDS:
            self._keep_stray(line)

    def _keep_stray(self, line: str) -> None:
        self._stray_size += len(line)
        if self._stray_size <= _MOST_STRAY_CHARACTERS:
            self._stray.append(line)

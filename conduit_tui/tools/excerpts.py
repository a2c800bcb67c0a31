"""Some lines of a file, whatever its size, within bounds of memory and time. For a thread."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.file_kind import PROBE_BYTES, kind_of, wide_encoding

MOST_CHARACTERS = 60_000
"""Of all lines that are read at once."""
MOST_OF_LINE = 4_000
"""Characters of a line; what is behind is cut."""
MOST_SCANNED_BYTES = 64 * 1024 * 1024
"""As far into a file is looked; from the disk's cache that takes a twentieth of a second."""
MOST_WIDE_BYTES = 8 * 1024 * 1024
"""Of a text in UTF-16, which is read as a whole."""

_PIECE_BYTES = 256 * 1024
_MOST_BYTES_OF_LINE = MOST_OF_LINE * 4 + 4


class NoText(ToolError):
    """A file is no text; `kind` says what it is."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"It is {kind}.")
        self.kind = kind


@dataclass(slots=True)
class Excerpt:
    """Lines `first` to `last` of a text, without their line breaks.

    `total` counts the lines there are, unless the file is not looked at to its end. It `is_full`
    if no more lines fit, and `cut` counts those that are shown in part.
    """

    first: int
    lines: list[str] = field(default_factory=list[str])
    total: int | None = None
    is_full: bool = False
    cut: int = 0
    has_crlf: bool = False
    ends_with_break: bool = True

    @property
    def last(self) -> int:
        """The number of the last of the lines; one below the first if there is none."""
        return self.first + len(self.lines) - 1


def read_excerpt(fd: int, first: int, last: int | None) -> Excerpt:
    """Read lines of an open file, counted from 1, as UTF-8; undecodable bytes become U+FFFD.

    Raises NoText for a binary file, and OSError.
    """
    head = os.pread(fd, PROBE_BYTES, 0)
    if kind := kind_of(head):
        raise NoText(kind)
    gathering = _Gathering(Excerpt(first), last)
    encoding = wide_encoding(head)
    for piece in _recoded(fd, encoding) if encoding else _pieces(fd, MOST_SCANNED_BYTES):
        gathering.feed(piece)
    is_whole = not os.pread(fd, 1, gathering.fed_bytes) or bool(encoding)
    return gathering.finish(is_whole=is_whole)


def _pieces(fd: int, most_bytes: int) -> Iterator[bytes]:
    at = 0
    while at < most_bytes and (piece := os.pread(fd, min(_PIECE_BYTES, most_bytes - at), at)):
        at += len(piece)
        yield piece


def _recoded(fd: int, encoding: str) -> Iterable[bytes]:
    data = b"".join(_pieces(fd, MOST_WIDE_BYTES + 1))
    if len(data) > MOST_WIDE_BYTES:
        raise NoText(f"text in {encoding.upper()} of more than {MOST_WIDE_BYTES >> 20} MB")
    text = data.decode(encoding, "replace").encode("utf-8", "replace")
    return [text[at : at + _PIECE_BYTES] for at in range(0, len(text), _PIECE_BYTES)]


class _Gathering:
    """Finds the wanted lines in pieces of a file, and counts all of them."""

    def __init__(self, excerpt: Excerpt, last: int | None) -> None:
        self.fed_bytes = 0
        self._excerpt = excerpt
        self._last = last
        self._number = 1
        self._line = bytearray()
        self._line_bytes = 0
        self._characters = 0

    def feed(self, piece: bytes) -> None:
        if not self.fed_bytes:
            self.fed_bytes, piece = len(piece), piece.removeprefix(b"\xef\xbb\xbf")
        else:
            self.fed_bytes += len(piece)
        breaks = piece.count(b"\n")
        is_before = self._number + breaks < self._excerpt.first
        if is_before or self._is_past():
            self._number += breaks
            behind_last = len(piece) - 1 - piece.rfind(b"\n")
            self._line_bytes = behind_last if breaks else self._line_bytes + len(piece)
            return
        *whole, rest = piece.split(b"\n")
        for part in whole:
            self._add(part)
            self._end_line()
        self._add(rest)

    def finish(self, *, is_whole: bool) -> Excerpt:
        self._excerpt.ends_with_break = not self._line_bytes
        if self._line_bytes:
            self._end_line()
        if is_whole:
            self._excerpt.total = self._number - 1
        return self._excerpt

    def _is_past(self) -> bool:
        return self._excerpt.is_full or (self._last is not None and self._number > self._last)

    def _add(self, part: bytes) -> None:
        self._line_bytes += len(part)
        self._line += part[: max(0, _MOST_BYTES_OF_LINE - len(self._line))]

    def _end_line(self) -> None:
        line, size = bytes(self._line), self._line_bytes
        self._line.clear()
        self._line_bytes = 0
        number, self._number = self._number, self._number + 1
        if number < self._excerpt.first or (self._last is not None and number > self._last):
            return
        if line.endswith(b"\r") and len(line) == size:
            self._excerpt.has_crlf = True
            line, size = line[:-1], size - 1
        if not self._excerpt.is_full:
            self._keep(line, size)

    def _keep(self, line: bytes, size_bytes: int) -> None:
        text = line.decode("utf-8", "replace").replace("\0", "\ufffd")
        is_cut = len(line) < size_bytes or len(text) > MOST_OF_LINE
        if is_cut:
            text = f"{text[:MOST_OF_LINE]}… [cut: this line has {size_bytes:,} bytes]"
        if self._characters + len(text) > MOST_CHARACTERS and self._excerpt.lines:
            self._excerpt.is_full = True
            return
        self._excerpt.cut += is_cut
        self._characters += len(text) + 1
        self._excerpt.lines.append(text)

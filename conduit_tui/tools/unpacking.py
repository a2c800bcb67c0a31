"""A body as it came over the wire, unpacked within bounds: a small one may hold gigabytes."""

import asyncio
import zlib
from collections.abc import AsyncIterable

from conduit_tui.core.errors import ToolError

_PIECES_AT_ONCE = 25
_PAUSE_SECONDS = 0.005
"""After so many: tiny ones come without an end and cost 30 us each, which the screen would miss."""


async def read_body(
    pieces: AsyncIterable[bytes], encoding: str, most_bytes: int
) -> tuple[bytes, bool]:
    """Read and unpack up to `most_bytes`; the second value tells whether there was or should be
    more.

    Raises ToolError for an encoding that was not asked for, and for damage.
    """
    gzip = _Gzip(most_bytes) if encoding in ("gzip", "x-gzip") else None
    unpack = bytes if gzip is None else gzip.feed
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise ToolError(f"The answer is packed as {encoding[:40]!r}, which was not asked for.")
    body = bytearray()
    packed = count = 0
    async for piece in pieces:
        count += 1
        if count % _PIECES_AT_ONCE == 0:
            await asyncio.sleep(_PAUSE_SECONDS)
        packed += len(piece)
        body += unpack(piece)
        if len(body) > most_bytes or packed > most_bytes:
            return bytes(body[:most_bytes]), True
    return bytes(body), gzip is not None and gzip.breaks_off


class _Gzip:
    """Unpacks one member after the other, never more at once than `most_bytes` and one."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._has_begun = False

    @property
    def breaks_off(self) -> bool:
        """Whether a member has begun and not ended."""
        return self._has_begun and not self._member.eof

    def feed(self, data: bytes) -> bytes:
        """Unpack a piece; what would be too much is left out, and the caller stops there."""
        made = bytearray()
        self._has_begun = self._has_begun or bool(data)
        while data and len(made) <= self._most_bytes:
            if self._member.eof:
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                made += self._member.decompress(data, self._most_bytes + 1 - len(made))
            except zlib.error as error:
                raise ToolError("The answer is packed as gzip, and damaged.") from error
            data = self._member.unused_data if self._member.eof else b""
        return bytes(made)

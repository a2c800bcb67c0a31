"""Bounds what a server may say before its answer: interim answers (1xx) cost more than they weigh.

They are read one by one in Python, 2,600 to a buffer, and no time between them is anybody else's.
https://www.rfc-editor.org/rfc/rfc9110#section-15.2
"""

import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from conduit_tui.core.errors import ToolError

MOST = 8
"""Real servers send one or two: to go on, and early hints."""
MOST_BYTES = 200_000
"""Bytes of them all, and of the headers of the answer: of these, 100 KB are read at most."""

_INTERIM = re.compile(rb"HTTP/1\.\d 1\d\d")
_END = re.compile(rb"\n\r?\n")
_END_BYTES = 3

Read = Callable[[int, float | None], Awaitable[bytes]]


class Reads(Protocol):
    """A connection, as far as it is read."""

    read: Read


class InterimAnswers:
    """Looks at what a connection brings until the headers of the answer are there."""

    def __init__(self) -> None:
        self._head = b""
        self._count = self._size = self._searched = 0
        self._is_over = False

    def watch(self, connection: Reads) -> None:
        """Look at all that is read from it from now on, before anybody else does."""
        read = connection.read

        async def watched(max_bytes: int, timeout: float | None = None) -> bytes:
            data = await read(max_bytes, timeout)
            self.look(data)
            return data

        connection.read = watched

    def look(self, data: bytes) -> None:
        """Take in what came. Raises ToolError for too much before the answer."""
        if self._is_over:
            return
        self._head += data
        self._size += len(data)
        while found := _END.search(self._head, self._searched):
            if not _INTERIM.match(self._head):
                self._is_over, self._head = True, b""
                return
            self._count += 1
            self._head, self._searched = self._head[found.end() :], 0
            if self._count > MOST:
                raise ToolError("The server sent one interim answer after the other, and no page.")
        self._searched = max(0, len(self._head) - _END_BYTES)
        if self._size > MOST_BYTES:
            raise ToolError("The server sent headers without end.")

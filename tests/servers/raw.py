"""A loopback server that sends bytes as they are written, and counts who connects."""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType

Step = bytes | asyncio.Event | None
"""Bytes to send, an event to wait for, or None: say nothing more until the client leaves."""

Say = Callable[[str], Iterable[Step]]
"""From the head of a request to what is sent; it may go on for ever."""


def page(body: bytes, *headers: str, status: str = "200 OK") -> list[Step]:
    """A whole answer of a known length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return ["\r\n".join(lines).encode("latin-1") + body]


def html(body: str, *headers: str) -> list[Step]:
    """A page in UTF-8."""
    return page(body.encode(), "Content-Type: text/html; charset=utf-8", *headers)


def redirect(location: str, status: str = "302 Found") -> list[Step]:
    """An answer that leads elsewhere."""
    return page(b"", f"Location: {location}", status=status)


class RawServer:
    """Listens while it is entered. `connections` counts them, `heads` are the requests."""

    def __init__(
        self, say: Say, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self._say = say
        self._tls = tls
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.connections = 0
        self.heads: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens, by number."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [head.split(" ")[1] for head in self.heads]

    async def __aenter__(self) -> "RawServer":
        self._server = await asyncio.start_server(self._serve, self._host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for _ in range(5):  # transports tell of their end before the loop may go
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.heads.append(head)
                for step in self._say(head):
                    await self._do(step, reader, writer)
        except asyncio.CancelledError:
            pass  # the server is being closed
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _do(
        self, step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match step:
            case bytes():
                writer.write(step)
                await writer.drain()
                await asyncio.sleep(0)  # an answer without an end leaves the client its turn
            case asyncio.Event():
                await step.wait()
            case None:
                while await reader.read(1_024):
                    pass

"""HTTP on a loopback socket, one request a connection, with nothing between script and bytes."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from weakref import WeakSet

REASONS = {200: "OK", 307: "Temporary Redirect", 401: "Unauthorized", 404: "Not Found"}


class Cut:
    """Drop the connection as a crash does, without the end of the body."""


class Stall:
    """Say nothing more, and keep the connection until the client leaves."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Real time; only for a server that a person tries by hand."""

    seconds: float


Step = bytes | asyncio.Event | Sleep | type[Cut] | type[Stall]


@dataclass(slots=True)
class Reply:
    """An answer: status, headers and the steps of its body.

    `piece_bytes` cuts the body into chunks of that many bytes, each sent on its own;
    `sends_head` False closes the connection instead of answering.
    """

    steps: Iterable[Step] = ()
    status: int = 200
    content_type: str = "text/event-stream; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    piece_bytes: int | None = None
    sends_head: bool = True

    def head(self) -> bytes:
        """The status line and headers."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}"]
        lines += [f"content-type: {self.content_type}", "connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join((*lines, "transfer-encoding: chunked", "", "")).encode()

    def pieces(self, data: bytes) -> Iterable[bytes]:
        """The chunks some bytes are sent in."""
        size = self.piece_bytes or max(len(data), 1)
        return (data[start : start + size] for start in range(0, len(data), size))


@dataclass(slots=True)
class Exchange:
    """A request as it arrived, and when its client left. Times are the loop's."""

    method: str
    path: str
    headers: dict[str, str]
    raw_body: bytes
    arrived_at: float
    left: asyncio.Event = field(default_factory=asyncio.Event)
    left_at: float | None = None
    was_answered: bool = False

    @property
    def body(self) -> Any:
        """The body as JSON; None for an empty one."""
        return json.loads(self.raw_body) if self.raw_body else None


Answer = Callable[[Exchange], Reply]


class LoopbackServer:
    """Listens while it is entered; answers every request by `answer` and records it.

    `port` 0 is replaced by the one that was free.
    """

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._answer = answer
        self.port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()
        self.exchanges: list[Exchange] = []
        self._arrival = asyncio.Condition()

    async def arrived(self, count: int = 1) -> Exchange:
        """Wait until so many requests have come; return the last of them."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.exchanges) >= count)
        return self.exchanges[count - 1]

    async def __aenter__(self) -> "LoopbackServer":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        for listening in self._server.sockets:
            asyncio.get_running_loop().remove_reader(listening)
        # A connection that was just accepted has no task yet, and asyncio would not let a server
        # that is closed have it, nor close it.
        await _let_others_run()
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()
        for writer in self._writers:  # one may still hold what its client does not read
            writer.transport.abort()
        await _let_others_run()  # transports tell of their end before the loop may go

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self._writers.add(writer)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the server is being closed; its stream protocol would log this as an error
        finally:
            self._open.discard(task)
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == b"\x16":  # a TLS greeting, answered as a server without TLS does
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        exchange = await _read(first, reader)
        async with self._arrival:
            self.exchanges.append(exchange)
            self._arrival.notify_all()
        talking = asyncio.create_task(_talk(self._answer(exchange), exchange, writer))
        watching = asyncio.create_task(_watch(reader, exchange))
        try:
            await asyncio.wait((talking, watching), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (talking, watching):
                task.cancel()
            await asyncio.gather(talking, watching, return_exceptions=True)


async def _read(first: bytes, reader: asyncio.StreamReader) -> Exchange:
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request, *lines = head.strip().split("\r\n")
    method, path, _ = request.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Exchange(method, path, headers, body, asyncio.get_running_loop().time())


async def _watch(reader: asyncio.StreamReader, exchange: Exchange) -> None:
    with suppress(ConnectionError):
        while await reader.read(1024):
            pass
    exchange.left_at = asyncio.get_running_loop().time()
    exchange.left.set()


async def _let_others_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def _talk(reply: Reply, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
    if not reply.sends_head:
        writer.transport.abort()
        return
    writer.write(reply.head())
    for step in reply.steps:
        if not await _perform(step, reply, exchange, writer):
            return
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    exchange.was_answered = True


async def _perform(
    step: Step, reply: Reply, exchange: Exchange, writer: asyncio.StreamWriter
) -> bool:
    """Do one step; False ends the answer."""
    if step is Cut:
        await writer.drain()
        writer.transport.abort()
        return False
    if step is Stall:
        await writer.drain()
        await exchange.left.wait()
        return False
    if isinstance(step, asyncio.Event):
        await writer.drain()
        await step.wait()
    elif isinstance(step, Sleep):
        await writer.drain()
        await asyncio.sleep(step.seconds)
    elif isinstance(step, bytes):
        for piece in reply.pieces(step):
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        await writer.drain()
    return True

"""Asks one host of the web for one thing: within so many seconds and bytes, and nowhere else.

A name is resolved here, every address of it is checked, and the connection is made to one of
those that were checked: no second look-up can answer otherwise. Nothing of the environment is
obeyed (proxies, .netrc, certificates), no cookies are kept, and no redirect is followed.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol, cast

import httpx

from conduit_tui import __version__
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.apart import run_apart
from conduit_tui.tools.net_guard import Guard, IPAddress, refusal
from conduit_tui.tools.resolving import Resolve, resolve
from conduit_tui.tools.unpacking import read_body
from conduit_tui.tools.web_address import WebAddress

MOST_BYTES = 2_000_000
SECONDS = 10.0

_CONNECT_SECONDS = 4.0
"""For one address of several; the time for all is the caller's."""
_HEADERS = {
    "User-Agent": f"conduit-tui/{__version__}",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; names are lower-case.

    A body longer than wanted was cut, or it broke off within its packing (`is_cut`).
    """

    address: WebAddress
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def location(self) -> str | None:
        """Where the answer redirects to, if it does."""
        return self.headers.get("location") if self.status in (301, 302, 303, 307, 308) else None


@dataclass(frozen=True)
class WebClient:
    """Asks hosts that the guard lets through, on a thread and a loop of its own.

    `trusted` says which certificates are believed, by itself those that browsers believe. Names
    that only mean something near by are refused without a look-up (`refuses_local_names`).
    """

    guard: Guard = refusal
    resolve: Resolve = resolve
    trusted: ssl.SSLContext | None = None
    most_bytes: int = MOST_BYTES
    refuses_local_names: bool = True

    def check(self, address: WebAddress) -> None:
        """Refuse what is known to be refused without looking anything up. Raises ToolError."""
        if address.ip is not None:
            self._check(address, address.ip)
        elif self.refuses_local_names and address.is_local_name:
            raise ToolError(
                f"{address.host} is a name of this machine or its network; it may not be reached."
            )

    async def get(
        self,
        address: WebAddress,
        seconds: float = SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for what is at an address, with headers of one's own. Raises ToolError."""
        self.check(address)
        return await run_apart(partial(self._get_in_time, address, seconds, headers or {}))

    async def _get_in_time(
        self, address: WebAddress, seconds: float, sent: Mapping[str, str]
    ) -> Answer:
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return await self._get(address, sent)
        except TimeoutError:
            raise ToolError(f"{address.host} took too long; {SECONDS:g} s are allowed.") from None

    async def _get(self, address: WebAddress, sent: Mapping[str, str]) -> Answer:
        targets = await self._addresses(address)
        try:
            requests = [_request(address, target, sent) for target in targets]
            async with self._answered(requests) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                encoding = headers.get("content-encoding", "").strip().lower()
                body, is_cut = await read_body(response.aiter_raw(), encoding, self.most_bytes)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise ToolError(f"{address.host} {_words(error)}.") from None
        return Answer(address, response.status_code, headers, body, is_cut)

    @asynccontextmanager
    async def _answered(self, requests: Sequence[httpx.Request]) -> AsyncGenerator[httpx.Response]:
        """The answer to the first request that finds somebody."""
        async with _Connections() as connections:
            for request in requests:
                request.extensions["trace"] = connections.note
            async with self._transport() as transport:
                response = await _first_answer(transport, requests)
                try:
                    yield response
                finally:
                    await response.aclose()

    async def _addresses(self, address: WebAddress) -> Sequence[IPAddress]:
        """The addresses of a host, all of them checked. Raises ToolError."""
        if address.ip is not None:
            return (address.ip,)
        try:
            found = await self.resolve(address.host)
        except OSError as error:
            raise ToolError(f"There is no host {address.host!r} to be found.") from error
        if not found:
            raise ToolError(f"{address.host} has no address.")
        for each in found:
            self._check(address, each)
        return found[:4]

    def _check(self, address: WebAddress, each: IPAddress) -> None:
        words = self.guard(each)
        if words:
            where = "" if str(each) == address.host else f" leads to {each}, which"
            raise ToolError(
                f"{address.host}{where} is not on the public internet ({words}); "
                f"it may not be reached."
            )

    def _transport(self) -> httpx.AsyncHTTPTransport:
        """The first one imports and reads certificates, which takes 0.1 s."""
        return httpx.AsyncHTTPTransport(verify=self.trusted or self._usual, trust_env=False)

    @cached_property
    def _usual(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)


class _Connections:
    """Closes what was opened: httpcore leaves a connection that is cancelled in its handshake.

    It is told of them by https://www.encode.io/httpcore/extensions/#trace.
    """

    def __init__(self) -> None:
        self._opened: list[_Closes] = []

    async def __aenter__(self) -> "_Connections":
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._opened:
            await each.aclose()

    async def note(self, event: str, about: Mapping[str, object]) -> None:
        """Remember a connection that was opened."""
        if event == "connection.connect_tcp.complete":
            self._opened.append(cast("_Closes", about["return_value"]))


class _Closes(Protocol):
    async def aclose(self) -> None: ...


async def _first_answer(
    transport: httpx.AsyncHTTPTransport, requests: Sequence[httpx.Request]
) -> httpx.Response:
    for request in requests[:-1]:
        with suppress(httpx.ConnectError, httpx.ConnectTimeout):
            return await transport.handle_async_request(request)
    return await transport.handle_async_request(requests[-1])


def _request(address: WebAddress, target: IPAddress, sent: Mapping[str, str]) -> httpx.Request:
    """A request to an IP address for what the host of that name has."""
    host = f"[{target}]" if target.version == 6 else str(target)
    url = httpx.URL(f"{address.scheme}://{host}:{address.port}{address.path}")
    if url.host != str(target) or url.raw_path.decode("ascii") != address.path:
        raise ToolError(f"{address} cannot be asked for as it is written.")
    extensions: dict[str, object] = {"timeout": {"connect": _CONNECT_SECONDS}}
    if address.scheme == "https":
        extensions["sni_hostname"] = address.host
    headers = {"Host": address.authority, **_HEADERS, **sent}
    return httpx.Request("GET", url, headers=headers, extensions=extensions)


def _words(error: Exception) -> str:
    """What went wrong, as the end of a sentence. Nothing of the request is in it."""
    match error:
        case httpx.ConnectTimeout():
            return "did not answer in time"
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            reason = str(error).rpartition("failed: ")[2].partition(" (_ssl")[0]
            return f"has a certificate that cannot be trusted ({reason[:200]})"
        case httpx.ConnectError():
            return "could not be reached"
        case httpx.RemoteProtocolError():
            return "broke off its answer, or sent what is not HTTP"
        case httpx.NetworkError():
            return "broke the connection off"
        case _:
            return f"could not be asked ({type(error).__name__})"

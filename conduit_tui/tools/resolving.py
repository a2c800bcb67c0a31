"""From a host's name to its addresses, without holding up the end of the program."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread
from typing import TypeAlias

from conduit_tui.tools.net_guard import IPAddress

Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[IPAddress]]]
"""From a name to its addresses, best first. Raises OSError."""


async def resolve(host: str) -> tuple[IPAddress, ...]:
    """Ask the system for the addresses of a host. Raises OSError.

    It cannot be interrupted, so it runs on a thread of its own that is left behind when the caller
    is cancelled: one of the loop's would have to be waited for before the program may end.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[IPAddress, ...]] = loop.create_future()

    def tell(addresses: tuple[IPAddress, ...], error: OSError | None) -> None:
        if found.done():
            return
        if error is None:
            found.set_result(addresses)
        else:
            found.set_exception(error)

    def ask() -> None:
        addresses: tuple[IPAddress, ...] = ()
        failure: OSError | None = None
        try:
            addresses = _addresses(host)
        except OSError as error:
            failure = error
        except ValueError as error:  # a name that cannot be encoded, or an address that is none
            failure = OSError(str(error))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, addresses, failure)

    Thread(target=ask, name="resolve", daemon=True).start()
    return await found


def _addresses(host: str) -> tuple[IPAddress, ...]:
    rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(row[4][0])) for row in rows))

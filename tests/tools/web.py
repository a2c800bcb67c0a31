"""Clients that may reach the test's own servers, and nobody else."""

from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

from conduit_tui.tools.net_guard import IPAddress, refusal
from conduit_tui.tools.web_client import WebClient

LOOPBACK = IPv4Address("127.0.0.1")


def loopback_only(address: IPAddress) -> str:
    """A guard that takes 127.0.0.1 for a public host; all else is as in the program."""
    return "" if address == LOOPBACK else refusal(address) or "not the test's own"


class Names:
    """Resolves names from a table, and keeps what was asked. Each answer is given once, the last
    one for ever."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {
            name.replace("_", "."): [each.split() for each in rows]
            for name, rows in answers.items()
        }
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[IPAddress]:
        self.asked.append(host)
        rows = self._answers.get(host)
        if rows is None:
            raise OSError("no such name")
        row = rows.pop(0) if len(rows) > 1 else rows[0]
        return [ip_address(each) for each in row]


def local_client(names: Names | None = None, most_bytes: int = 2_000_000) -> WebClient:
    """A client for servers of a test."""
    return WebClient(guard=loopback_only, resolve=names or Names(), most_bytes=most_bytes)

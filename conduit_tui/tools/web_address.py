"""Addresses of the web, read so strictly that what is approved is what is asked for.

Hosts are read as https://url.spec.whatwg.org reads them, so that no two readers can see different
ones: a number in any form is an IPv4 address, Unicode becomes its letters and then ASCII.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin

import httpx

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.net_guard import IPAddress

LONGEST = 4_000
"""Characters an address may have."""

PORTS = {"http": 80, "https": 443}

# https://fetch.spec.whatwg.org/#port-blocking: those of services that could be talked into things.
_BLOCKED_PORTS = frozenset(
    (
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95),
        *(101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161),
        *(179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563),
        *(587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060),
        *(5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211),
    )
)
_ADDRESS = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*):(//)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.S
)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_HIDDEN_STEP = re.compile(r"(?:^|%2F|%5C)\.\.?(?:$|%2F|%5C)")
_DOTS = str.maketrans("。．｡", "...")
_IN_PATH = "!$&'()*+,;=:@/|[]^-._~"
_IN_QUERY = f"{_IN_PATH}?`{{}}\\"
_LOCAL_ENDS = ("localhost", "local", "internal", "intranet", "home.arpa", "lan", "onion")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address as it is asked for: no credentials, no fragment, nothing written in two ways.

    `host` is a name in ASCII, or an IP address without brackets; `path` holds the query too.
    """

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def origin(self) -> str:
        """Scheme, host, and the port where it is not the usual one."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """What the header `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.has_usual_port else f"{host}:{self.port}"

    @property
    def has_usual_port(self) -> bool:
        """Whether the port is the scheme's own."""
        return self.port == PORTS[self.scheme]

    @property
    def ip(self) -> IPAddress | None:
        """The IP address, where the host is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def is_local_name(self) -> bool:
        """Whether the host is a name that only means something near by."""
        if self.ip is not None:
            return False
        return "." not in self.host or self.host.endswith(tuple(f".{end}" for end in _LOCAL_ENDS))


def read_address(text: str) -> WebAddress:
    """Read an address of http or https. Raises ToolError in words."""
    text = text.strip(" ")
    if len(text) > LONGEST:
        raise ToolError(f"The address is longer than {LONGEST:,} characters.")
    if any(_is_unsound(character) for character in text):
        raise ToolError(f"The address {text[:200]!r} holds control characters or backslashes.")
    match = _ADDRESS.fullmatch(text)
    if match is None or match[1].lower() not in PORTS:
        raise ToolError(f"{text[:200]!r} is no address of the web: it must begin with https://.")
    if not match[2]:
        raise ToolError(f"{text[:200]!r} names no host.")
    scheme = match[1].lower()
    host, port = _authority(match[3], scheme)
    path = _path(match[4]) if match[4] else "/"
    query = "" if match[5] is None else f"?{_escaped(match[5], _IN_QUERY)}"
    address = WebAddress(scheme, host, port, path + query)
    if len(str(address)) > LONGEST:
        raise ToolError(f"The address is longer than {LONGEST:,} characters.")
    return address


def read_redirect(address: WebAddress, location: str) -> WebAddress:
    """Read where a server redirects to. Raises ToolError in words."""
    if len(location) > LONGEST or any(_is_unsound(character) for character in location):
        raise ToolError(f"{address} redirects to what is no address: {location[:200]!r}.")
    try:
        return read_address(urljoin(str(address), location.strip(" ")))
    except ValueError as error:
        raise ToolError(f"{address} redirects to what is no address.") from error


def _is_unsound(character: str) -> bool:
    """What readers disagree about, or cannot be sent: controls, surrogates, other spaces, `\\`."""
    kind = unicodedata.category(character)
    return (
        character == "\\" or kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Zs" and character != " ")
    )


def _authority(text: str, scheme: str) -> tuple[str, int]:
    if "@" in text:
        raise ToolError("An address with a user name or a password in it is refused.")
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise ToolError(f"{text[:200]!r} is no host.")
    digits = (match[2] or "").lstrip("0") or ("0" if match[2] else str(PORTS[scheme]))
    port = int(digits) if len(digits) <= 5 else 0
    if port in _BLOCKED_PORTS or port > 65_535:
        raise ToolError(f"The port {match[2][:20]} is not one for the web.")
    host = _ipv6(match[1]) if match[1].startswith("[") else _host(match[1])
    return host, port


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text[1:-1]))
    except AddressValueError as error:
        raise ToolError(f"{text!r} is no IPv6 address.") from error


def _host(text: str) -> str:
    host = unicodedata.normalize("NFKC", text).lower().translate(_DOTS)
    if not host.isascii():
        host = _in_ascii(host)
    labels = host.removesuffix(".").split(".")
    is_number = _NUMBER.fullmatch(labels[-1]) is not None
    if is_number:
        return str(_ipv4(labels, text))
    sound = all(_LABEL.fullmatch(label) and _unpunycoded(label) for label in labels)
    if not sound or len(host) > 253:
        raise ToolError(f"{text[:200]!r} is no host.")
    return ".".join(labels)


def _in_ascii(host: str) -> str:
    try:
        return httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ToolError(f"{host[:200]!r} is no host.") from error


def _ipv4(labels: list[str], text: str) -> IPv4Address:
    """Read one to four numbers, decimal, octal or hexadecimal; the last one takes what is left."""
    numbers = [_number(label) for label in labels]
    *before, last = numbers
    sound = len(numbers) <= 4 and all(0 <= number < 256 for number in before)
    if not sound or not 0 <= last < 256 ** (5 - len(numbers)):
        raise ToolError(f"{text[:200]!r} is no IPv4 address.")
    value = sum(number << (24 - 8 * at) for at, number in enumerate(before))
    return IPv4Address(value + last)


def _number(label: str) -> int:
    """The number of a part of an address; less than zero for none."""
    if not _NUMBER.fullmatch(label) or len(label) > 40:
        return -1
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if label.startswith("0") and label != "0":
        return int(label, 8) if set(label) <= set("01234567") else -1
    return int(label)


def _unpunycoded(label: str) -> str:
    """A label in Unicode; nothing for one that is no punycode."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return ""


def _path(text: str) -> str:
    """A path without steps up or down, so that a rule about a directory cannot be walked out of."""
    kept: list[str] = []
    escaped = _escaped(text, _IN_PATH)
    segments = escaped.split("/")[1:]
    if any("%" in each and _HIDDEN_STEP.search(each) for each in segments):
        raise ToolError("An address with hidden steps up, such as ..%2F, is refused.")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """Write each character in one way: what needs no escape has none, all else has one."""
    written: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        escape = _ESCAPE.match(text, at) if character == "%" else None
        if escape is not None:
            plain = chr(int(escape[1], 16))
            is_plain = plain.isascii() and (plain.isalnum() or plain in "-._~")
            written.append(plain if is_plain else f"%{escape[1].upper()}")
            at = escape.end()
            continue
        is_safe = character.isascii() and (character.isalnum() or character in safe)
        written.append(character if is_safe else _escape(character))
        at += 1
    return "".join(written)


def _escape(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))

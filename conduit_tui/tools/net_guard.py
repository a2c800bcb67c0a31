"""Which addresses may not be reached: everything that is not a public host of the internet.

An explicit table, since `ipaddress.is_global` calls public what leads elsewhere: 64:ff9b::a9fe:a9fe
and 2002:a9fe:a9fe:: are a metadata service written as IPv6. The ranges are those of
https://www.iana.org/assignments/iana-ipv4-special-registry and of its sibling for IPv6, and the
addresses by which clouds hand out credentials.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

Guard: TypeAlias = Callable[[IPAddress], str]
"""Says what an address is that may not be reached, such as "loopback"; nothing: it may be."""

_OF_IPV4 = (
    ("169.254.169.254/32", "a metadata service"),
    ("169.254.170.2/32", "a metadata service"),
    ("168.63.129.16/32", "a metadata service"),  # Azure's, in the midst of public addresses
    ("100.100.100.200/32", "a metadata service"),  # Alibaba's
    ("192.0.0.192/32", "a metadata service"),  # Oracle's
    ("0.0.0.0/8", "this machine"),
    ("127.0.0.0/8", "this machine"),
    ("10.0.0.0/8", "a private network"),
    ("172.16.0.0/12", "a private network"),
    ("192.168.0.0/16", "a private network"),
    ("100.64.0.0/10", "a provider's own network"),
    ("169.254.0.0/16", "the local link"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "for documentation"),
    ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"),
    ("192.31.196.0/24", "reserved"),  # AS112 and AMT: anycast, answered by whoever is nearest
    ("192.52.193.0/24", "reserved"),
    ("192.175.48.0/24", "reserved"),
    ("192.88.99.0/24", "a relay to IPv6"),
    ("198.18.0.0/15", "for benchmarks"),
    ("224.0.0.0/4", "multicast"),
    ("255.255.255.255/32", "broadcast"),
    ("240.0.0.0/4", "reserved"),
)
_OF_IPV6 = (
    ("fd00:ec2::/32", "a metadata service"),  # Amazon's
    ("fd20:ce::/32", "a metadata service"),  # Google's
    ("::/128", "this machine"),
    ("::1/128", "this machine"),
    ("::ffff:0:0/96", "IPv4 written as IPv6"),
    ("::ffff:0:0:0/96", "IPv4 written as IPv6"),
    ("::/96", "IPv4 written as IPv6"),
    ("64:ff9b::/96", "a translation to IPv4"),
    ("64:ff9b:1::/48", "a translation to IPv4"),
    ("2002::/16", "a tunnel to IPv4"),
    ("2001::/32", "a tunnel to IPv4"),
    ("100::/64", "discarded"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "for documentation"),
    ("3fff::/20", "for documentation"),
    ("3ffe::/16", "reserved"),
    ("2620:4f:8000::/48", "reserved"),
    ("fc00::/7", "a private network"),
    ("fe80::/10", "the local link"),
    ("fec0::/10", "a private network"),
    ("ff00::/8", "multicast"),
)
_IPV4 = tuple((IPv4Network(network), words) for network, words in _OF_IPV4)
_IPV6 = tuple((IPv6Network(network), words) for network, words in _OF_IPV6)
_PUBLIC = IPv6Network("2000::/3")
_ISATAP = (0x00005EFE, 0x02005EFE)


def refusal(address: IPAddress) -> str:
    """Say what an address is, if it may not be reached; nothing if it is a public one.

    Addresses that hold one of IPv4 are refused as they are, whatever they hold, and the words
    tell what that is. Outside of 2000::/3 no address of IPv6 is public.
    """
    if isinstance(address, IPv4Address):
        return next((words for network, words in _IPV4 if address in network), "")
    if address.scope_id:
        return "the local link"
    words = next((words for network, words in _IPV6 if address in network), "")
    held = held_ipv4(address)
    if held is not None:
        what = refusal(held)
        return f"{words or 'a tunnel to IPv4'} ({held}{f', {what}' if what else ''})"
    return words or ("" if address in _PUBLIC else "reserved")


def held_ipv4(address: IPv6Address) -> IPv4Address | None:
    """Return the address of IPv4 that a mapped, translated or tunnelled one stands for, if any."""
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:  # RFC 5214: in any network at all
        return low
    if number >> 112 == 0x2002:  # RFC 3056: behind the prefix
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    if number >> 96 == 0x20010000:  # RFC 4380: the client's, with every bit turned
        return IPv4Address(~number & 0xFFFFFFFF)
    if number >> 80 == 0x0064FF9B0001:  # RFC 8215, laid out as RFC 6052 says for 48 bits
        return IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
    at_the_end = ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
    if any(address in IPv6Network(network) for network in at_the_end):
        return low
    is_compatible = number >> 32 == 0 and number > 1
    return low if is_compatible else None

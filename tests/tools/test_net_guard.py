"""Addresses that may not be reached, in every form they can be written in."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tools.net_guard import held_ipv4, refusal

REFUSED = [
    *("0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "100.100.100.200"),
    *("::", "::1", "::2", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8"),
    *("::ffff:0:127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::1"),
    *("64:ff9b:1:a9fe:a9:fe00::", "2002:a9fe:a9fe::", "2002:7f00:1::1", "2002:808:808::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "3fff::1", "3ffe::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fdff::1"),
    *("fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1"),
    *("100::1", "5f00::1", "4000::1", "8000::1", "1::1", "2620:4f:8000::1"),
    *("2a00:1450:4001::5efe:7f00:1", "2a00:1450:4001::200:5efe:808:808", "fe80::1%eth0"),
]
PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255"),
    *("172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
    *("198.20.0.0", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:830::200e"),
    *("2001:4860:4860::8888", "2003::1", "2600::", "2620:0:ccc::2", "2400:cb00:2048:1::c629:d7a2"),
]


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_no_public_host_is_refused_in_words(written: str) -> None:
    assert refusal(ip_address(written))


@pytest.mark.parametrize("written", PUBLIC)
def test_public_hosts_are_let_through(written: str) -> None:
    assert refusal(ip_address(written)) == ""


@pytest.mark.parametrize("written", ["64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "192.0.0.192"])
def test_what_python_calls_global_and_is_not_is_refused(written: str) -> None:
    assert ip_address(written).is_global
    assert "metadata" in refusal(ip_address(written))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_any_of_ipv6_is_found_and_refused(inside: IPv4Address) -> None:
    number = int(inside)
    forms = [
        0xFFFF << 32 | number,
        0xFFFF << 48 | number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | (~number & 0xFFFFFFFF),
        0x2A00 << 112 | 0x5EFE << 32 | number,
        0x64FF9B0001 << 80 | (number >> 16) << 64 | (number & 0xFFFF) << 40,
    ]
    for form in forms:
        address = IPv6Address(form)
        assert held_ipv4(address) == inside
        assert str(inside) in refusal(address)
        assert refusal(inside) in refusal(address)


@given(st.ip_addresses(v=4))
def test_whatever_python_calls_not_global_is_refused(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert refusal(address)


@given(st.ip_addresses(v=6))
def test_whatever_python_calls_not_global_is_refused_in_ipv6(address: IPv6Address) -> None:
    if not address.is_global or address not in IPv6Network("2000::/3"):
        assert refusal(address)

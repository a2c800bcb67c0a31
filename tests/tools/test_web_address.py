"""Addresses of the web: what two readers could read in two ways is one, or refused."""

from ipaddress import IPv4Address
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.web_address import LONGEST, WebAddress, read_address, read_redirect

READ = {
    "https://example.com": "https://example.com/",
    "  HTTP://EXAMPLE.com:80  ": "http://example.com/",
    "https://example.com.:0443/": "https://example.com/",
    "https://example.com:8443": "https://example.com:8443/",
    "http://example.com/a/../../b/./c/..?q=a b#frag": "http://example.com/b/?q=a%20b",
    "http://example.com/%2e%2E/%61%2fb/%zz": "http://example.com/a%2Fb/%25zz",
    "http://example.com?q=ü": "http://example.com/?q=%C3%BC",
    "http://example.com/\u202e\u200b": "http://example.com/%E2%80%AE%E2%80%8B",
    "http://bücher.de/": "http://xn--bcher-kva.de/",
    "http://BÜCHER.de/": "http://xn--bcher-kva.de/",
    "http://faß.de/": "http://xn--fa-hia.de/",
    "http://example。com": "http://example.com/",
    "http://ｅｘａｍｐｌｅ.com": "http://example.com/",
    "http://2130706433/": "http://127.0.0.1/",
    "http://0x7f.1": "http://127.0.0.1/",
    "http://0X7F000001": "http://127.0.0.1/",
    "http://0177.0.0.1": "http://127.0.0.1/",
    "http://0000000000177.0.0.1": "http://127.0.0.1/",
    "http://127.1": "http://127.0.0.1/",
    "http://127.0.1": "http://127.0.0.1/",
    "http://127.0.0.1.": "http://127.0.0.1/",
    "http://0": "http://0.0.0.0/",
    "http://①②⑦.⓪.0.1/": "http://127.0.0.1/",
    "http://１２７。1/": "http://127.0.0.1/",
    "http://[::FFFF:127.0.0.1]:81/": "http://[::ffff:7f00:1]:81/",
    "http://[0:0:0:0:0:0:0:1]/": "http://[::1]/",
}
REFUSED = [
    *("", "example.com", "//example.com", "http:example.com", "http:/example.com", "http://"),
    *("ftp://example.com", "file:///etc/passwd", "gopher://x.y", "javascript:alert(1)", "data:,x"),
    *("https://user@example.com", "https://user:word@example.com", "https://@example.com"),
    *(
        "http://a.b\\@c.d/",
        "http://a.b/\\c",
        "http://a.b/\r\nHost: c",
        "http://a.b/\n",
        "\thttp://a.b",
    ),
    *(
        "http://a b.c/",
        "http://a.b/\u00a0",
        "http://a\u2028.b/",
        "http://a.b/\x00",
        "http://a.b/\ud800",
    ),
    *(
        "http://%31%32%37.1/",
        "http://a%2eb/",
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "http://::1/",
    ),
    *("http://[127.0.0.1]/", "http://[::1]x/", "http://[::1]:8x/", "http://a..b/", "http://.a.b/"),
    *("http://-a.b/", "http://a.b-/", f"http://{'a' * 64}.b/", f"http://{'a.' * 130}b/"),
    *("http://a.b:22/", "http://a.b:25/", "http://a.b:0/", "http://a.b:65536/", "http://a.b:-1/"),
    *("http://a.b:٨٠/", "http://a.b:80:80/", "http://a.b:6667/", f"http://a.b:{'9' * 5000}/"),
    *("http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.2.3.256/", "http://4294967296/"),
    *(
        "http://09.0.0.1/",
        "http://0xg.1/",
        "http://a\u00adb.c/",
        "http://a／b.c/",
    ),
    *(
        "http://a＠b.c/",
        "http://a？b.c/",
        "http://xn--\u00fc.de/",
        "http://a*b.c/",
        "http://a,b.c/",
    ),
    *(
        "http://a.b/c/..%2f..%2Fd",
        "http://a.b/c/%2e%2e%5cd",
        "http://a.b/c%2f..",
        "http://a.b/.%2Fx",
    ),
    "http://a.b/" + "x" * LONGEST,
    "http://a.b/" + "ü" * 1_000,
]


@pytest.mark.parametrize(("written", "read"), READ.items())
def test_an_address_is_read_in_one_way(written: str, read: str) -> None:
    assert str(read_address(written)) == read


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_unsound_is_refused_in_words(written: str) -> None:
    with pytest.raises(ToolError):
        read_address(written)


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.b/", "http://a.b?"]))
def test_any_text_is_read_as_httpx_reads_it_or_refused(text: str, before: str) -> None:
    try:
        address = read_address(before + text)
    except ToolError:
        return
    assert str(address).isascii()
    assert str(read_address(str(address))) == str(address)
    assert str(httpx.URL(str(address))) == str(address)
    split = urlsplit(str(address))
    assert (split.hostname, split.port or address.port) == (address.host, address.port)
    assert split.username is None


@given(st.ip_addresses(v=4), st.data())
def test_every_way_to_write_an_ipv4_address_is_read(ip: IPv4Address, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 4))
    octets = list(ip.packed)
    numbers = [*octets[: count - 1], int.from_bytes(octets[count - 1 :], "big")]
    forms = ("{:d}", "0x{:x}", "0X{:X}", "0{:o}")
    host = ".".join(data.draw(st.sampled_from(forms)).format(number) for number in numbers)
    assert read_address(f"http://{host}/").ip == ip


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        *(("localhost", True), ("a.localhost", True), ("printer", True), ("nas.local", True)),
        *(("metadata.google.internal", True), ("router.lan", True), ("x.home.arpa", True)),
        *(("example.com", False), ("local.example.com", False), ("8.8.8.8", False)),
    ],
)
def test_names_of_the_local_network_are_told(host: str, is_local: bool) -> None:
    assert WebAddress("http", host, 80, "/").is_local_name is is_local


@pytest.mark.parametrize(
    ("location", "read"),
    [
        ("/b?c", "https://a.b/b?c"),
        ("c", "https://a.b/x/c"),
        ("//c.d/e", "https://c.d/e"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("../../../e", "https://a.b/e"),
        ("/a b", "https://a.b/a%20b"),
        ("?q", "https://a.b/x/y?q"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location: str, read: str) -> None:
    assert str(read_redirect(read_address("https://a.b/x/y"), location)) == read


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://a.b", "http://u:p@c.d/", "\\\\c.d\\e", "/a\tb", "http://["],
)
def test_a_redirect_to_what_is_no_address_of_the_web_is_refused(location: str) -> None:
    with pytest.raises(ToolError):
        read_redirect(read_address("https://a.b/x/y"), location)

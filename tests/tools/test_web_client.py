"""Hosts that are asked, against real sockets: where a connection goes, and what is believed."""

import asyncio
import gzip
import itertools
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest

from conduit_tui.core.errors import ToolError
from conduit_tui.tools import resolving
from conduit_tui.tools.net_guard import IPAddress
from conduit_tui.tools.web_address import read_address
from conduit_tui.tools.web_client import WebClient
from tests.servers.raw import RawServer, Step, html, page
from tests.tools.web import Names, local_client, loopback_only

BIG = 2_000_000


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that listens on loopback; a test looks whether anybody came."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def nobody_came(listening: socket.socket) -> bool:
    try:
        listening.accept()
    except BlockingIOError:
        return True
    return False


class Threads(Names):
    """Resolves names, and keeps on which threads."""

    def __init__(self) -> None:
        super().__init__(a_example=["127.0.0.1"])
        self.seen: set[threading.Thread] = set()

    async def __call__(self, host: str) -> Sequence[IPAddress]:
        self.seen.add(threading.current_thread())
        return await super().__call__(host)


# -- where a connection goes ------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0", "①②⑦.0.0.1"),
        *("localhost", "LOCALHOST.", "a.localhost", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]"),
        *("[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "printer", "127.0.0.1.", "[::]"),
    ],
)
async def test_no_form_of_this_machine_is_ever_connected_to(
    host: str, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(ToolError, match="may not be reached"):
        await WebClient().get(read_address(f"http://{host}:{port}/"))
    assert nobody_came(listener)


@pytest.mark.parametrize(
    "answer", ["127.0.0.1", "1.1.1.1 127.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1"]
)
async def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    answer: str, listener: socket.socket
) -> None:
    names = Names(evil_example=[answer])
    client = WebClient(resolve=names)
    with pytest.raises(ToolError, match=r"evil\.example leads to"):
        await client.get(read_address(f"http://evil.example:{listener.getsockname()[1]}/"))
    assert nobody_came(listener)


async def test_a_name_is_looked_up_once_and_what_was_checked_is_what_is_connected_to() -> None:
    names = Names(rebinding_example=["127.0.0.1", "127.0.0.2"])
    async with RawServer(lambda _: html("here")) as server:
        address = read_address(f"http://rebinding.example:{server.port}/x?y")
        answer = await local_client(names).get(address)
    assert answer.body == b"here"
    assert names.asked == ["rebinding.example"]
    assert f"Host: rebinding.example:{server.port}" in server.heads[0]
    assert server.heads[0].startswith("GET /x?y HTTP/1.1")


async def test_a_second_look_up_that_leads_inside_is_refused() -> None:
    names = Names(rebinding_example=["127.0.0.1", "127.0.0.2"])
    async with RawServer(lambda _: html("here")) as server:
        address = read_address(f"http://rebinding.example:{server.port}/")
        client = local_client(names)
        await client.get(address)
        with pytest.raises(ToolError, match=r"127\.0\.0\.2"):
            await client.get(address)
        assert server.connections == 1


async def test_the_next_address_is_tried_when_one_cannot_be_reached() -> None:
    names = Names(two_example=["127.0.0.2 127.0.0.1"])
    client = WebClient(guard=lambda _: "", resolve=names)
    async with RawServer(lambda _: html("here")) as server:
        answer = await client.get(read_address(f"http://two.example:{server.port}/"))
    assert answer.body == b"here"


async def test_local_names_are_not_even_looked_up() -> None:
    names = Names()
    for host in ("localhost", "metadata.google.internal", "nas.local", "intranet"):
        with pytest.raises(ToolError, match="may not be reached"):
            await WebClient(resolve=names).get(read_address(f"http://{host}/"))
    assert names.asked == []


async def test_an_unknown_name_is_told() -> None:
    with pytest.raises(ToolError, match=r"no host 'nowhere\.example'"):
        await local_client().get(read_address("https://nowhere.example/"))


async def test_nothing_of_the_environment_is_obeyed(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket, tmp_path: Path
) -> None:
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    async with RawServer(lambda _: html("here", "Set-Cookie: a=b")) as server:
        client = local_client()
        for _ in range(2):
            await client.get(read_address(server.url))
    assert nobody_came(listener)
    sent = "".join(server.heads).lower()
    assert "authorization" not in sent
    assert "cookie" not in sent


# -- looking names up -------------------------------------------------------------------------


async def test_the_systems_resolver_is_asked_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(2, 1, 6, "", ("8.8.8.8", 0)), (10, 1, 6, "", ("2001:db8::1", 0, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows + rows)
    found = await resolving.resolve("a.example")
    assert found == (IPv4Address("8.8.8.8"), ip_address("2001:db8::1"))


async def test_a_name_that_cannot_be_encoded_is_not_found() -> None:
    with pytest.raises(OSError, match=r"."):
        await resolving.resolve("a" * 300)


# -- how much, and how long -------------------------------------------------------------------


def drip(_: str) -> Iterator[Step]:
    """A header now and then, for ever."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    yield b"X-A: b\r\n"
    yield None


def for_ever(_: str) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    for _ in itertools.count():
        yield b"10000\r\n" + b"x" * 65_536 + b"\r\n"


def empty_for_ever(_: str) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    yield from itertools.repeat(gzip.compress(b"") * 1_000)


def one_hundreds_for_ever(_: str) -> Iterator[Step]:
    yield from itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)


def headers_for_ever(_: str) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from itertools.repeat(b"X-A: " + b"b" * 1_000 + b"\r\n")


@pytest.mark.parametrize("say", [drip, one_hundreds_for_ever, lambda _: [None]])
async def test_a_server_that_takes_its_time_is_left(say: object) -> None:
    async with RawServer(say) as server:  # type: ignore[arg-type]
        with pytest.raises(ToolError, match="took too long"):
            await local_client().get(read_address(server.url), 0.2)


async def test_a_resolver_that_takes_its_time_is_left() -> None:
    async def never(_: str) -> list[IPv4Address]:
        await asyncio.Event().wait()
        return []

    client = WebClient(guard=loopback_only, resolve=never)
    with pytest.raises(ToolError, match="took too long"):
        await client.get(read_address("http://slow.example/"), 0.05)


async def test_a_body_without_an_end_is_read_up_to_the_limit() -> None:
    async with RawServer(for_ever) as server:
        answer = await local_client().get(read_address(server.url))
    assert answer.is_cut
    assert len(answer.body) == BIG


async def test_packed_nothing_without_an_end_is_left_at_the_limit() -> None:
    async with RawServer(empty_for_ever) as server:
        answer = await local_client().get(read_address(server.url))
    assert answer.is_cut
    assert answer.body == b""


async def test_a_small_body_that_unpacks_to_gigabytes_is_cut() -> None:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    async with RawServer(lambda _: page(bomb, "Content-Encoding: gzip")) as server:
        answer = await local_client().get(read_address(server.url))
    assert answer.is_cut
    assert len(answer.body) == BIG


async def test_members_of_gzip_are_joined() -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    async with RawServer(lambda _: page(body, "Content-Encoding: GZip")) as server:
        answer = await local_client().get(read_address(server.url))
    assert (answer.body, answer.is_cut) == (b"one two", False)


async def test_a_packed_body_that_breaks_off_is_told() -> None:
    whole = gzip.compress(" ".join(map(str, range(5_000))).encode())
    async with RawServer(lambda _: page(whole[:-20], "Content-Encoding: gzip")) as server:
        answer = await local_client().get(read_address(server.url))
    assert answer.is_cut
    assert answer.body.startswith(b"0 1 2 3")
    async with RawServer(lambda _: page(b"", "Content-Encoding: gzip")) as server:
        answer = await local_client().get(read_address(server.url))
    assert (answer.body, answer.is_cut) == (b"", False)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"x", "Content-Encoding: br"), "packed as 'br'"),
        (page(b"x", "Content-Encoding: gzip, gzip"), "which was not asked for"),
        (page(b"not gzip at all", "Content-Encoding: gzip"), "damaged"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"], "broke off"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhalf"], "not HTTP"),
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "not HTTP"),
        ([b"\0\xff" * 100], "not HTTP"),
        ([], "broke off"),
    ],
)
async def test_what_is_no_sound_answer_is_told(answer: list[Step], words: str) -> None:
    async with RawServer(lambda _: answer) as server:
        with pytest.raises(ToolError, match=words):
            await local_client().get(read_address(server.url))


async def test_headers_without_an_end_are_left() -> None:
    async with RawServer(headers_for_ever) as server:
        with pytest.raises(ToolError, match="not HTTP"):
            await local_client().get(read_address(server.url))


async def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(ToolError, match="could not be reached"):
        await local_client().get(read_address(f"http://127.0.0.1:{port}/"))


# -- certificates -----------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a name, signed by itself, and its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def serving(path: Path, greeted: list[str | None] | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    if greeted is not None:
        context.sni_callback = lambda _, name, __: greeted.append(name)
    return context


async def test_a_host_is_greeted_and_verified_by_its_name_though_reached_by_number(
    tmp_path: Path,
) -> None:
    path = certificate(tmp_path, "good.example")
    greeted: list[str | None] = []
    client = WebClient(
        guard=loopback_only,
        resolve=Names(good_example=["127.0.0.1"]),
        trusted=ssl.create_default_context(cafile=str(path)),
    )
    async with RawServer(lambda _: html("here"), serving(path, greeted)) as server:
        answer = await client.get(read_address(f"https://good.example:{server.port}/"))
    assert answer.body == b"here"
    assert greeted == ["good.example"]
    assert f"Host: good.example:{server.port}" in server.heads[0]


async def test_a_certificate_for_another_name_is_not_believed(tmp_path: Path) -> None:
    path = certificate(tmp_path, "good.example")
    client = WebClient(
        guard=loopback_only,
        resolve=Names(evil_example=["127.0.0.1"]),
        trusted=ssl.create_default_context(cafile=str(path)),
    )
    async with RawServer(lambda _: html("here"), serving(path)) as server:
        with pytest.raises(ToolError, match="certificate that cannot be trusted"):
            await client.get(read_address(f"https://evil.example:{server.port}/"))
    assert server.heads == []


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, "self.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    client = local_client(Names(self_example=["127.0.0.1"]))
    async with RawServer(lambda _: html("here"), serving(path)) as server:
        with pytest.raises(ToolError, match="certificate that cannot be trusted"):
            await client.get(read_address(f"https://self.example:{server.port}/"))
    assert server.heads == []


async def test_a_server_without_tls_is_told() -> None:
    async with RawServer(lambda _: html("here")) as server:
        with pytest.raises(ToolError, match=r"127\.0\.0\.1"):
            await local_client().get(read_address(f"https://127.0.0.1:{server.port}/"), 1)


async def test_what_a_server_sends_is_not_read_on_the_callers_thread() -> None:
    names = Threads()
    async with RawServer(lambda _: html("ok")) as server:
        await local_client(names).get(read_address(f"http://a.example:{server.port}/"))
    assert names.seen
    assert threading.current_thread() not in names.seen


@pytest.mark.parametrize(
    ("head", "flood"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 5_000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
    ],
)
async def test_a_flood_of_tiny_pieces_is_left_in_time_and_when_cancelled(
    head: bytes, flood: bytes
) -> None:
    flooding = asyncio.Event()

    def say(_: str) -> Iterator[Step]:
        flooding.set()
        return itertools.chain([head], itertools.repeat(flood))

    async with RawServer(say) as server:
        address = read_address(server.url)
        with pytest.raises(ToolError, match="took too long"):
            await local_client(most_bytes=10**9).get(address, 0.2)
        flooding.clear()
        asked = asyncio.create_task(local_client(most_bytes=10**9).get(address))
        await flooding.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

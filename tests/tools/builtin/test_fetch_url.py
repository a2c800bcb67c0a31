"""What stands at an address, fetched from real servers on loopback, with everything permitted."""

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest

from conduit_tui.core.consent import Act
from conduit_tui.core.message import ToolResult
from conduit_tui.core.rule import Rule, fits, verdict
from conduit_tui.tools.builtin.fetch_url import CHARACTERS, fetch_url
from conduit_tui.tools.page_markdown import Page, page_as_markdown
from conduit_tui.tools.tool import Denied
from conduit_tui.tools.toolbox import Toolbox
from conduit_tui.tools.web_client import WebClient
from tests.servers.raw import RawServer, Step, html, page, redirect
from tests.tools.bench import Permitted
from tests.tools.web import Names, local_client

PAGE = """<!doctype html><html><head><title> The &lt;title&gt;
 of it</title><style>p{}</style></head><body><script>var secret</script><nav>menu</nav>
<h1>Head</h1><p>Words with a <a href="../up?q#f">link</a> and <b>weight</b>.</p>
<img src="data:image/png;base64,AAAA"><ul><li>one</ul></body></html>"""


def permitted(client: WebClient | None = None, seconds: float = 10.0) -> Permitted:
    return Permitted(Toolbox([fetch_url(client or local_client(), seconds)]))


class OnlyOnce(Permitted):
    """Permits the first act."""

    async def permit(self, act: Act) -> None:
        await super().permit(act)
        self.denied.add(act.tool)


class Ruled(Permitted):
    """Permits what no rule denies."""

    def __init__(self, *rules: Rule) -> None:
        super().__init__(Toolbox([fetch_url(local_client())]))
        self._rules = rules

    async def permit(self, act: Act) -> None:
        await super().permit(act)
        if verdict(self._rules, act) == "deny":
            raise Denied("A rule denies it.")


async def fetched(desk: Permitted, url: str, **more: object) -> ToolResult:
    return await desk.call("fetch_url", json.dumps({"url": url, **more}))


async def served(*steps: Step, **more: object) -> ToolResult:
    """What comes of one answer."""
    async with RawServer(lambda _: steps) as server:
        return await fetched(permitted(), f"{server.url}/dir/page", **more)


def saying(**answers: Iterable[Step]) -> Callable[[str], Iterable[Step]]:
    """Answers by the first word of the path."""
    return lambda head: answers[head.split(" ")[1].strip("/").partition("/")[0] or "root"]


# -- pages ------------------------------------------------------------------------------------


async def test_a_page_becomes_markdown_with_its_title_on_top_and_whole_links() -> None:
    async with RawServer(lambda _: html(PAGE)) as server:
        result = await fetched(permitted(), f"{server.url}/dir/page")
    assert not result.is_error
    first, _, title, *rest = result.output.splitlines()
    assert first.startswith(f"[From {server.url}/dir/page. Text from outside: ")
    assert title == "# The <title> of it"
    text = "\n".join(rest)
    assert f"[link]({server.url}/up?q#f)" in text
    assert "**weight**" in text
    assert "- one" in text
    for dropped in ("secret", "p{}", "menu", "base64"):
        assert dropped not in text


async def test_a_long_text_is_read_on_where_it_was_cut() -> None:
    body = "".join(f"line {number}\n" for number in range(8_000))
    steps = page(body.encode(), "Content-Type: text/plain")
    first = await served(*steps)
    assert f"Read on with start={CHARACTERS}." in first.output
    second = await served(*steps, start=CHARACTERS)
    parts = [each.output.split("\n\n", 1)[1].split("\n\n[Cut")[0] for each in (first, second)]
    assert "".join(parts) == body[: 2 * CHARACTERS]
    beyond = await served(*steps, start=10_000_000)
    assert beyond.is_error
    assert "has only" in beyond.output


async def test_a_text_that_was_not_read_to_its_end_says_so() -> None:
    async with RawServer(lambda _: page(b"x" * 5_000, "Content-Type: text/plain")) as server:
        result = await fetched(permitted(local_client(most_bytes=100)), server.url)
    assert "only the first 100 bytes were read" in result.output


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        ("smörgås".encode(), ["Content-Type: text/plain; charset=utf-8"], "smörgås"),
        ("smörgås".encode(), ["Content-Type: text/plain"], "smörgås"),
        ("smörgås".encode("latin-1"), ["Content-Type: text/plain"], "smörgås"),
        (
            "smörgås".encode("latin-1"),
            ['Content-Type: text/x; charset="ISO-8859-1"'],
            "smörgås",
        ),
        ("smörgås".encode("utf-16"), ["Content-Type: text/plain"], "smörgås"),
        ("smörgås".encode("utf-16-be"), ["Content-Type: text/x; charset=utf-16be"], "smörgås"),
        ("smörgås".encode("utf-8-sig"), ["Content-Type: text/plain; charset=latin1"], "smörgås"),
        (b"plain ASCII", ["Content-Type: text/plain; charset=utf-16"], "plain ASCII"),
        ("漢字".encode("shift_jis"), ["Content-Type: text/plain; charset=Shift_JIS"], "漢字"),
        (b"a\xffb", ["Content-Type: text/plain; charset=utf-8"], "a\ufffdb"),
        (b"a\xffb", ["Content-Type: text/plain; charset=punycode"], "aÿb"),
        (b"abc", ["Content-Type: text/plain; charset=../../etc"], "abc"),
        (b"abc", ["Content-Type: text/plain; charset=zlib"], "abc"),
        (b"<p>abc", [], "<p>abc"),
        (b"<html><p>abc", [], "abc"),
        (b"{}", ["Content-Type: application/vnd.api+json"], "{}"),
        (b"", ["Content-Type: text/plain"], "no text in it"),
        ("<meta charset=koi8-r><p>да".encode("koi8-r"), ["Content-Type: text/html"], "да"),
        ("<meta charset=utf-16><p>да".encode(), ["Content-Type: text/html"], "да"),
    ],
)
async def test_texts_are_spelled_out_by_what_is_known_of_them(
    body: bytes, headers: list[str], words: str
) -> None:
    result = await served(*page(body, *headers))
    assert not result.is_error, result.output
    assert result.output.split("\n\n", 1)[1].strip("().").endswith(words)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (page(b"\x89PNG", "Content-Type: image/png"), "'image/png', which is no text"),
        (page(b"%PDF", "Content-Type: application/pdf"), "'application/pdf', which is no text"),
        (page(b"x", "Content-Type: application/octet-stream"), "which is no text"),
        (page(b"x", "Content-Type: text/event-stream"), "which is no text"),
        (page(b"a\0b", "Content-Type: text/plain"), "binary, not text"),
        (page(b"a\0b"), "binary, not text"),
        (page(b"no", status="404 Not Found"), "404: there is no such page"),
        (page(b"no", "Retry-After: 30", status="429 Slow"), "asked too often, and wants 30 s"),
        (page(b"no", "Retry-After: soon", status="503 Down"), "503: it failed."),
        (page(b"no", status="418 Teapot"), "answered 418."),
    ],
)
async def test_what_cannot_be_read_is_told(steps: list[Step], words: str) -> None:
    result = await served(*steps)
    assert result.is_error
    assert words in result.output


@pytest.mark.parametrize("url", ["", "example.com", "file:///etc/passwd", "https://a:b@c.d/"])
async def test_no_address_of_the_web_is_an_error_and_nobody_is_asked(url: str) -> None:
    desk = permitted()
    result = await fetched(desk, url)
    assert result.is_error
    assert desk.acts == []


# -- what is asked ----------------------------------------------------------------------------


async def test_the_whole_normal_address_is_asked_about_before_anything_is_looked_up() -> None:
    names = Names(a_example=["127.0.0.1"])
    desk = permitted(local_client(names))
    desk.denied.add("fetch_url")
    result = await fetched(desk, "HTTPS://A.example:443/x/../secret?data=hunter2#f")
    assert result.is_error
    assert names.asked == []
    (act,) = desk.acts
    assert (act.effect, act.subject) == ("network", "https://a.example/secret?data=hunter2")
    assert act.wider == "https://a.example/**"
    assert act.warnings == ()
    assert fits(act.wider, "https://a.example/other")
    assert not fits(act.wider, "https://a.example.evil.example/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://a.example/", "Not encrypted"),
        ("https://a.example:8443/", "Port 8443"),
        ("https://1.1.1.1/", "bare IP address"),
        (f"https://a.example/?{'x' * 400}", "it sends data"),
    ],
)
async def test_what_is_unusual_about_an_address_is_said(url: str, words: str) -> None:
    desk = permitted(WebClient(resolve=Names()))
    desk.denied.add("fetch_url")
    await fetched(desk, url)
    (act,) = desk.acts
    assert words in " ".join(act.warnings)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "169.254.169.254"])
async def test_what_may_not_be_reached_is_refused_without_a_question(host: str) -> None:
    desk = Permitted(Toolbox([fetch_url()]))
    result = await fetched(desk, f"http://{host}/")
    assert "may not be reached" in result.output
    assert desk.acts == []


async def test_no_rule_about_a_directory_can_be_walked_out_of() -> None:
    desk = permitted(WebClient(resolve=Names()))
    await fetched(desk, "https://a.example/docs/../%2e%2E/secret")
    rule = Rule("allow", "fetch_url", "https://a.example/docs/**")
    assert not rule.fits(desk.acts[0])


# -- redirects --------------------------------------------------------------------------------


async def test_redirects_on_one_host_are_followed_and_the_last_address_is_named() -> None:
    say = saying(root=redirect("/b"), b=redirect("c", "308 P"), c=html("<p>here"))
    async with RawServer(say) as server:
        desk = permitted()
        result = await fetched(desk, server.url)
    assert result.output.startswith(f"[From {server.url}/c.")
    assert result.output.endswith("here")
    assert server.paths == ["/", "/b", "/c"]
    assert [act.follows for act in desk.acts] == [False, True, True]


async def test_a_redirect_within_a_place_is_held_against_rules() -> None:
    say = saying(root=redirect("/private/b"), private=html("<p>here"))
    async with RawServer(say) as server:
        desk = permitted()
        await fetched(desk, server.url)
    rules = [Rule("deny", "fetch_url", "**/private/**"), Rule("allow", "fetch_url")]
    assert [verdict(rules, act) for act in desk.acts] == ["allow", "deny"]
    rules = [Rule("ask", "fetch_url", "**/private/**"), Rule("allow", "fetch_url")]
    assert [verdict(rules, act) for act in desk.acts] == ["allow", "ask"]


async def test_a_redirect_on_one_host_to_a_path_that_is_denied_is_not_followed() -> None:
    async with RawServer(saying(root=redirect("/private/x"), private=html("secret"))) as server:
        desk = Ruled(Rule("deny", "fetch_url", "http://127.0.0.1:*/private/**"))
        result = await fetched(desk, server.url)
    assert result.is_error
    assert "secret" not in result.output
    assert server.paths == ["/"]


async def test_a_redirect_to_another_host_is_asked_about() -> None:
    async with (
        RawServer(lambda _: html("<p>there")) as other,
        RawServer(lambda _: redirect(f"{other.url}/x")) as server,
    ):
        desk = permitted()
        result = await fetched(desk, server.url)
    assert result.output.endswith("there")
    assert [act.subject for act in desk.acts] == [f"{server.url}/", f"{other.url}/x"]
    assert not desk.acts[1].follows
    assert f"{server.url} redirects here." in desk.acts[1].warnings


async def test_a_redirect_that_is_denied_is_not_followed() -> None:
    async with (
        RawServer(lambda _: html("<p>there")) as other,
        RawServer(lambda _: redirect(f"{other.url}/?stolen=words")) as server,
    ):
        desk = OnlyOnce(Toolbox([fetch_url(local_client())]))
        result = await fetched(desk, server.url)
    assert result.is_error
    assert "The person said no." in result.output
    assert other.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://127.2/", "http://[::1]/"),
        *("http://localhost/", "http://metadata.google.internal/", "http://2852039166/"),
        *("http://[::ffff:169.254.169.254]/", "//10.0.0.1/", "http://[fd00:ec2::254]/"),
    ],
)
async def test_a_redirect_inside_is_refused_without_a_question(location: str) -> None:
    names = Names(a_example=["127.0.0.1"])
    async with RawServer(lambda _: redirect(location)) as server:
        desk = permitted(local_client(names))
        result = await fetched(desk, f"http://a.example:{server.port}/")
    assert result.is_error
    assert "may not be reached" in result.output
    assert len(desk.acts) == 1
    assert server.connections == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("file:///etc/passwd", "no address of the web"),
        ("ftp://a.example/", "no address of the web"),
        ("http://u:p@a.example/", "user name or a password"),
        ("/a\tb", "redirects to what is no address"),
        ("/again", "redirects more than 5 times"),
    ],
)
async def test_a_redirect_that_leads_nowhere_is_told(location: str, words: str) -> None:
    async with RawServer(lambda _: redirect(location)) as server:
        result = await fetched(permitted(), server.url)
    assert words in result.output
    assert server.connections <= 6


async def test_the_time_is_for_all_redirects_together() -> None:
    gate = asyncio.Event()
    say = saying(root=[gate, *redirect("/b")], b=[None])
    async with RawServer(say) as server:
        loop = asyncio.get_running_loop()
        loop.call_later(0.15, gate.set)
        began = loop.time()
        result = await fetched(permitted(seconds=0.3), server.url)
        assert loop.time() - began < 0.45
    assert "took too long" in result.output


async def test_a_fetch_that_is_cancelled_leaves_the_server() -> None:
    reached = asyncio.Event()

    def say(_: str) -> Iterable[Step]:
        reached.set()
        return [None]

    async with RawServer(say) as server:
        task = asyncio.create_task(fetched(permitted(), server.url))
        await asyncio.wait_for(reached.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# -- hostile pages ----------------------------------------------------------------------------


def filled(piece: str, size: int = 2_000_000) -> str:
    return piece * (size // len(piece))


@pytest.mark.parametrize(
    "body",
    [
        filled("<div>"),
        filled("<b><i></b></i>"),
        filled("<!--"),
        f"<p {filled('a=b ')}>x",
        "<table><tr><td colspan=1000000000 rowspan=1000000000>x",
        f"<title>{filled('a')}",
        "<title " * 20_000,
        filled("<"),
    ],
    ids=lambda body: body[:20],
)
async def test_a_hostile_page_ends_in_an_answer(body: str) -> None:
    result = await served(*html(body))
    assert not result.is_error or "built so that it takes too" in result.output
    assert len(result.output) < CHARACTERS + 2_000


async def test_a_page_that_takes_for_ever_is_given_up_and_its_process_with_it() -> None:
    with pytest.raises(Exception, match="too long to read"):
        await page_as_markdown(filled("<a><b><table>"), "https://a.b/", 0, 100, {}, 0.3)
    assert children() == []


@pytest.mark.parametrize(("seconds", "least", "most"), [(30, 8, 8), (5, 3, 5), (1, 2, 2)])
async def test_a_page_has_the_time_that_its_fetching_left(
    monkeypatch: pytest.MonkeyPatch, seconds: float, least: float, most: float
) -> None:
    given: list[float] = []

    async def reading(*arguments: object) -> Page:
        given.append(float(str(arguments[-1])))
        return Page("", "words", 5)

    monkeypatch.setattr("conduit_tui.tools.builtin.fetch_url.page_as_markdown", reading)
    async with RawServer(lambda _: html("<p>x")) as server:
        await fetched(permitted(seconds=seconds), server.url)
    assert least <= given[0] <= most


async def test_a_page_whose_reading_is_cancelled_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = asyncio.Event()
    start = asyncio.create_subprocess_exec

    async def starting(*arguments: str, **more: object) -> asyncio.subprocess.Process:
        process = await start(*arguments, **more)  # type: ignore[arg-type]
        started.set()
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
    hostile = filled("<a><b><table>")
    reading = asyncio.create_task(page_as_markdown(hostile, "https://a.b/", 0, 100, {}))
    await asyncio.wait_for(started.wait(), 60)
    assert children()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == []


async def test_a_page_that_wants_too_much_memory_is_given_up() -> None:
    cells = "<td colspan=1000 rowspan=1000>x</td>" * 40_000
    with pytest.raises(Exception, match="too much to read"):
        await page_as_markdown(f"<table><tr>{cells}", "https://a.b/", 0, 100, {})


async def test_no_key_is_handed_to_the_process_that_reads_pages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import json, os, sys\nsys.stdin.read()\n"
        "print(json.dumps({'title': '', 'text': repr(dict(os.environ)), 'characters': 1}))\n"
    )
    monkeypatch.setattr("conduit_tui.tools.page_markdown._CHILD", spy)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-process")
    environ = {"BRAVE_API_KEY": "of-the-session", "LD_LIBRARY_PATH": "/lib"}
    read = await page_as_markdown("x", "https://a.b/", 0, 100, environ)
    assert "/lib" in read.text
    assert "sk-of-the-process" not in read.text
    assert "of-the-session" not in read.text


def children() -> list[int]:
    return [each.pid for each in psutil.Process().children() if "page_child" in str(each.cmdline())]

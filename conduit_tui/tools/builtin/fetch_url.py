"""What stands at an address of the web, as text: pages as Markdown."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.page_markdown import SECONDS as PAGE_SECONDS
from conduit_tui.tools.page_markdown import Page, page_as_markdown
from conduit_tui.tools.page_text import decoded, is_html, is_text_type, media_type
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tools.untrusted import untrusted
from conduit_tui.tools.web_address import WebAddress, read_address, read_redirect
from conduit_tui.tools.web_client import SECONDS, Answer, WebClient

MOST_REDIRECTS = 5
CHARACTERS = 40_000
"""How much of a text one call brings."""

_LEAST_PAGE_SECONDS = 2.0
"""For a page that came late: usual ones take a tenth of that."""
_LONG_ADDRESS = 300
_ACCEPT = (
    "text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.9, text/plain;q=0.8, "
    "application/json;q=0.8, application/xml;q=0.7, text/*;q=0.5"
)


def fetch_url(client: WebClient | None = None, seconds: float = SECONDS) -> Tool:
    """Return the tool. `client` decides what may be reached; `seconds` are for all redirects, and
    what they leave is for the page that was found.
    """
    web = client or WebClient()

    async def fetch_url(
        context: ToolContext,
        url: Annotated[str, "The whole address, beginning with https:// or http://."],
        start: Annotated[
            int, Field(ge=0), "Where to begin, in characters; to read on in a long text."
        ] = 0,
    ) -> str:
        """Fetch a public web page or text file. Pages come as Markdown."""
        answer, left = await _follow(web, context, read_address(url), seconds)
        if answer.status >= 400:
            raise ToolError(f"{answer.address} answered {_status(answer)}.")
        page = await _text(answer, start, context.surroundings.environ, left)
        return untrusted(str(answer.address), _told(answer, page, start))

    return tool(fetch_url, effect="network", asks_itself=True)


async def _follow(
    web: WebClient, context: ToolContext, address: WebAddress, seconds: float
) -> tuple[Answer, float]:
    """Ask, and follow redirects; return how many seconds are left, too.

    One to another place is permitted like the first address.

    One on the same host follows what was permitted, but a rule may deny where it leads.
    """
    clock = asyncio.get_running_loop().time
    before: WebAddress | None = None
    for _ in range(MOST_REDIRECTS + 1):
        web.check(address)
        await context.permit(_act(address, before))
        began = clock()
        answer = await web.get(address, seconds, {"Accept": _ACCEPT})
        seconds -= clock() - began
        if answer.location is None:
            return answer, seconds
        before, address = address, read_redirect(address, answer.location)
    raise ToolError(f"{before} redirects more than {MOST_REDIRECTS} times.")


def _is_same_place(before: WebAddress, address: WebAddress) -> bool:
    """Whether what was permitted covers a redirect: the same host, and not less protected."""
    if before.origin == address.origin:
        return True
    usual = before.has_usual_port and address.has_usual_port
    return usual and before.host == address.host and address.scheme == "https"


def _act(address: WebAddress, before: WebAddress | None) -> Act:
    warnings: list[str] = []
    if before is not None:
        warnings.append(f"{before.origin} redirects here.")
    if address.scheme == "http":
        warnings.append("Not encrypted: others on the way can read and change it.")
    if not address.has_usual_port:
        warnings.append(f"Port {address.port} is an unusual one.")
    if address.ip is not None:
        warnings.append("The host is a bare IP address.")
    if len(str(address)) > _LONG_ADDRESS:
        warnings.append(f"The address is long ({len(str(address)):,} characters): it sends data.")
    wider = f"{address.origin}/**"
    follows = before is not None and _is_same_place(before, address)
    return Act(
        "fetch_url",
        "network",
        str(address),
        wider=wider,
        warnings=tuple(warnings),
        follows=follows,
    )


async def _text(answer: Answer, start: int, environ: Mapping[str, str], seconds: float) -> Page:
    content_type = answer.headers.get("content-type", "")
    kind = media_type(content_type)
    if not is_text_type(kind):
        raise ToolError(f"{answer.address} is {kind[:80]!r}, which is no text.")
    is_page = is_html(kind, answer.body)
    text = await asyncio.to_thread(decoded, answer.body, content_type, page=is_page)
    if is_page:
        within = min(PAGE_SECONDS, max(seconds, _LEAST_PAGE_SECONDS))
        return await page_as_markdown(text, str(answer.address), start, CHARACTERS, environ, within)
    return Page("", text[start : start + CHARACTERS], len(text))


def _told(answer: Answer, page: Page, start: int) -> str:
    if start and start >= page.characters:
        raise ToolError(f"{answer.address} has only {page.characters:,} characters.")
    lines = [f"# {page.title}", ""] if page.title and not start else []
    lines.append(page.text or "(There is no text in it.)")
    end = start + len(page.text)
    if end < page.characters:
        lines += [
            "",
            f"[Cut here: {end} of {page.characters} characters. Read on with start={end}.]",
        ]
    elif answer.is_cut:
        lines += ["", f"[Cut here: only the first {len(answer.body):,} bytes were read.]"]
    return "\n".join(lines)


def _status(answer: Answer) -> str:
    words = {
        401: "401: it wants a login",
        403: "403: it refuses to show this",
        404: "404: there is no such page",
        410: "410: the page is gone",
        429: "429: it was asked too often",
    }
    usual = f"{answer.status}: it failed" if answer.status >= 500 else str(answer.status)
    later = answer.headers.get("retry-after", "")
    wait = f", and wants {later} s of rest" if later.isdecimal() and len(later) < 7 else ""
    return words.get(answer.status, usual) + wait

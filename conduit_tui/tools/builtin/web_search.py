"""Searches the web through Brave, with a key of the person's.

https://api-dashboard.search.brave.com/api-reference/web/search/get
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field

from conduit_tui.core.consent import Act
from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.brave_answer import failure, read_results, results_text, without_key
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tools.untrusted import untrusted
from conduit_tui.tools.web_address import WebAddress, read_address
from conduit_tui.tools.web_client import SECONDS, Answer, WebClient

BASE_URL = "https://api.search.brave.com"
MOST_CHARACTERS = 400
MOST_WORDS = 50
MOST_RESULTS = 20
MOST_BYTES = 500_000
"""Of an answer, which is JSON and read at once; 20 results have a fifth of it."""

_PATH = "/res/v1/web/search"
_FRESHNESS = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}


def web_search(
    environ: Mapping[str, str], client: WebClient | None = None, seconds: float = SECONDS
) -> Tool:
    """Return the tool, which lacks something while the environment holds no usable key.

    A base URL of the person's own may be anywhere, also on this machine.
    """
    key, base, lacks = _configured(environ)
    is_usual = base == BASE_URL
    web = client or (
        WebClient(most_bytes=MOST_BYTES)
        if is_usual
        else WebClient(guard=_anywhere, refuses_local_names=False, most_bytes=MOST_BYTES)
    )

    async def web_search(
        context: ToolContext,
        query: Annotated[str, "What to look for, as typed into a search engine."],
        count: Annotated[int, Field(ge=1, le=MOST_RESULTS), "How many results."] = 10,
        offset: Annotated[int, Field(ge=0, le=9), "Which page of results; the first is 0."] = 0,
        country: Annotated[
            str | None, Field(pattern="^([A-Za-z]{2}|ALL)$"), "Two letters, such as NO."
        ] = None,
        freshness: Annotated[
            Literal["day", "week", "month", "year"] | None, "How old pages may be at most."
        ] = None,
    ) -> str:
        """Search the web. Returns titles, addresses and snippets; fetch_url reads pages."""
        if lacks:
            raise ToolError(f"{lacks}.")
        words = _sound_query(query)
        warnings = () if is_usual else (f"Searches go to {base} (BRAVE_BASE_URL).",)
        await context.permit(Act("web_search", "network", words, wider="**", warnings=warnings))
        asked = {"q": words, "count": count, "offset": offset, "text_decorations": "false"}
        asked |= {"country": country.upper()} if country else {}
        asked |= {"freshness": _FRESHNESS[freshness]} if freshness else {}
        address = _address(base, urlencode({**asked, "result_filter": "web"}))
        headers = {"X-Subscription-Token": key.reveal(), "Accept": "application/json"}
        answer = await web.get(address, seconds, headers)
        found = await asyncio.to_thread(_told, answer, key, count)
        return untrusted(f"Brave Search, for {words!r}", found)

    return tool(web_search, effect="network", asks_itself=True, lacks=lacks)


def _told(answer: Answer, key: Secret, count: int) -> str:
    """What was found, without the key, whatever the server sends back. Raises ToolError."""
    if answer.status != 200:
        raise ToolError(without_key(failure(answer), key))
    return without_key(results_text(read_results(answer)[:count]), key)


def _configured(environ: Mapping[str, str]) -> tuple[Secret, str, str]:
    """The key, the base URL, and what is wrong with either."""
    key = environ.get("BRAVE_API_KEY", "").strip()
    base = environ.get("BRAVE_BASE_URL", "").strip().rstrip("/") or BASE_URL
    if not key:
        return Secret(""), base, "BRAVE_API_KEY is not set"
    if not key.isascii() or not key.isprintable() or " " in key:
        return Secret(""), base, "BRAVE_API_KEY is no key: it holds spaces or odd characters"
    try:
        _address(base, "")
    except ToolError:
        return Secret(""), base, "BRAVE_BASE_URL is no address of the web"
    return Secret(key), base, ""


def _address(base: str, query: str) -> WebAddress:
    """Where to ask; a base may already hold the version, or the whole path."""
    ends = ("/res/v1/web/search", "/res/v1/web", "/res/v1")
    missing = next((_PATH[len(end) :] for end in ends if base.endswith(end)), _PATH)
    return read_address(f"{base}{missing}?{query}")


def _sound_query(query: str) -> str:
    """The query in one line. Raises ToolError for one that Brave does not take."""
    words = query.split()
    line = " ".join(words)
    if not line or not line.isprintable():
        raise ToolError("The query is empty, or holds characters that cannot be seen.")
    if len(line) > MOST_CHARACTERS or len(words) > MOST_WORDS:
        raise ToolError(
            f"The query has {len(line):,} characters and {len(words)} words; at most "
            f"{MOST_CHARACTERS} and {MOST_WORDS} are allowed. Say it in fewer."
        )
    return line


def _anywhere(_: object) -> str:
    return ""

"""What Brave Search answers: results as text, and failures in words.

https://api-dashboard.search.brave.com/app/documentation/web-search/responses
"""

import html
import json
import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.tools.web_client import Answer

_LONGEST_SNIPPET = 600
_LONGEST_TITLE = 200
_LONGEST_DETAIL = 300
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a search; `age` as Brave says it, such as "2 days ago"."""

    title: str
    url: str
    snippet: str
    age: str = ""


def read_results(answer: Answer) -> tuple[Found, ...]:
    """Read the results of the web. Raises ToolError for what is no answer of Brave's."""
    if answer.is_cut:
        raise ToolError(f"{answer.address.host} sent more than a search can be, or broke off.")
    said = _object(_parsed(answer.body))
    if said is None:
        raise ToolError(f"{answer.address.host} did not answer as Brave Search does.")
    web = _object(said.get("web"))
    rows = web.get("results") if web is not None else None
    objects = (_object(row) for row in rows) if isinstance(rows, list) else ()
    found = (_found(row) for row in objects if row is not None)
    return tuple(each for each in found if each.url)


def results_text(found: tuple[Found, ...]) -> str:
    """Return results as a numbered list."""
    if not found:
        return "Nothing was found."
    return "\n\n".join(_lines(number, each) for number, each in enumerate(found, 1))


def failure(answer: Answer) -> str:
    """Return a failure in words, with what the server says of it."""
    code, detail = _error(answer.body)
    detail = f": {detail}" if detail else ""
    match answer.status:
        case 401 | 403:
            words = f"Brave Search refuses the key in BRAVE_API_KEY ({answer.status})"
        case _ if "TOKEN" in code:
            words = f"Brave Search refuses the key in BRAVE_API_KEY ({answer.status})"
        case 400 | 422:
            words = f"Brave Search does not take this search ({answer.status}){detail}"
        case 402:
            words = f"Brave Search wants to be paid first (402){detail}"
        case 429:
            words = (
                f"Brave Search was asked too often, or its quota is used up (429){_wait(answer)}"
            )
        case status if status >= 500:
            words = f"Brave Search failed ({status}); try again later"
        case status if 300 <= status < 400:
            words = f"{answer.address.host} redirects elsewhere ({status}), which is not followed"
        case status:
            words = f"Brave Search answered {status}{detail}"
    return f"{words}."


def without_key(text: str, key: Secret) -> str:
    """Take the key out of a text, as it is and as it stands in an address."""
    for secret in {key.reveal(), quote(key.reveal(), safe="")} - {""}:
        text = text.replace(secret, "***")
    return text


def _lines(number: int, found: Found) -> str:
    age = f" ({found.age})" if found.age else ""
    lines = [f"{number}. {found.title or found.url}{age}", f"   {found.url}"]
    return "\n".join([*lines, f"   {found.snippet}"] if found.snippet else lines)


def _found(row: dict[str, Json]) -> Found:
    url = _text(row.get("url"), 2_000)
    return Found(
        title=_plain(row.get("title"), _LONGEST_TITLE),
        url=url if re.match("https?://[^\\s]+$", url) else "",
        snippet=_plain(row.get("description"), _LONGEST_SNIPPET),
        age=_plain(row.get("age"), 40) or _plain(row.get("page_age"), 40).partition("T")[0],
    )


def _error(body: bytes) -> tuple[str, str]:
    """The code and the words of an error, where the body holds one of Brave's."""
    said = _object(_parsed(body)) or {}
    error = _object(said.get("error")) or {}
    return _text(error.get("code"), 100), _plain(error.get("detail"), _LONGEST_DETAIL)


def _wait(answer: Answer) -> str:
    """When to ask again; Brave tells the windows of all its limits, the shortest first."""
    told = answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-reset", "")
    seconds = told.partition(",")[0].strip()
    is_count = seconds.isascii() and seconds.isdecimal() and len(seconds) < 9
    return f"; ask again in {int(seconds)} s" if is_count else "; ask again later"


def _parsed(body: bytes) -> Json:
    try:
        return without_surrogates(cast("Json", json.loads(body)))
    except (ValueError, RecursionError):
        return None


def _object(value: Json) -> dict[str, Json] | None:
    return value if isinstance(value, dict) else None


def _text(value: Json, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""


def _plain(value: Json, most: int) -> str:
    """Text in one line: tags go, and only then entities become what they stand for."""
    text = html.unescape(_TAG.sub("", _text(value, 4 * most)))
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

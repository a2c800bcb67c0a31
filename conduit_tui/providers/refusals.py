"""Reads what a server said when it refused a request.

Bodies differ: `{"error": {"message", "code", "type"}}`, `{"error": "..."}`, `{"detail": ...}`,
a list around one of these (Google), plain text, a web page of some proxy. They may echo the
request or the key, so they are cut short and what looks like a key is struck out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.overlong import overlong
from conduit_tui.providers.shapes import as_list, as_object, as_text
from conduit_tui.providers.waits import asked_wait

SHORTEST_KEY = 6
"""Characters of a key worth hiding; `none` and the like, for servers without keys, are words."""

MOST_QUOTED = 300
"""Characters of a server's own words that are shown."""

_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|pplx|hf|nvapi|csk|key)[-_][\w*.-]{6,}|AIza[\w*.-]{6,}"
    r"|eyJ[\w-]{6,}\.[\w.-]{6,})"
    r"|(?i:bearer)\s+\S{6,}"
)
_DEEPEST = 5
_SENTENCES = (
    *("message", "detail", "msg", "error", "errors", "error_msg", "error_message"),
    *("base_resp", "status_msg", "title"),
)
"""The fields that hold a sentence, or something that does; the first one counts."""

_MOST_READ = 100_000  # characters: patterns are not run over megabytes
_MOST_SENTENCES = 4_000
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_IS_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_STATUS_OF_TYPE = {
    "insufficient_quota": 429,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "resource_exhausted": 429,
    "overloaded_error": 529,
    "server_is_overloaded": 503,
    "slow_down": 503,
    "service_unavailable": 503,
    "unavailable": 503,
    "deadline_exceeded": 504,
    "timeout_error": 504,
    "server_error": 500,
    "internal_server_error": 500,
    "api_error": 500,
    "internal": 500,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "unauthenticated": 401,
    "billing_error": 402,
    "permission_error": 403,
    "permission_denied": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "not_found": 404,
    "request_too_large": 413,
    "context_length_exceeded": 400,
    "invalid_prompt": 400,
    "invalid_request_error": 400,
    "invalid_argument": 400,
}
"""The status behind a word in an error that came without one; the first that is there counts."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A server's no: its status (None inside a stream), its own words, and the marks it gave.

    `tokens` is the size of a conversation that is too long, `window` what would fit.
    """

    status: int | None
    words: str
    marks: frozenset[str] = frozenset()
    retry_after_seconds: float | None = None
    location: str = ""
    is_page: bool = False
    tokens: int | None = None
    window: int | None = None


def read_refusal(
    endpoint: Endpoint, body: Json, status: int | None, headers: Mapping[str, str]
) -> Refusal:
    """Make sense of a body (text, or JSON already parsed) and the headers it came with."""
    value = _parsed(body)
    if isinstance(value, list):
        value = value[0] if value else None
    error = as_object(value).get("error") or value
    words = _message(error)[:_MOST_READ]
    if is_page := _is_page(words):
        words = _page_words(words)
    marks = {as_text(as_object(error).get(name)).lower() for name in ("code", "type", "status")}
    if _is_daily(error):
        marks.add("per_day")
    if status is None:
        status = _status_inside(as_object(error), marks)
    tokens, window = overlong(words[:_MOST_SENTENCES], error)
    return Refusal(
        status=status,
        words=quotable(words, endpoint),
        marks=frozenset(marks - {""}),
        retry_after_seconds=asked_wait(
            {**_forwarded(error), **headers}, error, words[:_MOST_SENTENCES]
        ),
        location=quotable(headers.get("location", ""), endpoint),
        is_page=is_page,
        tokens=tokens,
        window=window,
    )


def quotable(text: str, endpoint: Endpoint) -> str:
    """Return text from a server on one line, harmless, without keys, and not too long."""
    key = endpoint.api_key.reveal() if endpoint.api_key else ""
    text = text.replace(key, "***") if len(key) >= SHORTEST_KEY else text
    text = text[: MOST_QUOTED * 10]  # patterns are not run over megabytes
    text = clean_line(_KEY_LIKE.sub("***", text)).strip()
    text = re.sub(r"\s{2,}", " ", text)
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1].rstrip()}…"


def _parsed(body: Json) -> Json:
    if not isinstance(body, str):
        return body
    try:
        return cast("Json", json.loads(body))
    except (ValueError, RecursionError):
        return body


def _is_page(text: str) -> bool:
    return bool(_IS_PAGE.match(text) or _TITLE.search(text[:2000]))


def _page_words(text: str) -> str:
    title = _TITLE.search(text)
    words = title[1].strip() if title else ""
    return f"a web page titled {words!r}" if words else "a web page"


def _message(error: Json, depth: int = 0) -> str:
    """The sentence in an error, in whatever field it is."""
    if isinstance(error, str):
        return _unquoted(error, depth)
    fields = as_object(error)
    for name in _SENTENCES:
        value = fields.get(name)
        if isinstance(value, dict | list) and depth < _DEEPEST:
            inner = (_message(one, depth + 1) for one in as_list(value) or [value])
            value = "; ".join(filter(None, inner))
        if words := as_text(value):
            return _unquoted(words, depth) + _behind(fields, depth)
    try:
        return json.dumps(error, ensure_ascii=False) if error else ""
    except RecursionError:
        return "an error nested too deeply to be read"


def _unquoted(words: str, depth: int) -> str:
    """What a server behind a gateway said: some pass it on as JSON within a string."""
    if depth >= _DEEPEST or not words.lstrip().startswith("{"):
        return words
    inner = as_object(_parsed(words))
    return _message(inner.get("error") or inner, depth + 1) or words


def _behind(fields: dict[str, Json], depth: int) -> str:
    """What the server behind a router said: OpenRouter quotes it in `metadata.raw`."""
    raw = as_object(fields.get("metadata")).get("raw")
    if not raw or depth >= _DEEPEST:
        return ""
    value = as_object(_parsed(raw))
    words = _message(value.get("error") or value or as_text(raw), depth + 1)
    return f": {words}" if words else ""


def _status_inside(error: dict[str, Json], marks: set[str]) -> int | None:
    """The status an error inside a stream names by number or by word."""
    for name in ("code", "status", "status_code"):
        value = error.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    return next((status for word, status in _STATUS_OF_TYPE.items() if word in marks), None)


def _forwarded(error: Json) -> dict[str, str]:
    """Headers of its own that a router put into the body (OpenRouter)."""
    headers = as_object(as_object(as_object(error).get("metadata")).get("headers"))
    return {name: value for name, value in headers.items() if isinstance(value, str)}


def _is_daily(error: Json) -> bool:
    """Whether a quota of Google's is one of a whole day: its QuotaFailure names it so."""
    details = map(as_object, as_list(as_object(error).get("details")))
    violations = (one for detail in details for one in as_list(detail.get("violations")))
    return any("PerDay" in as_text(as_object(one).get("quotaId")) for one in violations)

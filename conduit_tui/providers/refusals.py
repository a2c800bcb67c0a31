"""Reads what a server said when it refused a request.

Bodies differ: `{"error": {"message", "code", "type"}}`, `{"error": "..."}`, `{"detail": ...}`,
a list around one of these (Google), plain text, a web page of some proxy. They may echo the
request or the key, so they are cut short and what looks like a key is struck out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_list, as_object, as_text

SHORTEST_KEY = 6
"""Characters of a key worth hiding; `none` and the like, for servers without keys, are words."""

MOST_QUOTED = 300
"""Characters of a server's own words that are shown."""

_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|pplx|hf|nvapi|csk|key)[-_][\w*.-]{6,}|AIza[\w*.-]{6,})"
    r"|(?i:bearer)\s+\S{6,}"
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_IS_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_STATUS_OF_TYPE = {
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "overloaded_error": 529,
    "server_error": 500,
    "internal_server_error": 500,
    "service_unavailable": 503,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "timeout_error": 504,
    "api_error": 500,
    "invalid_request_error": 400,  # last: some servers use it for everything, and say more by code
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A server's no: its status (None inside a stream), its own words, and the marks it gave."""

    status: int | None
    words: str
    marks: frozenset[str] = frozenset()
    retry_after_seconds: float | None = None
    location: str = ""
    is_page: bool = False


def read_refusal(
    endpoint: Endpoint, body: Json, status: int | None, headers: Mapping[str, str]
) -> Refusal:
    """Make sense of a body (text, or JSON already parsed) and the headers it came with."""
    value = _parsed(body)
    if isinstance(value, list):
        value = value[0] if value else None
    error = as_object(value).get("error", value)
    words = _page_words(value) if _is_page(value) else _message(error)
    marks = {as_text(as_object(error).get(name)).lower() for name in ("code", "type", "status")}
    if status is None:
        status = _status_inside(as_object(error), marks)
    return Refusal(
        status=status,
        words=quotable(words, endpoint),
        marks=frozenset(marks - {""}),
        retry_after_seconds=_retry_after(headers),
        location=quotable(headers.get("location", ""), endpoint),
        is_page=_is_page(value),
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


def _is_page(value: Json) -> bool:
    return isinstance(value, str) and bool(_IS_PAGE.match(value) or _TITLE.search(value[:2000]))


def _page_words(value: Json) -> str:
    title = _TITLE.search(as_text(value))
    words = title[1].strip() if title else ""
    return f"a web page titled {words!r}" if words else "a web page"


def _message(error: Json) -> str:
    """The sentence in an error, in whatever field it is."""
    if isinstance(error, str):
        return error
    fields = as_object(error)
    for name in ("message", "detail", "msg", "error", "title"):
        value = fields.get(name)
        if isinstance(value, dict | list):
            value = "; ".join(filter(None, map(_message, as_list(value) or [value])))
        if words := as_text(value):
            return words
    return json.dumps(error, ensure_ascii=False) if error else ""


def _status_inside(error: dict[str, Json], marks: set[str]) -> int | None:
    """The status an error inside a stream names by number or by word."""
    for name in ("code", "status", "status_code"):
        value = error.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    return next((status for mark, status in _STATUS_OF_TYPE.items() if mark in marks), None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `retry-after` in seconds or as a date."""
    if milliseconds := _number(headers.get("retry-after-ms", "")):
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,9})?\s*", value) else None

"""What a server said when it refused a request, as an error in words.

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
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
    RateLimited,
)
from conduit_tui.core.json import Json
from conduit_tui.providers.addresses import shown
from conduit_tui.providers.shapes import as_list, as_object, as_text

MOST_QUOTED = 300
"""Characters of a server's own words that are shown."""

RETRIED_STATUSES = frozenset({500, 502, 503, 529})

_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|pplx|hf|nvapi|csk|key)[-_][\w*.-]{6,}|AIza[\w*.-]{6,})"
    r"|(?i:bearer)\s+\S{6,}"
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_IS_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.?length|context.?window|context.?size|maximum context|prompt is too long"
    r"|too many (?:input )?tokens|token count.{0,60}exceed|reduce the length",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(
    r"(?:tool|function)s?[\w -]{0,30}(?:not supported|unsupported)"
    r"|(?:not|n't) support[\w -]{0,20}(?:tool|function)|tool choice requires",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model.{0,120}(?:not found|not exist|n't exist|not a valid|unknown|not supported for)"
    r"|(?:invalid|unknown|no such|not a valid) model",
    re.IGNORECASE | re.DOTALL,
)
_NO_QUOTA = {"insufficient_quota", "resource_exhausted", "billing_hard_limit_reached"}
_STATUS_OF_TYPE = {
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "overloaded_error": 529,
    "server_error": 500,
    "internal_server_error": 500,
    "service_unavailable": 503,
    "authentication_error": 401,
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


def refused(refusal: Refusal, endpoint: Endpoint, model: str) -> ProviderError:
    """Return the error that a refusal comes to, with a next step in its words."""
    name, status, words = repr(endpoint.name), refusal.status, refusal.words
    said = f"{f' ({status})' if status else ''}{f': {words}' if words else ''}"
    full = as_sentence(said)
    if "context_length_exceeded" in refusal.marks or (
        status in {400, 413, 422, 500} and _TOO_LONG.search(words)
    ):
        return ContextTooLong(
            f"The conversation does not fit {model!r}{full} Branch off from an earlier message, "
            "or choose a model with a larger context.",
            status=status,
        )
    if status in {401, 403}:
        return AuthenticationFailed(f"{_refused_key(endpoint, status)}{full}", status=status)
    if status == 402 or refusal.marks & _NO_QUOTA:
        return RateLimited(
            f"The quota or credit at {name} is used up{full} Waiting will not help; see its "
            "billing page, or choose another model.",
            status=status,
        )
    if status == 429:
        return RateLimited(
            f"{name} takes no more requests for now{full}",
            status=status,
            retry_after_seconds=refusal.retry_after_seconds,
            can_retry=True,
        )
    if status is not None and status >= 500:
        return Overloaded(
            f"{name} failed on its side{full} Try again, or choose another model.",
            status=status,
            retry_after_seconds=refusal.retry_after_seconds,
            can_retry=status in RETRIED_STATUSES,
        )
    return _request_refused(refusal, endpoint, model, full)


def _request_refused(refusal: Refusal, endpoint: Endpoint, model: str, full: str) -> ProviderError:
    name, status, words = repr(endpoint.name), refusal.status, refusal.words
    if _NO_MODEL.search(words) or "model_not_found" in refusal.marks:
        return ModelNotFound(
            f"{name} has no model {model!r}{full} See what it offers with /models.", status=status
        )
    if status == 404:
        return BadResponse(
            f"{name} has nothing at {shown(endpoint.base_url)}{full} "
            "Its base_url is probably wrong; many end in /v1.",
            status=status,
        )
    if status is not None and 300 <= status < 400:
        return BadResponse(
            f"{name} at {shown(endpoint.base_url)} sends requests on to "
            f"{refusal.location or 'nowhere'} ({status}), which is not followed. "
            "If that is right, make it the base_url.",
            status=status,
        )
    if _NO_TOOLS.search(words):
        step = "Turn tools off with /tools off, or choose another model."
    elif status == 413:
        step = "Send less: a smaller attachment, or a shorter conversation."
    else:
        step = ""
    return BadResponse(
        f"{name} refused the request to {model!r}{full} {step}".rstrip(), status=status
    )


def key_source(endpoint: Endpoint) -> str:
    """Where the key of an endpoint is to be put, in words."""
    return " or ".join(endpoint.api_key_env) or f"api_key_env under [providers.{endpoint.name}]"


def quotable(text: str, endpoint: Endpoint) -> str:
    """Return text from a server on one line, harmless, without keys, and not too long."""
    key = endpoint.api_key.reveal() if endpoint.api_key else ""
    # what is cut away first cannot hold half a key at the border: keys are shorter than the slack
    text = text[: MOST_QUOTED * 4]
    text = text.replace(key, "***") if key else text
    text = clean_line(_KEY_LIKE.sub("***", text)).strip()
    text = re.sub(r"\s{2,}", " ", text)
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1].rstrip()}…"


def as_sentence(words: str) -> str:
    """Return the words with an end to them."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _refused_key(endpoint: Endpoint, status: int) -> str:
    name = repr(endpoint.name)
    if not endpoint.api_key:
        return f"{name} wants a key; set {key_source(endpoint)}"
    if status == 403:
        return f"{name} does not permit this with the key from {key_source(endpoint)}"
    return f"{name} does not accept the key; check {key_source(endpoint)}"


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
    return next((_STATUS_OF_TYPE[mark] for mark in marks if mark in _STATUS_OF_TYPE), None)


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

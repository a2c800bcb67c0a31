"""The error that a refused request comes to, with a next step in its words."""

import re

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
    RateLimited,
)
from conduit_tui.providers.addresses import shown
from conduit_tui.providers.refusals import Refusal

RETRIED_STATUSES = frozenset({500, 502, 503, 529})

OTHERWISE = "Change what is sent, or choose another model."
"""What helps when a server refuses for a reason that is in no list here."""

_TOO_LONG = re.compile(
    r"context.?length|context.?window|context.?size|context limit|maximum context"
    r"|prompt is too long|prompt too long|maximum (?:prompt|model) length"
    r"|input is too long|tokens exceed|number of tokens to keep"
    r"|too many (?:input )?tokens|token count.{0,60}exceed|reduce the length"
    r"|`max_new_tokens` must be",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(
    r"(?:tool|function)s?[\w -]{0,30}(?:not supported|unsupported|not enabled)"
    r"|(?:not|n't) support[\w -]{0,20}(?:tool|function)|tool choice requires"
    r"|no endpoints found that support tool",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model.{0,120}(?:not found|not exist|n't exist|not a valid|unknown|not supported for)"
    r"|(?:invalid|unknown|no such|not a valid|not a chat) model|no endpoints found for"
    r"|^model: \S+$",  # Anthropic says no more than this
    re.IGNORECASE | re.DOTALL,
)
_NO_KEY = re.compile(
    r"(?:invalid|incorrect|missing|expired)\W+(?:api\W?)?key|key (?:not valid|is invalid|expired)",
    re.IGNORECASE,
)
_NO_PATH = re.compile(
    r"^(?:404 |error: ?)?(?:page |path |route )?not found\b|cannot post|invalid url"
    r"|unknown request url|no route",
    re.IGNORECASE,
)
_PASSING_STATUSES = frozenset({408, 409, 423, 425})
_NO_QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_error"}
_NO_CREDIT = re.compile(
    r"exceeded your current quota|insufficient (?:balance|credits?|funds|quota)|out of credits"
    r"|credit balance is too low|used all available credits|(?:spend|spending|budget) limit"
    r"|requires more credits",
    re.IGNORECASE,
)
_LATER = re.compile(r"try again later", re.IGNORECASE)
_NO_MODEL_MARKS = {"model_not_found", "deploymentnotfound"}
_TOO_LONG_MARKS = {"context_length_exceeded", "exceed_context_size_error"}


def refused(refusal: Refusal, endpoint: Endpoint, model: str) -> ProviderError:
    """Return the error that a refusal comes to, with a next step in its words."""
    name, status, words = repr(endpoint.name), refusal.status, refusal.words
    said = f"{f' ({status})' if status else ''}{f': {words}' if words else ''}"
    full = as_sentence(said)
    if _is_too_long(refusal):
        return _too_long(refusal, model, full)
    if status == 407:
        return ConnectionLost(
            f"A proxy before {name} wants a name and a password{full} Give them in HTTPS_PROXY, "
            "as http://NAME:PASSWORD@HOST:PORT.",
            status=status,
        )
    if status == 403 and refusal.is_page:
        return BadResponse(
            f"Something before {name} turned the request away{full} That is a proxy, a firewall "
            "or a block by country, not the key. Try another network.",
            status=status,
        )
    if _is_used_up(refusal):  # Perplexity says so with 401
        return RateLimited(
            f"The quota or credit at {name} is used up{full} Waiting will not help; see its "
            "billing page, or choose another model.",
            status=status,
        )
    if status in {401, 403} or (status == 400 and _NO_KEY.search(words)):
        return AuthenticationFailed(f"{_refused_key(endpoint, status)}{full}", status=status)
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


def _is_too_long(refusal: Refusal) -> bool:
    if refusal.marks & _TOO_LONG_MARKS:
        return True
    if refusal.status not in {None, 400, 413, 422, 500}:
        return False
    return _is_over(refusal) or bool(_TOO_LONG.search(refusal.words))


def _is_over(refusal: Refusal) -> bool:
    return bool(refusal.tokens and refusal.window and refusal.tokens > refusal.window)


def _too_long(refusal: Refusal, model: str, full: str) -> ContextTooLong:
    """Say how much it is and how much fits, else what the server said."""
    tokens, window = refusal.tokens, refusal.window
    status = f" ({refusal.status})" if refusal.status else ""
    if _is_over(refusal):
        full = f"{status}: it has {tokens:,} tokens, {window:,} fit."
    return ContextTooLong(
        f"The conversation does not fit {model!r}{full} Branch off from an earlier message, "
        "or choose a model with a larger context.",
        status=refusal.status,
        tokens=tokens,
        window=window,
    )


def _is_used_up(refusal: Refusal) -> bool:
    """Google says RESOURCE_EXHAUSTED of a minute, with a wait, and of a day, for good."""
    if "resource_exhausted" in refusal.marks:
        is_for_now = refusal.retry_after_seconds is not None or _LATER.search(refusal.words)
        return not is_for_now or "per_day" in refusal.marks
    if refusal.status == 402 or refusal.marks & _NO_QUOTA:
        return True
    return refusal.status in {None, 400, 401, 403, 429} and bool(_NO_CREDIT.search(refusal.words))


def _request_refused(refusal: Refusal, endpoint: Endpoint, model: str, full: str) -> ProviderError:
    name, status, words = repr(endpoint.name), refusal.status, refusal.words
    if _NO_MODEL.search(words) or refusal.marks & _NO_MODEL_MARKS:
        return ModelNotFound(
            f"{name} has no model {model!r}{full} See what it offers with /models.", status=status
        )
    if status == 404 and (refusal.is_page or not words or _NO_PATH.search(words)):
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
    elif status in _PASSING_STATUSES or "tool_use_failed" in refusal.marks:
        step = "Try again, or choose another model."
    elif status == 413:
        step = "Send less: a smaller attachment, or a shorter conversation."
    else:
        step = OTHERWISE if model else ""
    what = f"the request to {model!r}" if model else "to list its models"
    return BadResponse(f"{name} refused {what}{full} {step}".rstrip(), status=status)


def key_source(endpoint: Endpoint) -> str:
    """Where the key of an endpoint is to be put, in words."""
    return " or ".join(endpoint.api_key_env) or f"api_key_env under [providers.{endpoint.name}]"


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

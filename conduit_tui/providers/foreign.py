"""What a server said, out of the exceptions in which SDKs and HTTP clients wrap it.

| raised by | class | status, body |
| --- | --- | --- |
| openai, anthropic | APIStatusError | `response`; 200 is an error event in mid-stream, in `body` |
| openai, anthropic | APIError | none; `body`, `message` |
| google-genai | APIError | `code`, `details`; `response` of httpx2 or aiohttp |
| ollama | ResponseError | `status_code` (-1 in mid-stream), `error` |
| httpx, httpx2 | HTTPStatusError | `response` |
| aiohttp | ClientResponseError | `status`, `message`, `headers` |

Classes are told by name: httpx and httpx2 have the same tree, SDKs stand on either, and none of
them is worth importing for this.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from conduit_tui.core.json import Json

_ANSWERS = {"APIError", "ResponseError", "HTTPStatusError", "ClientResponseError"}
_STATUS_FIELDS = ("status_code", "status", "code")  # aiohttp warns of `code`
_NO_ANSWERS = {"APIConnectionError", "APIResponseValidationError"}


@dataclass(frozen=True, slots=True)
class Said:
    """A server's answer inside an exception; `status` is None for an error inside a stream."""

    status: int | None
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def what_was_said(error: Exception) -> Said | None:
    """Return the answer in an exception; None where there was none (a network that failed)."""
    response: Any = getattr(error, "response", None)
    names = kinds(error)
    has_answer = names & _ANSWERS or (response is not None and hasattr(error, "status_code"))
    if not has_answer or names & _NO_ANSWERS:
        return None
    status = _status(error, response)
    headers: object = getattr(response, "headers", None) or getattr(error, "headers", None)
    return Said(
        status=status,
        body=_body(error, response if status else None),
        headers=cast("Mapping[str, str]", headers) if isinstance(headers, Mapping) else {},
    )


def kinds(*errors: BaseException) -> set[str]:
    """The names of the classes of some exceptions, and of all they are derived from."""
    return {kind.__name__ for error in errors for kind in type(error).__mro__}


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it came from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(filter(None, (current.__cause__, current.__context__)))
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(cast("BaseExceptionGroup[BaseException]", current).exceptions)


def _status(error: Exception, response: Any) -> int | None:
    """The status of a refusal; a stream that fails in the middle began with 200."""
    names = ("status_code", "status") if "ClientResponseError" in kinds(error) else _STATUS_FIELDS
    candidates = (getattr(one, name, None) for one in (error, response) for name in names)
    return next((one for one in candidates if isinstance(one, int) and one >= 300), None)


def _body(error: Exception, response: Any) -> Json:
    """The whole text where it was read; else what the SDK made of it."""
    try:
        text: object = response.text if response is not None else None
    except Exception:  # each client has a class of its own for a body that was not read
        text = None
    if isinstance(text, str):
        return text
    for name in ("details", "body", "error", "message"):
        value: object = getattr(error, name, None)
        if isinstance(value, str | dict | list) and value:
            return cast("Json", value)
    return "" if response is not None else str(error)

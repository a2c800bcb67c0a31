"""What to ask for instead, where a server says exactly what of a request it cannot take."""

import re
from dataclasses import replace

from conduit_tui.core.message import Message, Part, Thinking, Unknown
from conduit_tui.core.request import Request
from conduit_tui.providers.anthropic_blocks import kept_data
from conduit_tui.providers.shapes import as_object

_TOO_MUCH = re.compile(r"max_tokens: \d+ > (\d{1,9})\b")
_NO_ROOM = re.compile(r"exceed context limit: (\d{1,9}) \+ \d+ > (\d{1,9})\b")
_LEAST_ROOM = 1_024


def less(request: Request, error: Exception) -> Request | None:
    """Return the smaller request; None where there is none that would help.

    Thinking is refused where it is of another account, or bound to words that were different then:
    https://platform.claude.com/docs/en/build-with-claude/thinking. The limit of what may be
    written is refused with what would be right; a person's own limit stays, and is refused.
    """
    if getattr(error, "status_code", None) != 400:
        return None
    text = str(getattr(getattr(error, "response", None), "text", ""))
    if "signature" in text and "thinking" in text:
        return replace(request, messages=tuple(map(_without_thoughts, request.messages)))
    limit = _limit(text) if request.params.max_tokens is None else 0
    return (
        replace(request, facts=replace(request.known, max_output_tokens=limit)) if limit else None
    )


def _limit(text: str) -> int:
    """The tokens that may be written: as the server says, or what the context has room for."""
    if found := _TOO_MUCH.search(text):
        return int(found[1])
    found = _NO_ROOM.search(text)
    room = int(found[2]) - int(found[1]) if found else 0
    return room if room >= _LEAST_ROOM else 0


def _without_thoughts(message: Message) -> Message:
    return replace(message, parts=tuple(part for part in message.parts if not _is_thought(part)))


def _is_thought(part: Part) -> bool:
    if isinstance(part, Unknown) and kept_data(part) is not None:
        return as_object(part.raw).get("type") == "redacted_thinking"
    return isinstance(part, Thinking)

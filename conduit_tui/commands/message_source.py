"""A saved message as text and as JSON."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from conduit_tui.core.address_offers import speaker
from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.clean import clean_line
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

LONGEST_CALL = 400


def source_of(message: Message) -> str:
    """The Markdown of a message with its sources, or what else is in it if it has no words."""
    words = answer_text(message)
    return words or full_source(message)


def full_source(message: Message) -> str:
    """The Markdown of a message; below it a line for each file, call, result and error."""
    words = answer_text(message).rstrip("\n")
    beside = "\n".join(_beside(message))
    if words or beside:
        return "\n\n".join(filter(None, (words, beside)))
    return "> (thinking only)" if message.thinking else "> (empty)"


def raw_source(message: Message) -> str:
    """The text as it came, and nothing else."""
    return message.text or answer_text(message)


def header(message: Message, shown_id: str, zone: tzinfo | None = None) -> str:
    """`1f3a9c2 · gpt-5 · 26 Nov 2026 14:02 · interrupted`, times in the zone of this machine."""
    at = message.created_at.astimezone(zone)
    status = () if message.status == "complete" else (message.status,)
    return " · ".join((shown_id, speaker(message), _moment(at), *status))


def message_object(message: Message, session: Session) -> dict[str, Json]:
    """What `--json` prints of a message; strings as they are, times in UTC."""
    mark = session.mark(message.id)
    return {
        "id": message.id,
        "session_id": session.id,
        "predecessor_id": message.predecessor_id,
        "role": message.role,
        "text": message.text,
        "thinking": message.thinking,
        "tool_calls": [
            {"name": call.name, "arguments": call.arguments} for call in message.tool_calls
        ],
        "attachments": [
            {"name": each.name, "media_type": each.media_type, "size_bytes": len(each.data)}
            for each in message.attachments
        ],
        "citations": [{"url": each.url, "title": each.title} for each in message.citations],
        "structured": message.structured[0].value if message.structured else None,
        "provider": message.provider,
        "model": message.model,
        "status": message.status,
        "stop_reason": message.stop,
        "error": message.error,
        "created_at": message.created_at.isoformat(),
        "label": mark.label,
        "is_starred": mark.starred_at is not None,
        "note": mark.note,
        "is_pruned": not session.is_visible(message.id),
    }


def _beside(message: Message) -> Iterator[str]:
    for each in message.attachments:
        yield f"> attached: {clean_line(each.name) or clean_line(each.media_type)}"
    for call in message.tool_calls:
        yield f"> called {clean_line(call.name)}({_cut(call.arguments.strip())})"
    for result in message.tool_results:
        yield f"> {'failed' if result.is_error else 'result'}: {_cut(result.output.strip())}"
    if message.error:
        yield f"> {clean_line(message.error)}"


def _cut(text: str) -> str:
    line = clean_line(text[: LONGEST_CALL + 1])
    return line if len(line) <= LONGEST_CALL else f"{line[:LONGEST_CALL]}…"


def _moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y %H:%M}"

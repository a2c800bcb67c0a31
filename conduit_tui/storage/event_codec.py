"""Stream events as JSON, and back: what a draft is made of while it is unfinished.

Bytes of attachments are written into the JSON: a draft's rows are gone as soon as it is sealed.
"""

import base64
from collections.abc import Iterable
from typing import assert_never

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    ReplayStarted,
    StreamEvent,
    StructuredReceived,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Structured, Unknown
from conduit_tui.storage.codec import (
    decode_attachment,
    decode_citation,
    decode_usage,
    encode_attachment,
    encode_citation,
    encode_usage,
)
from conduit_tui.storage.fields import (
    JsonObject,
    as_list,
    as_object,
    decode_time,
    encode_time,
    from_json,
    string,
    to_json,
    whole,
)


def encode_events(events: Iterable[StreamEvent]) -> str:
    """Return events as JSON text."""
    return to_json([_encode(event) for event in events])


def decode_events(text: str) -> tuple[StreamEvent, ...]:
    """Return the events of `encode_events`'s text, without those of kinds not known here.

    Raises ValueError for text that is something else.
    """
    decoded = (_decode(as_object(raw)) for raw in as_list(from_json(text)))
    return tuple(event for event in decoded if event is not None)


def _encode(event: StreamEvent) -> Json:
    match event:
        case TextDelta(text, data):
            return _tagged("text", data, text=text)
        case ThinkingDelta(text, data):
            return _tagged("thinking", data, text=text)
        case ToolCallDelta(index, call_id, name, arguments, data):
            return _tagged(
                "tool_call", data, index=index, call_id=call_id, name=name, arguments=arguments
            )
        case AttachmentReceived(part):
            return _tagged("attachment", part=encode_attachment(part, _as_text))
        case UnknownReceived(Unknown(raw, data)):
            return _tagged("unknown", data, raw=raw)
        case StructuredReceived(Structured(schema_name, value, data)):
            return _tagged("structured", data, schema_name=schema_name, value=value)
        case CitationsReceived(citations):
            return _tagged("citations", citations=[encode_citation(each) for each in citations])
        case UsageReported(usage):
            return _tagged("usage", usage=encode_usage(usage))
        case ReplayStarted(recorded_at):
            return _tagged("replay", recorded_at=encode_time(recorded_at))
        case GenerationStopped(reason):
            return _tagged("stopped", reason=reason)
        case _:
            assert_never(event)


def _decode(fields: JsonObject) -> StreamEvent | None:
    data = fields.get("provider_data")
    match fields.get("kind"):
        case "text":
            return TextDelta(string(fields, "text"), data)
        case "thinking":
            return ThinkingDelta(string(fields, "text"), data)
        case "tool_call":
            call_id, name = string(fields, "call_id"), string(fields, "name")
            index = whole(fields, "index") or 0
            return ToolCallDelta(index, call_id, name, string(fields, "arguments"), data)
        case "attachment":
            return AttachmentReceived(decode_attachment(fields.get("part"), base64.b64decode))
        case "unknown":
            return UnknownReceived(Unknown(fields.get("raw"), data))
        case "structured":
            part = Structured(string(fields, "schema_name"), fields.get("value"), data)
            return StructuredReceived(part)
        case "citations":
            citations = as_list(fields.get("citations"))
            return CitationsReceived(tuple(decode_citation(raw) for raw in citations))
        case "usage":
            return UsageReported(decode_usage(fields.get("usage")))
        case "replay":
            return ReplayStarted(decode_time(string(fields, "recorded_at")))
        case "stopped":
            return GenerationStopped(string(fields, "reason"))
        case _:
            return None


def _tagged(kind: str, provider_data: Json = None, **fields: Json) -> JsonObject:
    tagged: JsonObject = {"kind": kind, **fields}
    if provider_data is not None:
        tagged["provider_data"] = provider_data
    return tagged


def _as_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

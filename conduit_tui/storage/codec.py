"""Parts, params and usage as JSON, and back.

The words of text parts stand in a column of their own; their JSON holds only how many characters
of it are theirs. Bytes of attachments go where `keep` puts them. A part that cannot be read comes
back as `Unknown`, whole: one odd part must not lock a session.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TypeAlias, assert_never, cast

from conduit_tui.core.json import Json
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.params import Params
from conduit_tui.core.schema import Schema
from conduit_tui.core.usage import Usage
from conduit_tui.storage.fields import (
    JsonObject,
    as_object,
    from_json,
    money,
    number,
    optional_string,
    plain,
    string,
    strings,
    to_json,
    whole,
)

Keep: TypeAlias = Callable[[bytes], str]
"""Puts bytes away and returns the words that find them again."""
Fetch: TypeAlias = Callable[[str], bytes]
"""Returns the bytes that `Keep` put away; raises KeyError or ValueError if it cannot."""

_KINDS = (
    *("text", "thinking", "tool_call", "tool_result"),
    *("attachment", "citation", "structured", "unknown"),
)
_ONE_TEXT = '[{"kind":"text","length":%d}]'
"""What most messages are; knowing it by sight saves a quarter of the time of a long load."""


def encode_parts(parts: Iterable[Part], keep: Keep) -> tuple[str, str]:
    """Return the joined words of the text parts, and all parts as JSON text."""
    words: list[str] = []
    encoded: list[Json] = []
    for part in parts:
        if isinstance(part, Text):
            words.append(plain(part.text))
            encoded.append(_tagged("text", part.provider_data, length=len(words[-1])))
        else:
            encoded.append(_encode_part(part, keep))
    return "".join(words), to_json(encoded)


def decode_parts(words: str, encoded: str, fetch: Fetch) -> tuple[Part, ...]:
    """Return the parts of `encode_parts`'s two texts."""
    if encoded == _ONE_TEXT % len(words):
        return (Text(words),)
    try:
        raws = from_json(encoded)
    except ValueError:
        return Text(words), Unknown(encoded)
    parts: list[Part] = []
    begin = 0
    for raw in raws if isinstance(raws, list) else [raws]:
        part = _decode_part(raw, words, begin, fetch)
        if isinstance(part, Text):
            begin += len(part.text)
        parts.append(part)
    return tuple(parts)


def encode_attachment(part: Attachment, keep: Keep) -> JsonObject:
    """Return an attachment as a JSON object; its bytes go to `keep`."""
    return _tagged(
        "attachment",
        part.provider_data,
        media_type=part.media_type,
        name=part.name,
        blob=keep(part.data),
    )


def decode_attachment(raw: Json, fetch: Fetch) -> Attachment:
    """Return the attachment of `encode_attachment`'s object; raises ValueError or KeyError."""
    fields = as_object(raw)
    data = fetch(string(fields, "blob"))
    return Attachment(
        string(fields, "media_type"), data, string(fields, "name"), fields.get("provider_data")
    )


def encode_citation(part: Citation) -> JsonObject:
    """Return a citation as a JSON object."""
    return _tagged("citation", part.provider_data, url=part.url, title=part.title)


def decode_citation(raw: Json) -> Citation:
    """Return the citation of `encode_citation`'s object; raises ValueError."""
    fields = as_object(raw)
    return Citation(string(fields, "url"), string(fields, "title"), fields.get("provider_data"))


def encode_usage(usage: Usage) -> JsonObject:
    """Return usage as a JSON object."""
    encoded = cast("JsonObject", asdict(usage))
    if usage.cost_usd is None:
        del encoded["cost_usd"]
    else:
        encoded["cost_usd"] = str(usage.cost_usd)
    if not usage.is_estimated:
        del encoded["is_estimated"]
    encoded["apart"] = dict(usage.apart)
    if not usage.apart:
        del encoded["apart"]
    return encoded


def decode_usage(raw: Json) -> Usage:
    """Return the usage of `encode_usage`'s object; raises ValueError."""
    counts = as_object(raw)
    return Usage(
        input_tokens=whole(counts, "input_tokens") or 0,
        output_tokens=whole(counts, "output_tokens") or 0,
        cache_read_tokens=whole(counts, "cache_read_tokens") or 0,
        cache_write_tokens=whole(counts, "cache_write_tokens") or 0,
        reasoning_tokens=whole(counts, "reasoning_tokens") or 0,
        cost_usd=money(counts, "cost_usd"),
        is_estimated=counts.get("is_estimated") is True,
        apart=tuple(
            (name, count)
            for name, count in as_object(counts.get("apart", {})).items()
            if isinstance(count, int)
        ),
    )


def encode_params(params: Params) -> str | None:
    """Return what differs from the defaults as JSON text; None if nothing does."""
    usual = asdict(Params())
    changed = {name: value for name, value in asdict(params).items() if value != usual[name]}
    return to_json(cast("JsonObject", changed)) if changed else None


def decode_params(text: str | None) -> Params:
    """Return the params of `encode_params`'s text; raises ValueError."""
    if text is None:
        return Params()
    fields = as_object(from_json(text))
    return Params(
        system_prompt=optional_string(fields, "system_prompt"),
        temperature=number(fields, "temperature"),
        top_p=number(fields, "top_p"),
        max_tokens=whole(fields, "max_tokens"),
        stop=strings(fields.get("stop", [])),
        seed=whole(fields, "seed"),
        effort=optional_string(fields, "effort"),
        thinking_tokens=whole(fields, "thinking_tokens"),
        search=fields.get("search") is True,
        tools=strings(fields.get("tools", [])),
        schema=_decode_schema(fields.get("schema")),
        extra=as_object(fields.get("extra", {})),
        skills=strings(fields.get("skills", [])),
    )


def _decode_schema(raw: Json) -> Schema | None:
    if raw is None:
        return None
    fields = as_object(raw)
    return Schema(string(fields, "name"), as_object(fields.get("shape")))


def _encode_part(part: Part, keep: Keep) -> Json:
    match part:
        case Text(text, data):
            return _tagged("text", data, length=len(text))
        case Thinking(text, data):
            return _tagged("thinking", data, text=text)
        case ToolCall(call_id, name, arguments, data):
            return _tagged("tool_call", data, call_id=call_id, name=name, arguments=arguments)
        case ToolResult(call_id, output, is_error, data):
            return _tagged("tool_result", data, call_id=call_id, output=output, is_error=is_error)
        case Attachment():
            return encode_attachment(part, keep)
        case Citation():
            return encode_citation(part)
        case Structured(schema_name, value, data):
            return _tagged("structured", data, schema_name=schema_name, value=value)
        case Unknown(raw, data):
            # A part of a later version is written as it was read, so that version knows it again.
            is_foreign = data is None and isinstance(raw, dict) and _is_foreign(raw.get("kind"))
            return raw if is_foreign else _tagged("unknown", data, raw=raw)
        case _:
            assert_never(part)


def _decode_part(raw: Json, words: str, begin: int, fetch: Fetch) -> Part:
    try:
        return _decode_known(as_object(raw), words, begin, fetch)
    except (ValueError, KeyError):
        return Unknown(raw)


def _decode_known(fields: JsonObject, words: str, begin: int, fetch: Fetch) -> Part:
    data = fields.get("provider_data")
    match fields.get("kind"):
        case "text":
            return Text(words[begin : begin + (whole(fields, "length") or 0)], data)
        case "thinking":
            return Thinking(string(fields, "text"), data)
        case "tool_call":
            call_id, name = string(fields, "call_id"), string(fields, "name")
            return ToolCall(call_id, name, string(fields, "arguments"), data)
        case "tool_result":
            call_id, output = string(fields, "call_id"), string(fields, "output")
            return ToolResult(call_id, output, fields.get("is_error") is True, data)
        case "attachment":
            return decode_attachment(fields, fetch)
        case "citation":
            return decode_citation(fields)
        case "structured":
            return Structured(string(fields, "schema_name"), fields["value"], data)
        case "unknown":
            return Unknown(fields["raw"], data)
        case _:
            return Unknown(fields)


def _tagged(kind: str, provider_data: Json, **fields: Json) -> JsonObject:
    tagged: JsonObject = {"kind": kind, **fields}
    if provider_data is not None:
        tagged["provider_data"] = provider_data
    return tagged


def _is_foreign(kind: Json) -> bool:
    return isinstance(kind, str) and kind not in _KINDS

"""Our messages as those of the chat completions wire."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import PurePath

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.media import PDF
from conduit_tui.core.message import Attachment, Message, Structured, Text, ToolCall
from conduit_tui.core.request import Request
from conduit_tui.core.sight import is_left_out

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_TEXT_TYPES = re.compile(
    r"application/(?:.*\+)?(?:json|xml|yaml|x-yaml|toml|javascript|sql|x-sh|x-ndjson)"
)
_SOUNDS = {"audio/wav": "wav", "audio/mpeg": "mp3"}
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]")

ChatMessage = dict[str, Json]


def chat_messages(request: Request, endpoint: Endpoint) -> list[Json]:
    """Return the messages of a request, the system prompt first.

    Two user messages in a row become one, as some servers insist on turns; messages with
    nothing to send are left out.
    """
    messages: list[ChatMessage] = []
    if request.params.system_prompt:
        messages.append({"role": "system", "content": request.params.system_prompt})
    names = {call.call_id: call.name for one in request.messages for call in one.tool_calls}
    for message in request.messages:
        for encoded in _encode(message, request, endpoint, names):
            _append(messages, encoded)
    return [*messages]


def without_surrogates(value: Json) -> Json:
    """Return the value with lone surrogates as U+FFFD: UTF-8, and so the wire, has none."""
    match value:
        case str():
            return value if value.isascii() else _sound(value)
        case dict():
            return {_sound(key): without_surrogates(item) for key, item in value.items()}
        case list():
            return [without_surrogates(item) for item in value]
        case _:
            return value


def _encode(
    message: Message, request: Request, endpoint: Endpoint, names: dict[str, str]
) -> Iterable[ChatMessage]:
    match message.role:
        case "system":
            if message.text:
                yield {"role": "system", "content": message.text}
        case "user":
            if content := _user_content(message, request, endpoint):
                yield {"role": "user", "content": content}
        case "assistant":
            yield from _assistant(message, endpoint)
        case "tool":
            yield from _results(message, endpoint, names)


def _append(messages: list[ChatMessage], message: ChatMessage) -> None:
    last = messages[-1] if messages else None
    if last is None or last["role"] != "user" or message["role"] != "user":
        messages.append(message)
        return
    before, after = last["content"], message["content"]
    if isinstance(before, str) and isinstance(after, str):
        last["content"] = f"{before}\n\n{after}"
    else:
        last["content"] = [*_as_blocks(before), *_as_blocks(after)]


def _as_blocks(content: Json) -> list[Json]:
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def _user_content(message: Message, request: Request, endpoint: Endpoint) -> Json:
    """One string where there are only words, for servers that know nothing else."""
    blocks: list[Json] = []
    for part in message.parts:
        match part:
            case Text(text=text) if text:
                blocks.append({"type": "text", "text": text})
            case Attachment() if is_left_out(part, request.known, endpoint):
                blocks.append(_in_words(part, f"{request.model!r} does not take it"))
            case Attachment():
                blocks.append(_attachment(part))
            case _:
                pass
    texts = [block["text"] for block in blocks if isinstance(block, dict) and "text" in block]
    if len(texts) == len(blocks):
        return "\n\n".join(str(text) for text in texts)
    return blocks


def _attachment(part: Attachment) -> ChatMessage:
    if part.media_type in IMAGE_TYPES:
        return {"type": "image_url", "image_url": {"url": _data_url(part)}}
    if part.media_type == PDF:
        return {"type": "file", "file": {"filename": part.name, "file_data": _data_url(part)}}
    if sound := _SOUNDS.get(part.media_type):
        return {"type": "input_audio", "input_audio": {"data": _base64(part), "format": sound}}
    if part.is_text or _TEXT_TYPES.fullmatch(part.media_type):
        return {"type": "text", "text": _fenced(part)}
    return _in_words(part, "it cannot be sent here")


def _in_words(part: Attachment, why: str) -> ChatMessage:
    words = f"(The file {part.name!r}, {part.media_type}, was left out: {why}.)"
    return {"type": "text", "text": words}


def _data_url(part: Attachment) -> str:
    return f"data:{part.media_type};base64,{_base64(part)}"


def _base64(part: Attachment) -> str:
    return base64.b64encode(part.data).decode("ascii")


def _fenced(part: Attachment) -> str:
    text = part.as_text()
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{part.name}:\n{fence}{PurePath(part.name).suffix[1:]}\n{text.rstrip()}\n{fence}"


def _assistant(message: Message, endpoint: Endpoint) -> Iterable[ChatMessage]:
    text = message.text + "".join(
        json.dumps(part.value, ensure_ascii=False)
        for part in message.parts
        if isinstance(part, Structured)
    )
    calls = message.tool_calls if endpoint.takes_tools else ()
    if not text and not calls:
        return
    encoded: ChatMessage = {"role": "assistant", "content": text or None}
    if calls:
        is_own = message.provider == endpoint.name
        encoded["tool_calls"] = [_call(call, endpoint, is_own=is_own) for call in calls]
        if field := endpoint.quirks.get("thinking_of_calls"):
            encoded[str(field)] = message.thinking if is_own else ""
    yield encoded


def _call(call: ToolCall, endpoint: Endpoint, *, is_own: bool) -> ChatMessage:
    """Arguments that are no JSON object are refused by servers, so `{}` stands for them."""
    arguments = call.arguments if call.arguments.strip() else "{}"
    encoded: ChatMessage = {
        "id": _call_id(call.call_id, endpoint),
        "type": "function",
        "function": {
            "name": _NOT_IN_A_NAME.sub("_", call.name)[:64] or "unknown",
            "arguments": arguments if call.arguments_object() is not None else "{}",
        },
    }
    if is_own and isinstance(call.provider_data, dict):
        encoded |= {k: v for k, v in call.provider_data.items() if k == "extra_content"}
    return encoded


def _results(message: Message, endpoint: Endpoint, names: dict[str, str]) -> Iterable[ChatMessage]:
    for result in message.tool_results:
        output = f"Error: {result.output}" if result.is_error else result.output
        if endpoint.takes_tools:
            call_id = _call_id(result.call_id, endpoint)
            yield {"role": "tool", "tool_call_id": call_id, "content": output}
        else:
            name = names.get(result.call_id, "a tool")
            yield {"role": "user", "content": f"Result of {name}:\n{output}"}


def _call_id(call_id: str, endpoint: Endpoint) -> str:
    """Mistral takes ids of exactly nine letters and digits; others take any."""
    length = endpoint.quirks.get("call_id_length")
    if not isinstance(length, int) or (len(call_id) == length and call_id.isalnum()):
        return call_id
    return hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:length]


def _sound(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""Our messages as those of the chat completions wire."""

import hashlib
import re
from collections.abc import Iterable

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.media import PDF
from conduit_tui.core.message import Attachment, Message, Text, Thinking, ToolCall
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.as_words import (
    file_as_words,
    output_of,
    reply_as_words,
    result_as_words,
)
from conduit_tui.providers.attached import data_url
from conduit_tui.providers.openai_models import is_openai
from conduit_tui.providers.shapes import as_list, as_object

WIRE = "openai-chat"
"""The key under which a part keeps what this wire must get back."""

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


def function_name(name: str) -> str:
    """A tool's name as OpenAI's wires take it."""
    return _NOT_IN_A_NAME.sub("_", name)[:64] or "unknown"


def sound_arguments(call: ToolCall) -> str:
    """Arguments that are no JSON object are refused by servers, so `{}` stands for them."""
    if call.arguments.strip() and call.arguments_object() is not None:
        return call.arguments
    return "{}"


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
            yield from _assistant(message, request, endpoint)
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
            case Attachment():
                blocks.append(_attachment(part, request, endpoint))
            case _:
                pass
    texts = [block["text"] for block in blocks if isinstance(block, dict) and "text" in block]
    if len(texts) == len(blocks):
        return "\n\n".join(str(text) for text in texts)
    return blocks


def _attachment(part: Attachment, request: Request, endpoint: Endpoint) -> ChatMessage:
    if (words := file_as_words(part, _known(request, endpoint), endpoint, WIRE)) is not None:
        return {"type": "text", "text": words}
    if part.media_type == PDF:
        return {"type": "file", "file": {"filename": part.name, "file_data": data_url(part)}}
    if sound := _SOUNDS.get(part.media_type):
        encoded = data_url(part).partition(",")[2]
        return {"type": "input_audio", "input_audio": {"data": encoded, "format": sound}}
    return {"type": "image_url", "image_url": {"url": data_url(part)}}


def _known(request: Request, endpoint: Endpoint) -> ModelFacts:
    """What is known; OpenAI's own models read documents under whatever name their provider has."""
    reads = ModelFacts(request.model, has=frozenset({"files"}))
    return request.known.or_else(reads) if is_openai(endpoint, request.model) else request.known


def _assistant(message: Message, request: Request, endpoint: Endpoint) -> Iterable[ChatMessage]:
    text = reply_as_words(message)
    calls = message.tool_calls if endpoint.takes_tools else ()
    if not text and not calls:
        return
    encoded: ChatMessage = {"role": "assistant", "content": text or None}
    if calls:
        is_own = message.provider == endpoint.name
        pieces = [_call(call, endpoint, is_own=is_own) for call in calls]
        if (extra := endpoint.quirks.get("extra_of_calls")) and not any(
            "extra_content" in piece for piece in pieces
        ):
            pieces[0]["extra_content"] = extra
        encoded["tool_calls"] = [*pieces]
        if field := endpoint.quirks.get("thinking_of_calls"):
            encoded[str(field)] = message.thinking if is_own else ""
        if is_own and message.model in (request.model, None) and (kept := _details(message)):
            encoded["reasoning_details"] = kept
    yield encoded


def _details(message: Message) -> list[Json]:
    """OpenRouter's reasoning blocks of a message, in the order they came."""
    kept = (
        as_object(as_object(part.provider_data).get(WIRE))
        for part in message.parts
        if isinstance(part, Thinking)
    )
    return [detail for one in kept for detail in as_list(one.get("reasoning_details"))]


def _call(call: ToolCall, endpoint: Endpoint, *, is_own: bool) -> ChatMessage:
    encoded: ChatMessage = {
        "id": _call_id(call.call_id, endpoint),
        "type": "function",
        "function": {"name": function_name(call.name), "arguments": sound_arguments(call)},
    }
    if is_own and isinstance(call.provider_data, dict):
        encoded |= {k: v for k, v in call.provider_data.items() if k == "extra_content"}
    return encoded


def _results(message: Message, endpoint: Endpoint, names: dict[str, str]) -> Iterable[ChatMessage]:
    for result in message.tool_results:
        if endpoint.takes_tools:
            call_id = _call_id(result.call_id, endpoint)
            yield {"role": "tool", "tool_call_id": call_id, "content": output_of(result)}
        else:
            words = result_as_words(result, names.get(result.call_id, ""))
            yield {"role": "user", "content": words}


def _call_id(call_id: str, endpoint: Endpoint) -> str:
    """Mistral takes ids of exactly nine letters and digits; others take any."""
    length = endpoint.quirks.get("call_id_length")
    if not isinstance(length, int) or (len(call_id) == length and call_id.isalnum()):
        return call_id
    return hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:length]

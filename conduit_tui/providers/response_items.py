"""Our messages as input items of the Responses wire.

With `store: false` nothing is kept at the server, so reasoning goes back whole, encrypted, right
before the item that followed it, to the model that made it:
https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items. Ids of items go along
only with the reasoning that they were paired with: the server refuses one without the other.
"""

import base64
import hashlib
from collections.abc import Iterator

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.media import PDF
from conduit_tui.core.message import Attachment, Message, Text, Thinking, ToolCall, Unknown
from conduit_tui.core.request import Request
from conduit_tui.providers.as_words import (
    file_as_words,
    made_here,
    output_of,
    reply_as_words,
    result_as_words,
)
from conduit_tui.providers.attached import data_url
from conduit_tui.providers.chat_messages import function_name, sound_arguments
from conduit_tui.providers.shapes import as_object, as_text

WIRE = "openai-responses"
"""The key under which a part keeps what this wire must get back."""

_LONGEST_CALL_ID = 64

Item = dict[str, Json]


def input_items(request: Request, endpoint: Endpoint) -> list[Json]:
    """Return the items of a request's messages; messages with nothing to send are left out."""
    names = {call.call_id: call.name for one in request.messages for call in one.tool_calls}
    items: list[Json] = []
    for message in request.messages:
        match message.role:
            case "system":
                if message.text:
                    items.append({"role": "system", "content": message.text})
            case "user":
                if content := _user_content(message, request, endpoint):
                    items.append({"role": "user", "content": content})
            case "assistant":
                is_own = message.provider == endpoint.name
                if is_own and message.model in (request.model, None) and _has_items(message):
                    items += _own(message, endpoint)
                else:
                    items += _foreign(message, endpoint)
            case "tool":
                items += _results(message, endpoint, names)
    return items


def _user_content(message: Message, request: Request, endpoint: Endpoint) -> Json:
    blocks: list[Json] = []
    for part in message.parts:
        match part:
            case Text(text=text) if text:
                blocks.append({"type": "input_text", "text": text})
            case Attachment():
                blocks.append(_attachment(part, request, endpoint))
            case _:
                pass
    texts = [as_text(as_object(block).get("text")) for block in blocks]
    return "\n\n".join(texts) if all(texts) else blocks


def _attachment(part: Attachment, request: Request, endpoint: Endpoint) -> Item:
    if (words := file_as_words(part, request.known, endpoint, WIRE)) is not None:
        return {"type": "input_text", "text": words}
    if part.media_type == PDF:
        return {"type": "input_file", "filename": part.name, "file_data": data_url(part)}
    return {"type": "input_image", "image_url": data_url(part), "detail": "auto"}


def _foreign(message: Message, endpoint: Endpoint) -> Iterator[Item]:
    """A reply of another provider, model or wire: its words and its calls."""
    if words := reply_as_words(message):
        yield {"role": "assistant", "content": words}
    if endpoint.takes_tools:
        yield from (_call(call, {}) for call in message.tool_calls)


def _has_items(message: Message) -> bool:
    return any(_kept(part.provider_data) for part in message.parts)


def _own(message: Message, endpoint: Endpoint) -> list[Item]:
    """A reply of this very model, as the items it came in. Reasoning waits for what follows it.

    OpenRouter tells the end of the reasoning behind that of the answer: then it goes first.
    """
    items: list[Item] = []
    waiting: list[Item] = []
    with_ids = True
    for part in message.parts:
        kept = _kept(part.provider_data)
        item: Item = {}
        match part:
            case Thinking():
                reasoning = as_object(kept.get("item"))
                if reasoning.get("type") != "reasoning":
                    item = reasoning
                elif reasoning.get("encrypted_content"):
                    waiting.append(reasoning)
                else:
                    with_ids = False
            case Text(text=text) if text:
                item = _output_message(text, kept if with_ids else _without_id(kept))
            case ToolCall() if endpoint.takes_tools:
                item = _call(part, kept if with_ids else _without_id(kept))
            case Attachment():
                item = _made(part, kept)
            case Unknown(raw=raw) if kept:
                item = as_object(raw)
            case _:
                pass
        if item:
            items += (*waiting, item)
            waiting = []
    has_reasoning = any(item.get("type") == "reasoning" for item in items)
    return items if has_reasoning or not items else [*waiting, *items]


def _kept(provider_data: Json) -> Item:
    return as_object(as_object(provider_data).get(WIRE))


def _without_id(kept: Item) -> Item:
    return {name: value for name, value in kept.items() if name != "id"}


def _output_message(text: str, kept: Item) -> Item:
    if not kept.get("id"):
        plain: Item = {"role": "assistant", "content": text}
        return plain | {name: kept[name] for name in ("phase",) if name in kept}
    content: Item = {"type": "output_text", "text": text, "annotations": []}
    if kept.get("refusal"):
        content = {"type": "refusal", "refusal": text}
    fields = {name: kept[name] for name in ("id", "phase") if name in kept}
    return {
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [content],
        **fields,
    }


def _call(call: ToolCall, kept: Item) -> Item:
    item: Item = {
        "type": "function_call",
        "call_id": _call_id(call.call_id),
        "name": function_name(call.name),
        "arguments": sound_arguments(call),
    }
    return item | ({"id": kept["id"]} if kept.get("id") else {})


def _made(part: Attachment, kept: Item) -> Item:
    """An image goes back as the item that made it."""
    if item := as_object(kept.get("item")):
        return item | {"result": base64.b64encode(part.data).decode("ascii")}
    return {"role": "assistant", "content": made_here(part)}


def _results(message: Message, endpoint: Endpoint, names: dict[str, str]) -> Iterator[Item]:
    for result in message.tool_results:
        if endpoint.takes_tools:
            call_id, output = _call_id(result.call_id), output_of(result)
            yield {"type": "function_call_output", "call_id": call_id, "output": output}
        else:
            words = result_as_words(result, names.get(result.call_id, ""))
            yield {"role": "user", "content": words}


def _call_id(call_id: str) -> str:
    """Ids of other vendors may be longer than this wire allows."""
    if len(call_id) <= _LONGEST_CALL_ID:
        return call_id
    return "call_" + hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:32]

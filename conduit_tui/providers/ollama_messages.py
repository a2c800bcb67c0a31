"""Our messages as those of Ollama's chat: https://docs.ollama.com/api/chat"""

import base64
from collections.abc import Iterable, Mapping

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.message import Attachment, Message, Text, ToolCall
from conduit_tui.core.request import Request
from conduit_tui.providers.as_words import (
    file_as_words,
    output_of,
    reply_as_words,
    result_as_words,
)
from conduit_tui.providers.shapes import as_list, as_object, as_text

WIRE = "ollama"
"""The key in `provider_data` under which this wire keeps what is its own."""

OllamaMessage = dict[str, Json]


def ollama_messages(request: Request, endpoint: Endpoint) -> list[Json]:
    """Return the messages of a request, the system prompt first.

    Two user messages in a row become one, as templates are made for turns. To a model that is
    known to have no tools, results of tools are told in words, and images to one without sight.
    """
    messages: list[OllamaMessage] = []
    if request.params.system_prompt:
        messages.append({"role": "system", "content": request.params.system_prompt})
    calls = {call.call_id: call for one in request.messages for call in one.tool_calls}
    for message in request.messages:
        for encoded in _encode(message, request, endpoint, calls):
            _append(messages, encoded)
    return [*messages]


def takes_tools(request: Request, endpoint: Endpoint) -> bool:
    """Whether tools can be spoken of: not where model or settings say no."""
    return endpoint.takes_tools and request.known.can("tools") is not False


def _encode(
    message: Message, request: Request, endpoint: Endpoint, calls: Mapping[str, ToolCall]
) -> Iterable[OllamaMessage]:
    match message.role:
        case "system":
            if message.text:
                yield {"role": "system", "content": message.text}
        case "user":
            yield from _user(message, request, endpoint)
        case "assistant":
            yield from _assistant(message, request, endpoint)
        case "tool":
            yield from _results(message, calls, as_tools=takes_tools(request, endpoint))


def _append(messages: list[OllamaMessage], message: OllamaMessage) -> None:
    last = messages[-1] if messages else None
    if last is None or last["role"] != "user" or message["role"] != "user":
        messages.append(message)
        return
    last["content"] = "\n\n".join(filter(None, map(_content, (last, message))))
    if images := [*as_list(last.get("images")), *as_list(message.get("images"))]:
        last["images"] = images


def _content(message: OllamaMessage) -> str:
    return as_text(message["content"])


def _user(message: Message, request: Request, endpoint: Endpoint) -> Iterable[OllamaMessage]:
    texts: list[str] = []
    images: list[Json] = []
    for part in message.parts:
        match part:
            case Text(text=text) if text:
                texts.append(text)
            case Attachment():
                if (words := file_as_words(part, request.known, endpoint, WIRE)) is not None:
                    texts.append(words)
                else:
                    images.append(base64.b64encode(part.data).decode("ascii"))
            case _:
                pass
    if texts or images:
        encoded: OllamaMessage = {"role": "user", "content": "\n\n".join(texts)}
        if images:
            encoded["images"] = images
        yield encoded


def _assistant(message: Message, request: Request, endpoint: Endpoint) -> Iterable[OllamaMessage]:
    """Thinking goes back to the model that thought it: its template knows what to leave out."""
    text = reply_as_words(message)
    calls = message.tool_calls if takes_tools(request, endpoint) else ()
    if not text and not calls:
        return
    encoded: OllamaMessage = {"role": "assistant", "content": text}
    is_own = message.provider == endpoint.name
    if message.thinking and is_own and message.model == request.model:
        encoded["thinking"] = message.thinking
    if calls:
        encoded["tool_calls"] = [_call(call, is_own=is_own) for call in calls]
    yield encoded


def _call(call: ToolCall, *, is_own: bool) -> OllamaMessage:
    """A call as it came; arguments must be an object, so `{}` stands for those that are none."""
    encoded: OllamaMessage = {
        "function": {"name": call.name, "arguments": call.arguments_object() or {}}
    }
    if is_own and (given := own_id(call)):
        encoded["id"] = given
    return encoded


def _results(
    message: Message, calls: Mapping[str, ToolCall], *, as_tools: bool
) -> Iterable[OllamaMessage]:
    for result in message.tool_results:
        call = calls.get(result.call_id)
        name = call.name if call else ""
        if not as_tools:
            yield {"role": "user", "content": result_as_words(result, name)}
            continue
        output = output_of(result)
        encoded: OllamaMessage = {"role": "tool", "content": output, "tool_name": name or "a tool"}
        if call and (given := own_id(call)):
            encoded["tool_call_id"] = given
        yield encoded


def own_id(call: ToolCall) -> str:
    """The id that the server gave a call; older ones give none."""
    return as_text(as_object(as_object(call.provider_data).get(WIRE)).get("id"))

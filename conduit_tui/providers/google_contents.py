"""Our messages as the contents of Gemini's API: https://ai.google.dev/api/caching#Content

Signatures of thoughts go back in the very parts they came with, and only to who made them:
https://ai.google.dev/gemini-api/docs/thought-signatures
"""

import base64
import re
from collections.abc import Iterable, Iterator

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.message import (
    Attachment,
    Message,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.as_words import file_as_words, result_as_words, value_as_words
from conduit_tui.providers.google_models import is_from, takes_system_instruction
from conduit_tui.providers.google_parts import WIRE
from conduit_tui.providers.shapes import as_count, as_list, as_object

NO_SIGNATURE = "skip_thought_signature_validator"
"""What stands for the signature of a call that no Gemini made; without one, Gemini 3 refuses it."""

_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_.-]")

GooglePart = dict[str, Json]


def contents_of(request: Request, endpoint: Endpoint) -> list[Json]:
    """Return the messages of a request; what is in a row of one role becomes one content.

    A content without parts is refused by the API, so what has nothing to send is left out.
    """
    asking: Message | None = None
    contents: list[dict[str, Json]] = []
    if system := _system_in_contents(request):
        contents.append({"role": "user", "parts": [{"text": system}]})
    for message in request.messages:
        match message.role:
            case "system":
                continue
            case "user":
                role, parts = "user", _of_user(message, request.known, endpoint)
            case "assistant":
                role, parts = "model", _of_model(message, request, endpoint)
                asking = message
            case "tool":
                role, parts = "user", _of_tools(message, asking, endpoint)
        _append(contents, role, list(parts))
    return [*contents]


def system_instruction(request: Request) -> Json:
    """Return the system prompt and imported system messages; None if there are none."""
    words = _system(request)
    if not words or not takes_system_instruction(request.model):
        return None
    return {"parts": [{"text": text} for text in words]}


def function_name(name: str) -> str:
    """A name as functions have them here."""
    return _NOT_IN_A_NAME.sub("_", name)[:64] or "unknown"


def _system(request: Request) -> list[str]:
    imported = [one.text for one in request.messages if one.role == "system"]
    return [text for text in (request.params.system_prompt or "", *imported) if text]


def _system_in_contents(request: Request) -> str:
    return "" if takes_system_instruction(request.model) else "\n\n".join(_system(request))


def _append(contents: list[dict[str, Json]], role: str, parts: list[GooglePart]) -> None:
    if not parts:
        return
    if contents and contents[-1]["role"] == role:
        contents[-1]["parts"] = [*as_list(contents[-1]["parts"]), *parts]
    else:
        contents.append({"role": role, "parts": [*parts]})


def _of_user(message: Message, known: ModelFacts, endpoint: Endpoint) -> Iterator[GooglePart]:
    for part in message.parts:
        match part:
            case Text(text=text) if text:
                yield {"text": text}
            case Attachment():
                yield _attachment(part, known, endpoint)
            case _:
                pass


def _of_model(message: Message, request: Request, endpoint: Endpoint) -> list[GooglePart]:
    is_own = message.provider == endpoint.name
    parts: list[GooglePart] = []
    for part in message.parts:
        if not isinstance(part, ToolCall) or endpoint.takes_tools:
            encode = _own if is_own else _foreign
            parts += encode(part, request.known, endpoint)
    if is_from(request.model, 3):
        _sign(parts)
    return parts


def _own(part: Part, known: ModelFacts, endpoint: Endpoint) -> Iterable[GooglePart]:
    """A part as Gemini sent it; unsigned thoughts are for the eye and need not go back."""
    kept = as_object(as_object(part.provider_data).get(WIRE))
    rest = as_object(kept.get("part"))
    if kept.get("note"):
        return
    match part:
        case Text(text=text):
            start = as_count(kept.get("start")) if rest else len(text)
            if text[:start]:
                yield {"text": text[:start]}
            if rest:
                yield {"text": text[start:], **rest}
        case Thinking(text=text):
            if rest:
                yield {"text": text[as_count(kept.get("start")) :], "thought": True, **rest}
        case ToolCall():
            call = {"name": part.name or function_name(""), "args": part.arguments_object() or {}}
            yield {**rest, "functionCall": {**as_object(rest.get("functionCall")), **call}}
        case Attachment() if rest.get("thought") is not True or "thoughtSignature" in rest:
            yield {**_attachment(part, known, endpoint), **rest}
        case Unknown(raw=raw) if isinstance(raw, dict):
            yield raw
        case Structured():
            yield {"text": value_as_words(part)}
        case _:
            pass


def _foreign(part: Part, known: ModelFacts, endpoint: Endpoint) -> Iterable[GooglePart]:
    match part:
        case Text(text=text) if text:
            yield {"text": text}
        case ToolCall():
            name, arguments = function_name(part.name), part.arguments_object() or {}
            yield {"functionCall": {"name": name, "args": arguments}}
        case Attachment():
            yield _attachment(part, known, endpoint)
        case Structured():
            yield {"text": value_as_words(part)}
        case _:
            pass


def _sign(parts: list[GooglePart]) -> None:
    """Of calls made in one step the first has the signature; only that one is checked."""
    calls = [part for part in parts if "functionCall" in part]
    if calls and not any("thoughtSignature" in call for call in calls):
        calls[0]["thoughtSignature"] = NO_SIGNATURE


def _of_tools(message: Message, asking: Message | None, endpoint: Endpoint) -> Iterator[GooglePart]:
    """Results in the order of the calls of the message before; its ids alone are unique."""
    calls = {call.call_id: call for call in asking.tool_calls} if asking else {}
    is_own = asking is not None and asking.provider == endpoint.name
    order = {call_id: place for place, call_id in enumerate(calls)}
    for result in sorted(message.tool_results, key=lambda one: order.get(one.call_id, len(order))):
        call = calls.get(result.call_id)
        if not endpoint.takes_tools:
            yield {"text": result_as_words(result, call.name if call else "")}
        else:
            yield _result(result, call, is_own=is_own)


def _result(result: ToolResult, call: ToolCall | None, *, is_own: bool) -> GooglePart:
    key = "error" if result.is_error else "output"
    name = call.name if call else ""
    answer: GooglePart = {
        "name": name if name and is_own else function_name(name),
        "response": {key: result.output},
    }
    if call is not None and is_own:
        kept = as_object(as_object(as_object(call.provider_data).get(WIRE)).get("part"))
        if call_id := as_object(kept.get("functionCall")).get("id"):
            answer["id"] = call_id
    return {"functionResponse": answer}


def _attachment(part: Attachment, known: ModelFacts, endpoint: Endpoint) -> GooglePart:
    if (words := file_as_words(part, known, endpoint, WIRE)) is not None:
        return {"text": words}
    data = base64.b64encode(part.data).decode("ascii")
    return {"inlineData": {"mimeType": part.media_type, "data": data}}

"""What a part of a message is on the messages wire: a content block, or several.

https://platform.claude.com/docs/en/api/messages. What a vendor's own message must bring back
(signatures, citations, whole blocks) stands in `provider_data` under `WIRE`.
"""

import base64
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.media import PDF
from conduit_tui.core.message import (
    Attachment,
    Citation,
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
from conduit_tui.providers.as_words import (
    file_as_words,
    made_here,
    result_as_words,
    value_as_words,
)
from conduit_tui.providers.call_names import CallIds, plain_name
from conduit_tui.providers.shapes import as_list, as_object, as_text

WIRE = "anthropic"

Block = dict[str, Json]


def text_block(text: str) -> Iterator[Block]:
    """A block of text; none for blank text, which is refused."""
    if text.strip():
        yield {"type": "text", "text": text}


def user_blocks(message: Message, facts: ModelFacts, endpoint: Endpoint) -> Iterator[Block]:
    """What a person wrote and attached."""
    for part in message.parts:
        match part:
            case Text(text=text):
                yield from text_block(text)
            case Attachment():
                yield from _attachment(part, facts, endpoint)
            case _:
                pass


def assistant_blocks(
    message: Message,
    ids: CallIds | None,
    *,
    is_own: bool,
    with_thoughts: bool,
    results: frozenset[str] | None,
) -> Iterator[Block]:
    """What a model said; `is_own` if this vendor made it. Without `ids`, no tool calls.

    `results` are the ids of calls of the server's own tools that it answered; a call that it did
    not is left out. None where it may still answer.
    """
    for part in message.parts:
        match part:
            case Text():
                yield from _text(part) if is_own else text_block(part.text)
            case Thinking() if is_own and with_thoughts:
                yield from _thinking(part)
            case Unknown() if is_own and kept_data(part) is not None:
                block = as_object(part.raw)
                is_thought = block.get("type") == "redacted_thinking"
                if with_thoughts if is_thought else _is_answered(block, results):
                    yield block
            case ToolCall() if ids is not None:
                yield _call(part, ids, is_own=is_own, results=results)
            case Structured():
                yield from text_block(value_as_words(part))
            case Attachment():
                yield from text_block(made_here(part))
            case Thinking() | Unknown() | ToolCall() | ToolResult() | Citation():
                pass


def result_blocks(message: Message, ids: CallIds) -> Iterator[Block]:
    """The answers to tool calls."""
    for result in message.tool_results:
        if (call_id := ids.of_result(result.call_id)) is not None:
            block: Block = {"type": "tool_result", "tool_use_id": call_id}
            if result.output.strip():
                block["content"] = result.output
            yield block | ({"is_error": True} if result.is_error else {})


def results_in_words(message: Message, names: dict[str, str]) -> Iterator[Block]:
    """The answers to tool calls for a server that takes no tools."""
    for result in message.tool_results:
        yield from text_block(result_as_words(result, names.get(result.call_id, "")))


def server_results(messages: Iterable[Message]) -> frozenset[str]:
    """The ids of calls of a server's own tools whose results stand in the messages."""
    blocks = (as_object(part.raw) for one in messages for part in one.parts if _is_kept(part))
    return frozenset(as_text(block.get("tool_use_id")) for block in blocks)


def kept_data(part: Part) -> Json:
    """What this wire left in a part; None for a part that is not of this wire, or not finished."""
    return as_object(part.provider_data).get(WIRE)


def _attachment(part: Attachment, facts: ModelFacts, endpoint: Endpoint) -> Iterator[Block]:
    if (words := file_as_words(part, facts, endpoint, WIRE)) is not None:
        yield from text_block(words)
    elif part.media_type == PDF:
        yield {"type": "document", "source": _source(part), "title": part.name}
    else:
        yield {"type": "image", "source": _source(part)}


def _source(part: Attachment) -> Block:
    data = base64.b64encode(part.data).decode("ascii")
    return {"type": "base64", "media_type": part.media_type, "data": data}


def _text(part: Text) -> Iterator[Block]:
    """The blocks that the text came in, each with its citations, if they still add up to it."""
    blocks = [as_object(block) for block in as_list(as_object(kept_data(part)).get("blocks"))]
    lengths = [length for block in blocks if isinstance(length := block.get("length"), int)]
    if not blocks or len(lengths) != len(blocks) or sum(lengths) != len(part.text):
        yield from text_block(part.text)
        return
    start = 0
    for block, length in zip(blocks, lengths, strict=True):
        for encoded in text_block(part.text[start : start + length]):
            if citations := as_list(block.get("citations")):
                encoded["citations"] = citations
            yield encoded
        start += length


def _thinking(part: Thinking) -> Iterator[Block]:
    """A thinking block as it came. One that was cut short has no signature, and is refused."""
    kept = kept_data(part)
    if isinstance(kept, dict):
        yield {"type": "thinking", "thinking": part.text, **kept}


def _is_kept(part: Part) -> TypeGuard[Unknown]:
    return isinstance(part, Unknown) and kept_data(part) is not None


def _is_answered(block: Block, results: frozenset[str] | None) -> bool:
    """Whether a call of the server's has its result, and the program it was made by too."""
    if results is None:
        return True
    asks = as_text(block.get("type")).endswith("tool_use")
    return _has_caller(block, results) and (not asks or as_text(block.get("id")) in results)


def _has_caller(block: Block, results: frozenset[str]) -> bool:
    """Whether a call was made by the model, or by a tool of the server's that goes along."""
    caller = as_text(as_object(block.get("caller")).get("tool_id"))
    return not caller or caller in results


def _call(call: ToolCall, ids: CallIds, *, is_own: bool, results: frozenset[str] | None) -> Block:
    block: Block = {
        "type": "tool_use",
        "id": ids.of_call(call.call_id),
        "name": plain_name(call.name),
        "input": call.arguments_object() or {},
    }
    kept = as_object(kept_data(call)) if is_own else {}
    if results is not None and not _has_caller(kept, results):
        kept = {name: value for name, value in kept.items() if name != "caller"}
    return block | kept

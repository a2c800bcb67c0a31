"""The content blocks of a streamed message, from start over deltas to stop, as events.

https://platform.claude.com/docs/en/build-with-claude/streaming. Text, thinking and tool calls are
told as they come; what only makes sense whole (a server's own tool and its result, redacted
thinking, kinds not known here) is told at its stop, to be sent back unchanged.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from conduit_tui.core.events import (
    CitationsReceived,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Citation, Unknown
from conduit_tui.providers.anthropic_blocks import WIRE
from conduit_tui.providers.shapes import as_list, as_object, as_text

_Kind: TypeAlias = Literal["text", "thinking", "tool_use", "other"]
_TOLD = {
    "text": {"type", "text", "citations"},
    "thinking": {"type", "thinking", "signature"},
    "tool_use": {"type", "id", "name", "input"},
}
_KINDS_BY_DELTA: dict[str, _Kind] = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "thinking",
}


@dataclass(slots=True)
class _Block:
    """A block that is open. `rest` are the fields its events do not tell."""

    kind: _Kind
    rest: dict[str, Json]
    position: int = 0
    whole_input: Json = None
    json_pieces: list[str] = field(default_factory=list[str])
    length: int = 0
    citations: list[Json] = field(default_factory=list["Json"])
    signature: str | None = None


class Blocks:
    """Turns the block events of one generation into ours.

    `names` gives back the names of tools that had to be sent under another.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._open: dict[int, _Block] = {}
        self._run: list[_Block] = []
        self._calls = 0
        self._sources: dict[str, Citation] = {}
        self.is_empty = True

    @property
    def has_calls(self) -> bool:
        """Whether there was a tool call."""
        return self._calls > 0

    def start(self, index: int, raw: dict[str, Json]) -> Iterator[StreamEvent]:
        """Begin a block, with what of it is already there."""
        yield from self.stop(index)
        self.is_empty = False
        kind = as_text(raw.get("type"))
        if kind != "text":
            yield from self._end_run()
        match kind:
            case "text":
                yield from self._start_text(index, raw)
            case "thinking":
                block = self._open[index] = _Block("thinking", _rest(raw))
                if (signature := raw.get("signature")) is not None:
                    block.signature = as_text(signature)
                if text := as_text(raw.get("thinking")):
                    block.length += len(text)
                    yield ThinkingDelta(text)
            case "tool_use":
                yield from self._start_call(index, raw)
            case _:
                self._open[index] = _Block("other", dict(raw))

    def delta(self, index: int, delta: dict[str, Json]) -> Iterator[StreamEvent]:
        """Grow a block; one that was never begun begins with its first delta."""
        kind = delta.get("type")
        block = self._open.get(index)
        if block is None:
            if not isinstance(kind, str) or kind not in _KINDS_BY_DELTA:
                return
            yield from self.start(index, {"type": _KINDS_BY_DELTA[kind]})
            block = self._open[index]
        if kind == "text_delta" and block.kind == "text":
            if text := as_text(delta.get("text")):
                block.length += len(text)
                yield TextDelta(text)
        elif kind == "thinking_delta" and block.kind == "thinking":
            if text := as_text(delta.get("thinking")):
                block.length += len(text)
                yield ThinkingDelta(text)
        elif kind == "signature_delta" and block.kind == "thinking":
            block.signature = (block.signature or "") + as_text(delta.get("signature"))
        elif kind == "input_json_delta" and block.kind != "thinking":
            if piece := as_text(delta.get("partial_json")):
                block.json_pieces.append(piece)
                if block.kind == "tool_use":
                    yield ToolCallDelta(block.position, "", "", piece)
        elif kind == "citations_delta" and block.kind == "text":
            yield from self._cite(block, [delta.get("citation")])
        elif block.kind == "other":
            _grow(block.rest, delta)

    def stop(self, index: int) -> Iterator[StreamEvent]:
        """End a block, if it is open."""
        block = self._open.pop(index, None)
        if block is None:
            return
        match block.kind:
            case "thinking":
                yield from _whole_thinking(block)
            case "tool_use" if not block.json_pieces and block.whole_input:
                yield ToolCallDelta(block.position, "", "", _written(block.whole_input))
            case "other" if block.rest.get("type"):
                if (arguments := _parsed("".join(block.json_pieces))) is not None:
                    block.rest["input"] = arguments
                yield UnknownReceived(Unknown(block.rest, {WIRE: {}}))
            case _:
                pass

    def finish(self) -> Iterator[StreamEvent]:
        """End all that is open: the message is whole."""
        for index in tuple(self._open):
            yield from self.stop(index)
        yield from self._end_run()

    def _start_text(self, index: int, raw: dict[str, Json]) -> Iterator[StreamEvent]:
        block = self._open[index] = _Block("text", {})
        self._run.append(block)
        if text := as_text(raw.get("text")):
            block.length += len(text)
            yield TextDelta(text)
        yield from self._cite(block, as_list(raw.get("citations")))

    def _start_call(self, index: int, raw: dict[str, Json]) -> Iterator[StreamEvent]:
        block = _Block("tool_use", _rest(raw), self._calls, raw.get("input"))
        self._open[index] = block
        self._calls += 1
        name = as_text(raw.get("name"))
        data: Json = {WIRE: block.rest} if block.rest else None
        call_id, name = as_text(raw.get("id")), self._names.get(name, name)
        yield ToolCallDelta(block.position, call_id, name, "", data)

    def _cite(self, block: _Block, citations: list[Json]) -> Iterator[StreamEvent]:
        known = len(self._sources)
        for citation in filter(None, map(as_object, citations)):
            block.citations.append(citation)
            url = as_text(citation.get("url")) or as_text(citation.get("source"))
            if url.startswith(("http://", "https://")):
                self._sources.setdefault(url, Citation(url, as_text(citation.get("title"))))
        if len(self._sources) > known:
            yield CitationsReceived(tuple(self._sources.values()))

    def _end_run(self) -> Iterator[StreamEvent]:
        """End the text blocks that followed each other, and keep how long each of them was.

        To a reader they are one text, cut wherever a source is cited; the server wants the blocks.
        """
        run, self._run = [block for block in self._run if block.length], []
        if len(run) > 1 or any(block.citations for block in run):
            blocks: list[Json] = [{"length": one.length, "citations": one.citations} for one in run]
            yield TextDelta("", {WIRE: {"blocks": blocks}})


def _rest(raw: dict[str, Json]) -> dict[str, Json]:
    told = _TOLD[as_text(raw.get("type"))]
    return {name: value for name, value in raw.items() if name not in told and value is not None}


def _whole_thinking(block: _Block) -> Iterator[StreamEvent]:
    if block.signature is not None:
        block.rest["signature"] = block.signature
    if block.length or block.rest:
        yield ThinkingDelta("", {WIRE: block.rest})


def _grow(rest: dict[str, Json], delta: dict[str, Json]) -> None:
    """Add a delta of a kind not known: strings grow, everything else is replaced."""
    for name, value in delta.items():
        before = rest.get(name)
        if name == "type":
            continue
        rest[name] = before + value if isinstance(before, str) and isinstance(value, str) else value


def _written(value: Json) -> str:
    """An input as text; some servers send the text itself."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> Json:
    try:
        return cast("Json", json.loads(text)) if text.strip() else None
    except (ValueError, RecursionError):
        return None

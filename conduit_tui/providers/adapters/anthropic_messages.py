"""The messages wire of Anthropic: https://platform.claude.com/docs/en/api/messages

Requests go through the official `anthropic` SDK. The stream is read from its raw response and
decoded here, for the same reasons as that of the chat completions wire: a message is complete
when `message_stop` was seen, which the SDK's iterator does not insist on, and its objects cost
many times the CPU.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import (
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.anthropic_client import (
    get_json,
    open_client,
    post_for_json,
    post_for_stream,
)
from conduit_tui.providers.anthropic_conversation import (
    has_calls,
    mark_for_cache,
    mark_last,
    may_think,
    system_text,
    turns,
)
from conduit_tui.providers.anthropic_stream import Blocks
from conduit_tui.providers.anthropic_thinking import generation_fields
from conduit_tui.providers.anthropic_tools import former_tools, offered_tools, real_names
from conduit_tui.providers.anthropic_usage import UsageReports
from conduit_tui.providers.chat_messages import without_surrogates
from conduit_tui.providers.chunks import NotAStream, chunk_of, read_frames, whole_body
from conduit_tui.providers.claude import facts_by_name, listed_facts
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.model_list import listed_models
from conduit_tui.providers.shapes import as_list, as_object, as_text
from conduit_tui.providers.sse import FrameDecoder

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

LIST_SECONDS = 10.0
"""How long a list of models is waited for: somebody looks at an empty picker meanwhile."""

COUNT_SECONDS = 20.0
"""How long a count of tokens is waited for."""

MOST_PAGES = 20
"""Pages of a list of models that are read, of up to 1,000 models each."""

_COUNTED = frozenset(
    {"messages", "model", "output_config", "system", "thinking", "tool_choice", "tools"}
)
_NO_SERVICE = frozenset({404, 405, 501})
_REASONS = {"tool_use": "tool_calls"}
_CONTENT = (TextDelta, ThinkingDelta, ToolCallDelta, UnknownReceived)


def encode(request: Request, endpoint: Endpoint, *, with_thoughts: bool = True) -> dict[str, Json]:
    """Return the body of a request.

    Without thoughts the thinking of earlier messages stays away. The endpoint's quirk
    `no_cache_marks` leaves out the marks for the server's cache of prompts.
    """
    params = request.params
    facts = request.known.or_else(facts_by_name(request.model))
    found = turns(request, endpoint, facts, with_thoughts=with_thoughts)
    marks = not endpoint.quirks.get("no_cache_marks")
    offered = offered_tools(request, facts) if endpoint.takes_tools else []
    tools = offered or (former_tools(request) if has_calls(found) else [])
    if marks:
        mark_last(tools)
        mark_for_cache(found)
    body: dict[str, Json] = {
        "model": request.model,
        "messages": [turn.encoded() for turn in found],
        "stream": True,
        "system": _system(request, marks=marks),
        "stop_sequences": [words for words in params.stop if words.strip()] or None,
        "tools": [*tools] or None,
        "tool_choice": {"type": "none"} if tools and not offered else None,
        **generation_fields(params, facts, may_think=may_think(found)),
    }
    given = {name: value for name, value in body.items() if value is not None} | params.extra
    if output := as_object(body.get("output_config")) | as_object(given.get("output_config")):
        given["output_config"] = output
    return as_object(without_surrogates(given))


def _system(request: Request, *, marks: bool) -> Json:
    if not (text := system_text(request)):
        return None
    if not marks:
        return text
    blocks: list[dict[str, Json]] = [{"type": "text", "text": text}]
    mark_last(blocks)
    return [*blocks]


class Decoder:
    """Turns the events of one generation into ours; `names` are those of tools sent otherwise."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.is_finished = False
        self._blocks = Blocks(names or {})
        self._reports = UsageReports()
        self._reported: Usage | None = None
        self._reason = ""
        self._explanation = ""

    def feed(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an event says. What it does not know, it skips."""
        match event.get("type"):
            case "content_block_delta":
                yield from self._blocks.delta(_index(event), as_object(event.get("delta")))
            case "content_block_start":
                yield from self._usage()
                raw = as_object(event.get("content_block"))
                yield from self._blocks.start(_index(event), raw)
            case "content_block_stop":
                yield from self._blocks.stop(_index(event))
            case "message_start":  # told with the first block: before it, a failure can be retried
                self._reports.take(as_object(event.get("message")).get("usage"))
            case "message_delta":
                self._note_end(as_object(event.get("delta")))
                self._reports.take(event.get("usage"))
            case "message_stop":
                yield from self._finish()
            case _:
                pass

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        for index, block in enumerate(map(as_object, as_list(body.get("content")))):
            yield from self._blocks.start(index, block)
            yield from self._blocks.stop(index)
        self._note_end(body)
        self._reports.take(body.get("usage"))
        yield from self._finish()

    def _note_end(self, fields: dict[str, Json]) -> None:
        self._reason = as_text(fields.get("stop_reason")) or self._reason
        details = as_object(fields.get("stop_details"))
        self._explanation = as_text(details.get("explanation")) or self._explanation

    def _finish(self) -> Iterator[StreamEvent]:
        if self.is_finished:
            return
        self.is_finished = True
        yield from self._blocks.finish()
        if self._blocks.is_empty and self._explanation:  # a refusal without a word of the model's
            yield TextDelta(self._explanation)
        yield from self._usage()
        reason = self._reason or ("tool_use" if self._blocks.has_calls else "end_turn")
        yield GenerationStopped(_REASONS.get(reason, reason))

    def _usage(self) -> Iterator[StreamEvent]:
        usage = self._reports.usage()
        if usage and usage != self._reported:
            self._reported = usage
            yield UsageReported(usage)


def _index(event: dict[str, Json]) -> int:
    index = event.get("index")
    return index if isinstance(index, int) else 0


class AnthropicMessages:
    """A server of the messages wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client: AsyncAnthropic | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream.

        Thoughts that the server does not take back are left away in a second attempt.
        """
        failures = Failures(self._endpoint, request.model)
        failures.require_key()
        body = encode(request, self._endpoint)
        while True:
            decoder = Decoder(real_names(request))
            begun = False
            try:
                async with aclosing(self._events(body, decoder)) as events:
                    async for event in events:
                        begun = begun or isinstance(event, _CONTENT)
                        yield event
                return
            except Exception as error:
                if decoder.is_finished:  # what broke afterwards was not the answer
                    return
                plain = self._without_thoughts(request, error)
                if plain is None or plain == body:
                    raise failures.translate(error, begun=begun) from error
            body = plain

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers, in its own order. Raises ProviderError."""
        failures = Failures(replace(self._endpoint, idle_seconds=LIST_SECONDS))
        failures.require_key()
        try:
            return await self._listed()
        except Exception as error:
            raise failures.translate(error, begun=False) from error

    async def count_tokens(self, request: Request, /) -> int | None:
        """The server's count of a request's input; None where it does not count.

        Raises ProviderError.
        """
        failures = Failures(replace(self._endpoint, idle_seconds=COUNT_SECONDS), request.model)
        failures.require_key()
        body = encode(request, self._endpoint)
        counted = {name: value for name, value in body.items() if name in _COUNTED}
        path = "/v1/messages/count_tokens"
        try:
            client = await self._open()
            answer = await post_for_json(client, self._endpoint, path, counted, COUNT_SECONDS)
        except Exception as error:
            if getattr(error, "status_code", None) in _NO_SERVICE:
                return None
            raise failures.translate(error, begun=False) from error
        count = as_object(answer).get("input_tokens")
        return count if isinstance(count, int) else None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _without_thoughts(self, request: Request, error: Exception) -> dict[str, Json] | None:
        """The request to make instead, if a server does not know its own thinking again.

        It may be of another account, or bound to words that were different:
        https://platform.claude.com/docs/en/build-with-claude/thinking.
        """
        text = str(getattr(getattr(error, "response", None), "text", ""))
        is_refused = getattr(error, "status_code", None) == 400
        if not (is_refused and "signature" in text and "thinking" in text):
            return None
        return encode(request, self._endpoint, with_thoughts=False)

    async def _open(self) -> "AsyncAnthropic":
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(open_client, self._endpoint)
            return self._client

    async def _listed(self) -> tuple[ModelFacts, ...]:
        """Every page of the list; a server that knows no pages sends one."""
        client = await self._open()
        found: dict[str, ModelFacts] = {}
        query = {"limit": "1000"}
        for _ in range(MOST_PAGES):
            page = await get_json(client, self._endpoint, "/v1/models", query, LIST_SECONDS)
            fields = as_object(page)
            listed = [listed_facts(item) for item in map(as_object, as_list(fields.get("data")))]
            known = len(found)
            found |= {facts.name: facts for facts in listed if facts.name}
            last = as_text(fields.get("last_id"))
            if not found:
                return listed_models(page)
            if not fields.get("has_more") or not last or len(found) == known:
                break
            query = {"limit": "1000", "after_id": last}
        return tuple(found.values())

    async def _events(
        self, body: dict[str, Json], decoder: Decoder
    ) -> AsyncGenerator[StreamEvent, None]:
        client = await self._open()
        async with post_for_stream(client, self._endpoint, "/v1/messages", body) as pieces:
            frames = FrameDecoder()
            framed = False
            async with aclosing(read_frames(pieces, frames, lambda: None)) as incoming:
                async for frame in incoming:
                    framed = True
                    event = chunk_of(frame)
                    if "type" not in event:
                        event["type"] = frame.event
                    for each in decoder.feed(event):
                        yield each
                    if decoder.is_finished:
                        return
            if not framed:
                for each in _whole(frames, decoder):
                    yield each


def _whole(frames: FrameDecoder, decoder: Decoder) -> Iterator[StreamEvent]:
    """The answer of a server that does not stream: one JSON object where events should be."""
    body = whole_body(frames.stray)
    if not isinstance(body.get("content"), list):
        raise NotAStream(frames.stray)
    return decoder.feed_whole(body)

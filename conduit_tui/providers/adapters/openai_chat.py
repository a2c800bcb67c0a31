"""The chat completions wire, which most servers speak: https://platform.openai.com/docs/api-reference/chat

Requests go through the official `openai` SDK. The stream is read from the SDK's raw response and
decoded here: the SDK's own iterator keeps `[DONE]` to itself, and only that tells a finished
answer from one whose server closed the connection early without a finish reason; and building
its objects costs ten times the CPU (4.3 against 0.4 s for 20,000 chunks).
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Citation
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.addresses import is_openai_host
from conduit_tui.providers.chat_messages import chat_messages, without_surrogates
from conduit_tui.providers.chunks import NotAStream, chunk_of, read_frames, whole_body
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.model_list import listed_models
from conduit_tui.providers.openai_client import get_json, open_client, post_for_stream
from conduit_tui.providers.openai_usage import usage_of
from conduit_tui.providers.shapes import as_list, as_object, as_text
from conduit_tui.providers.sse import FrameDecoder
from conduit_tui.providers.tool_fragments import ToolFragments

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LINGER_SECONDS = 5.0
"""How long usage and `[DONE]` are waited for after a finish reason."""

LIST_SECONDS = 10.0
"""How long a list of models is waited for: somebody looks at an empty picker meanwhile."""

_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
_CONTENT = (TextDelta, ThinkingDelta, ToolCallDelta)


def encode(request: Request, endpoint: Endpoint) -> dict[str, Json]:
    """Return the body of a request. Quirks of the endpoint rename or leave out fields."""
    params, quirks = request.params, endpoint.quirks
    limit = "max_completion_tokens" if is_openai_host(endpoint.base_url) else "max_tokens"
    body: dict[str, Json] = {
        "model": request.model,
        "messages": chat_messages(request, endpoint),
        "stream": True,
        "stream_options": None if quirks.get("no_stream_options") else {"include_usage": True},
        "temperature": params.temperature,
        "top_p": params.top_p,
        as_text(quirks.get("max_tokens_field")) or limit: params.max_tokens,
        "stop": list(params.stop) or None,
        as_text(quirks.get("seed_field")) or "seed": params.seed,
        **_reasoning(params, endpoint),
        "tools": _tools(request) if endpoint.takes_tools else None,
        **(as_object(quirks.get("search")) if params.search else {}),
    }
    given = {name: value for name, value in body.items() if value is not None}
    return as_object(without_surrogates(given | params.extra))


def _reasoning(params: Params, endpoint: Endpoint) -> dict[str, Json]:
    """How much to think: an effort, and a budget only where there is a field for it.

    OpenRouter takes one of both: https://openrouter.ai/docs/use-cases/reasoning-tokens
    """
    field = as_text(endpoint.quirks.get("reasoning_object"))
    if not field:
        return {"reasoning_effort": params.effort}
    if params.thinking_tokens is not None:
        return {field: {"max_tokens": params.thinking_tokens}}
    return {field: {"effort": params.effort} if params.effort else None}


def _tools(request: Request) -> Json:
    functions: list[Json] = [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.schema,
            },
        }
        for tool in request.tools
    ]
    return functions or None


class Decoder:
    """Turns the chunks of one generation into events; `finish` says how it ended."""

    def __init__(self) -> None:
        self.is_finished = False
        self._reason = ""
        self._calls = ToolFragments()
        self._refused = False
        self._usage: Usage | None = None
        self._citations: tuple[Citation, ...] = ()

    def feed(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a chunk says. What it does not know, it skips."""
        for choice in map(as_object, as_list(chunk.get("choices"))):
            if choice.get("index") in (0, None):
                yield from self._choice(choice)
        yield from self._reports(chunk)

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        choices = map(as_object, as_list(body.get("choices")))
        as_chunk: list[Json] = [{**one, "delta": one.get("message")} for one in choices]
        yield from self.feed({**body, "choices": as_chunk})
        yield from self.finish(marked=True)

    def finish(self, *, marked: bool) -> Iterator[StreamEvent]:
        """Return the end, if there was one: a finish reason, or the mark `[DONE]`."""
        if self.is_finished or marked:
            reason = self._reason or ("tool_calls" if self._calls.any else "end_turn")
            is_refusal = self._refused and reason == "end_turn"
            yield GenerationStopped("refusal" if is_refusal else reason)

    def _choice(self, choice: dict[str, Json]) -> Iterator[StreamEvent]:
        delta = as_object(choice.get("delta"))
        thinking = (as_text(delta.get(name)) for name in ("reasoning_content", "reasoning"))
        if text := next(filter(None, thinking), ""):
            yield ThinkingDelta(text)
        yield from _content(delta.get("content"))
        if refusal := as_text(delta.get("refusal")):
            self._refused = True
            yield TextDelta(refusal)
        for fragment in as_list(delta.get("tool_calls")):
            yield self._calls.place(as_object(fragment))
        if word := as_text(choice.get("finish_reason")):
            self.is_finished = True
            self._reason = _REASONS.get(word, word)

    def _reports(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        usage, citations = usage_of(chunk), _citations(chunk)
        if usage and usage != self._usage:
            self._usage = usage
            yield UsageReported(usage)
        if citations and citations != self._citations:
            self._citations = citations
            yield CitationsReceived(citations)


def _content(content: Json) -> Iterator[StreamEvent]:
    """Text is a string; Mistral's is a list of parts as soon as it thinks."""
    if isinstance(content, str):
        if content:
            yield TextDelta(content)
        return
    for part in map(as_object, as_list(content)):
        inner = part.get("thinking")
        thinking = as_text(inner) or "".join(
            as_text(as_object(piece).get("text")) for piece in as_list(inner)
        )
        if thinking:
            yield ThinkingDelta(thinking)
        if text := as_text(part.get("text")):
            yield TextDelta(text)


def _citations(chunk: dict[str, Json]) -> tuple[Citation, ...]:
    """Perplexity's sources: with titles where it sends them, else bare addresses."""
    results = map(as_object, as_list(chunk.get("search_results")))
    titled = tuple(Citation(as_text(one.get("url")), as_text(one.get("title"))) for one in results)
    return titled or tuple(
        Citation(url) for url in as_list(chunk.get("citations")) if isinstance(url, str)
    )


class OpenAIChat:
    """A server of the chat completions wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream."""
        failures = Failures(self._endpoint, request.model)
        failures.require_key()
        body = encode(request, self._endpoint)
        decoder = Decoder()
        begun = False
        try:
            async with aclosing(self._events(body, decoder)) as events:
                async for event in events:
                    begun = begun or isinstance(event, _CONTENT)
                    yield event
        except Exception as error:
            # the finish reason has come: what broke afterwards was not the answer
            if not decoder.is_finished:
                raise failures.translate(error, begun=begun) from error
            for event in decoder.finish(marked=False):
                yield event

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers, in its own order. Raises ProviderError."""
        failures = Failures(replace(self._endpoint, idle_seconds=LIST_SECONDS))
        failures.require_key()
        try:
            client = await self._open()
            listed = await get_json(client, self._endpoint, "/models", LIST_SECONDS)
        except Exception as error:
            raise failures.translate(error, begun=False) from error
        return listed_models(listed)

    async def count_tokens(self, _request: Request, /) -> int | None:
        """This wire has no such service."""
        return None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _open(self) -> "AsyncOpenAI":
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(open_client, self._endpoint)
            return self._client

    async def _events(
        self, body: dict[str, Json], decoder: Decoder
    ) -> AsyncGenerator[StreamEvent, None]:
        client = await self._open()
        async with post_for_stream(client, self._endpoint, "/chat/completions", body) as pieces:
            frames = FrameDecoder()
            framed = False
            linger = LINGER_SECONDS
            async with aclosing(
                read_frames(pieces, frames, lambda: linger if decoder.is_finished else None)
            ) as incoming:
                async for frame in incoming:
                    framed = True
                    if frame.data.startswith("[DONE]"):
                        for event in decoder.finish(marked=True):
                            yield event
                        return
                    for event in decoder.feed(chunk_of(frame)):
                        yield event
            for event in decoder.finish(marked=False) if framed else _whole(frames, decoder):
                yield event


def _whole(frames: FrameDecoder, decoder: Decoder) -> Iterator[StreamEvent]:
    """The answer of a server that does not stream: one JSON object where events should be."""
    body = whole_body(frames.stray)
    if not as_list(body.get("choices")):
        raise NotAStream(frames.stray)
    return decoder.feed_whole(body)

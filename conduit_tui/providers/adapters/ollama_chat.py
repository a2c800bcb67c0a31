"""Ollama's own chat, which knows what its OpenAI endpoint does not: https://docs.ollama.com/api

Requests go through the connections of the official `ollama` client, and the lines of the stream
are decoded here: the SDK drops the ids of tool calls and all fields it does not know, and tells
neither a broken line nor an early end from the rest.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import ContextTooLong, ProviderError
from conduit_tui.core.events import (
    CONTENT,
    GenerationStopped,
    StreamEvent,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.functions import functions
from conduit_tui.providers.ndjson import LineDecoder
from conduit_tui.providers.ollama_client import LOADING_FACTOR, OllamaServer
from conduit_tui.providers.ollama_context import chosen_num_ctx, grown_num_ctx, num_ctx_for
from conduit_tui.providers.ollama_failures import OllamaFailures, lacking
from conduit_tui.providers.ollama_library import OllamaLibrary
from conduit_tui.providers.ollama_messages import WIRE, ollama_messages, takes_tools
from conduit_tui.providers.ollama_models import Shown
from conduit_tui.providers.sdk_client import LIST_SECONDS
from conduit_tui.providers.shapes import as_count, as_list, as_object, as_text, given
from conduit_tui.providers.think_tags import Mode, ThinkTags, mode_of

_REASONS = {"stop": "end_turn", "length": "max_tokens"}
_THINK: Mapping[str, Json] = {
    "none": False,
    "off": False,
    "minimal": "low",
    "xhigh": "high",
    "max": "high",
}


def encode(
    request: Request, endpoint: Endpoint, shown: Shown | None = None, least_num_ctx: int = 0
) -> dict[str, Json]:
    """Return the body of a request. `shown` is what the server says of the model.

    `least_num_ctx` is the context asked for the last time, so that none is given back.
    """
    shown = Shown(request.known) if shown is None else shown
    request = replace(request, facts=shown.facts.or_else(request.known))
    params = request.params
    body: dict[str, Json] = {
        "model": request.model,
        "messages": ollama_messages(request, endpoint),
        "stream": True,
        # else what does not fit is dropped without a word, as by servers before 0.12.6 still
        "truncate": False,
        "think": _think(request),
        "tools": functions(request.tools) if takes_tools(request, endpoint) else None,
    }
    options: dict[str, Json] = {
        "temperature": params.temperature,
        "top_p": params.top_p,
        "stop": list(params.stop) or None,
        "seed": params.seed,
        "num_predict": params.max_tokens,
        "num_ctx": num_ctx_for(request, body, shown, endpoint.num_ctx, least_num_ctx),
    }
    body["options"] = given(options) | as_object(params.extra.get("options")) or None
    body |= {name: value for name, value in params.extra.items() if name != "options"}
    return as_object(without_surrogates(given(body)))


def _think(request: Request) -> Json:
    """Nothing for a model that may not think: it would answer with an error.

    A word for how hard is only taken by some models; the others think or do not.
    """
    effort, tokens = request.params.effort, request.params.thinking_tokens
    can = request.known.can("reasoning")
    if effort is None:
        return bool(tokens) if tokens is not None else (can or None)
    word = _THINK.get(effort, effort)
    takes_words = bool(request.known.efforts) or can is None
    return word if takes_words or word is False else True


class Decoder:
    """Turns the lines of one generation into events; `finish` gives what was held back.

    Models whose template knows no thinking leave it in the text, between tags, unless
    `think_tags` says not to look for them.
    """

    def __init__(self, think_tags: Mode = "tagged") -> None:
        self.is_finished = False
        self._calls = 0
        self._tags = ThinkTags(think_tags)

    def feed(self, line: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a line says. What it does not know, it skips; raises ErrorFrame."""
        if line.get("error"):
            raise ErrorFrame(line)
        message = as_object(line.get("message"))
        if thinking := as_text(message.get("thinking")):
            yield ThinkingDelta(thinking)
        if text := as_text(message.get("content")):
            yield from self._tags.feed(text)
        for call in as_list(message.get("tool_calls")):
            yield from self._call(as_object(call))
        if line.get("done") is True:
            self.is_finished = True
            yield from self.finish()
            yield from _reported(line)
            yield GenerationStopped(self._reason(as_text(line.get("done_reason"))))

    def finish(self) -> Iterator[StreamEvent]:
        """Return what was held back, as nothing more comes."""
        return self._tags.finish()

    def _call(self, call: dict[str, Json]) -> Iterator[StreamEvent]:
        """A call comes whole; its place in the line is not its place in the message."""
        function = as_object(call.get("function"))
        name, arguments = as_text(function.get("name")), function.get("arguments")
        if not name:
            return
        call_id = as_text(call.get("id"))
        written = json.dumps(arguments, ensure_ascii=False) if isinstance(arguments, dict) else ""
        provider_data: Json = {WIRE: {"id": call_id}} if call_id else None
        yield ToolCallDelta(
            self._calls, call_id, name, written or as_text(arguments), provider_data
        )
        self._calls += 1

    def _reason(self, word: str) -> str:
        reason = _REASONS.get(word, word) or "end_turn"
        return "tool_calls" if self._calls and reason == "end_turn" else reason


def _reported(line: dict[str, Json]) -> Iterator[StreamEvent]:
    """Counts are left out where they are 0, of a prompt for instance that was in the cache."""
    usage = Usage(as_count(line.get("prompt_eval_count")), as_count(line.get("eval_count")))
    if usage.total_tokens:
        yield UsageReported(usage)


class OllamaChat:
    """An Ollama server."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._server = OllamaServer(endpoint)
        self._library = OllamaLibrary(endpoint, self._server)
        self._num_ctx: dict[str, int] = {}

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream.

        Where the server does not say what a model can do, one that refuses tools is asked again
        without them, and one that cannot think without thinking unless a person wants it to. If
        the conversation does not fit though the model has more room, more of it is asked for.
        """
        Failures(self._endpoint, request.model).require_key()
        shown = await self._library.look_at(request.model)
        while True:
            try:
                async with aclosing(self._attempt(request, shown)) as events:
                    async for event in events:
                        yield event
                return
            except ContextTooLong as failure:
                if not self._grow(request, shown, failure):
                    raise
                continue
            except ProviderError as failure:
                ability = lacking(failure)
                is_known = ability and shown and shown.facts.can(ability) is False
                is_wanted = ability == "reasoning" and request.params.effort is not None
                if ability is None or is_known or is_wanted:
                    raise
            shown = self._library.without(request.known, ability)

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The installed models that chat, with what the server says of each.

        Raises ProviderError.
        """
        Failures(self._endpoint).require_key()
        try:
            return await self._library.listed(LIST_SECONDS)
        except Exception as error:
            failures = OllamaFailures(self._endpoint, "", LIST_SECONDS)
            raise failures.translate(error, begun=False) from error

    async def count_tokens(self, _request: Request, /) -> int | None:
        """This server has no such service."""
        return None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._server.aclose()

    def _grow(self, request: Request, shown: Shown | None, failure: ContextTooLong) -> bool:
        """Ask for more context the next time; False if a person chose it, or there is no more."""
        shown = shown or Shown(request.known)
        asked = self._num_ctx.get(request.model, shown.num_ctx)
        larger = grown_num_ctx(asked, failure, shown.facts.context_window)
        if larger is None or chosen_num_ctx(request.model, self._endpoint.num_ctx):
            return False
        self._num_ctx[request.model] = larger
        return True

    async def _attempt(
        self, request: Request, shown: Shown | None
    ) -> AsyncGenerator[StreamEvent, None]:
        body = encode(request, self._endpoint, shown, self._num_ctx.get(request.model, 0))
        if num_ctx := as_count(as_object(body.get("options")).get("num_ctx")):
            self._num_ctx[request.model] = num_ctx
        patience = _Patience(self._endpoint)
        decoder = Decoder(mode_of(self._endpoint.quirks.get("think_tags", True)))
        begun = False
        try:
            async with aclosing(self._events(body, decoder, patience)) as events:
                async for event in events:
                    begun = begun or isinstance(event, CONTENT)
                    yield event
        except Exception as error:
            for event in decoder.finish():
                begun = True
                yield event
            window = shown.facts.context_window if shown else None
            may_grow = window is None or num_ctx < window
            seconds = patience.seconds
            failures = OllamaFailures(self._endpoint, request.model, seconds, may_grow=may_grow)
            raise failures.translate(error, begun=begun) from error

    async def _events(
        self, body: dict[str, Json], decoder: Decoder, patience: "_Patience"
    ) -> AsyncGenerator[StreamEvent, None]:
        lines = LineDecoder()
        async with (
            self._server.stream("/api/chat", body, patience.seconds) as pieces,
            aclosing(patience.pieces(pieces)) as incoming,
        ):
            async for piece in incoming:
                for line in lines.feed(piece):
                    for event in decoder.feed(line):
                        yield event
                    if decoder.is_finished:
                        return
            for line in lines.finish():
                for event in decoder.feed(line):
                    yield event
            for event in decoder.finish():
                yield event


class _Patience:
    """How long the next piece is waited for: the first one longer than those after it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._idle_seconds = endpoint.idle_seconds
        self.seconds = endpoint.idle_seconds * LOADING_FACTOR

    async def pieces(self, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """Hand pieces on; raises TimeoutError after a silence in between."""
        async with aclosing(pieces):
            while True:
                async with asyncio.timeout(self.seconds):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                self.seconds = self._idle_seconds
                yield piece

"""Gemini's own wire, generateContent: https://ai.google.dev/api/generate-content

Requests go through the official `google-genai` SDK; the bytes of the stream are decoded here. The
SDK's own iterator ends without a word when the connection does, refuses values that it does not
know, and costs many times the CPU (see google_client.py).
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from urllib.parse import quote

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse
from conduit_tui.core.events import (
    CONTENT,
    CitationsReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    UsageReported,
)
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.chunks import chunk_of, read_frames
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.google_client import ask_json, connection_to, post_for_stream
from conduit_tui.providers.google_contents import contents_of, function_name, system_instruction
from conduit_tui.providers.google_models import (
    is_from,
    listed_models,
    path_of,
    resource,
    thinking_config,
)
from conduit_tui.providers.google_parts import WIRE, PartReader
from conduit_tui.providers.google_sources import Sources
from conduit_tui.providers.google_stops import blocked_prompt, finish_word, no_answer, reason_of
from conduit_tui.providers.google_usage import usage_of
from conduit_tui.providers.sdk_client import LINGER_SECONDS, LIST_SECONDS, MOST_PAGES
from conduit_tui.providers.shapes import as_count, as_list, as_object, as_text, given
from conduit_tui.providers.sse import FrameDecoder
from conduit_tui.providers.unframed import unframed

COUNT_SECONDS = 20.0
"""How long a count of tokens is waited for."""

_CHUNK_FIELDS = ("candidates", "promptFeedback", "usageMetadata")
_NO_SOURCES = frozenset({"content", "finishReason", "index"})


def encode(request: Request, endpoint: Endpoint) -> dict[str, Json]:
    """Return the body of a request; its `model` goes into the address.

    Raises BadResponse for what the API is known to refuse.
    """
    contents = contents_of(request, endpoint)
    if not contents:
        raise BadResponse(f"There is nothing to send to {endpoint.name!r}: write a message first.")
    params = request.params
    generation: dict[str, Json] = {
        "temperature": params.temperature,
        "topP": params.top_p,
        "maxOutputTokens": params.max_tokens,
        "stopSequences": list(params.stop) or None,
        "seed": params.seed,
        "thinkingConfig": thinking_config(request),
    }
    tools = _tools(request, endpoint)
    body: dict[str, Json] = {
        "model": resource(request.model),
        "systemInstruction": system_instruction(request),
        "contents": contents,
        "tools": [tools] if tools else None,
        # without it, Google's own tools and functions of ours are refused together
        "toolConfig": {"includeServerSideToolInvocations": True} if len(tools) > 1 else None,
        "generationConfig": given(generation) or None,
    }
    return as_object(without_surrogates(_merged(given(body), params.extra)))


def _tools(request: Request, endpoint: Endpoint) -> dict[str, Json]:
    functions: list[Json] = [
        {
            "name": function_name(tool.name),
            "description": tool.description,
            # no schema at all where there are no arguments: an empty object is refused by some
            **({"parametersJsonSchema": tool.schema} if tool.schema.get("properties") else {}),
        }
        for tool in (request.tools if endpoint.takes_tools else ())
    ]
    if functions and request.params.search and not is_from(request.model, 3):
        raise BadResponse(
            f"{request.model!r} cannot search and call tools in one request; Gemini 3 can. Turn "
            "tools off with /tools off, turn search off, or choose another model."
        )
    declared: dict[str, Json] = {"functionDeclarations": functions} if functions else {}
    return {**declared, "googleSearch": {}} if request.params.search else declared


def _merged(body: dict[str, Json], extra: dict[str, Json]) -> dict[str, Json]:
    """The body with further fields; objects in both are joined, the further fields win."""
    joined = {
        name: {**as_object(body[name]), **value}
        for name, value in extra.items()
        if isinstance(value, dict) and isinstance(body.get(name), dict)
    }
    return {**body, **extra, **joined}


class Decoder:
    """Turns the chunks of one generation into events; `finish` says how it ended.

    `goes_on` tells that there was content behind a reason to finish: some servers give one with
    every chunk.
    """

    def __init__(self) -> None:
        self.is_finished = False
        self.goes_on = False
        self._reason = ""
        self._parts = PartReader()
        self._sources = Sources()
        self._counts: dict[str, Json] = {}
        self._usage: Usage | None = None

    def feed(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a chunk says. What it does not know, it skips."""
        for candidate in as_list(chunk.get("candidates")):
            if isinstance(candidate, dict) and candidate.get("index") in (0, None):
                yield from self._candidate(candidate)
        if feedback := as_object(chunk.get("promptFeedback")):
            yield from self._feedback(feedback)
        if counts := as_object(chunk.get("usageMetadata")):
            yield from self._report(counts)

    def finish(self) -> Iterator[StreamEvent]:
        """Return the end, if there was one: a reason to finish, or to block the prompt."""
        yield from self._parts.finish()
        if self.is_finished:
            is_call = self._parts.calls and self._reason == "end_turn"
            yield GenerationStopped("tool_calls" if is_call else self._reason)

    def _candidate(self, candidate: dict[str, Json]) -> Iterator[StreamEvent]:
        for part in as_list(as_object(candidate.get("content")).get("parts")):
            if isinstance(part, dict):
                self.goes_on = self.goes_on or (self.is_finished and bool(part.get("text")))
                yield from self._parts.read(part)
        if candidate.keys() - _NO_SOURCES and (citations := self._sources.read(candidate)):
            yield CitationsReceived(citations)
        if word := finish_word(candidate.get("finishReason")):
            self.is_finished = True
            self._reason = reason_of(word)
            message = as_text(candidate.get("finishMessage"))
            yield from self._note(no_answer(word, message, candidate.get("safetyRatings")))

    def _feedback(self, feedback: dict[str, Json]) -> Iterator[StreamEvent]:
        if word := finish_word(feedback.get("blockReason")):
            self.is_finished = True
            self._reason = "refusal"
            message = as_text(feedback.get("blockReasonMessage"))
            yield from self._note(blocked_prompt(word, message, feedback.get("safetyRatings")))

    def _note(self, words: str) -> Iterator[StreamEvent]:
        """Words of ours where there are none of the model's; they are never sent back."""
        if words and not self._parts.has_content:
            self._parts.has_content = True
            yield TextDelta(words, {WIRE: {"note": True}})

    def _report(self, counts: dict[str, Json]) -> Iterator[StreamEvent]:
        """Counts are totals so far; a chunk may leave out what it has nothing new of."""
        self._counts |= given(counts)
        usage = usage_of(self._counts)
        if usage.total_tokens and usage != self._usage:
            self._usage = usage
            yield UsageReported(usage)


class GoogleGenerate:
    """A server of Gemini's API."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = connection_to(endpoint)

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
            async with aclosing(self._events(request, body, decoder)) as events:
                async for event in events:
                    begun = begun or isinstance(event, CONTENT)
                    yield event
        except Exception as error:
            # behind a finish reason, what broke was not the answer, unless each chunk has one
            if not decoder.is_finished or decoder.goes_on:
                raise failures.translate(error, begun=begun) from error
            for event in decoder.finish():
                yield event

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models that can chat, in the server's order. Raises ProviderError."""
        failures = Failures(replace(self._endpoint, idle_seconds=LIST_SECONDS))
        failures.require_key()
        try:
            client = await self._connection.open()
            pages = [await ask_json(client, "models?pageSize=1000", LIST_SECONDS)]
            while len(pages) < MOST_PAGES and (token := as_object(pages[-1]).get("nextPageToken")):
                path = f"models?pageSize=1000&pageToken={quote(as_text(token), safe='')}"
                pages.append(await ask_json(client, path, LIST_SECONDS))
        except Exception as error:
            raise failures.translate(error, begun=False) from error
        return tuple(listed_models(pages))

    async def count_tokens(self, request: Request, /) -> int | None:
        """What Google counts in a request, with its system prompt and tools.

        Raises ProviderError.
        """
        endpoint = replace(self._endpoint, idle_seconds=COUNT_SECONDS)
        failures = Failures(endpoint, request.model)
        failures.require_key()
        body: dict[str, Json] = {"generateContentRequest": encode(request, self._endpoint)}
        try:
            path = path_of(request.model, "countTokens")
            counted = await ask_json(await self._connection.open(), path, COUNT_SECONDS, body)
        except Exception as error:
            raise failures.translate(error, begun=False) from error
        total = as_object(counted).get("totalTokens")
        return None if total is None else as_count(total)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()

    async def _events(
        self, request: Request, body: dict[str, Json], decoder: Decoder
    ) -> AsyncGenerator[StreamEvent, None]:
        client = await self._connection.open()
        path = f"{path_of(request.model, 'streamGenerateContent')}?alt=sse"
        content = {name: value for name, value in body.items() if name != "model"}
        async with post_for_stream(client, path, content) as pieces:
            frames = FrameDecoder()
            framed = False
            linger = LINGER_SECONDS

            def patience() -> float | None:
                return linger if decoder.is_finished and not decoder.goes_on else None

            async with aclosing(read_frames(pieces, frames, patience)) as incoming:
                async for frame in incoming:
                    if frame.data.startswith("[DONE]"):  # put there by some proxies
                        continue
                    framed = True
                    for event in decoder.feed(chunk_of(frame)):
                        yield event
            for chunk in () if framed else unframed(frames.stray, _CHUNK_FIELDS):
                for event in decoder.feed(chunk):
                    yield event
            for event in decoder.finish():
                yield event

"""The messages wire of Anthropic: https://platform.claude.com/docs/en/api/messages

Requests go through the official `anthropic` SDK. The stream is read from its raw response and
decoded here, for the same reasons as that of the chat completions wire: a message is complete
when `message_stop` was seen, which the SDK's iterator does not insist on, and its objects cost
many times the CPU.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import (
    CONTENT,
    StreamEvent,
)
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.anthropic_client import (
    connection_to,
    get_json,
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
from conduit_tui.providers.anthropic_decoder import Decoder
from conduit_tui.providers.anthropic_less import less
from conduit_tui.providers.anthropic_thinking import generation_fields
from conduit_tui.providers.anthropic_tools import former_tools, offered_tools, real_names
from conduit_tui.providers.chunks import NotAStream, chunk_of, read_frames, whole_body
from conduit_tui.providers.claude import facts_by_name, listed_facts
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.model_list import listed_models
from conduit_tui.providers.sdk_client import LIST_SECONDS, MOST_PAGES
from conduit_tui.providers.shapes import as_list, as_object, as_text, given
from conduit_tui.providers.sse import FrameDecoder

COUNT_SECONDS = 20.0
"""How long a count of tokens is waited for."""

_COUNTED = frozenset(
    {"messages", "model", "output_config", "system", "thinking", "tool_choice", "tools"}
)
_NO_SERVICE = frozenset({404, 405, 501})


def encode(request: Request, endpoint: Endpoint) -> dict[str, Json]:
    """Return the body of a request.

    The endpoint's quirk `no_cache_marks` leaves out the marks for the server's cache of prompts.
    """
    params = request.params
    facts = request.known.or_else(facts_by_name(request.model))
    found = turns(request, endpoint, facts)
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
    sent = given(body) | params.extra
    if output := as_object(body.get("output_config")) | as_object(sent.get("output_config")):
        sent["output_config"] = output
    return as_object(without_surrogates(sent))


def _system(request: Request, *, marks: bool) -> Json:
    if not (text := system_text(request)):
        return None
    if not marks:
        return text
    blocks: list[dict[str, Json]] = [{"type": "text", "text": text}]
    mark_last(blocks)
    return [*blocks]


class AnthropicMessages:
    """A server of the messages wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = connection_to(endpoint)

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream.

        What a server says it cannot take is left away in another attempt: see `less`.
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
                        begun = begun or isinstance(event, CONTENT)
                        yield event
                return
            except Exception as error:
                if decoder.is_finished:  # what broke afterwards was not the answer
                    return
                asked = less(request, error)
                smaller = encode(asked, self._endpoint) if asked else body
                if smaller == body:
                    raise failures.translate(error, begun=begun) from error
            request, body = asked or request, smaller

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
            client = await self._connection.open()
            answer = await post_for_json(client, self._endpoint, path, counted, COUNT_SECONDS)
        except Exception as error:
            if getattr(error, "status_code", None) in _NO_SERVICE:
                return None
            raise failures.translate(error, begun=False) from error
        count = as_object(answer).get("input_tokens")
        return count if isinstance(count, int) else None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()

    async def _listed(self) -> tuple[ModelFacts, ...]:
        """Every page of the list; a server that knows no pages sends one."""
        client = await self._connection.open()
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
        client = await self._connection.open()
        async with post_for_stream(client, self._endpoint, "/v1/messages", body) as pieces:
            frames = FrameDecoder()
            framed = False
            async with aclosing(read_frames(pieces, frames, lambda: None)) as incoming:
                async for frame in incoming:
                    framed = True
                    if frame.data.startswith("[DONE]"):  # of other wires; it ends nothing here
                        continue
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

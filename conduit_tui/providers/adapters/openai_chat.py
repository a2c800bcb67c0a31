"""The chat completions wire, which most servers speak: https://platform.openai.com/docs/api-reference/chat

Requests go through the official `openai` SDK; `openai_wire.py` says how.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse
from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    UsageReported,
)
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.message import Citation
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.attached import file_in
from conduit_tui.providers.chat_deltas import broken_off, delta_of, reason_of
from conduit_tui.providers.chat_messages import WIRE, chat_messages
from conduit_tui.providers.chat_thinking import is_thought, thinking_in, words_in
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.functions import functions
from conduit_tui.providers.openai_client import OpenAIConnection
from conduit_tui.providers.openai_models import is_openai, refused_params
from conduit_tui.providers.openai_usage import usage_of
from conduit_tui.providers.openai_wire import OpenAIWire
from conduit_tui.providers.reasoning_details import ReasoningDetails
from conduit_tui.providers.shapes import as_list, as_object, as_text, given
from conduit_tui.providers.sources import Sources
from conduit_tui.providers.think_tags import Mode, ThinkTags, mode_of
from conduit_tui.providers.tool_fragments import ToolFragments

_OPTIONS, _OLD_LIMIT, _NEW_LIMIT = "stream_options", "max_tokens", "max_completion_tokens"
_TAUGHT = (_OPTIONS, _NEW_LIMIT)


def encode(request: Request, endpoint: Endpoint) -> dict[str, Json]:
    """Return the body of a request.

    Quirks of the endpoint rename or leave out fields; what the model refuses is not sent.
    """
    params, quirks = request.params, endpoint.quirks
    refused = refused_params(request, endpoint)
    limit = "max_completion_tokens" if is_openai(endpoint, request.model) else "max_tokens"
    body: dict[str, Json] = {
        "model": request.model,
        "messages": chat_messages(request, endpoint),
        "stream": True,
        "stream_options": None if quirks.get("no_stream_options") else {"include_usage": True},
        "temperature": None if "temperature" in refused else params.temperature,
        "top_p": None if "top_p" in refused else params.top_p,
        as_text(quirks.get("max_tokens_field")) or limit: params.max_tokens,
        "stop": None if "stop" in refused else list(params.stop) or None,
        as_text(quirks.get("seed_field")) or "seed": None if "seed" in refused else params.seed,
        **({} if "effort" in refused else _reasoning(params, endpoint)),
        "tools": functions(request.tools) if endpoint.takes_tools else None,
        **(as_object(quirks.get("search")) if params.search else {}),
    }
    return as_object(without_surrogates(given(body) | params.extra))


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


class Decoder:
    """Turns the chunks of one generation into events; `finish` says how it ended.

    `think_tags` tells whether reasoning is to be looked for in the text.
    """

    def __init__(self, think_tags: Mode = "") -> None:
        self.has_begun = False
        self.is_finished = False
        self.is_closed = False
        self._has_deltas = False
        self._reason = ""
        self._calls = ToolFragments()
        self._details = ReasoningDetails()
        self._sources = Sources()
        self._tags = ThinkTags(think_tags) if think_tags else None
        self._marked: ThinkTags | None = None
        self._refused = False
        self._images = 0
        self._usage: Usage | None = None
        self._citations: tuple[Citation, ...] = ()

    def feed(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a chunk says. What it does not know, it skips. Raises ErrorFrame."""
        if error := as_object(chunk.get("x_groq")).get("error"):
            raise ErrorFrame(error)
        for choice in as_list(chunk.get("choices")):
            choice = as_object(choice)
            if choice.get("index") in (0, None):
                yield from self._choice(choice)
        yield from self.reports(chunk)
        if chunk.get("object") == "chat.completion.done":  # Perplexity's last, without `[DONE]`
            self.is_finished = self.is_closed = True

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        yield from self.feed(body)
        yield from self.finish(marked=True)

    def finish(self, *, marked: bool) -> Iterator[StreamEvent]:
        """Return what was held back, and the end: after a finish reason, or the mark `[DONE]`."""
        for tags in filter(None, (self._marked, self._tags)):
            yield from tags.finish()
        yield from self._kept_details()
        if self.is_finished or marked:
            reason = self._reason or ("tool_calls" if self._calls.any else "end_turn")
            is_refusal = self._refused and reason == "end_turn"
            yield GenerationStopped("refusal" if is_refusal else reason)

    def _choice(self, choice: dict[str, Json]) -> Iterator[StreamEvent]:
        self.has_begun = True
        delta = delta_of(choice, has_deltas=self._has_deltas)
        self._has_deltas = self._has_deltas or choice.get("delta") is not None
        if thought := thinking_in(delta):
            yield ThinkingDelta(thought)
        if details := as_list(delta.get("reasoning_details")):
            self._details.feed(details)
        if content := delta.get("content"):
            yield from self._kept_details()
            if is_thought(delta):
                yield from self._marked_thought(as_text(content))
            else:
                yield from self._content(content)
        if refusal := as_text(delta.get("refusal")):
            self._refused = True
            yield TextDelta(refusal)
        if fragments := as_list(delta.get("tool_calls")):
            yield from self._kept_details()
            for fragment in fragments:
                yield self._calls.place(as_object(fragment))
        if images := as_list(delta.get("images")):
            yield from self._made(images)
        if annotations := as_list(delta.get("annotations")):
            self._sources.add_annotations(annotations)
        for tool in map(as_object, as_list(delta.get("executed_tools"))):  # Groq's own searches
            found = as_object(tool.get("search_results"))
            self._sources.add_results(as_list(found.get("results")))
        if error := broken_off(choice):
            raise ErrorFrame(error)
        if word := as_text(choice.get("finish_reason")):
            self.is_finished = True
            self._reason = reason_of(word)

    def _content(self, content: Json) -> Iterator[StreamEvent]:
        """Text is a string; Mistral's is a list of parts as soon as it thinks."""
        if isinstance(content, str):
            tags = self._marked or self._tags
            yield from (TextDelta(content),) if tags is None else tags.feed(content)
            return
        for part in map(as_object, as_list(content)):
            if thought := words_in(part.get("thinking")):
                yield ThinkingDelta(thought)
            if text := as_text(part.get("text")):
                yield TextDelta(text)

    def _marked_thought(self, text: str) -> Iterator[StreamEvent]:
        """Google's thoughts: in tags of their own, the closing one in front of the answer."""
        if self._marked is None:
            self._marked = ThinkTags("tagged", "thought")
        for event in self._marked.feed(text):
            yield ThinkingDelta(event.text)

    def _made(self, images: list[Json]) -> Iterator[StreamEvent]:
        """Images that a model made, as routers send them (OpenRouter)."""
        for image in map(as_object, images):
            url = as_text(as_object(image.get("image_url")).get("url"))
            if part := file_in(url, f"image-{self._images + 1}"):
                self._images += 1
                yield AttachmentReceived(part)

    def _kept_details(self) -> Iterator[StreamEvent]:
        """What OpenRouter must get back, behind the thinking that it belongs to."""
        if details := self._details.take():
            yield ThinkingDelta("", {WIRE: {"reasoning_details": details}})

    def reports(self, chunk: dict[str, Json], /) -> Iterator[StreamEvent]:
        """Return what a chunk says besides the answer: usage and sources, when they are new."""
        usage = usage_of(chunk)
        if usage and usage != self._usage:
            self._usage = usage
            yield UsageReported(usage)
        self._sources.add_search(chunk)
        citations = self._sources.known
        if citations != self._citations:
            self._citations = citations
            yield CitationsReceived(citations)


class OpenAIChat(OpenAIWire):
    """A server of the chat completions wire."""

    path = "/chat/completions"
    whole_field = "choices"

    def __init__(self, endpoint: Endpoint, connection: OpenAIConnection | None = None) -> None:
        super().__init__(endpoint, connection)
        self._learned: set[tuple[str, str]] = set()

    def body_of(self, request: Request) -> dict[str, Json]:
        """The body of a request, without what its model refused before."""
        body = encode(request, self._endpoint)
        if (request.model, _OPTIONS) in self._learned:
            body.pop(_OPTIONS, None)
        if (request.model, _NEW_LIMIT) in self._learned and _OLD_LIMIT in body:
            body[_NEW_LIMIT] = body.pop(_OLD_LIMIT)
        return body

    def new_decoder(self) -> Decoder:
        """A decoder for one stream."""
        return Decoder(mode_of(self._endpoint.quirks.get("think_tags", True)))

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream.

        A server that refuses `stream_options`, or wants the limit under its newer name, says so;
        then it is asked again in its own way, and from then on.
        """
        while True:
            try:
                async with aclosing(super().stream(request)) as events:
                    async for event in events:
                        yield event
                return
            except BadResponse as error:
                learned = {(request.model, word) for word in _TAUGHT if word in str(error)}
                if learned <= self._learned:
                    raise
                self._learned |= learned

"""The events of one response as ours: https://platform.openai.com/docs/api-reference/responses-streaming"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json, is_shallow
from conduit_tui.core.message import Unknown
from conduit_tui.providers.attached import decoded
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.openai_usage import responses_usage_of
from conduit_tui.providers.response_items import WIRE
from conduit_tui.providers.response_outputs import Output, Outputs
from conduit_tui.providers.shapes import as_list, as_object, as_text
from conduit_tui.providers.sources import Sources

_INCOMPLETE = {"max_output_tokens": "max_tokens", "max_tokens": "max_tokens"}
_IMAGE_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


class Decoder:
    """Turns the events of one response into ours; `finish` says how it ended."""

    def __init__(self) -> None:
        self.has_begun = False
        self.is_finished = False
        self._reason = "end_turn"
        self._outputs = Outputs()
        self._calls = 0
        self._images = 0
        self._refused = False
        self._sources = Sources()
        self._takes: dict[str, Callable[[dict[str, Json]], Iterator[StreamEvent]]] = {
            "response.output_text.delta": self._text,
            "response.reasoning_summary_text.delta": self._summary,
            "response.reasoning_text.delta": self._reasoning,
            "response.refusal.delta": self._refusal,
            "response.function_call_arguments.delta": self._arguments,
            "response.output_text.done": self._text,
            "response.reasoning_summary_text.done": self._summary,
            "response.reasoning_text.done": self._reasoning,
            "response.refusal.done": self._refusal,
            "response.function_call_arguments.done": self._arguments,
            "response.output_text.annotation.added": self._annotation,
            "response.output_item.added": self._added,
            "response.output_item.done": self._done,
            "response.completed": self._end,
            "response.incomplete": self._end,
            "response.failed": self._failed,
        }

    @property
    def is_closed(self) -> bool:
        """The last event has everything in it."""
        return self.is_finished

    def feed(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an event says. Kinds it does not know, it skips. Raises ErrorFrame."""
        kind = as_text(chunk.get("type"))
        self.has_begun = self.has_begun or kind.startswith("response.")
        take = self._takes.get(kind)
        return iter(()) if take is None else take(chunk)

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        take = self._failed if body.get("status") == "failed" else self._end
        yield from take({"response": body})
        yield from self.finish(marked=False)

    def reports(self, _chunk: dict[str, Json], /) -> Iterator[StreamEvent]:
        """Errors of this wire bring no usage; what failed has told it by itself."""
        return iter(())

    def finish(self, *, marked: bool) -> Iterator[StreamEvent]:
        """Return the end, if there was one; some servers end with `[DONE]` alone."""
        if self.is_finished or marked:
            reason = self._reason
            if reason == "end_turn":
                reason = "tool_calls" if self._calls else "refusal" if self._refused else reason
            yield GenerationStopped(reason)

    def _text(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        if text := self._outputs.of(event).more(event, "text", "content_index", "text"):
            yield TextDelta(text)

    def _refusal(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        if text := self._outputs.of(event).more(event, "refusal", "content_index", "refusal"):
            self._refused = True
            yield TextDelta(text)

    def _summary(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        return self._thought(event, "summary", "summary_index")

    def _reasoning(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        return self._thought(event, "reasoning", "content_index")

    def _thought(self, event: dict[str, Json], kind: str, index: str) -> Iterator[StreamEvent]:
        """Reasoning; a blank line stands between its parts."""
        output = self._outputs.of(event)
        known, had_text = len(output.texts), output.has_text
        if text := output.more(event, kind, index, "text"):
            is_another = had_text and len(output.texts) > known
            yield ThinkingDelta(f"\n\n{text}" if is_another else text)

    def _arguments(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        output = self._outputs.of(event)
        if text := output.more(event, "arguments", "content_index", "arguments"):
            yield ToolCallDelta(self._position(output), "", as_text(event.get("name")), text)

    def _position(self, output: Output) -> int:
        if output.position is None:
            output.position = self._calls
            self._calls += 1
        return output.position

    def _annotation(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        return self._cited([event.get("annotation")])

    def _cited(self, annotations: list[Json]) -> Iterator[StreamEvent]:
        known = self._sources.known
        self._sources.add_annotations(annotations)
        if self._sources.known != known:
            yield CitationsReceived(self._sources.known)

    def _added(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        item, output = as_object(event.get("item")), self._outputs.of(event)
        if item.get("type") == "function_call":
            yield ToolCallDelta(
                self._position(output), as_text(item.get("call_id")), as_text(item.get("name")), ""
            )

    def _done(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        item, output = as_object(event.get("item")), self._outputs.of(event)
        if output.is_done or not is_shallow(item):
            return
        output.is_done = True
        match item.get("type"):
            case "message":
                yield from self._message(item, event)
            case "reasoning":
                yield from self._reasoned(item, event)
            case "function_call":
                yield from self._called(item, output)
            case "image_generation_call":
                yield from self._image(item)
            case "web_search_call":
                yield ThinkingDelta(_searched(item), {WIRE: {"item": item}})
            case _ if item:
                yield UnknownReceived(Unknown(item, {WIRE: {"id": item.get("id")}}))
            case _:
                pass

    def _message(self, item: dict[str, Json], event: dict[str, Json]) -> Iterator[StreamEvent]:
        kept: dict[str, Json] = {name: item[name] for name in ("id", "phase") if item.get(name)}
        for index, part in enumerate(map(as_object, as_list(item.get("content")))):
            at = {**event, "content_index": index, **part, "delta": None}
            if part.get("type") == "refusal":
                kept["refusal"] = True
                yield from self._refusal(at)
            else:
                yield from self._text(at)
            yield from self._cited(as_list(part.get("annotations")))
        if self._outputs.last.has_text:
            yield TextDelta("", {WIRE: kept})

    def _reasoned(self, item: dict[str, Json], event: dict[str, Json]) -> Iterator[StreamEvent]:
        for field, index, take in (
            ("summary", "summary_index", self._summary),
            ("content", "content_index", self._reasoning),
        ):
            for number, part in enumerate(map(as_object, as_list(item.get(field)))):
                yield from take({**event, index: number, "text": part.get("text"), "delta": None})
        yield ThinkingDelta("", {WIRE: {"item": item}})

    def _called(self, item: dict[str, Json], output: Output) -> Iterator[StreamEvent]:
        yield ToolCallDelta(
            self._position(output),
            as_text(item.get("call_id")),
            as_text(item.get("name")),
            output.rest(("arguments", 0), as_text(item.get("arguments"))),
            {WIRE: {"id": item["id"]}} if item.get("id") else {WIRE: {}},
        )

    def _image(self, item: dict[str, Json]) -> Iterator[StreamEvent]:
        result = as_text(item.get("result"))
        media_type = _IMAGE_TYPES.get(as_text(item.get("output_format")), "image/png")
        part = decoded(result, media_type, f"image-{self._images + 1}") if result else None
        if part is None:
            yield UnknownReceived(Unknown(item, {WIRE: {"id": item.get("id")}}))
            return
        self._images += 1
        kept = {name: item[name] for name in ("type", "id", "status") if name in item}
        data: Json = {WIRE: {"item": {**kept}}}
        yield AttachmentReceived(replace(part, provider_data=data))

    def _end(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        response = as_object(event.get("response"))
        for missing in self._outputs.missing(response):
            yield from self._done(missing)
        self.is_finished = True
        if response.get("status") == "incomplete" or event.get("type") == "response.incomplete":
            word = as_text(as_object(response.get("incomplete_details")).get("reason"))
            self._reason = _INCOMPLETE.get(word, word) or "max_tokens"
        if usage := responses_usage_of(response):
            yield UsageReported(usage)

    def _failed(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        response = as_object(event.get("response"))
        if usage := responses_usage_of(response):
            yield UsageReported(usage)
        raise ErrorFrame(as_object(response.get("error")) or {"message": "the generation failed"})


def _searched(item: dict[str, Json]) -> str:
    """What a search at the server did, as a line among the thinking."""
    action = as_object(item.get("action"))
    queries = [as_text(query) for query in as_list(action.get("queries"))]
    what = as_text(action.get("query")) or "; ".join(filter(None, queries))
    if what:
        return f"Searched the web: {what}\n"
    url = as_text(action.get("url"))
    return f"Read {url}\n" if url else "Searched the web.\n"

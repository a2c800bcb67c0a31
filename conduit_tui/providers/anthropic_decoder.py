"""The events of a streamed message of Anthropic's wire, as ours.

https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from collections.abc import Iterator, Mapping

from conduit_tui.core.events import GenerationStopped, StreamEvent, TextDelta, UsageReported
from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.anthropic_content import Blocks
from conduit_tui.providers.anthropic_usage import UsageReports
from conduit_tui.providers.shapes import as_list, as_object, as_text

_REASONS = {"tool_use": "tool_calls"}


class Decoder:
    """Turns the events of one generation into ours; `names` are those of tools sent otherwise."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.is_finished = False
        self._blocks = Blocks(names or {})
        self._reports = UsageReports()
        self._reported: Usage | None = None
        self._reason = ""
        self._explanation = ""
        self._early: list[Json] = []

    def feed(self, event: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an event says. What it does not know, it skips."""
        match event.get("type"):
            case "content_block_delta":
                yield from self._blocks.delta(_index(event), as_object(event.get("delta")))
            case "content_block_start":
                yield from self._usage()
                index, raw = _index(event), as_object(event.get("content_block"))
                yield from self._early_blocks(index)
                yield from self._blocks.start(index, raw)
            case "content_block_stop":
                yield from self._blocks.stop(_index(event))
            case "message_start":  # told with the first block: before it, a failure can be retried
                message = as_object(event.get("message"))
                self._reports.take(message.get("usage"))
                self._note_end(message)
                self._early = as_list(message.get("content"))
            case "message_delta":
                self._note_end(as_object(event.get("delta")))
                self._reports.take(event.get("usage"))
            case "message_stop":
                yield from self._finish()
            case _:
                pass

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        self._early = as_list(body.get("content"))
        self._note_end(body)
        self._reports.take(body.get("usage"))
        yield from self._finish()

    def _early_blocks(self, before: int | None = None) -> Iterator[StreamEvent]:
        """What stood whole in the message itself, as what a program of the model's brought does.

        Blocks that are streamed follow it; from the index of the first on, they take its place.
        """
        early, self._early = self._early[:before], []
        for index, block in enumerate(map(as_object, early)):
            yield from self._blocks.start(index, block)
            yield from self._blocks.stop(index)

    def _note_end(self, fields: dict[str, Json]) -> None:
        self._reason = as_text(fields.get("stop_reason")) or self._reason
        details = as_object(fields.get("stop_details"))
        self._explanation = as_text(details.get("explanation")) or self._explanation

    def _finish(self) -> Iterator[StreamEvent]:
        if self.is_finished:
            return
        self.is_finished = True
        yield from self._early_blocks()
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

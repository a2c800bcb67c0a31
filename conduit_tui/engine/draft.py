"""The assistant message that is being streamed: stream events in, a message out."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    GenerationStopped,
    ReplayStarted,
    StreamEvent,
    StructuredReceived,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import (
    REPLAY_OF,
    Attachment,
    Citation,
    Message,
    Part,
    Status,
    Text,
    Thinking,
    ToolCall,
    Unknown,
)
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage


@dataclass(slots=True)
class _Open:
    """A part that still grows. `key` tells whether the next delta continues it.

    Text and thinking that the vendor put something of its own behind (a signature) are whole.
    """

    key: tuple[str, int]
    pieces: list[str] = field(default_factory=list[str])
    call_id: str = ""
    name: str = ""
    provider_data: Json = None


@dataclass(slots=True)
class Draft:
    """Grows by `feed`, becomes a Message by `seal`.

    The one place where a stream turns into a message: live turns, recovery after a crash and
    the screen's view of a running reply all go through it.
    """

    message_id: str
    session_id: str
    predecessor_id: str
    provider: str
    model: str
    params: Params
    started_at: datetime
    usage: Usage | None = None
    stop: str | None = None
    replay_of: datetime | None = None
    _parts: list[_Open | Attachment | Unknown] = field(
        default_factory=list["_Open | Attachment | Unknown"]
    )
    _calls: dict[int, _Open] = field(default_factory=dict[int, _Open])
    _citations: tuple[Citation, ...] = ()
    _structured: StructuredReceived | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the wire's own end marker was seen."""
        return self.stop is not None

    def feed(self, event: StreamEvent) -> None:
        """Take in the next event of the stream."""
        match event:
            case TextDelta(text, provider_data):
                self._grow("text", text, provider_data)
            case ThinkingDelta(text, provider_data):
                self._grow("thinking", text, provider_data)
            case ToolCallDelta():
                self._grow_call(event)
            case AttachmentReceived(part) | UnknownReceived(part):
                self._parts.append(part)
            case StructuredReceived():
                self._structured = event
            case CitationsReceived(citations):
                self._citations = citations
            case UsageReported(usage):
                self.usage = usage
            case ReplayStarted(recorded_at):
                self.replay_of = recorded_at
            case GenerationStopped(reason):
                self.stop = reason
            case _:
                assert_never(event)

    def parts(self) -> tuple[Part, ...]:
        """The parts as they stand now; a value in place of the words it was read from."""
        return self._parts_with(self._structured)

    def seal(
        self,
        status: Status,
        ended_at: datetime,
        *,
        error: str | None = None,
        duration_seconds: float | None = None,
    ) -> Message:
        """Return the finished message. `ended_at` is an aware UTC time."""
        return Message(
            id=self.message_id,
            session_id=self.session_id,
            predecessor_id=self.predecessor_id,
            role="assistant",
            parts=_with_distinct_call_ids(self._kept_parts(), self.message_id),
            created_at=ended_at,
            provider=self.provider,
            model=self.model,
            params=self.params,
            usage=self.usage,
            duration_seconds=duration_seconds,
            stop=self.stop,
            status=status,
            error=error,
            provider_data=self._provider_data(),
        )

    def _kept_parts(self) -> tuple[Part, ...]:
        """Half a value is not kept, but the words it was read from are, to the letter."""
        value = self._structured
        return self._parts_with(value if value is not None and value.is_final else None)

    def _parts_with(self, value: StructuredReceived | None) -> tuple[Part, ...]:
        built = [part for each in self._parts if (part := _build(each)) is not None]
        if value is None:
            return (*built, *self._citations)
        others = (_alone(part) for part in built if not isinstance(part, Text))
        return (*others, value.part, *self._citations)

    def _provider_data(self) -> Json:
        """A reply of which only a part was given again used something, and is no replay."""
        if self.replay_of is None or self.usage is not None:
            return None
        return {REPLAY_OF: self.replay_of.isoformat()}

    def _grow(self, kind: str, text: str, provider_data: Json) -> None:
        last = self._parts[-1] if self._parts else None
        key = (kind, 0)
        if not isinstance(last, _Open) or last.key != key or last.provider_data is not None:
            if not text and provider_data is None:
                return
            last = _Open(key)
            self._parts.append(last)
        last.pieces.append(text)
        if provider_data is not None:
            last.provider_data = provider_data

    def _grow_call(self, delta: ToolCallDelta) -> None:
        call = self._calls.get(delta.index)
        if call is None:
            call = self._calls[delta.index] = _Open(("call", delta.index))
            self._parts.append(call)
        call.call_id = delta.call_id or call.call_id
        call.name = delta.name or call.name
        call.pieces.append(delta.arguments)
        if delta.provider_data is not None:
            call.provider_data = delta.provider_data


def _build(part: _Open | Attachment | Unknown) -> Part | None:
    if not isinstance(part, _Open):
        return part
    text = "".join(part.pieces)
    part.pieces[:] = [text]  # the next time there is less to join
    match part.key[0]:
        case "text":
            return Text(text, part.provider_data)
        case "thinking":
            return Thinking(text, part.provider_data)
        case _:
            return ToolCall(part.call_id, part.name, text, part.provider_data)


def _alone(part: Part) -> Part:
    """A part without the words behind it: a server takes its own thinking back only with them."""
    return Thinking(part.text) if isinstance(part, Thinking) else part


def _with_distinct_call_ids(parts: tuple[Part, ...], message_id: str) -> tuple[Part, ...]:
    """Give calls without an id, or with one used twice, an id of their own.

    Some servers send `""` or the same id for all; results are joined to calls by id.
    """
    seen: set[str] = set()
    distinct: list[Part] = []
    for position, part in enumerate(parts):
        if isinstance(part, ToolCall):
            if not part.call_id or part.call_id in seen:
                part = replace(part, call_id=f"call_{message_id[:8]}_{position}")
            seen.add(part.call_id)
        distinct.append(part)
    return tuple(distinct)

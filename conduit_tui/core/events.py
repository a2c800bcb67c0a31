"""What a turn yields while it runs.

A provider yields `StreamEvent`s; a turn yields these and its own. Deltas are for the eye,
`MessageCommitted` is the truth.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conduit_tui.core.consent import Approval, Decision
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.json import Json
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Structured,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.usage import Usage


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer; `provider_data` ends the part that it belongs to."""

    text: str
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """The next piece of the reasoning; `provider_data` ends the part that it belongs to."""

    text: str
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of the tool call at `index` of this generation; id and name may come only once."""

    index: int
    call_id: str
    name: str
    arguments: str
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class AttachmentReceived:
    """The model made a file."""

    part: Attachment


@dataclass(frozen=True, slots=True)
class UnknownReceived:
    """The vendor sent a part of a kind that is not known here; it goes back unchanged."""

    part: Unknown


@dataclass(frozen=True, slots=True)
class StructuredReceived:
    """The value asked for; the last report wins.

    Until `is_final` it is only as much of it as has come, for the eye. A final one was validated,
    and stands for the words it was read from.
    """

    part: Structured
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class CitationsReceived:
    """All sources known so far; the last report wins."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Cumulative usage of this generation; the last report wins."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class GenerationStopped:
    """The wire's own end marker was seen. Without it the message is interrupted."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReplayStarted:
    """The reply is not new: it was recorded at this time, and no server was asked."""

    recorded_at: datetime


StreamEvent: TypeAlias = (
    TextDelta
    | ThinkingDelta
    | ToolCallDelta
    | AttachmentReceived
    | UnknownReceived
    | StructuredReceived
    | CitationsReceived
    | UsageReported
    | ReplayStarted
    | GenerationStopped
)


CONTENT = (TextDelta, ThinkingDelta, ToolCallDelta, AttachmentReceived, UnknownReceived)
"""What is part of an answer: behind the first of them, a failure has broken an answer off."""


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """Attempt number `attempt`, from 1, failed before its first token; the next is in `seconds`."""

    error: ConduitError
    seconds: float
    attempt: int


ProviderEvent: TypeAlias = StreamEvent | RetryScheduled


@dataclass(frozen=True, slots=True)
class GenerationStarted:
    """A draft was opened; it will be committed under `message_id` below `predecessor_id`."""

    message_id: str
    predecessor_id: str
    model: str
    step: int


@dataclass(frozen=True, slots=True)
class ParamsFitted:
    """What the model would have refused was left out before anything was sent."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """A call waits for a person's word; the turn's other calls go on."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class ApprovalSettled:
    """The word was given, or is not wanted any more: then the decision is None."""

    approval: Approval
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A call of the message `message_id` is looked at; `index` counts the calls of that message.

    It may still have to be approved.
    """

    call: ToolCall
    message_id: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A call is answered, well or not; `seconds` are without the waiting for approval."""

    call: ToolCall
    result: ToolResult
    seconds: float
    message_id: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class MessageCommitted:
    """A message is in the store and in the session's tree."""

    message: Message


TurnEndReason: TypeAlias = Literal["done", "max_steps", "interrupted", "error"]


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The last event of a turn."""

    reason: TurnEndReason
    error: ConduitError | None = None


Event: TypeAlias = (
    ProviderEvent
    | ParamsFitted
    | GenerationStarted
    | ApprovalNeeded
    | ApprovalSettled
    | ToolStarted
    | ToolFinished
    | MessageCommitted
    | TurnEnded
)

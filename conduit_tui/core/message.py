"""Messages and their parts: frozen values that make up a session's tree."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias, cast

from conduit_tui.core.json import Json, is_shallow
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
Status: TypeAlias = Literal["complete", "interrupted", "error"]

PAUSED = "pause_turn"
"""The `stop` of a message whose server wants it back as it is, to go on with it."""

CUT_STOPS = frozenset({"max_tokens", "model_context_window_exceeded", "refusal"})
"""What a message that was cut short has as its `stop`: its last call may be half of one."""


def new_id() -> str:
    """Return a random id of 32 hexadecimal digits; its first digits serve as a short id."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Text:
    """Words, as Markdown source."""

    text: str
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class Thinking:
    """A model's reasoning, where its server sends it."""

    text: str
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's wish to run a tool; `arguments` is JSON text as it was sent, maybe invalid."""

    call_id: str
    name: str
    arguments: str
    provider_data: Json = None

    def arguments_object(self) -> dict[str, Json] | None:
        """Return the arguments as a dict: `{}` for none at all, `None` for no JSON object."""
        if not self.arguments.strip():
            return {}
        try:
            value = cast("Json", json.loads(self.arguments))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) and is_shallow(value) else None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer to one tool call."""

    call_id: str
    output: str
    is_error: bool = False
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or pasted text that belongs to a message; `data` holds its bytes."""

    media_type: str
    data: bytes
    name: str
    provider_data: Json = None

    @property
    def is_text(self) -> bool:
        """Whether the data is text in UTF-8."""
        return self.media_type.startswith("text/")

    def as_text(self) -> str:
        """Return the data as text; bytes that are not UTF-8 become U+FFFD."""
        return self.data.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that an answer names."""

    url: str
    title: str = ""
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class Structured:
    """A value that was validated against a schema."""

    schema_name: str
    value: Json
    provider_data: Json = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part of a kind this version does not know, kept whole."""

    raw: Json
    provider_data: Json = None


REPLAY_OF = "replay_of"
"""The key in a message's `provider_data` that tells when a reply given again was recorded."""

BY_HAND = "by_hand"
"""The key in a message's `provider_data` that says that a person wrote a reply."""

Part: TypeAlias = (
    Text | Thinking | ToolCall | ToolResult | Attachment | Citation | Structured | Unknown
)


@dataclass(frozen=True, slots=True)
class Message:
    """One node of a session's tree; never changed once committed.

    `stop` says why a generation ended: end_turn, max_tokens, stop_sequence, tool_calls, refusal,
    content_filter, or the vendor's own word. `error` holds the words of what went wrong when
    `status` is "error". `created_at` is an aware UTC time; `cost_usd` is None while unknown.
    `copy_of` is the id of the message this one was copied from by a fork or a graft: its usage was
    counted there.
    """

    id: str
    session_id: str
    predecessor_id: str | None
    role: Role
    parts: tuple[Part, ...]
    created_at: datetime
    provider: str | None = None
    model: str | None = None
    params: Params = field(default_factory=Params)
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    duration_seconds: float | None = None
    stop: str | None = None
    status: Status = "complete"
    error: str | None = None
    provider_data: Json = None
    copy_of: str | None = None

    @property
    def text(self) -> str:
        """The text parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def thinking(self) -> str:
        """The thinking parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Thinking))

    @property
    def is_empty(self) -> bool:
        """Whether there is no answer in it: nothing, or thinking alone."""
        return all(isinstance(part, Thinking) for part in self.parts)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls in the order the model made them."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))

    @property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """The tool results in the order of their calls."""
        return tuple(part for part in self.parts if isinstance(part, ToolResult))

    @property
    def structured(self) -> tuple[Structured, ...]:
        """The values that were asked for by a schema: at most one."""
        return tuple(part for part in self.parts if isinstance(part, Structured))

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attachments in the order they were added."""
        return tuple(part for part in self.parts if isinstance(part, Attachment))

    @property
    def replay_of(self) -> datetime | None:
        """When this reply was recorded, if it was given again and nothing was used for it."""
        data = self.provider_data
        recorded = data.get(REPLAY_OF) if isinstance(data, dict) else None
        try:
            return datetime.fromisoformat(recorded) if isinstance(recorded, str) else None
        except ValueError:
            return None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person wrote the words of a reply, in place of what a model had said."""
        return isinstance(self.provider_data, dict) and self.provider_data.get(BY_HAND) is True

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources named."""
        return tuple(part for part in self.parts if isinstance(part, Citation))

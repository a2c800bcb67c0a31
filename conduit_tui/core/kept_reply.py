"""A complete reply that may be given again."""

from dataclasses import dataclass
from datetime import datetime

from conduit_tui.core.events import StreamEvent


@dataclass(frozen=True, slots=True)
class KeptReply:
    """The events of one generation with its end marker; `recorded_at` is an aware UTC time."""

    provider: str
    model: str
    recorded_at: datetime
    events: tuple[StreamEvent, ...]


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """How many replies are kept, how large they are, and how often they were given again."""

    count: int = 0
    size_bytes: int = 0
    hits: int = 0

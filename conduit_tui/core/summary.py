"""A session as a list shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One row of the list of sessions; times are aware UTC."""

    id: str
    title: str
    updated_at: datetime
    message_count: int
    pinned: bool = False
    deleted_at: datetime | None = None

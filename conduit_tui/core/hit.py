"""What a search finds."""

from dataclasses import dataclass
from datetime import datetime

from conduit_tui.core.message import Role


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that a search found, with a piece of its text around the first match.

    `spans` are the matches in `excerpt`, as (start, end) in characters. `created_at` is aware UTC.
    """

    session_id: str
    session_title: str
    message_id: str
    role: Role
    model: str | None
    created_at: datetime
    is_starred: bool
    label: str | None
    excerpt: str
    spans: tuple[tuple[int, int], ...] = ()

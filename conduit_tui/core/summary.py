"""A session as a list shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

SessionOrder: TypeAlias = Literal["changed", "title", "created", "size"]
"""How a list of sessions is sorted: `size` is by the number of messages, most first."""

ORDERS: tuple[SessionOrder, ...] = ("changed", "title", "created", "size")


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One row of the list of sessions; times are aware UTC, `created_at` None: not asked for."""

    id: str
    title: str
    updated_at: datetime
    message_count: int
    pinned: bool = False
    deleted_at: datetime | None = None
    created_at: datetime | None = None


def order_named(word: str) -> SessionOrder | None:
    """The order of a name, None for what is none."""
    return word if word in ORDERS else None

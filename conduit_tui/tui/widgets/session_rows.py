"""Sorts the list of sessions, groups it by day, and tells their age in few letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import assert_never

from conduit_tui.core.summary import SessionOrder, SessionSummary
from conduit_tui.tui.widgets.fuzzy import fold

LONGEST_KEY = 100
_DIGITS = re.compile("([0-9]+)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A quiet line between groups of sessions."""

    title: str


def in_order(summaries: Sequence[SessionSummary], order: SessionOrder) -> list[SessionSummary]:
    """The sessions in an order; pinned ones first in each. Equal ones stay as they were given."""
    match order:
        case "changed":
            return sorted(summaries, key=lambda each: (not each.pinned, -_seconds(each.updated_at)))
        case "title":
            return sorted(summaries, key=lambda each: (not each.pinned, _title_key(each.title)))
        case "created":
            return sorted(summaries, key=lambda each: (not each.pinned, -_seconds(created(each))))
        case "size":
            return sorted(summaries, key=lambda each: (not each.pinned, -each.message_count))
        case _:
            assert_never(order)


def session_rows(
    summaries: Sequence[SessionSummary], now: datetime, order: SessionOrder = "changed"
) -> list[SessionSummary | Heading]:
    """The summaries in their order; where it is one of time, with a heading before each day.

    The first group needs none. Days are those of the zone of `now`; pinned sessions are a group of
    their own.
    """
    if order not in ("changed", "created"):
        return list(summaries)
    rows: list[SessionSummary | Heading] = []
    before: str | None = None
    for summary in summaries:
        then = created(summary) if order == "created" else summary.updated_at
        group = "" if summary.pinned else day_group(then, now)
        if before is not None and group != before:
            rows.append(Heading(group))
        before = group
        rows.append(summary)
    return rows


def created(summary: SessionSummary) -> datetime:
    """When a session was begun, as far as that is known."""
    return summary.created_at or summary.updated_at


def day_group(then: datetime, now: datetime) -> str:
    """Today, Yesterday, This week (the seven days up to today) or Older."""
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    return "This week" if days < 7 else "Older"


def age(then: datetime, now: datetime) -> str:
    """How long ago, in at most four letters: now, 2m, 1h, 3d, 5w, 2y."""
    passed = now - then
    if passed < timedelta(minutes=1):
        return "now"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60}m"
    if passed < timedelta(days=1):
        return f"{passed.seconds // 3600}h"
    if passed.days < 14:
        return f"{passed.days}d"
    return f"{passed.days // 7}w" if passed.days < 365 else f"{passed.days // 365}y"


def _seconds(then: datetime) -> float:
    return then.timestamp()


@lru_cache(maxsize=20_000)
def _title_key(title: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """As people sort: letters of any case alike, numbers by their size, nothing at the end."""
    pieces = _DIGITS.split(fold(title[:LONGEST_KEY].strip()))
    key = tuple((int(piece), "") if at % 2 else (-1, piece) for at, piece in enumerate(pieces))
    return not title.strip(), key

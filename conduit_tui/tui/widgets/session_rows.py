"""Groups the list of sessions by day, and tells their age in few letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conduit_tui.core.summary import SessionSummary


@dataclass(frozen=True, slots=True)
class Heading:
    """A quiet line between groups of sessions."""

    title: str


def session_rows(
    summaries: Sequence[SessionSummary], now: datetime
) -> list[SessionSummary | Heading]:
    """The summaries in their order with a heading before each group but the first.

    Days are those of the zone of `now`; pinned sessions are a group of their own.
    """
    rows: list[SessionSummary | Heading] = []
    before: str | None = None
    for summary in summaries:
        group = "" if summary.pinned else day_group(summary.updated_at, now)
        if before is not None and group != before:
            rows.append(Heading(group))
        before = group
        rows.append(summary)
    return rows


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

"""What was used: one event for each reply that used anything, kept for good."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from conduit_tui.core.message import Message
from conduit_tui.core.spending import Account, Grouping, Spending, SpendingRow, used_nothing
from conduit_tui.core.usage import Usage
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.fields import encode_time

NOT_KNOWN = "unknown"
ERASED = "(erased)"
NO_TITLE = "(no title)"

_GROUPS: dict[Grouping, tuple[str, str]] = {
    "provider": ("provider", "provider"),
    "model": ("provider || '/' || model", "provider || '/' || model"),
    "day": ("date(created_at, 'localtime')", "date(created_at, 'localtime')"),
    "host": ("host", "host"),
    "session": ("session_id", "(SELECT title FROM sessions WHERE id = session_id)"),
}
"""What tells groups apart, and what they are called."""

_SUMS = """
SELECT {key} AS key, {label} AS label, is_estimated, count(*), sum(input_tokens),
  sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(reasoning_tokens),
  sum_of_money(cost_usd), count(*) - count(cost_usd)
FROM usage_events WHERE created_at >= :since GROUP BY key, is_estimated
"""


def record(sql: Sql, message: Message, host: str | None = None) -> None:
    """Count a message's usage, once, in the transaction that commits it. A replay used nothing.

    `host` is where the request went.
    """
    if (usage := message.usage) is None or used_nothing(message):
        return
    sql.run(
        """
        INSERT INTO usage_events
          (created_at, session_id, message_id, provider, model, host, input_tokens, output_tokens,
           cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, is_estimated)
        VALUES
          (:created_at, :session_id, :message_id, :provider, :model, :host, :input_tokens,
           :output_tokens, :cache_read_tokens, :cache_write_tokens, :reasoning_tokens, :cost_usd,
           :is_estimated)
        ON CONFLICT (message_id) DO NOTHING
        """,
        created_at=encode_time(message.created_at),
        session_id=message.session_id,
        message_id=message.id,
        provider=message.provider,
        model=message.model,
        host=host,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        cost_usd=None if message.cost_usd is None else str(message.cost_usd),
        is_estimated=usage.is_estimated,
    )


def account(sql: Sql, by: Grouping, since: datetime | None) -> Account:
    """Add up what was used since an aware time, or ever, in groups.

    Days are those of this machine's time zone and come newest first; other groups begin with
    the one that used most.
    """
    sql.create_aggregate("sum_of_money", 1, _SumOfMoney)  # pyright: ignore[reportArgumentType]
    key, label = _GROUPS[by]
    query = _SUMS.format(key=key, label=label)
    found = sql.run(query, since="" if since is None else encode_time(since)).fetchall()
    rows = list(_joined(found, by))
    if by == "day":
        rows.sort(key=lambda row: row.key, reverse=True)
    else:
        rows.sort(key=lambda row: (-row.total.usage.total_tokens, row.label))
    return Account(by, tuple(rows))


def _joined(found: Iterable[tuple[Any, ...]], by: Grouping) -> Iterable[SpendingRow]:
    """Bring the two halves of each group together, and what has no name in any way."""
    rows: dict[str, SpendingRow] = {}
    nameless = ERASED if by == "session" else NOT_KNOWN  # a title that is empty is there
    for key, label, is_estimated, *sums in found:
        name = str(key or "")
        nothing = SpendingRow(
            name, nameless if label is None else str(label) or NO_TITLE, Spending(), Spending()
        )
        row, spending = rows.get(name, nothing), _spending(sums, bool(is_estimated))
        rows[name] = (
            SpendingRow(row.key, row.label, row.recorded, row.estimated + spending)
            if is_estimated
            else SpendingRow(row.key, row.label, row.recorded + spending, row.estimated)
        )
    return rows.values()


def _spending(sums: list[Any], is_estimated: bool) -> Spending:
    replies, given, made, read, written, reasoning, cost, unpriced = sums
    usage = Usage(given, made, read, written, reasoning, is_estimated=is_estimated)
    return Spending(replies, usage, Decimal(cost or 0), unpriced)


class _SumOfMoney:
    """Adds decimal text exactly, where SQLite's own sum would make floats of it."""

    def __init__(self) -> None:
        self._sum = Decimal(0)

    def step(self, amount: str | None) -> None:
        """Take in an amount; what is not known adds nothing."""
        if amount is not None:
            self._sum += Decimal(amount)

    def finalize(self) -> str:
        """The sum as decimal text."""
        return str(self._sum)

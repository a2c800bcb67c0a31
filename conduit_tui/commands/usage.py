"""`conduit-tui usage`: what was used and what it cost, in groups."""

import json
import os
from datetime import datetime
from typing import cast

import click

from conduit_tui.commands.news import News
from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.reply import FAILED, OK, USAGE
from conduit_tui.commands.standard_output import print_whole
from conduit_tui.core.amounts import cost, cost_in_words, counted, short_count, short_tokens
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.json import Json
from conduit_tui.core.since import parse_since
from conduit_tui.core.spending import GROUPINGS, Account, Grouping, Spending, SpendingRow

LONGEST_LABEL = 40
_COLUMNS = ("replies", "input", "output", "cache read", "cache write", "reasoning", "cost")


@click.command("usage", context_settings=CONTEXT_SETTINGS)
@click.option(
    "--by", type=click.Choice(GROUPINGS), default="model", help="Groups; by model if not said."
)
@click.option("--since", metavar="DATE", help="From 2026-11-22, today, 7d, 2 weeks ago.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(by: str, since: str | None, as_json: bool) -> int:
    """Print what was used: tokens as servers reported them, and what they cost.

    Amounts marked ~ are estimates, of servers that report nothing.

    Exit codes: 0 ok, 1 a failure of this machine, 2 usage.
    """
    import asyncio

    news = News(with_thinking=False)
    try:
        begin = None if since is None else parse_since(since, datetime.now().astimezone())
    except ValueError as error:
        news.say(str(error))
        return USAGE
    try:
        account = asyncio.run(_read(cast("Grouping", by), begin))
    except ConduitError as error:
        news.say(str(error))
        return FAILED
    return print_whole(_as_json(account, begin) if as_json else in_words(account)) or OK


async def _read(by: Grouping, since: datetime | None) -> Account:
    from conduit_tui.runtime import open_store
    from conduit_tui.settings import Flags, load_settings

    settings = load_settings(Flags(), os.environ)
    if not settings.paths.database.exists():
        return Account(by, ())
    async with open_store(settings) as store:
        return await store.account(by, since)


def in_words(account: Account) -> str:
    """Return an account as a table, and its sum in words below."""
    if not account.rows:
        return "Nothing was used."
    table = [(account.by, *_COLUMNS), *map(_cells, account.rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in table
    ]
    return "\n".join([*lines, "", *_sums(account)])


def _cells(row: SpendingRow) -> tuple[str, ...]:
    label = clean_line(row.label)
    label = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
    spending, usage = row.total, row.total.usage
    counts = (
        *(usage.input_tokens, usage.output_tokens),
        *(usage.cache_read_tokens, usage.cache_write_tokens, usage.reasoning_tokens),
    )
    shown = (short_tokens(each, is_estimated=usage.is_estimated) for each in counts)
    return (label, f"{spending.replies:,}", *shown, cost(spending))


def _sums(account: Account) -> list[str]:
    lines = [f"Recorded: {sum_in_words(account.recorded)}."] if account.recorded.replies else []
    if account.estimated.replies:
        lines.append(f"Estimated: {sum_in_words(account.estimated)}.")
    return lines


def sum_in_words(spending: Spending) -> str:
    """`12 replies, 4.1k tokens in and 900 out, $0.12 and 3 replies of unknown price`."""
    usage = spending.usage
    replies = counted(spending.replies, "reply", "replies")
    tokens = f"{short_count(usage.input_tokens)} tokens in and {short_count(usage.output_tokens)}"
    return f"{replies}, {tokens} out, {cost_in_words(spending)}"


def _as_json(account: Account, since: datetime | None) -> str:
    return json.dumps(
        {
            "by": account.by,
            "since": None if since is None else since.isoformat(),
            "rows": [
                {"key": row.key, "label": row.label, **_halves(row.recorded, row.estimated)}
                for row in account.rows
            ],
            "total": _halves(account.recorded, account.estimated),
        },
        allow_nan=False,
    )


def _halves(recorded: Spending, estimated: Spending) -> dict[str, Json]:
    return {"recorded": _object(recorded), "estimated": _object(estimated)}


def _object(spending: Spending) -> Json:
    usage = spending.usage
    return {
        "replies": spending.replies,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cost_usd": float(spending.cost_usd) if spending.has_price else None,
        "replies_of_unknown_price": spending.unpriced,
    }

"""`conduit-tui search`: words in all messages of all sessions."""

import json
import os
import sys
from datetime import datetime

import click

from conduit_tui.commands.news import News
from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.reply import FAILED, OK, USAGE
from conduit_tui.commands.standard_output import print_whole
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.hit import Hit
from conduit_tui.core.json import Json
from conduit_tui.core.query import Query, parse_query

NOTHING_FOUND = 1


@click.command("search", context_settings=CONTEXT_SETTINGS)
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    metavar="N",
    help="The most to print; 50 if not said.",
)
def command(query: tuple[str, ...], as_json: bool, limit: int) -> int:
    """Find words in every message of every branch of every session, the newest first.

    All words of QUERY have to be there; '"..."' holds words together. Filters between them:
    role:user, status:interrupted, model:gpt, session:TITLE, label:NAME, starred, before:2026-01-31,
    after:7d. After -- a word may begin with a dash.

    Exit codes: 0 found, 1 nothing found or a failure of this machine, 2 usage.
    """
    import asyncio

    from conduit_tui.commands.question import join_prompt

    news = News(with_thinking=False)
    now = datetime.now().astimezone()
    wanted = parse_query(join_prompt(query), now)
    if wanted.is_empty or not any(map(str.strip, wanted.words or ("-",))):
        news.say("Nothing to look for. Type a word, or a filter such as role:user.")
        return USAGE
    try:
        hits = asyncio.run(_find(wanted, limit + 1))
    except ConduitError as error:
        news.say(str(error))
        return FAILED
    except KeyboardInterrupt:
        return 130
    shown = hits[:limit]
    if shown or as_json:
        text = as_array(shown) if as_json else _in_lines(shown, now)
        if code := print_whole(text):
            return code
    if not shown:
        news.say("Nothing found.")
    elif len(hits) > limit:
        news.say(f"There are more than {limit:,}; --limit N shows more of them.")
    return OK if shown else NOTHING_FOUND


async def _find(query: Query, limit: int) -> list[Hit]:
    from contextlib import aclosing

    from conduit_tui.controller.searching import Searching
    from conduit_tui.runtime import open_store
    from conduit_tui.settings import Flags, load_settings

    settings = load_settings(Flags(), os.environ)
    if not settings.paths.database.exists():
        return []
    async with (
        open_store(settings) as store,
        aclosing(Searching(store).search(query, limit)) as batches,
    ):
        return [hit async for batch in batches for hit in batch]


def _in_lines(hits: list[Hit], now: datetime) -> str:
    from conduit_tui.commands.hit_lines import on_terminal, plain_lines

    return on_terminal(hits, now) if sys.stdout.isatty() else plain_lines(hits, now)


def as_array(hits: list[Hit]) -> str:
    """Return hits as one JSON array."""
    return json.dumps(list(map(_object, hits)))


def _object(hit: Hit) -> Json:
    return {
        "session_id": hit.session_id,
        "message_id": hit.message_id,
        "title": hit.session_title,
        "role": hit.role,
        "model": hit.model,
        "created_at": hit.created_at.isoformat(),
        "is_starred": hit.is_starred,
        "label": hit.label,
        "excerpt": hit.excerpt,
        "spans": [list[Json](span) for span in hit.spans],
    }

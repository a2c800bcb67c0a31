"""`conduit-tui models`: a table of models, or the card of one."""

import os
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.standard_output import print_whole

if TYPE_CHECKING:
    from conduit_tui.settings import Settings

TYPES = ("vision", "reasoning", "audio", "image", "tools", "files", "search")


@click.command("models", context_settings=CONTEXT_SETTINGS)
@click.argument("name", required=False)
@click.option("-p", "--provider", metavar="NAME", help="Only the models of this provider.")
@click.option("-t", "--type", "ability", type=click.Choice(TYPES), help="Only those that can this.")
@click.option("--refresh", is_flag=True, help="Ask the servers, also where lists are fresh.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@click.option("--debug", is_flag=True, help="Write more into the log file.")
def command(
    name: str | None,
    provider: str | None,
    ability: str | None,
    refresh: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """List the models that can be used, or tell all that is known of NAME.

    NAME is an alias, provider/model, or a part that only one model has. Servers are asked where
    their lists are older than a day; the others, and those that do not answer, are shown as they
    were kept. Prices are dollars per million tokens.

    Exit codes: 0 ok, 2 an unknown name.
    """
    import asyncio

    from conduit_tui.commands.model_tables import Wanted, found
    from conduit_tui.commands.reply import OK, USAGE
    from conduit_tui.core.clean import clean
    from conduit_tui.core.errors import UnknownModel

    wanted = Wanted(name, provider, ability, refresh=refresh, as_json=as_json)
    try:
        text = asyncio.run(found(_settings(debug), wanted))
    except UnknownModel as error:
        click.echo(clean(str(error)), err=True)
        return USAGE
    return print_whole(text) or OK


def _settings(debug: bool) -> "Settings":
    from conduit_tui.settings import Flags, load_settings
    from conduit_tui.settings.logs import start_log

    settings = load_settings(Flags(debug=debug), os.environ)
    start_log(settings.paths.log_file, debug=debug)
    return settings

"""`conduit-tui tree`: a session's tree in plain text."""

import shutil
import sys
from itertools import chain
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.archive import read_archive, told
from conduit_tui.commands.lookup import Load, find_session, title_of
from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.question import join_prompt
from conduit_tui.commands.reply import OK
from conduit_tui.commands.standard_output import print_lines, takes_colour
from conduit_tui.commands.tree_text import SIGNS, Look, tree_lines
from conduit_tui.core.address import short_id
from conduit_tui.core.amounts import counted
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.storage.sessions import SessionStore

WIDTH_WHEN_PIPED = 100


@click.command("tree", context_settings=CONTEXT_SETTINGS)
@click.argument("session", nargs=-1)
@click.option("--all/--fold", "is_whole", help="Every message; by default long runs are folded.")
def command(session: tuple[str, ...], is_whole: bool) -> int:
    """Draw the tree of SESSION: the beginning of its id, or a part of its title.

    Without SESSION it is the one that was open last. Each line has the short id of a message,
    which `show` and `ask --at` take; @ is the current leaf.

    Exit codes: 0 ok, 1 a failure of this machine, 2 usage.
    """
    named = join_prompt(session) if session else None

    async def read(store: "SessionStore", load: Load) -> Session:
        return await find_session(store, load, named)

    try:
        found = read_archive(read)
    except ConduitError as error:
        return told(error)
    look = _look(is_folded=not is_whole)
    return print_lines(chain([_heading(found)], tree_lines(found, look))) or OK


def _heading(session: Session) -> str:
    shown = sum(1 for _ in session.visible())
    pruned = len(session) - shown
    counts = counted(shown, "message", "messages") + (f", {pruned:,} pruned" if pruned else "")
    return f"{title_of(session)} ({short_id(session.id)}, {counts})"


def _look(*, is_folded: bool) -> Look:
    is_terminal = sys.stdout.isatty()
    return Look(
        width=shutil.get_terminal_size().columns if is_terminal else WIDTH_WHEN_PIPED,
        is_folded=is_folded,
        is_coloured=takes_colour(),
        is_ascii=not _can_encode(SIGNS, sys.stdout.encoding),
    )


def _can_encode(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

"""Reads the saved sessions for a command, and tells what fails in words and an exit code."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from conduit_tui.commands.news import News
from conduit_tui.commands.question import UsageMistake
from conduit_tui.commands.reply import exit_code_of
from conduit_tui.core.errors import ConduitError

if TYPE_CHECKING:
    from conduit_tui.commands.lookup import Load
    from conduit_tui.storage.sessions import SessionStore

T = TypeVar("T")

Read = Callable[["SessionStore", "Load"], Awaitable[T]]


def read_archive(read: Read[T]) -> T:
    """Return what `read` finds in the history; it gets the store and a way to load a session.

    A session is at the message where the screen would open it. Raises ConduitError; without a
    history UsageMistake, and no file is made.
    """
    return asyncio.run(_read(read))


def told(error: ConduitError) -> int:
    """Say an error on stderr, and return the exit code it stands for."""
    News(with_thinking=False).say(str(error))
    return exit_code_of(error)


async def _read(read: Read[T]) -> T:
    from conduit_tui.runtime import open_store
    from conduit_tui.settings import Flags, load_settings

    settings = load_settings(Flags(), os.environ)
    if not settings.paths.database.exists():
        raise UsageMistake('There is no session yet. conduit-tui ask "..." begins one.')
    async with open_store(settings) as store:
        return await read(store, partial(store.load, at_star=True))

"""Builds the controller out of settings: the one place that knows every part."""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from conduit_tui.catalog.catalog import load_endpoints
from conduit_tui.controller.controller import Controller, Defaults
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.reply_cache import ReplyCache
from conduit_tui.controller.shelf import LAST_MODEL
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import StorageError, UnknownModel
from conduit_tui.core.params import Params
from conduit_tui.providers.base import Provider
from conduit_tui.providers.cached import Cached
from conduit_tui.providers.registry import build
from conduit_tui.settings import Settings
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftStore, process_owner
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.toolbox import Toolbox

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_controller(settings: Settings, *, save: bool = True) -> AsyncGenerator[Controller]:
    """A controller on the person's database; without `save`, on one that is forgotten.

    A database that cannot be used does not stop the program: `controller.notices` says what is
    wrong, and nothing is saved.
    """
    notices = list(settings.notices)
    database = await _open_database(settings, save, notices)
    try:
        sessions = SessionStore(database)
        ledger = Ledger(sessions, DraftStore(database, process_owner()))
        cache = ReplyCache(ResponseCache(database), is_on=settings.cache)
        models = Models(_endpoints(settings), partial(_build, cache))
        toolbox = Toolbox([current_time()])
        defaults = Defaults(
            model=_usable_model(settings.model, await sessions.recall(LAST_MODEL), models, notices),
            system_prompt=settings.system_prompt,
            tools=settings.tools,
            max_steps=settings.max_steps,
            params=Params().changed(settings.params),
        )
        controller = Controller(ledger, models, toolbox, toolbox.names, defaults, cache)
        try:
            await _recover(ledger, notices)
            controller.notices = tuple(notices)
            controller.is_saving = database.is_saving
            yield controller
        finally:
            await controller.aclose()
    finally:
        await database.aclose()


async def _open_database(settings: Settings, save: bool, notices: list[str]) -> Database:
    if save:
        try:
            database = await Database.open(settings.paths.database)
        except StorageError as error:
            log.warning("database not opened: %s", error)
            notices.append(f"{error} Nothing will be saved in this run.")
        else:
            notices.extend(database.notices)
            return database
    return await Database.in_memory()


def _build(cache: ReplyCache, endpoint: Endpoint) -> Provider:
    return Cached(build(endpoint), endpoint, cache)


def _endpoints(settings: Settings) -> Mapping[str, Endpoint]:
    return load_endpoints(
        settings.providers, settings.environ, settings.api_keys, settings.idle_seconds
    )


def _usable_model(wanted: str | None, last: str | None, models: Models, notices: list[str]) -> str:
    """The model asked for, else the one used last if it can be used, else the first with a key."""
    if wanted:
        try:
            return models.full_name(wanted)
        except UnknownModel as error:
            notices.append(str(error))
    if last and models.is_usable(last):
        return last
    return models.default()


async def _recover(ledger: Ledger, notices: list[str]) -> None:
    try:
        count = await ledger.recover()
    except StorageError as error:
        notices.append(f"Replies cut short by a crash could not be kept: {error}")
    else:
        if count:
            noun = "reply" if count == 1 else "replies"
            notices.append(f"Kept {count} {noun} that a crash cut short.")

"""Builds the controller out of settings: the one place that knows every part."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from conduit_tui.catalog.aliases import all_aliases
from conduit_tui.catalog.catalog import load_endpoints
from conduit_tui.catalog.encodings import encoding_name, load_counter
from conduit_tui.catalog.listings import Listings
from conduit_tui.catalog.prices import price
from conduit_tui.catalog.tokens import Tokenizer, estimate_usage
from conduit_tui.controller.controller import Controller
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.file_changes import FileChanges
from conduit_tui.controller.finding_skills import find_skills
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.pricing import Pricing
from conduit_tui.controller.reply_cache import ReplyCache
from conduit_tui.controller.shelf import LAST_MODEL
from conduit_tui.controller.skills import Skills
from conduit_tui.controller.tooling import Tooling
from conduit_tui.controller.trust import Trust
from conduit_tui.core.amounts import counted
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import StorageError, UnknownModel
from conduit_tui.core.params import Params
from conduit_tui.core.rule import Rule, parse_rule
from conduit_tui.providers.base import Provider
from conduit_tui.providers.cached import Cached
from conduit_tui.providers.estimated import Estimated
from conduit_tui.providers.registry import build, host, with_known_kinds
from conduit_tui.providers.structured import StructuredAnswers
from conduit_tui.settings import Settings
from conduit_tui.settings.load import load_with_project
from conduit_tui.settings.trust import TrustFile, home_directory, project_root, working_directory
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftStore, process_owner
from conduit_tui.storage.file_changes import FileChangeStore
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.builtin.all import USUAL, builtin_tools
from conduit_tui.tools.installed import installed_tools
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.toolbox import Toolbox

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_controller(
    settings: Settings,
    *,
    save: bool = True,
    titles: bool = False,
    has_person: bool = False,
    allowed: Sequence[str] = (),
) -> AsyncGenerator[Controller]:
    """A controller on the person's database; without `save`, on one that is forgotten.

    With `titles` it has sessions named, if the settings say so and what it does is saved. Tools ask
    a person only if there is one (`has_person`); the `allowed` ones, written as rules, need not.

    A database that cannot be used does not stop the program: `controller.notices` says what is
    wrong, and nothing is saved.
    """
    notices = list(settings.notices)
    database = await _open_database(settings, save, notices)
    try:
        cache = ReplyCache(ResponseCache(database), is_on=settings.cache)
        models = make_models(settings, notices, save=save, cache=cache)
        hosts = {name: each.host for name, each in models.endpoints.items()}
        sessions = SessionStore(database, hosts)
        pricing = Pricing(models.endpoints, price)
        ledger = Ledger(sessions, DraftStore(database, process_owner()), pricing.priced)
        directory = working_directory()
        home = home_directory(settings.environ)
        trust_file = TrustFile(settings.paths.trust_file, home)
        trust = Trust(trust_file, project_root(directory, home), directory)
        skills = Skills(ledger, partial(find_skills, settings, trust, directory))
        flags = (parse_rule(each, "allow", "flag") for each in allowed)
        flagged = [rule for rule in flags if rule is not None]
        rules = (*settings.permissions, *flagged)
        permissions = Permissions(ledger, PermissionStore(database), rules, has_person=has_person)
        tooling = _tooling(settings, ledger, database, permissions, skills, flagged)
        last = await sessions.recall(LAST_MODEL)
        defaults = _defaults(settings, _usable_model(settings.model, last, models, notices))
        controller = Controller(
            ledger,
            models,
            tooling,
            defaults,
            cache,
            partial(load_tokenizer, settings),
            _title_model(settings.title_model, models, notices),
            skills,
            trust,
        )
        trust.changed = partial(_follow_trust, controller, settings, flagged)
        controller.titles.is_on = titles and settings.titles and database.is_saving
        try:
            await _recover(ledger, notices)
            controller.notices = tuple(notices)
            controller.is_saving = database.is_saving
            yield controller
        finally:
            await controller.aclose()
    finally:
        await database.aclose()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncGenerator[SessionStore]:
    """The saved sessions alone. Raises StorageError for a file that cannot be used."""
    database = await Database.open(settings.paths.database)
    try:
        yield SessionStore(database)
    finally:
        await database.aclose()


def make_models(
    settings: Settings,
    notices: list[str],
    *,
    save: bool = True,
    cache: ReplyCache | None = None,
) -> Models:
    """The models of every provider.

    Without `save` what servers list is not kept, and without `cache` no reply. Words about
    providers that cannot be there go to `notices`.
    """
    loaded = load_endpoints(
        settings.providers, settings.environ, settings.api_keys, settings.idle_seconds
    )
    endpoints = with_known_kinds(loaded, notices)
    lists = Listings(settings.paths.model_lists, keeps=save)
    aliases = all_aliases(settings.aliases, endpoints)
    build_one = partial(_build, cache)
    return Models(endpoints, build_one, host, lists=lists, aliases=aliases)


async def _follow_trust(
    controller: Controller, settings: Settings, flagged: Sequence[Rule]
) -> None:
    """Have the project's skills and settings count, or no more, as it is trusted now."""
    await controller.skills.load(again=True)
    trust = controller.trust
    root = Path(trust.directory) if trust.is_trusted else None
    now = await asyncio.to_thread(load_with_project, settings.flags, settings.environ, root)
    notices = [words for words in now.notices if words not in settings.notices]
    last = await controller.shelf.recall(LAST_MODEL)
    model = _usable_model(now.model, last, controller.models, notices)
    controller.defaults = _defaults(now, model)
    controller.tooling.permissions.configure((*now.permissions, *flagged))
    for words in notices:
        controller.notify(words)


def _defaults(settings: Settings, model: str) -> Defaults:
    return Defaults(
        model=model,
        system_prompt=settings.system_prompt,
        max_steps=settings.max_steps,
        params=Params().changed(settings.params),
    )


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


def _tooling(
    settings: Settings,
    ledger: Ledger,
    database: Database,
    permissions: Permissions,
    skills: Skills,
    flagged: Sequence[Rule],
) -> Tooling:
    paths = settings.paths
    directory = working_directory()
    surroundings = Surroundings(
        directory=directory,
        ident=_ident(directory),
        protected=(paths.config, paths.data, paths.state),
        environ=settings.environ,
    )
    files = FileChanges(ledger, FileChangeStore(database), surroundings)
    return Tooling(
        Toolbox(more=(partial(builtin_tools, settings.environ), installed_tools)),
        permissions,
        ledger,
        USUAL if settings.tools is None else settings.tools,
        lambda _: surroundings,
        skills,
        allowed=tuple(dict.fromkeys(rule.tool for rule in flagged)),
        files=files,
    )


def _ident(directory: Path) -> tuple[int, int] | None:
    """What a directory is told by, if it is there."""
    try:
        found = directory.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _build_counted(endpoint: Endpoint) -> Provider:
    """Build a provider; where its server reports no usage, it is estimated."""
    provider = build(endpoint)
    if endpoint.kind == "scripted":  # nobody is asked, so nothing is used
        return provider
    return Estimated(provider, partial(estimate_usage, Tokenizer(wire=endpoint.kind)))


def load_tokenizer(settings: Settings, endpoint: Endpoint, model: str) -> Tokenizer | None:
    """The tokenizer of a model, where its encoding is known and on this machine; for a thread."""
    if endpoint.kind == "scripted" or (name := encoding_name(model)) is None:
        return None
    count = load_counter(name, settings.environ)
    return None if count is None else Tokenizer(count, endpoint.kind, name)


def _build(cache: ReplyCache | None, endpoint: Endpoint) -> Provider:
    """Build a provider with everything around it.

    A value is asked for in up to two requests, each of which may be answered from the cache;
    estimated usage is kept with a reply.
    """
    inner = _build_counted(endpoint)
    if cache is not None:
        inner = Cached(inner, endpoint, cache)
    return StructuredAnswers(inner, takes_tools=endpoint.takes_tools)


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


def _title_model(wanted: str | None, models: Models, notices: list[str]) -> str | None:
    """The model that names sessions, if one is set and known; else they are named by their own."""
    if wanted is None:
        return None
    try:
        return models.full_name(wanted)
    except UnknownModel as error:
        notices.append(f"title_model: {error}")
        return None


async def _recover(ledger: Ledger, notices: list[str]) -> None:
    try:
        count = await ledger.recover()
    except StorageError as error:
        notices.append(f"Replies cut short by a crash could not be kept: {error}")
    else:
        if count:
            replies = counted(count, "reply", "replies")
            notices.append(f"Kept {replies} that a crash cut short.")

"""Brings together what flags, environment and settings.toml say."""

import os
from collections.abc import Mapping
from pathlib import Path

from conduit_tui.settings.aliases_file import read_aliases
from conduit_tui.settings.api_keys import read_api_keys
from conduit_tui.settings.paths import find_paths
from conduit_tui.settings.project import read_project_settings
from conduit_tui.settings.settings_file import SettingsFile, read_settings_file
from conduit_tui.settings.trust import TrustFile, home_directory, project_root
from conduit_tui.settings.values import (
    DEFAULT_IDLE_SECONDS,
    DEFAULT_MAX_STEPS,
    DEFAULT_NOTIFY,
    DEFAULT_NOTIFY_WHEN,
    Flags,
    Settings,
)


def load_settings(
    flags: Flags, environ: Mapping[str, str], directory: Path | None = None
) -> Settings:
    """Return the settings: flags > environment > project > settings.toml > defaults.

    Those of the project around `directory` count if the person trusts it; of one that is not
    trusted nothing is opened. Never fails for what a file says: mistakes become `notices`, and the
    rest counts. An empty variable counts as not set; an empty system prompt means none.
    """
    notices: list[str] = []
    root = None if directory is None else _trusted_root(environ, directory, notices)
    return load_with_project(flags, environ, root, notices)


def load_with_project(
    flags: Flags, environ: Mapping[str, str], root: Path | None, notices: list[str] | None = None
) -> Settings:
    """Return the settings, those of the trusted project at `root` among them."""
    notices = [] if notices is None else notices
    paths = find_paths(environ)
    chosen = read_settings_file(paths.settings_file, notices)
    project = SettingsFile() if root is None else read_project_settings(root, notices)
    prompt = _first(
        flags.system_prompt,
        environ.get("CONDUIT_SYSTEM_PROMPT"),
        project.system_prompt,
        chosen.system_prompt,
    )
    return Settings(
        paths=paths,
        model=flags.model or environ.get("CONDUIT_MODEL") or project.model or chosen.model,
        theme=flags.theme or environ.get("CONDUIT_THEME") or chosen.theme,
        system_prompt=prompt or None,
        tools=chosen.tools,
        permissions=(*project.permissions, *chosen.permissions),
        max_steps=project.max_steps or chosen.max_steps or DEFAULT_MAX_STEPS,
        idle_seconds=chosen.idle_seconds or DEFAULT_IDLE_SECONDS,
        params={**chosen.params, **project.params, **flags.params},
        cache=bool(chosen.cache if flags.cache is None else flags.cache),
        notify=chosen.notify or DEFAULT_NOTIFY,
        notify_when=chosen.notify_when or DEFAULT_NOTIFY_WHEN,
        print_on_quit=bool(chosen.print_on_quit),
        titles=chosen.titles is not False,
        title_model=chosen.title_model,
        providers=chosen.providers,
        keys=chosen.keys,
        aliases=read_aliases(paths.aliases_file, notices),
        api_keys=read_api_keys(paths.keys_file, notices),
        environ=environ,
        debug=flags.debug,
        flags=flags,
        notices=tuple(notices),
    )


def _trusted_root(environ: Mapping[str, str], directory: Path, notices: list[str]) -> Path | None:
    """The root of the project around a directory, if it is trusted. Runs no program."""
    home = home_directory(environ)
    trust = TrustFile(find_paths(environ).trust_file, home)
    if not trust.trusted:
        notices.extend(trust.notices)
        return None
    root = project_root(Path(os.path.realpath(directory)), home)
    return root if trust.is_trusted(str(root)) else None


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value is not None), None)

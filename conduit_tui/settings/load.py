"""Brings together what flags, environment and settings.toml say."""

from collections.abc import Mapping

from conduit_tui.settings.aliases_file import read_aliases
from conduit_tui.settings.api_keys import read_api_keys
from conduit_tui.settings.paths import find_paths
from conduit_tui.settings.settings_file import read_settings_file
from conduit_tui.settings.values import (
    DEFAULT_IDLE_SECONDS,
    DEFAULT_MAX_STEPS,
    DEFAULT_NOTIFY,
    DEFAULT_NOTIFY_WHEN,
    Flags,
    Settings,
)


def load_settings(flags: Flags, environ: Mapping[str, str]) -> Settings:
    """Return the settings: flags > environment > settings.toml > defaults.

    Never fails for what a file says: mistakes become `notices`, and the rest counts. An empty
    variable counts as not set; an empty system prompt means none.
    """
    notices: list[str] = []
    paths = find_paths(environ)
    chosen = read_settings_file(paths.settings_file, notices)
    prompt = _first(flags.system_prompt, environ.get("CONDUIT_SYSTEM_PROMPT"), chosen.system_prompt)
    return Settings(
        paths=paths,
        model=flags.model or environ.get("CONDUIT_MODEL") or chosen.model,
        theme=flags.theme or environ.get("CONDUIT_THEME") or chosen.theme,
        system_prompt=prompt or None,
        tools=chosen.tools,
        permissions=chosen.permissions,
        max_steps=chosen.max_steps or DEFAULT_MAX_STEPS,
        idle_seconds=chosen.idle_seconds or DEFAULT_IDLE_SECONDS,
        params={**chosen.params, **flags.params},
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
        notices=tuple(notices),
    )


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value is not None), None)

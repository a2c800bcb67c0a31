"""Gathers for the welcome what was found: keys, servers, files."""

from collections.abc import Mapping
from pathlib import Path

from conduit_tui.catalog.catalog import keys_found
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.settings import Settings
from conduit_tui.tui.welcome import STORED_KEY, Found, OllamaHere


def found(
    settings: Settings,
    endpoints: Mapping[str, Endpoint],
    model: str,
    ollama: OllamaHere | None,
    notices: tuple[str, ...],
) -> Found:
    """What the welcome shows; `ollama` is there if one answered."""
    keys: list[tuple[str, str]] = []
    missing: list[tuple[str, str]] = []
    for each in keys_found(endpoints, settings.environ):
        if each.is_usable and endpoints[each.provider].api_key:
            keys.append((each.provider, each.variable or STORED_KEY))
        elif not each.is_usable and each.variables:
            missing.append((each.provider, each.variables[0]))
    return Found(
        keys=tuple(keys),
        missing=tuple(missing),
        ollama=ollama,
        model=model,
        settings_path=_short(settings.paths.settings_file),
        keys_path=_short(settings.paths.keys_file),
        notices=notices,
    )


def _short(path: Path) -> str:
    """A path as a person writes it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)

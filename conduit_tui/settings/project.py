"""A project's own `.conduit/settings.toml`: read once the person trusts it, and obeyed in little.

It may choose the model, the system prompt, sampling settings and the number of steps, and forbid
or question what tools do. It cannot allow anything, nor name an address, a key, a command or a
variable.
"""

import os
from pathlib import Path

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.settings.reading import read_below
from conduit_tui.settings.settings_file import MOST_BYTES, SettingsFile, parse_settings

PARTS = (".conduit", "settings.toml")
OBEYED = frozenset(("model", "system_prompt", "params", "max_steps", "permissions"))
OBEYED_PERMISSIONS = frozenset(("deny", "ask"))
_MOST_NAMED = 8


def has_project_settings(root: Path) -> bool:
    """Whether a project has such a file, without opening it."""
    return os.path.lexists(root.joinpath(*PARTS))


def read_project_settings(root: Path, notices: list[str]) -> SettingsFile:
    """Return what is right in a trusted project's file; words about the rest go to `notices`.

    No link is followed to it.
    """
    path = root.joinpath(*PARTS)
    try:
        content = read_below(root, PARTS, MOST_BYTES)
    except FileNotFoundError:
        return SettingsFile()
    except SettingsError as error:
        notices.append(clean_line(f"{error} The project's settings are not used."))
        return SettingsFile()
    refused: list[str] = []
    found = parse_settings(path, content, notices, lambda values: refused.extend(_strip(values)))
    if refused:
        names = ", ".join(repr(name[:80]) for name in refused[:_MOST_NAMED])
        more = f" and {len(refused) - _MOST_NAMED} more" if len(refused) > _MOST_NAMED else ""
        notices.append(clean_line(f"{path}: {names}{more} cannot be set by a project."))
    return found


def _strip(values: dict[str, Json]) -> list[str]:
    """Take out what a project may not set; return the names of it."""
    refused = [key for key in values if key not in OBEYED]
    for key in refused:
        del values[key]
    rules = values.get("permissions")
    if isinstance(rules, dict):
        for key in [key for key in rules if key not in OBEYED_PERMISSIONS]:
            del rules[key]
            refused.append(f"permissions.{key}")
    return refused

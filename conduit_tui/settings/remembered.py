"""The theme that was chosen last: a line in the state directory, read before the first frame."""

import os
from pathlib import Path

from conduit_tui.settings.paths import Paths

_MOST_CHARACTERS = 100


def remembered_theme(paths: Paths) -> str | None:
    """The theme chosen last, or None. A file that cannot be read counts as none."""
    try:
        with _file(paths).open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_CHARACTERS).strip() or None
    except OSError:
        return None


def remember_theme(paths: Paths, name: str) -> None:
    """Keep a theme for the next start. Raises OSError."""
    paths.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_file(paths), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{name}\n")


def _file(paths: Paths) -> Path:
    return paths.state / "theme"

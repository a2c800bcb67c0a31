"""A home for settings, and the settings that come out of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conduit_tui.settings import Flags, Settings, load_settings
from conduit_tui.settings.paths import Paths, find_paths

LoadText = Callable[..., Settings]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Paths whose config directory exists."""
    found = find_paths({"CONDUIT_HOME": str(tmp_path)})
    found.config.mkdir()
    return found


@pytest.fixture
def load(tmp_path: Path, paths: Paths) -> LoadText:
    """Writes settings.toml, of mode 0600, and loads the settings."""

    def load_text(text: str | bytes | None = None, flags: Flags | None = None, **environ: str):
        if text is not None:
            content = text.encode() if isinstance(text, str) else text
            paths.settings_file.write_bytes(content)
            paths.settings_file.chmod(0o600)
        return load_settings(flags or Flags(), {"CONDUIT_HOME": str(tmp_path), **environ})

    return load_text

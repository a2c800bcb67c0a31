"""What a person chose: flags > environment > settings.toml > defaults; and where files live."""

from conduit_tui.settings.api_keys import store_api_key
from conduit_tui.settings.load import load_settings
from conduit_tui.settings.paths import Paths
from conduit_tui.settings.remembered import remember_theme, remembered_theme
from conduit_tui.settings.values import Flags, Settings

__all__ = [
    "Flags",
    "Paths",
    "Settings",
    "load_settings",
    "remember_theme",
    "remembered_theme",
    "store_api_key",
]

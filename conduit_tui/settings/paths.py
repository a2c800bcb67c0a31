"""Where files live: under `CONDUIT_HOME`, or where the platform keeps such files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_APP = "conduit"


@dataclass(frozen=True, slots=True)
class Paths:
    """The three directories, and the files in them. None of them need exist."""

    config: Path
    data: Path
    state: Path

    @property
    def database(self) -> Path:
        """All sessions."""
        return self.data / "conduit.db"

    @property
    def settings_file(self) -> Path:
        """What a person writes."""
        return self.config / "settings.toml"

    @property
    def keys_file(self) -> Path:
        """API keys that were typed into the program."""
        return self.config / "keys.toml"

    @property
    def aliases_file(self) -> Path:
        """A person's own short names for models."""
        return self.config / "aliases.toml"

    @property
    def model_lists(self) -> Path:
        """What servers listed as their models, a file for each provider."""
        return self.state / "models"

    @property
    def log_file(self) -> Path:
        """What went wrong, without content and without keys."""
        return self.state / "conduit.log"

    @property
    def trust_file(self) -> Path:
        """Which projects a person trusts."""
        return self.state / "trust.json"

    @property
    def skills_dir(self) -> Path:
        """A person's own skills."""
        return self.config / "skills"

    @property
    def themes_dir(self) -> Path:
        """A person's own themes."""
        return self.config / "themes"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Return the directories; nothing is created.

    Without `CONDUIT_HOME`, platformdirs decides: the XDG variables on Linux,
    `~/Library/Application Support` on macOS.
    """
    if home := environ.get("CONDUIT_HOME"):
        root = Path(home).expanduser().absolute()
        return Paths(root / "config", root / "data", root / "state")
    from platformdirs import user_config_path, user_data_path, user_state_path

    return Paths(user_config_path(_APP), user_data_path(_APP), user_state_path(_APP))

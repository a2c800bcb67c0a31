"""Which directories a person trusts: a small file in the state directory."""

from pathlib import Path


class TrustFile:
    """The decisions in the file at `path`, by real paths."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._decided: dict[str, bool] = {}

    @property
    def trusted(self) -> tuple[str, ...]:
        """The directories that are trusted."""
        return tuple(path for path, is_trusted in self._decided.items() if is_trusted)

    def decide(self, directory: str, trusted: bool) -> None:
        """Remember a decision. Raises SettingsError."""
        self._decided[directory] = trusted

    def forget(self, directory: str) -> None:
        """Forget a decision. Raises SettingsError."""
        self._decided.pop(directory, None)

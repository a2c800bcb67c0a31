"""Whether what stands in the working directory's project may be read and obeyed."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from conduit_tui.settings.trust import TrustFile


@dataclass(frozen=True, slots=True)
class TrustQuestion:
    """What a person is asked once: `words` say what is there, such as `3 skills, settings`."""

    directory: str
    words: str


class Trust:
    """Trust in the project at the working directory, and in others by their directories."""

    def __init__(self, file: TrustFile, directory: str) -> None:
        self._file = file
        self._directory = directory

    @classmethod
    def of_nothing(cls) -> "Trust":
        """Trust where there is no project and nothing is remembered."""
        return cls(TrustFile(Path(os.devnull)), "/")

    @property
    def directory(self) -> str:
        """The project's directory: the real path of the git root, else the working directory."""
        return self._directory

    @property
    def is_trusted(self) -> bool:
        """Whether this project is trusted."""
        return self._directory in self._file.trusted

    @property
    def trusted(self) -> tuple[str, ...]:
        """The directories of all projects that are trusted."""
        return self._file.trusted

    async def question(self) -> TrustQuestion | None:
        """What to ask about this project: nothing where nobody can or need decide."""
        return None

    async def decide(self, directory: str, trusted: bool) -> None:
        """Trust a project from now on, or not, and remember it; what it brings is there at once.

        Raises SettingsError, in words, for a directory that cannot be trusted, and where it cannot
        be remembered.
        """
        await asyncio.to_thread(self._file.decide, directory, trusted)

    async def forget(self, directory: str) -> None:
        """Let a project be one that nobody decided about. Raises SettingsError."""
        await asyncio.to_thread(self._file.forget, directory)

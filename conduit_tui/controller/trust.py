"""Whether what stands in the working directory's project may be read and obeyed."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from conduit_tui.core.errors import SettingsError
from conduit_tui.settings.project import has_project_settings
from conduit_tui.settings.trust import TrustFile
from conduit_tui.skills.places import project_places
from conduit_tui.skills.survey import skills_in_words


@dataclass(frozen=True, slots=True)
class TrustQuestion:
    """What a person is asked once: `words` say what is there, such as `3 skills, settings`."""

    directory: str
    words: str


class Trust:
    """Trust in the project around the working directory, and in others by their directories.

    `root` is the real path of its git root, else of the working directory. `changed` is called
    when it is this project that was decided about.
    """

    def __init__(self, file: TrustFile, root: Path, directory: Path | None = None) -> None:
        self.changed: Callable[[], Awaitable[None]] | None = None
        self._file = file
        self._root = root
        self._working_directory = directory or root

    @classmethod
    def of_nothing(cls) -> "Trust":
        """Trust where there is no project and nothing is remembered."""
        return cls(TrustFile(Path(os.devnull)), Path("/"))

    @property
    def directory(self) -> str:
        """The project's directory: the real path of the git root, else the working directory."""
        return str(self._root)

    @property
    def path(self) -> Path:
        """The file in which decisions are kept, by this program and others of its kind."""
        return self._file.path

    @property
    def is_trusted(self) -> bool:
        """Whether this project is trusted."""
        return self._file.is_trusted(self.directory)

    @property
    def trusted(self) -> tuple[str, ...]:
        """The directories of all projects that are trusted."""
        return self._file.trusted

    async def question(self) -> TrustQuestion | None:
        """What to ask about this project; None where it brings nothing, or all is decided."""
        if self._file.decision(self.directory) is not None or self.refusal():
            return None
        words = await asyncio.to_thread(self.what_is_there)
        return TrustQuestion(self.directory, words) if words else None

    def what_is_there(self) -> str:
        """What this project brings, such as `3 skills, settings`; for a thread. Opens nothing."""
        skills = skills_in_words(project_places(self._working_directory, self._root))
        settings = "settings" if has_project_settings(self._root) else ""
        return ", ".join(filter(None, (skills, settings)))

    def refusal(self) -> str:
        """Why this project cannot be trusted, in words; of one that can, nothing."""
        return self._file.refusal(self.directory)

    async def decide(self, directory: str, trusted: bool) -> None:
        """Trust a project from now on, or not, and remember it; what it brings is there at once.

        Raises SettingsError, in words, for a directory that cannot be trusted, and where it cannot
        be remembered.
        """
        await self._change(directory, lambda real: self._file.decide(real, trusted))

    async def forget(self, directory: str) -> None:
        """Let a project be one that nobody decided about. Raises SettingsError."""
        await self._change(directory, self._file.forget)

    async def _change(self, directory: str, write: Callable[[str], None]) -> None:
        try:
            real = await asyncio.to_thread(os.path.realpath, directory)
        except ValueError as error:  # a NUL
            raise SettingsError("This is no path.") from error
        try:
            await asyncio.to_thread(write, real)
        finally:
            if real == self.directory and self.changed is not None:
                await self.changed()

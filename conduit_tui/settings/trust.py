"""Which projects a person trusts: a small file in the state directory, by their real paths.

A project is the git repository around the working directory, else that directory alone.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SettingsError
from conduit_tui.settings.reading import read_with_status

MOST_BYTES = 1024 * 1024
_TOO_MUCH = "too much would be trusted with it. Start conduit-tui in the project's own directory."


class TrustFile:
    """The decisions in the file at `path`. One that cannot be read means that nothing is trusted.

    It is read when it is first asked, and again when another program has written it. `notices` are
    words about what is wrong with it.
    """

    def __init__(self, path: Path, home: Path | None = None) -> None:
        self.path = path
        self._stamp: tuple[int, ...] = ()
        self._home = home
        self._read: dict[str, bool] | None = None
        self.notices: tuple[str, ...] = ()

    @property
    def trusted(self) -> tuple[str, ...]:
        """The directories that are trusted."""
        return tuple(path for path, is_trusted in self._decided().items() if is_trusted)

    def decision(self, directory: str) -> bool | None:
        """Whether a directory is trusted; None if nobody decided."""
        return self._decided().get(directory)

    def is_trusted(self, directory: str) -> bool:
        """Whether a directory is trusted; one that cannot be is not, whatever the file says."""
        return self.decision(directory) is True and not self.refusal(directory)

    def refusal(self, directory: str) -> str:
        """Why a directory cannot be trusted as a project, in words; of one that can, nothing."""
        path = Path(directory)
        if path == path.parent:
            return f"{directory!r} is the root of all files: {_TOO_MUCH}"
        home = self._home and Path(os.path.realpath(self._home))
        if home and (path == home or path in home.parents):
            name = "your home directory" if path == home else "above your home directory"
            return f"{clean_line(directory)} is {name}: {_TOO_MUCH}"
        return ""

    def decide(self, directory: str, trusted: bool) -> None:
        """Remember a decision. Raises SettingsError."""
        if trusted and (words := self.refusal(directory)):
            raise SettingsError(words)
        self._change(directory, trusted)

    def forget(self, directory: str) -> None:
        """Forget a decision. Raises SettingsError."""
        self._change(directory, None)

    def _change(self, directory: str, decision: bool | None) -> None:
        decided = self._decided()
        decided.pop(directory, None)
        if decision is not None:
            decided[directory] = decision
        try:
            self._write(decided)
        finally:
            self._stamp = _stamp(self.path)

    def _decided(self) -> dict[str, bool]:
        stamp = _stamp(self.path)
        if self._read is None or stamp != self._stamp:
            self._read, self.notices = _read(self.path)
            self._stamp = stamp
        return self._read

    def _write(self, decided: Mapping[str, bool]) -> None:
        groups = {
            "trusted": [path for path, is_trusted in decided.items() if is_trusted],
            "declined": [path for path, is_trusted in decided.items() if not is_trusted],
        }
        import json
        from tempfile import mkstemp

        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A temporary file is created with mode 0600, and never seen half written.
            handle, name = mkstemp(dir=self.path.parent, prefix=".trust-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(groups, file, indent=1)
            Path(name).replace(self.path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            path = clean_line(str(self.path))
            raise SettingsError(
                f"{path} cannot be written: {reason}. It holds until the program ends."
            ) from error


def home_directory(environ: Mapping[str, str]) -> Path | None:
    """A person's home directory, where the environment names one."""
    home = environ.get("HOME", "")
    return Path(home) if home.startswith("/") else None


def working_directory() -> Path:
    """The real path of the working directory; where it was removed, the home directory."""
    try:
        return Path.cwd().resolve()
    except OSError:
        return Path.home()


def project_root(directory: Path, home: Path | None) -> Path:
    """The root of the git repository around a real path, or that path.

    A repository in the home directory or above it, such as one of dot files, is none.
    """
    real_home = None if home is None else Path(os.path.realpath(home))
    for above in (directory, *directory.parents):
        if above == above.parent or above == real_home:
            break
        if os.path.lexists(above / ".git"):
            return above
    return directory


def _stamp(path: Path) -> tuple[int, ...]:
    """What is another one whenever a file was written or replaced."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ()
    return status.st_ino, status.st_ctime_ns, status.st_size


def _read(path: Path) -> tuple[dict[str, bool], tuple[str, ...]]:
    try:
        content, status = read_with_status(path, MOST_BYTES)
    except FileNotFoundError:
        return {}, ()
    except SettingsError as error:
        return {}, (clean_line(f"{error} No project is trusted."),)
    if stat.S_IMODE(status.st_mode) & 0o022:
        words = f"Others on this machine may write to {path}; no project is trusted."
        return {}, (clean_line(f"{words} Run chmod 600 on it, or remove it."),)
    import json

    try:
        found = cast("object", json.loads(content))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        words = f"{path} is damaged; no project is trusted. /trust decides anew."
        return {}, (clean_line(words),)
    groups = cast("dict[str, object]", found)
    declined = dict.fromkeys(_paths(groups.get("declined")), False)
    return declined | dict.fromkeys(_paths(groups.get("trusted")), True), ()


def _paths(value: object) -> Iterator[str]:
    for path in cast("list[object]", value) if isinstance(value, list) else ():
        if isinstance(path, str) and path.startswith("/"):
            yield path

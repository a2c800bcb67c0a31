"""What is inside for the tools of a session, what may be read, and what no tool may touch."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from conduit_tui.tools.tool import Surroundings

Names = tuple[str, ...]
"""The names on the way from "/" to a file or a directory."""

SYSTEM = ("/proc", "/sys", "/dev")
"""Where files are no files, but the machine."""


def names_of(path: str) -> Names:
    """The names of an absolute path, as they are written."""
    return tuple(name for name in path.split("/") if name not in ("", "."))


def is_below(names: Sequence[str], root: Names) -> bool:
    """Whether a place is `root` or below it."""
    return tuple(names[: len(root)]) == root


@dataclass(frozen=True, slots=True)
class Root:
    """A directory whose paths are walked from itself: its real names, and those it was given by."""

    names: Names
    given: Names

    @property
    def path(self) -> str:
        """Its real path."""
        return "/" + "/".join(self.names)

    def rest_of(self, names: Sequence[str]) -> Names | None:
        """What is left of a path that begins with this directory."""
        for start in (self.names, self.given):
            if is_below(names, start):
                return tuple(names[len(start) :])
        return None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The places that matter, by their real names.

    What is below `readable` may be read without a question, and so may what is below `directory`,
    unless it is `/` or the person's home, or in the home. `forbidden` is the system's, `protected`
    Conduit's own.
    """

    directory: Root
    readable: tuple[Root, ...]
    home: Names
    protected: tuple[Names, ...]
    forbidden: tuple[Names, ...]

    @classmethod
    def of(cls, surroundings: Surroundings) -> "Bounds":
        """Find out the real paths. For a thread."""
        home = surroundings.environ.get("HOME") or str(Path.home())
        return cls(
            directory=_root(surroundings.directory),
            readable=tuple(_root(path) for path in surroundings.readable),
            home=_real(home),
            protected=_reals(surroundings.protected),
            forbidden=_reals(map(Path, SYSTEM)),
        )

    @property
    def roots(self) -> tuple[Root, ...]:
        """Those that links must not lead out of."""
        directory = self.directory
        is_root = bool(directory.names) and directory.names != self.home
        return (directory, *self.readable) if is_root else self.readable

    def is_readable(self, names: Sequence[str]) -> bool:
        """Whether a place is below one that may be read without a question."""
        return any(is_below(names, root.names) for root in self.readable)

    def is_inside(self, names: Sequence[str]) -> bool:
        """Whether a place is in the working directory, as far as that counts."""
        directory = self.directory.names
        if not directory or not is_below(names, directory):
            return False
        return not (is_below(self.home, directory) and is_below(names, self.home))

    def is_protected(self, path: str) -> bool:
        """Whether a real path is Conduit's own and may not be read."""
        names = names_of(path)
        return self.is_own(names) and not self.is_readable(names)

    def is_own(self, names: Sequence[str]) -> bool:
        """Whether a place is Conduit's own."""
        return any(is_below(names, each) for each in self.protected)

    def is_forbidden(self, names: Sequence[str]) -> bool:
        """Whether a place is the system's, where files are no files."""
        return any(is_below(names, each) for each in self.forbidden)

    def root_of(self, names: Sequence[str]) -> Root | None:
        """The outermost root that a place is in, if any."""
        found = [root for root in self.roots if is_below(names, root.names)]
        return min(found, key=lambda root: len(root.names), default=None)


def _root(path: Path) -> Root:
    given = str(path.absolute())
    return Root(_real(given), names_of(given))


def _real(path: str) -> Names:
    return names_of(os.path.realpath(path))


def _reals(paths: Iterable[Path]) -> tuple[Names, ...]:
    return tuple({_real(str(path)): None for path in paths if path.is_absolute()})

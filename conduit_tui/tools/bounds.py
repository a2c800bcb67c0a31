"""What is inside for the tools of a session, what may be read, and what no tool may touch."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from conduit_tui.tools.tool import Surroundings

Names = tuple[str, ...]
"""The names on the way from "/" to a file or a directory."""

Ident = tuple[int, int]
"""What a directory is told by, whatever it is called: its device and its number there."""

SYSTEM = ("/proc", "/sys", "/dev")
"""Where files are no files, but the machine."""


def names_of(path: str) -> Names:
    """The names of an absolute path, as they are written."""
    return tuple(name for name in path.split("/") if name not in ("", "."))


def is_below(names: Sequence[str], root: Names) -> bool:
    """Whether a place is `root` or below it."""
    return tuple(names[: len(root)]) == root


def ident_of(found: os.stat_result) -> Ident:
    """What a directory is told by."""
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class Root:
    """A directory whose paths are walked from itself: its real names, and those it was given by.

    Where its `ident` is known, no other directory is taken for it.
    """

    names: Names
    given: Names
    ident: Ident | None = None

    @property
    def path(self) -> str:
        """Its real path."""
        return "/" + "/".join(self.names)

    @property
    def is_real(self) -> bool:
        """Whether no link leads to it."""
        return self.names == self.given

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
    Conduit's own; their directories are known by their idents too, since they may have more names.
    """

    directory: Root
    readable: tuple[Root, ...]
    home: Names
    protected: tuple[Names, ...]
    forbidden: tuple[Names, ...]
    own_idents: frozenset[Ident]
    forbidden_idents: frozenset[Ident]
    forbidden_devices: frozenset[int]

    @classmethod
    def of(cls, surroundings: Surroundings) -> "Bounds":
        """Find out the real paths. For a thread."""
        home = surroundings.environ.get("HOME") or str(Path.home())
        protected, forbidden = _reals(surroundings.protected), _reals(map(Path, SYSTEM))
        system = _idents(forbidden)
        devices = {device for device, _ in system} - {device for device, _ in _idents([()])}
        return cls(
            directory=_root(surroundings.directory, surroundings.ident),
            readable=tuple(root for root in map(_root, surroundings.readable) if root.is_real),
            home=_real(home),
            protected=protected,
            forbidden=forbidden,
            own_idents=_idents(protected),
            forbidden_idents=system,
            forbidden_devices=frozenset(devices),
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

    def may_grow(self, names: Sequence[str]) -> bool:
        """Whether directories may be made in a place: in the working directory, unless it is /."""
        directory = self.directory.names
        return bool(directory) and is_below(names, directory)

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


def _root(path: Path, ident: Ident | None = None) -> Root:
    given = str(path.absolute())
    return Root(_real(given), names_of(given), ident)


def _real(path: str) -> Names:
    return names_of(os.path.realpath(path))


def _reals(paths: Iterable[Path]) -> tuple[Names, ...]:
    return tuple({_real(str(path)): None for path in paths if path.is_absolute()})


def _idents(places: Iterable[Names]) -> frozenset[Ident]:
    found: set[Ident] = set()
    for names in places:
        with suppress(OSError):  # not there
            found.add(ident_of(Path("/", *names).stat()))
    return frozenset(found)

"""Reads folders that nobody vouches for: no link is followed unawares, nothing is waited for.

Everything below an opened directory is reached from its descriptor, so that what is swapped in
between is not followed out of it.
"""

import os
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SkillError

FILE_NAMES = ("SKILL.md", "skill.md")
MOST_FILE_BYTES = 256 * 1024
MOST_LISTED_FILES = 100
MOST_DEPTH = 4
MOST_ENTRIES = 20_000
MOST_ENTRIES_OF_SKILL = 1_000

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_SKIPPED = frozenset(("node_modules", "__pycache__"))


@contextmanager
def opened(
    path: Path | str, parts: Sequence[str] = (), *, within: int | None = None, may_link: bool = True
) -> Generator[int]:
    """The descriptor of a directory, and of `parts` below it. Raises OSError.

    Without `may_link` no link is followed, but in `path` itself where it is not `within` another.
    """
    follow = 0 if may_link else os.O_NOFOLLOW
    first = _DIRECTORY if within is None else _DIRECTORY | follow
    descriptor = os.open(path, first, dir_fd=within)
    try:
        for part in parts:
            below = os.open(part, _DIRECTORY | follow, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def names_in(descriptor: int, most: int = MOST_ENTRIES) -> list[str]:
    """The names in a directory in order, at most so many. Raises OSError."""
    with os.scandir(descriptor) as entries:
        return sorted(entry.name for entry in islice(entries, most))


def is_skipped(name: str) -> bool:
    """Whether a name is hidden, or of a directory that holds no skills."""
    return name.startswith(".") or name in _SKIPPED


def skill_file(descriptor: int) -> str | None:
    """The name of the SKILL.md in a directory; lower case is right too. Raises OSError."""
    for name in FILE_NAMES:
        try:
            os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        except FileNotFoundError:
            continue
        return name
    return None


def what_instead(descriptor: int) -> str:
    """What may have been meant where there is no SKILL.md, in words; mostly nothing."""
    try:
        names = [name for name in names_in(descriptor, MOST_LISTED_FILES) if not is_skipped(name)]
    except OSError:
        return ""
    for name in names:
        if name.lower() == "skill.md":
            return f"its file is named {name!r}; it must be SKILL.md."
    if any(holds_skill(descriptor, name) for name in names):
        return "it has no SKILL.md; skills in folders below it are not looked for."
    return ""


def holds_skill(within: int, name: str) -> bool:
    """Whether a name in a directory is a folder with a SKILL.md, no link."""
    try:
        with opened(name, within=within, may_link=False) as descriptor:
            return skill_file(descriptor) is not None
    except OSError:
        return False


def read_skill_file(descriptor: int, name: str) -> bytes:
    """The content of a SKILL.md. Raises SkillError."""
    try:
        before = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        _check(before)  # a device is not even opened
        file = os.open(name, _FILE, dir_fd=descriptor)
        try:
            _check(os.fstat(file))
            return _read(file)
        finally:
            os.close(file)
    except OSError as error:
        raise SkillError(f"{name} cannot be read: {error.strerror}.") from error


def files_in(descriptor: int) -> Iterator[str]:
    """The relative paths of regular files below a directory, in order, but its SKILL.md.

    Links, hidden ones and names that would not show as they are do not count.
    """
    left = [MOST_ENTRIES_OF_SKILL]
    found = _files(descriptor, "", MOST_DEPTH, left)
    return islice((path for path in found if path not in FILE_NAMES), MOST_LISTED_FILES)


def _files(descriptor: int, above: str, depth: int, left: list[int]) -> Iterator[str]:
    directories: list[str] = []
    try:
        names = names_in(descriptor, left[0])
    except OSError:
        return
    left[0] -= len(names)
    for name in names:
        if is_skipped(name) or clean_line(name) != name or not _is_text(name):
            continue
        try:
            mode = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode):
            yield above + name
        elif stat.S_ISDIR(mode):
            directories.append(name)
    for name in directories if depth > 1 else ():
        try:
            with opened(name, within=descriptor, may_link=False) as below:
                yield from _files(below, f"{above}{name}/", depth - 1, left)
        except OSError:
            continue


def _check(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise SkillError("its SKILL.md is a symbolic link; put the file itself there.")
    if not stat.S_ISREG(status.st_mode):
        raise SkillError("its SKILL.md is not a regular file.")
    if status.st_size > MOST_FILE_BYTES:
        raise SkillError("its SKILL.md is larger than 256 KB.")


def _read(file: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := os.read(file, 65536):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_FILE_BYTES:
            raise SkillError("its SKILL.md is larger than 256 KB.")
    return b"".join(pieces)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes of a file name that are no UTF-8
        return False
    return True

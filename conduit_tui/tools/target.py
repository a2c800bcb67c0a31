"""A file that is about to be written: as it was when a person was shown the change, or not at all.

Everything here is for a thread.
"""

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from conduit_tui.core.amounts import short_size
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.bounds import Bounds
from conduit_tui.tools.jail import OUTSIDE, SECRET, check_kind, with_home
from conduit_tui.tools.open_flags import FILE, FOLDER
from conduit_tui.tools.path_words import in_words
from conduit_tui.tools.secret_files import is_secret
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.walk import Walk

MOST_BYTES = 1024 * 1024
"""Of a file, before and after: what changes is shown as a whole, and kept."""

_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


@dataclass(slots=True)
class Target:
    """A place for a file, whose directory is held open; close it.

    `before` is what the file holds; None: there is none. `stage` writes the new content beside it,
    `swap` puts that in its place. What was staged and not swapped is removed when it is closed.
    """

    path: str
    name: str
    before: bytes | None
    is_inside: bool
    warnings: tuple[str, ...]
    _bounds: Bounds
    _folder: int
    _missing: tuple[str, ...] = ()
    _status: os.stat_result | None = None
    _staged: str = ""
    _is_done: bool = False
    _made: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    def close(self) -> None:
        """Let go of the directory, and remove what was made in vain."""
        with suppress(OSError):
            if self._staged:
                os.unlink(self._staged, dir_fd=self._folder)
        os.close(self._folder)
        for parent, name in reversed(self._made):
            with suppress(OSError):
                if not self._is_done:
                    os.rmdir(name, dir_fd=parent)
            os.close(parent)

    def stage(self, after: bytes) -> None:
        """Write new content to a file beside it, safely on the disk. Raises ToolError."""
        self.check()
        try:
            self._make_folders()
            self._write(after)
        except OSError as error:
            raise in_words(self.path, error) from error

    def check(self) -> None:
        """Raise ToolError if the file is not what it was."""
        with open_target(self._bounds, self.path) as now:
            is_same = now.before == self.before and now._is_at(self)
        if not is_same:
            raise ToolError(
                f"{self.path!r} was changed meanwhile, so it was not written. Read it again."
            )

    def swap(self) -> None:
        """Put what was staged in the place of the file, at once. Raises ToolError."""
        self.check()
        try:
            if self.before is None:
                self._put_new()
            else:
                self._rename()
            self._is_done = True
            os.fsync(self._folder)
        except OSError as error:
            raise in_words(self.path, error) from error

    def remove(self) -> None:
        """Remove the file. Raises ToolError, also if it is not what it was."""
        self.check()
        try:
            os.unlink(self.name, dir_fd=self._folder)
            os.fsync(self._folder)
        except OSError as error:
            raise in_words(self.path, error) from error

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_at(self, other: "Target") -> bool:
        """Whether both stand in the same directory, with the same left to make."""
        here, there = os.fstat(self._folder), os.fstat(other._folder)
        is_same = (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
        return is_same and self._missing == other._missing

    def _make_folders(self) -> None:
        while self._missing:
            name, parent = self._missing[0], self._folder
            os.mkdir(name, dir_fd=parent)
            try:
                self._folder = os.open(name, FOLDER, dir_fd=parent)
            except OSError:
                os.rmdir(name, dir_fd=parent)
                raise
            self._made.append((parent, name))
            self._missing = self._missing[1:]

    def _write(self, after: bytes) -> None:
        staged = f".conduit-{secrets.token_hex(8)}.tmp"
        mode = 0o666 if self._status is None else 0o600
        fd = os.open(staged, _MAKE, mode, dir_fd=self._folder)
        self._staged = staged
        try:
            left = memoryview(after)
            while left:
                left = left[os.write(fd, left) :]
            if self._status is not None:
                self._keep_rights(fd, self._status)
            os.fsync(fd)
        finally:
            os.close(fd)

    def _keep_rights(self, fd: int, status: os.stat_result) -> None:
        with suppress(OSError):  # only the system's administrator may give files away
            os.fchown(fd, status.st_uid, status.st_gid)
        os.fchmod(fd, stat.S_IMODE(status.st_mode) & 0o777)

    def _put_new(self) -> None:
        """Give it its name only if nothing has that name by now."""
        try:
            os.link(self._staged, self.name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            self._rename()
            return
        os.unlink(self._staged, dir_fd=self._folder)
        self._staged = ""

    def _rename(self) -> None:
        os.rename(self._staged, self.name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._staged = ""


def find_target(surroundings: Surroundings, path: str) -> Target:
    """Find the place of a file to write; relative paths begin in the working directory.

    Raises ToolError, in words for the model: for a link, for what is no regular file or cannot be
    read, for what is the system's or Conduit's own, and for a file that is too large to be shown.
    """
    return open_target(Bounds.of(surroundings), path)


def open_target(bounds: Bounds, path: str) -> Target:
    """Do as `find_target` does."""
    if not path.strip():
        raise ToolError("No file is named: the path is empty.")
    with Walk(bounds, follows=False, lets_miss=True) as walk:
        name = walk.to_parent(with_home(path, bounds))
        real = walk.path_of(name)
        if not name or path.endswith("/"):
            raise ToolError(f"{real!r} is a directory, not a file.")
        _check_place(walk, bounds, name)
        folder = os.open(".", FOLDER, dir_fd=walk.fd)
        try:
            status, before = _content(folder, name, real) if not walk.missing else (None, None)
            is_inside = bounds.is_inside(walk.names_to(name))
            warnings = tuple(_warnings(real, status, is_inside=is_inside))
            return Target(
                real, name, before, is_inside, warnings, bounds, folder, walk.missing, status
            )
        except BaseException:
            os.close(folder)
            raise


def _check_place(walk: Walk, bounds: Bounds, name: str) -> None:
    real = walk.path_of(name)
    names = walk.names_to(name)
    if bounds.is_own(names) or walk.is_own():
        raise ToolError(f"{real!r} is Conduit's own; tools do not write there.")
    if walk.missing and not bounds.may_grow(walk.names):
        first = Path(walk.path_of(), walk.missing[0])
        raise ToolError(
            f"{str(first)!r} does not exist. Directories are only made in the working directory."
        )
    if not os.access(".", os.W_OK | os.X_OK, dir_fd=walk.fd):
        raise ToolError(f"{walk.path_of()!r} may not be written to by this user.")


def _content(folder: int, name: str, path: str) -> tuple[os.stat_result | None, bytes | None]:
    """What a file is and holds, if it is there."""
    try:
        check_kind(path, os.stat(name, dir_fd=folder, follow_symlinks=False))
        fd = os.open(name, FILE, dir_fd=folder)
    except FileNotFoundError:
        return None, None
    except OSError as error:
        raise in_words(path, error) from error
    try:
        status = os.fstat(fd)
        check_kind(path, status)
        data = b""
        while len(data) <= MOST_BYTES and (piece := os.read(fd, MOST_BYTES + 1 - len(data))):
            data += piece
    except OSError as error:
        raise in_words(path, error) from error
    finally:
        os.close(fd)
    if len(data) > MOST_BYTES:
        size = short_size(max(status.st_size, len(data)))
        raise ToolError(
            f"{path!r} has {size}. Files of more than {short_size(MOST_BYTES)} are not written: "
            "what changes could not be shown as a whole."
        )
    return status, data


def _warnings(path: str, status: os.stat_result | None, *, is_inside: bool) -> list[str]:
    words: list[str] = []
    if not is_inside:
        words.append(OUTSIDE)
    if is_secret(path):
        words.append(SECRET)
    if status is not None and status.st_nlink > 1:
        words.append(f"It is a hard link: its {status.st_nlink - 1} other names keep what it was.")
    if status is not None and not status.st_mode & 0o222:
        words.append("The file is read-only.")
    return words

"""Opens what a model names: real files and directories, within bounds, and nothing else.

What is opened is held by its descriptor, so that what a person was asked about is what is read.
Everything here is for a thread.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.bounds import Bounds
from conduit_tui.tools.open_flags import FILE, FOLDER
from conduit_tui.tools.path_words import in_words
from conduit_tui.tools.secret_files import is_secret
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.walk import Walk

OUTSIDE = "It is outside of the working directory."
SECRET = "Files of this name usually hold secrets."


@dataclass(frozen=True, slots=True)
class Opened:
    """A file or directory that is held open; whoever has it closes it.

    `path` is the real one, as walked. Reading needs no question if it `is_inside`; `warnings` are
    words for the person about what is unusual.
    """

    fd: int
    path: str
    is_inside: bool
    warnings: tuple[str, ...]
    size_bytes: int
    is_folder: bool

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it; once."""
        with suppress(OSError):
            os.close(self.fd)


def open_file(surroundings: Surroundings, path: str, bounds: Bounds | None = None) -> Opened:
    """Open a regular file for reading; relative paths begin in the working directory.

    `bounds` are those of the surroundings, if they are at hand. Raises ToolError, in words for the
    model, for everything else: no such file, a directory, FIFO, device or socket, a link that
    leads out of its root, what is the system's or Conduit's own.
    """
    bounds = bounds or Bounds.of(surroundings)
    with Walk(bounds) as walk:
        name = to_place(walk, bounds, path, "No file is named: the path is empty.")
        real = walk.path_of(name)
        if not name:
            raise ToolError(f"{real!r} is a directory, not a file; `ls` lists it.")
        try:
            check_kind(real, os.stat(name, dir_fd=walk.fd, follow_symlinks=False))
            fd = os.open(name, FILE, dir_fd=walk.fd)
        except OSError as error:
            raise in_words(real, error) from error
        try:
            found = os.fstat(fd)
            check_kind(real, found)
            walk.check_device(real, found)
            return _opened(fd, bounds, real, found, is_folder=False)
        except BaseException:
            os.close(fd)
            raise


def open_folder(surroundings: Surroundings, path: str, bounds: Bounds | None = None) -> Opened:
    """Open a directory, to be listed or walked on from. Raises ToolError as `open_file` does."""
    bounds = bounds or Bounds.of(surroundings)
    with Walk(bounds) as walk:
        to_place(walk, bounds, f"{path or '.'}/", "")
        real = walk.path_of()
        try:
            fd = os.open(".", FOLDER, dir_fd=walk.fd)
        except OSError as error:
            raise in_words(real, error) from error
        return _opened(fd, bounds, real, os.fstat(fd), is_folder=True)


def to_place(walk: Walk, bounds: Bounds, path: str, if_empty: str) -> str:
    """Walk to the directory of a place that may be read; return its name there."""
    if not path.strip():
        raise ToolError(if_empty)
    name = walk.to_parent(with_home(path, bounds))
    names = walk.names_to(name)
    if (bounds.is_own(names) or walk.is_own()) and not bounds.is_readable(names):
        raise ToolError(f"{walk.path_of(name)!r} is Conduit's own; tools do not read it.")
    return name


def with_home(path: str, bounds: Bounds) -> str:
    """A path with the person's home for `~`."""
    if path == "~" or path.startswith("~/"):
        return "/" + "/".join(bounds.home) + path[1:]
    return path


def check_kind(path: str, found: os.stat_result) -> None:
    """Raise ToolError, in words, for what is no regular file."""
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise ToolError(f"{path!r} is a directory, not a file; `ls` lists it.")
    kinds = (
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISLNK, "a symbolic link by now; it was replaced meanwhile"),
    )
    kind = next((words for fits, words in kinds if fits(mode)), "of an unknown kind")
    raise ToolError(f"{path!r} is {kind}. Only regular files are read and written.")


def _opened(
    fd: int, bounds: Bounds, path: str, found: os.stat_result, *, is_folder: bool
) -> Opened:
    names = path.strip("/").split("/")
    is_near = bounds.is_inside(names) or bounds.is_readable(names)
    hides = not is_folder and is_secret(path)
    warnings = [OUTSIDE] if not is_near else []
    if hides:
        warnings.append(SECRET)
    if not is_folder and found.st_nlink > 1:
        warnings.append(f"It is a hard link: the same file has {found.st_nlink} names.")
    return Opened(fd, path, is_near and not hides, tuple(warnings), found.st_size, is_folder)

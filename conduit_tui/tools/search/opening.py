"""Opening what is below a folder that is open, never through a link and never a device."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager

from conduit_tui.tools.open_flags import FILE, FOLDER


@contextmanager
def folder_of(root: int, path: bytes) -> Generator[tuple[int, bytes]]:
    """The folder of a path below `root`, open, and the name in it.

    Raises OSError, also where a part of the path has become a link.
    """
    *folders, name = path.split(b"/")
    if name in (b"", b".", b"..") or b".." in folders:
        raise OSError("the path leaves the folder")
    at = os.dup(root)
    try:
        for each in folders:
            below = os.open(each, FOLDER, dir_fd=at)
            os.close(at)
            at = below
        yield at, name
    finally:
        os.close(at)


def open_file(folder: int, name: bytes) -> tuple[int, int]:
    """A file in an open folder, open, and its size in bytes. Raises OSError for anything else."""
    opened = os.open(name, FILE, dir_fd=folder)
    about = os.fstat(opened)
    if not stat.S_ISREG(about.st_mode):
        os.close(opened)
        raise OSError("no regular file")
    return opened, about.st_size


def read_all(opened: int, most_bytes: int) -> bytes:
    """What is in an open file, up to a size; closes it."""
    with os.fdopen(opened, "rb") as file:
        return file.read(most_bytes)


def is_file(root: int, path: bytes) -> bool:
    """Whether there is a regular file at a path below `root`, and no link on the way to it."""
    try:
        with folder_of(root, path) as (folder, name):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode)

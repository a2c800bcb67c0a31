"""What is wrong with a path, in words for a model."""

import errno
import os

from conduit_tui.core.errors import ToolError


def in_words(path: str, error: OSError) -> ToolError:
    """Say why the system did not do something with a path."""
    match error.errno:
        case errno.ENOENT:
            words = f"{path!r} does not exist."
        case errno.EACCES | errno.EPERM:
            words = f"{path!r} may not be opened by this user."
        case errno.ENOTDIR:
            words = f"{path!r} is not a directory."
        case errno.EISDIR:
            words = f"{path!r} is a directory."
        case errno.ELOOP:
            words = f"{path!r} was replaced by a symbolic link meanwhile."
        case errno.ENAMETOOLONG:
            words = f"A name in {path[:200]!r} is too long for this file system."
        case errno.ENOSPC | errno.EDQUOT:
            words = f"There is no room on the disk for {path!r}."
        case errno.EROFS:
            words = f"{path!r} is on a file system that cannot be written to."
        case _:
            words = f"{path!r}: {error.strerror or type(error).__name__}."
    return ToolError(words)


def of_the_system(path: str) -> ToolError:
    """Say that a place is one of the machine's own."""
    return ToolError(f"{path!r} is the system's own; tools do not read or write there.")


def link_words(path: str, folder: str, target: str) -> str:
    """Say where a link in a folder leads."""
    real = os.path.normpath(os.path.join(folder, target))  # noqa: PTH118 - words, not a way
    return f"{path!r} is a symbolic link to {real!r}"

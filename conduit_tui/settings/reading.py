"""Reads a whole file whose kind and size are not to be trusted."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from conduit_tui.core.errors import SettingsError

_ONE_READ_BYTES = 1024 * 1024
# Non-blocking: opening a FIFO nobody writes to would wait for ever.
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def read_file(path: Path, most_bytes: int) -> bytes:
    """Return the bytes of a regular file of at most `most_bytes`.

    A FIFO or device is not waited for. Raises FileNotFoundError if there is none, and
    SettingsError, in words, for everything else that cannot be read.
    """
    return read_with_status(path, most_bytes)[0]


def read_with_status(path: Path, most_bytes: int) -> tuple[bytes, os.stat_result]:
    """Like `read_file`, with the status of the very file that was read."""
    try:
        descriptor = os.open(path, _FILE)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    try:
        return _read(descriptor, path, most_bytes)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)


def read_below(root: Path, parts: Sequence[str], most_bytes: int) -> bytes:
    """Return the bytes of a regular file below a directory, to which no link leads.

    Raises as `read_file` does.
    """
    path = root.joinpath(*parts)
    opened: list[int] = []
    try:
        opened.append(os.open(root, _DIRECTORY))
        for part in parts[:-1]:
            opened.append(os.open(part, _DIRECTORY | os.O_NOFOLLOW, dir_fd=opened[-1]))
        opened.append(os.open(parts[-1], _FILE | os.O_NOFOLLOW, dir_fd=opened[-1]))
        return _read(opened[-1], path, most_bytes)[0]
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if any(above.is_symlink() for above in (path, *path.parents[: len(parts) - 1])):
            words = f"{str(path)!r} is a symbolic link, or stands behind one; none is followed."
            raise SettingsError(words) from error
        raise _unreadable(path, error) from error
    finally:
        for descriptor in opened:
            os.close(descriptor)


def size_in_words(size_bytes: int) -> str:
    """Return a size as people say it, such as `12 MB`."""
    for unit, factor in (("GB", 1000**3), ("MB", 1000**2), ("KB", 1000)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.3g} {unit}"
    return f"{size_bytes} bytes"


def _read(descriptor: int, path: Path, most_bytes: int) -> tuple[bytes, os.stat_result]:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise SettingsError(f"{str(path)!r} is a directory, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise SettingsError(f"{str(path)!r} is not a regular file; copy its content into one.")
    if status.st_size > most_bytes:
        raise _too_large(path, status.st_size, most_bytes)
    pieces: list[bytes] = []
    read_bytes = 0
    while piece := os.read(descriptor, _ONE_READ_BYTES):  # files of /proc have size 0
        pieces.append(piece)
        read_bytes += len(piece)
        if read_bytes > most_bytes:
            raise _too_large(path, read_bytes, most_bytes)
    return b"".join(pieces), status


def _too_large(path: Path, size_bytes: int, most_bytes: int) -> SettingsError:
    return SettingsError(
        f"{str(path)!r} has {size_in_words(size_bytes)}; "
        f"more than {size_in_words(most_bytes)} is not read."
    )


def _unreadable(path: Path, error: Exception) -> SettingsError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SettingsError(f"{str(path)!r} cannot be read: {reason}.")

"""The database as a file: its folder, its permissions, its header, and setting it aside."""

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from conduit_tui.core.errors import StorageError
from conduit_tui.storage.schema import APPLICATION_ID, newer

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_SIDE_FILES = ("-wal", "-shm", "-journal")
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SUSPECT = ".suspect"
_ALWAYS_CHECKED_BYTES = 8 * 1024 * 1024
"""Up to this size a whole check takes less than 10 ms, so it is never left out."""


class Condition(Enum):
    """What the header of a file tells. It can be read without SQLite, which would change a file."""

    ABSENT = auto()
    EMPTY = auto()
    SOUND = auto()
    SUSPECT = auto()
    """To be checked before it is used: not closed properly, not of the size it says, or small."""
    DAMAGED = auto()


def make_private_folder(folder: Path) -> None:
    """Make the folder for its owner alone, or take the rights of others away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    # A folder with the sticky bit is everybody's on purpose, such as /tmp.
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        _keep_private(folder, found.st_mode)


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone, if there is none; SQLite then keeps to its rights."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, *_beside(path)):
        with suppress(FileNotFoundError):  # another instance is done with its journal
            found = file.stat()
            if found.st_uid == os.geteuid():
                _keep_private(file, found.st_mode)


def inspect(path: Path, newest: int) -> Condition:
    """Return the condition of a file; it is not changed.

    Raises StorageError for what is not ours to use: another program's file, a newer schema.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return Condition.ABSENT
    if not stat.S_ISREG(found.st_mode):
        raise _not_ours(path, "is not a file")
    # Before the header, which another instance writes first: it may be making the file right now.
    has_wal = _has_wal(path)
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        return Condition.DAMAGED if has_wal else Condition.EMPTY
    if not header.startswith(_MAGIC):
        if _was_ours(header, found.st_size, path):
            return Condition.DAMAGED
        raise _not_ours(path, "is not a database")
    if len(header) < _HEADER_BYTES:
        return Condition.DAMAGED
    if _integer(header, 68) != APPLICATION_ID:
        raise _not_ours(path, "belongs to another program")
    if (version := _integer(header, 60)) > newest:
        raise newer(path, version, newest)
    doubted = (
        found.st_size <= _ALWAYS_CHECKED_BYTES
        or _size_in_header(header) != found.st_size
        or has_wal
        or _mark(path).exists()
    )
    return Condition.SUSPECT if doubted else Condition.SOUND


def mark_suspect(path: Path) -> None:
    """Have the file checked when it is opened next."""
    # Where no mark can be made, the damage is met and told again next time.
    with suppress(OSError):
        _mark(path).touch(mode=0o600)


def clear_suspicion(path: Path) -> None:
    """The file was checked and is sound."""
    _mark(path).unlink(missing_ok=True)


def set_aside(path: Path) -> str:
    """Rename a damaged file and what belongs to it; return words that say so."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    for file in _beside(path):
        file.rename(f"{kept}{file.name.removeprefix(path.name)}")
    path.rename(kept)
    kept.chmod(0o600)
    clear_suspicion(path)
    return (
        f"The history was damaged and is kept as {str(kept)!r}; a new one was started. "
        f"`sqlite3 {kept.name} .recover` may get conversations out of it."
    )


def _keep_private(path: Path, mode: int) -> None:
    if mode & _FOR_OTHERS:
        path.chmod(stat.S_IMODE(mode) & ~_FOR_OTHERS)


def _beside(path: Path) -> list[Path]:
    files = (Path(f"{path}{suffix}") for suffix in _SIDE_FILES)
    return [file for file in files if file.exists()]


def _has_wal(path: Path) -> bool:
    try:
        return Path(f"{path}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def _mark(path: Path) -> Path:
    return Path(f"{path}{_SUSPECT}")


def _was_ours(header: bytes, size_bytes: int, path: Path) -> bool:
    """Whether a file without SQLite's first bytes once was a database at this place."""
    is_whole_pages = size_bytes % 4096 == 0
    return is_whole_pages or _has_wal(path) or _integer(header, 68) == APPLICATION_ID


def _size_in_header(header: bytes) -> int:
    page_bytes = int.from_bytes(header[16:18], "big")
    return _integer(header, 28) * (65536 if page_bytes == 1 else page_bytes)


def _integer(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 4], "big")


def _not_ours(path: Path, what: str) -> StorageError:
    return StorageError(
        f"{str(path)!r} {what}, so it was not touched. Move it away, or set CONDUIT_HOME to "
        "another folder."
    )

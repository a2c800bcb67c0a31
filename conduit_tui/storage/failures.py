"""What SQLite and the file system say, as `StorageError` in words."""

import errno
import shutil
import sqlite3
from pathlib import Path

from conduit_tui.core.errors import StorageError

BUSY_SECONDS = 5
"""How long a write waits for another program that is writing."""

OPENING_SECONDS = 30
"""How long a start waits for another one: it may be bringing the schema up to date."""

_PRIMARY_CODE = 0xFF
_SHARED_MEMORY_BYTES = 32 * 1024
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FORBIDDEN = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def means_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite found the file itself to be wrong."""
    return _code(error) in _DAMAGE


def means_locked(error: sqlite3.Error) -> bool:
    """Whether another connection is using the file."""
    return _code(error) in _LOCKED


def in_words(
    error: sqlite3.Error | OSError, path: Path | None, waited_seconds: int = BUSY_SECONDS
) -> StorageError:
    """Return what happened to the database at a path (None: in memory), and what to do next.

    `waited_seconds` is how long another program was waited for, if that is what happened.
    """
    file = "the chat's database in memory" if path is None else repr(str(path))
    if isinstance(error, OSError):
        return StorageError(_file_words(error, file))
    # SQLite calls it an I/O error when its shared-memory file finds no room.
    if path is not None and _code(error) == sqlite3.SQLITE_IOERR and _is_full(path.parent):
        return StorageError(_full(file))
    return StorageError(_sqlite_words(error, file, waited_seconds))


def _sqlite_words(error: sqlite3.Error, file: str, waited_seconds: int) -> str:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return _full(file)
    if code in _DAMAGE:
        return f"{file} is damaged. Quit and start again: it is then set aside and a new one made."
    if code in _LOCKED:
        return (
            f"Another program kept {file} locked for more than {waited_seconds} s; nothing was "
            "changed. Try again, or close that program."
        )
    if code in _FORBIDDEN:
        return _forbidden(file)
    if code == sqlite3.SQLITE_IOERR:
        return f"The disk failed while {file} was in use ({error}). Check the disk, then try again."
    return f"{file} could not be used: {error}."


def _file_words(error: OSError, file: str) -> str:
    if error.errno in _NO_ROOM:
        return _full(file)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return _forbidden(file)
    return f"{file} cannot be used: {error.strerror or error}. {_ELSEWHERE}"


def _is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < _SHARED_MEMORY_BYTES


def _full(file: str) -> str:
    return f"There is no room on the disk of {file}; nothing was changed. Make room and try again."


def _forbidden(file: str) -> str:
    return f"{file} or its folder cannot be written to. Change its permissions. {_ELSEWHERE}"


_ELSEWHERE = "Or set CONDUIT_HOME to a folder of your own."


def _code(error: sqlite3.Error) -> int:
    # Python only sets it on errors that come from SQLite itself.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE

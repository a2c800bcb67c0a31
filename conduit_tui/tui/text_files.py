"""Writes a text into a file of the person's; it touches the disk, so call it in a thread."""

import errno
import os
import secrets
import stat
from pathlib import Path

from conduit_tui.core.clean import clean, clean_line

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_MOST_TRIED = 100


class CannotWrite(Exception):
    """A file cannot be written; the words say why."""


class AlreadyThere(Exception):
    """There is a file of that name, and it was not touched."""


def write_text(path: Path, text: str, *, overwrite: bool = False) -> int:
    """Write a text as it is shown, free of control characters, and return its size in bytes.

    The file is whole or not there. A new one has the mode that the umask leaves, one that is
    overwritten keeps its own. Raises AlreadyThere for a file that may not be overwritten, else
    CannotWrite in words.
    """
    shown = clean_line(str(path))
    data = _whole_lines(clean(text)).encode("utf-8", errors="replace")
    try:
        target = Path(os.path.realpath(path))  # the file behind a link, not the link, is written
        _check(path, target, overwrite=overwrite)
        _write_beside(target, data, overwrite=overwrite)
    except FileExistsError as error:
        raise AlreadyThere(shown) from error
    except ValueError as error:  # a NUL in the name
        raise CannotWrite(f"{shown!r} is no name for a file.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWrite(f"{shown!r} cannot be written: {reason}.") from error
    return len(data)


def expanded(typed: str) -> Path:
    """Return the path that a person typed; `~` is their home."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:  # of nobody here
        return Path(typed)


def unused_name(name: str, directory: Path) -> str:
    """Return a name that no file of a directory has: `raft.md`, else `raft-2.md` and so on."""
    wanted = Path(name)
    stem, suffix = wanted.stem, wanted.suffix
    candidates = [name, *(f"{stem}-{number}{suffix}" for number in range(2, _MOST_TRIED))]
    return next((each for each in candidates if not os.path.lexists(directory / each)), name)


def _whole_lines(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _check(path: Path, target: Path, *, overwrite: bool) -> None:
    shown = clean_line(str(path))
    if not target.parent.is_dir():
        raise CannotWrite(f"There is no folder {clean_line(str(path.parent))!r}.")
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise CannotWrite(f"{shown!r} is a folder; name a file in it.")
    if not stat.S_ISREG(mode):
        raise CannotWrite(f"{shown!r} is not a regular file.")
    if not overwrite:
        raise FileExistsError


def _write_beside(target: Path, data: bytes, *, overwrite: bool) -> None:
    """Write into a file beside the target, and give it the target's name when it is complete."""
    name = target.parent / f".conduit-{secrets.token_hex(6)}"
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # less the umask
    try:
        with os.fdopen(descriptor, "wb") as file:
            if overwrite and target.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            name.replace(target)
        else:
            _link(name, target)
    finally:
        name.unlink(missing_ok=True)


def _link(name: Path, target: Path) -> None:
    """Take a name only if it is free; raises FileExistsError if another file got it first."""
    try:
        os.link(name, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with target.open("xb"):  # a file system without links: take the name, then fill it
            name.replace(target)

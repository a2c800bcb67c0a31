"""Finds files to attach and reads them. Everything here touches the disk: call it in a thread."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from conduit_tui.core.amounts import short_size
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment

MOST_FILES = 5_000
"""Files looked at below the working directory; a completion is not a search."""
LARGEST_FILE_BYTES = 10 * 1024 * 1024
_SKIPPED = {"node_modules", "__pycache__", "venv", "target", "dist"}


class CannotAttach(Exception):
    """A file cannot be attached; the words say why."""


def list_files(directory: Path, most: int = MOST_FILES) -> tuple[str, ...]:
    """Paths of files below a directory, nearest first, hidden ones and build output left out.

    Directories that cannot be read are passed over; links to directories are not followed.
    """
    found: list[str] = []
    waiting = [""]
    for below in waiting:
        try:
            with os.scandir(directory / below) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in listed:
            path = f"{below}{entry.name}"
            if entry.name.startswith(".") or entry.name in _SKIPPED:
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path + "/")
            elif entry.is_file():
                found.append(path)
        if len(found) >= most:
            break
    return tuple(found[:most])


def read_attachment(path: Path, largest_bytes: int = LARGEST_FILE_BYTES) -> Attachment:
    """Read a text, an image, a PDF or a sound; raises CannotAttach in words for anything else."""
    name = path.name
    try:
        data = _read_regular(path, largest_bytes)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotAttach(f"{clean_line(name)!r} cannot be read: {reason}.") from error
    from conduit_tui.core.attaching import KNOWN
    from conduit_tui.core.media import media_type
    from conduit_tui.core.message import Attachment

    found = media_type(data) or _text_type(name, data)
    if found is None:
        raise CannotAttach(f"{clean_line(name)!r} is neither UTF-8 text nor {KNOWN}.")
    return Attachment(
        found, data, name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    )


def read_fitted(path: Path) -> tuple[Attachment, str]:
    """Read a file to attach, a picture small enough for every vendor, and words about that.

    Raises CannotAttach.
    """
    from conduit_tui.attachments.pictures import fitted

    try:
        return fitted(read_attachment(path))
    except ConduitError as error:
        raise CannotAttach(str(error)) from error


def _read_regular(path: Path, largest_bytes: int) -> bytes:
    # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise CannotAttach(f"{clean_line(path.name)!r} is not a regular file.")
        if status.st_size > largest_bytes:
            raise CannotAttach(
                f"{clean_line(path.name)!r} has {short_size(status.st_size)}; "
                f"the most that can be attached is {short_size(largest_bytes)}."
            )
        return file.read(largest_bytes)


def _text_type(name: str, data: bytes) -> str | None:
    if b"\0" in data:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    guessed = mimetypes.guess_type(name)[0] or ""
    return guessed if guessed.startswith("text/") else "text/plain"

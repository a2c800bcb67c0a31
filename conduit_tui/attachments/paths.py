"""Paths as a person types, quotes or drops them. Nothing here touches the disk."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

_MEDIA = re.compile(r"\.(?:png|jpe?g|gif|webp|pdf|wav|mp3)['\"]?\s*\Z", re.IGNORECASE)
_ROOTED = re.compile(r"['\"]?(?:/|~/|\./|\.\./|file://)|[a-zA-Z]:\\")
_LONGEST = 4_000
_MOST = 20


def split_paths(written: str) -> tuple[str, ...]:
    """Return the paths of a line: parted by spaces, quoted or escaped as in a shell.

    Of a line whose quotes do not match, it itself is the path.
    """
    try:
        found = shlex.split(written)
    except ValueError:
        found = [written.strip()]
    return tuple(_plain(path) for path in found if path)


def expanded(path: str, directory: Path) -> Path:
    """Return where a path leads from a directory; `~` is the home."""
    try:
        return directory / Path(path).expanduser()
    except RuntimeError:  # of nobody here
        return directory / path


def dropped_paths(pasted: str) -> tuple[str, ...]:
    """Return the paths in what a terminal pastes when files are dropped on it, else nothing.

    They are whole paths, or addresses of files, of pictures, PDFs or sounds: a path of another
    kind of file is more often meant as the words it is.
    """
    text = pasted.strip()
    if not text or len(text) > _LONGEST or not _ROOTED.match(text):
        return ()
    lines = [line.strip() for line in text.splitlines()]
    paths = [path for line in lines for path in _dropped(line)]
    is_media = all(_MEDIA.search(path) and _ROOTED.match(path) for path in paths)
    return tuple(map(_plain, paths)) if is_media and len(paths) <= _MOST else ()


def quoted(path: str) -> str:
    """Return a path as it is written on a line with others."""
    if not re.search(r"[\s'\"\\]", path):
        return path
    return f"'{path}'" if "'" not in path else shlex.quote(path)


def _dropped(line: str) -> list[str]:
    """One path with bare spaces in it, or several as in a shell."""
    try:
        found = shlex.split(line)
    except ValueError:
        return [line]
    is_each = all(_MEDIA.search(path) and _ROOTED.match(path) for path in found)
    return found if is_each else [line]


def _plain(path: str) -> str:
    return unquote(urlsplit(path).path) if path.startswith("file://") else path

"""keys.toml: the keys that were typed into the program, for nobody's eyes but the person's."""

import fcntl
import json
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import SettingsError
from conduit_tui.settings.paths import Paths
from conduit_tui.settings.reading import read_with_status

MOST_BYTES = 64 * 1024

_HEADER = "# API keys that were typed into conduit-tui. Remove a line to forget a key.\n"


def read_api_keys(path: Path, notices: list[str]) -> dict[str, Secret]:
    """Return the stored keys by provider; words about what is wrong go to `notices`.

    A file that others can read is made private first, and not used if that fails.
    """
    try:
        content, status = read_with_status(path, MOST_BYTES)
        if stat.S_IMODE(status.st_mode) & 0o077:
            notices.append(_make_private(path))
        return _parse(path, content)
    except FileNotFoundError:
        return {}
    except SettingsError as error:
        notices.append(clean_line(str(error)))
        return {}


def store_api_key(paths: Paths, provider: str, key: Secret) -> None:
    """Keep a key for a provider, in a file of mode 0600 that is replaced as a whole.

    Raises SettingsError if it is no key, or if the file cannot be read or written.
    """
    _require_key(provider, key)
    path = Path(os.path.realpath(paths.keys_file))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path.parent):
            keys = _read_strictly(path)
            keys[provider] = key
            _replace(path, keys)
    except OSError as error:
        words = f"The key cannot be kept in {str(path)!r}: {error.strerror}."
        raise SettingsError(clean_line(words)) from error


def _require_key(provider: str, key: Secret) -> None:
    value = key.reveal()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise SettingsError(f"This is no key for {provider!r}: a key is one word of plain letters.")
    if not provider.isascii() or not provider.isprintable():
        raise SettingsError(f"{provider!r} is no name of a provider.")


def _read_strictly(path: Path) -> dict[str, Secret]:
    try:
        content, _ = read_with_status(path, MOST_BYTES)
    except FileNotFoundError:
        return {}
    return _parse(path, content)


def _parse(path: Path, content: bytes) -> dict[str, Secret]:
    import tomllib

    try:
        values = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        # Without the parser's words: they may quote the line.
        raise SettingsError(
            f"{str(path)!r} is not valid TOML, so no stored key is used: mend it or remove it."
        ) from error
    return {
        provider: Secret(value.strip())
        for provider, value in values.items()
        if isinstance(value, str) and value.strip()
    }


def _make_private(path: Path) -> str:
    try:
        path.chmod(0o600)
    except OSError as error:
        raise SettingsError(
            f"{str(path)!r} can be read by others on this machine and cannot be made private "
            f"({error.strerror}); its keys are not used."
        ) from error
    return clean_line(
        f"{path} could be read by others on this machine; it is private now. "
        "Consider making new keys."
    )


@contextmanager
def _locked(directory: Path) -> Generator[None]:
    """Hold off other instances: two that add a key at once must not lose one."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, keys: dict[str, Secret]) -> None:
    # A JSON string of printable ASCII is a TOML string.
    lines = (f"{json.dumps(name)} = {json.dumps(key.reveal())}\n" for name, key in keys.items())
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)  # left by a crash; nobody else writes while the lock is held
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines((_HEADER, *lines))
        file.flush()
        os.fsync(descriptor)
    new.replace(path)

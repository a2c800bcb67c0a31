"""Each failure of the disk is told in words that fit it."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from conduit_tui.storage.failures import in_words


def failure(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (failure(sqlite3.SQLITE_FULL), "no room on the disk"),
        (failure(sqlite3.SQLITE_READONLY | 8 << 8), "cannot be written to"),
        (failure(sqlite3.SQLITE_CANTOPEN), "cannot be written to"),
        (failure(sqlite3.SQLITE_BUSY), "Another program kept"),
        (failure(sqlite3.SQLITE_CORRUPT), "is damaged"),
        (failure(sqlite3.SQLITE_ERROR), "could not be used: as SQLite says it"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "no room on the disk"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), "cannot be written to"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "Too many open files"),
    ],
)
def test_a_failure_is_told_with_the_file_it_happened_to(
    error: sqlite3.Error | OSError, words: str, tmp_path: Path
) -> None:
    told = str(in_words(error, tmp_path / "conduit.db"))
    assert words in told
    assert repr(str(tmp_path / "conduit.db")) in told


@pytest.mark.parametrize(
    ("free", "words"), [(0, "no room on the disk"), (10**9, "The disk failed")]
)
def test_an_io_error_on_a_full_disk_is_told_as_such(
    free: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only a mounted disk of one's own could be filled, which takes root.
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, free))
    error = failure(sqlite3.SQLITE_IOERR | 19 << 8)
    assert words in str(in_words(error, tmp_path / "conduit.db"))


def test_a_failure_in_memory_names_no_file() -> None:
    assert "in memory" in str(in_words(failure(sqlite3.SQLITE_FULL), None))

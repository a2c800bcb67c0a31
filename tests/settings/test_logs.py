"""The log: facts of ours, no content, no keys."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from conduit_tui.settings.logs import MOST_BYTES, OURS, log_file_in_use, start_log

SECRET = "sk-secret"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Where the log goes; the process's logging is put back afterwards."""
    loggers = [logging.getLogger(), logging.getLogger(OURS)]
    before = [(list(each.handlers), each.level, each.propagate) for each in loggers]
    raises = logging.raiseExceptions
    yield tmp_path / "state" / "conduit.log"
    for each, (handlers, level, propagate) in zip(loggers, before, strict=True):
        each.handlers[:] = handlers
        each.setLevel(level)
        each.propagate = propagate
    logging.raiseExceptions = raises


def _failure() -> Exception:
    try:
        password = SECRET
        raise ValueError(f"bad key {password}")
    except ValueError as error:
        return error


def test_our_records_are_written_to_a_private_file(log_file: Path) -> None:
    assert start_log(log_file)
    assert not log_file.exists()
    logging.getLogger("conduit_tui.storage").info("opened %s", "conduit.db")
    logging.getLogger("conduit_tui.storage").debug("not without --debug")
    text = log_file.read_text()
    assert "INFO conduit_tui.storage: opened conduit.db" in text
    assert "not without" not in text
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(log_file.parent.stat().st_mode) == 0o700
    assert log_file_in_use() == log_file


def test_libraries_are_not_heard_below_warning_even_with_debug(log_file: Path) -> None:
    start_log(log_file, debug=True)
    noisy = logging.getLogger("openai.noisy")
    noisy.setLevel(logging.DEBUG)
    noisy.debug("request %s", SECRET)
    noisy.info("headers %s", SECRET)
    noisy.warning("odd header %s\nall of it: %s", SECRET, SECRET)
    logging.getLogger("conduit_tui").debug("ours")
    text = log_file.read_text()
    assert "odd header %s" in text
    assert "DEBUG conduit_tui: ours" in text
    assert SECRET not in text


@pytest.mark.parametrize("name", ["conduit_tui.controller", "asyncio"])
def test_an_exception_leaves_types_and_frames_but_no_words_and_no_locals(
    log_file: Path, name: str
) -> None:
    start_log(log_file)
    logging.getLogger(name).error("task failed", exc_info=_failure())
    text = log_file.read_text()
    assert "builtins.ValueError" in text
    assert "in _failure" in text
    assert SECRET not in text


def test_causes_are_told_too(log_file: Path) -> None:
    start_log(log_file)
    error = RuntimeError()
    error.__cause__ = OSError(28, "No space left on device")
    logging.getLogger(OURS).error("failed", exc_info=error)
    assert "No space left on device" in log_file.read_text()


def test_a_full_log_begins_anew(log_file: Path) -> None:
    start_log(log_file)
    logger = logging.getLogger(OURS)
    logger.info("x" * MOST_BYTES)
    logger.info("second")
    assert log_file.read_text().endswith("second\n")
    assert log_file.stat().st_size < 200
    assert log_file.with_name("conduit.log.1").stat().st_size > MOST_BYTES


def test_no_place_for_a_log_is_no_reason_to_stop(log_file: Path) -> None:
    log_file.parent.write_text("in the way")
    assert not start_log(log_file)
    logging.getLogger(OURS).info("nowhere")

"""The log file: what happened, without content and without keys.

Our own records are written as they are: they are made of facts. Of records of libraries only the
unformatted first line is kept, and of exceptions the types and frames: their words may quote a
request, and a request holds the conversation and the key.
"""

import logging
import os
import traceback
from pathlib import Path

MOST_BYTES = 512 * 1024
OURS = "conduit_tui"

# Their words are Python's own: names, types and file names.
_HARMLESS = (AttributeError, ImportError, NameError, OSError, TypeError)


def start_log(path: Path, *, debug: bool = False) -> bool:
    """Write records to a file of mode 0600 from now on; False if there cannot be one.

    The file appears with its first record. Libraries are heard from WARNING on, also with
    `debug`, and also where they set their own level.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    if not os.access(path.parent, os.W_OK):
        return False
    ours, others = logging.getLogger(OURS), logging.getLogger()
    file = _LogFile(path)
    _replace_handlers(ours, _handler(file, logging.DEBUG if debug else logging.INFO, _Own()))
    _replace_handlers(others, _handler(file, logging.WARNING, _Foreign()))
    ours.setLevel(logging.DEBUG if debug else logging.INFO)
    ours.propagate = False
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the screen
    return True


def log_file_in_use() -> Path | None:
    """The file that records go to in this process, if `start_log` has found a place."""
    for handler in logging.getLogger(OURS).handlers:
        if isinstance(handler, _Handler):
            return handler.file.path
    return None


def log_crash(error: BaseException) -> Path | None:
    """Record what nobody foresaw; return the file, or None where there is no log."""
    file = log_file_in_use()
    if file is not None:
        logging.getLogger(OURS).critical("crashed", exc_info=error)
    return file


class _LogFile:
    """Appends lines. When it is full, it becomes `NAME.1` and begins anew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, line: str) -> None:
        """Write a line. Opening each time lets several instances share and rotate the file."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o600)
        try:
            os.write(descriptor, line.encode("utf-8", "backslashreplace"))
            is_full = os.fstat(descriptor).st_size > MOST_BYTES
        finally:
            os.close(descriptor)
        if is_full:
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))


class _Handler(logging.Handler):
    def __init__(self, file: _LogFile) -> None:
        super().__init__()
        self.file = file

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.file.append(self.format(record) + "\n")
        except OSError:
            self.handleError(record)  # nowhere to write it: the log is lost, the chat is not


class _Own(logging.Formatter):
    """Our own records, with exceptions as `describe` tells them."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        bare = logging.makeLogRecord(record.__dict__)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        line = super().format(bare)
        return f"{line}\n{describe(error)}" if error else line


class _Foreign(_Own):
    """Libraries' records: the first line of their template."""

    def format(self, record: logging.LogRecord) -> str:
        bare = logging.makeLogRecord(record.__dict__)
        bare.msg, bare.args = str(record.msg).partition("\n")[0], None
        return super().format(bare)


def describe(error: BaseException) -> str:
    """Return an exception's types and frames over several lines."""
    lines: list[str] = []
    waiting: BaseException | None = error
    seen: set[int] = set()
    while waiting is not None and id(waiting) not in seen:
        seen.add(id(waiting))
        frames = traceback.extract_tb(waiting.__traceback__)
        words = f": {waiting}" if isinstance(waiting, _HARMLESS) else ""
        lines.append(f"{type(waiting).__module__}.{type(waiting).__qualname__}{words}")
        lines.extend(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        waiting = waiting.__cause__ or waiting.__context__
    return "\n".join(lines)


def _handler(file: _LogFile, level: int, formatter: logging.Formatter) -> _Handler:
    handler = _Handler(file)
    handler.setLevel(level)
    handler.setFormatter(formatter)
    return handler


def _replace_handlers(logger: logging.Logger, handler: _Handler) -> None:
    for old in list(logger.handlers):
        if isinstance(old, _Handler):
            logger.removeHandler(old)
    logger.addHandler(handler)

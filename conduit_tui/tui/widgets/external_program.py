"""Lends the terminal to another program, with a text in a file of its own."""

import asyncio
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import cast

from textual.app import App, SuspendNotSupported
from textual.widget import Widget

from conduit_tui.core.clean import clean_line


class ProgramFailed(Exception):
    """A program could not be used; the words say why."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command to run on a file: `what` it is in a word, and which `variables` choose it."""

    command: Sequence[str]
    what: str = "editor"
    variables: str = "$VISUAL or $EDITOR"


@asynccontextmanager
async def text_file(text: str, suffix: str) -> AsyncGenerator[Path]:
    """Keep a text in a file of mode 0600 while the block runs; raises ProgramFailed in words."""
    try:
        path = await asyncio.to_thread(_write, text, suffix)
    except OSError as error:
        raise ProgramFailed(f"No file could be made for it: {error.strerror}.") from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


async def lend_terminal(widget: Widget, program: Program, path: Path) -> None:
    """Run a program in the place of the screen, which is back afterwards as it was.

    Replies go on streaming meanwhile, unpainted. Raises ProgramFailed if it does not start or
    ends with a code.
    """
    # Textual leaves the parameter of `app`'s type open.
    app = cast("App[object]", widget.app)  # pyright: ignore[reportUnknownMemberType]
    what, name = program.what, clean_line(program.command[0])
    try:
        with app.suspend(), app.batch_update(), _spared_from_interrupts():
            ended = await asyncio.to_thread(_run, [*program.command, str(path)])
    except SuspendNotSupported as error:
        raise ProgramFailed("This terminal cannot be handed to another program.") from error
    if isinstance(ended, OSError):
        raise ProgramFailed(
            f"The {what} {name!r} did not start: {ended.strerror}. Set {program.variables}."
        ) from ended
    if ended:
        raise ProgramFailed(f"The {what} {name!r} ended with {ended}; nothing was changed.")


def chosen_command(environ: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """Return the command in the first of these variables that has one, as words, or nothing.

    Raises ProgramFailed for one that cannot be read.
    """
    for name in names:
        try:
            words = shlex.split(environ.get(name, ""))
        except ValueError as error:
            wanted = clean_line(environ.get(name, ""))
            raise ProgramFailed(f"${name} is not a command: {wanted!r}.") from error
        if words:
            return words
    return []


def _write(text: str, suffix: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="conduit-", suffix=suffix)  # created 0600
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _run(command: Sequence[str]) -> int | OSError:
    """Run a program to its end. An error is returned: Textual resumes only after a calm end."""
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        return error


@contextmanager
def _spared_from_interrupts() -> Generator[None]:
    """Ctrl+C in the program is the program's, though the terminal sends it to us as well.

    A handler of ours that does nothing, not SIG_IGN: the program would inherit that.
    """
    before = signal.signal(signal.SIGINT, _do_nothing)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    del number, frame

"""Hands text to the person's own editor and takes it back."""

import asyncio
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import cast

from textual.app import App, SuspendNotSupported
from textual.widget import Widget

from conduit_tui.core.clean import clean_line


class EditorFailed(Exception):
    """The editor could not be used; the words say why."""


async def edit_outside(widget: Widget, text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Open `$VISUAL`, `$EDITOR` or `vi` on `text` and return what was saved.

    Replies go on streaming meanwhile, unpainted. Raises EditorFailed in words; the text is then
    unchanged.
    """
    # Textual leaves the parameter of `app`'s type open.
    app = cast("App[object]", widget.app)  # pyright: ignore[reportUnknownMemberType]
    command = editor_command(environ)
    path = await asyncio.to_thread(_write_draft, text)
    try:
        try:
            with app.suspend(), app.batch_update(), _spared_from_interrupts():
                code = await asyncio.to_thread(_run, [*command, str(path)])
        except SuspendNotSupported as error:
            raise EditorFailed("This terminal cannot be handed to an editor.") from error
        except OSError as error:
            raise EditorFailed(
                f"The editor {clean_line(command[0])!r} did not start: {error.strerror}. "
                "Set $VISUAL or $EDITOR."
            ) from error
        if code:
            raise EditorFailed(
                f"The editor {clean_line(command[0])!r} ended with {code}; nothing was changed."
            )
        return await asyncio.to_thread(_read_draft, path)
    finally:
        path.unlink(missing_ok=True)


def editor_command(environ: Mapping[str, str]) -> Sequence[str]:
    """The editor as words of a command; raises EditorFailed for one that cannot be parsed."""
    wanted = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise EditorFailed(
            f"$VISUAL or $EDITOR is not a command: {clean_line(wanted)!r}."
        ) from error
    return words or ["vi"]


def _write_draft(text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="conduit-", suffix=".md")  # created 0600
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return Path(name)


def _read_draft(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
    except OSError as error:
        raise EditorFailed(f"What the editor saved cannot be read: {error.strerror}.") from error


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode


@contextmanager
def _spared_from_interrupts() -> Generator[None]:
    """Ctrl+C in the editor is the editor's, though the terminal sends it to us as well.

    A handler of ours that does nothing, not SIG_IGN: the editor would inherit that.
    """
    before = signal.signal(signal.SIGINT, _do_nothing)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    del number, frame

"""Hands text to the person's own editor and takes it back."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.widget import Widget

from conduit_tui.tui.widgets.external_program import (
    Program,
    ProgramFailed,
    chosen_command,
    lend_terminal,
    text_file,
)


async def edit_outside(widget: Widget, text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Open `$VISUAL`, `$EDITOR` or `vi` on `text` and return what was saved.

    Raises ProgramFailed in words; the text is then unchanged.
    """
    editor = Program(editor_command(environ))
    async with text_file(text, ".md") as path:
        await lend_terminal(widget, editor, path)
        return await asyncio.to_thread(_read_draft, path)


def editor_command(environ: Mapping[str, str]) -> Sequence[str]:
    """The editor as words of a command; raises ProgramFailed for one that cannot be parsed."""
    return chosen_command(environ, ("VISUAL", "EDITOR")) or ["vi"]


def _read_draft(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
    except OSError as error:
        raise ProgramFailed(f"What the editor saved cannot be read: {error.strerror}.") from error

"""Opens a copy of a text in the person's pager or editor."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from textual.widget import Widget

from conduit_tui.core.clean import clean
from conduit_tui.tui.widgets.external_program import (
    Program,
    ProgramFailed,
    chosen_command,
    lend_terminal,
    text_file,
)

_STAY = {
    "less": ("-+F",),  # $LESS may tell it to end at once when a text fits on the screen
    "bat": ("--paging=always",),
    "batcat": ("--paging=always",),
}
_NO_PAGERS = {"cat"}  # set by programs that want no pager; it would be gone before one can read


async def open_outside(
    widget: Widget, text: str, suffix: str, environ: Mapping[str, str], *, is_code: bool
) -> bool:
    """Show a text outside until it is left; returns whether the copy was changed there.

    The text is cleaned: pagers pass control sequences on. Raises ProgramFailed in words.
    """
    program = viewer(environ, is_code=is_code)
    shown = clean(text)
    async with text_file(shown, suffix) as path:
        await lend_terminal(widget, program, path)
        return await asyncio.to_thread(_is_changed, path, shown)


def viewer(
    environ: Mapping[str, str],
    *,
    is_code: bool,
    find: Callable[[str], str | None] = shutil.which,
) -> Program:
    """Choose the program: words are for reading, in a pager; code is for an editor.

    What is set for the one serves for the other where that is not set, and only then what a
    machine has anyway. Raises ProgramFailed if there is nothing.
    """
    pager = Program(chosen_command(environ, ("PAGER",)), "pager", "$PAGER")
    editor = Program(chosen_command(environ, ("VISUAL", "EDITOR")))
    for program in (editor, pager) if is_code else (pager, editor):
        if program.command and _name(program) not in _NO_PAGERS:
            return _staying(program)
    for name in ("vi", "less", "more") if is_code else ("less", "more", "vi"):
        if find(name):
            return _staying(Program((name,)) if name == "vi" else replace(pager, command=(name,)))
    raise ProgramFailed("There is no pager and no editor here. Set $PAGER or $EDITOR.")


def _staying(program: Program) -> Program:
    """Have it stay until it is left, also with a text that fits on the screen."""
    return replace(program, command=(*program.command, *_STAY.get(_name(program), ())))


def _name(program: Program) -> str:
    return PurePath(program.command[0]).name


def _is_changed(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace") != text
    except OSError:
        return False

"""Changing a part of a text file."""

from functools import partial
from typing import Annotated

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.file_text import FileText, encoded, file_text
from conduit_tui.tools.holding import held
from conduit_tui.tools.replacement import NotFound, replaced
from conduit_tui.tools.schema import tool
from conduit_tui.tools.target import MOST_BYTES, Target, find_target
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tools.writing import Change, telling_act, write


def file_edit() -> Tool:
    """Return the tool."""

    async def file_edit(
        context: ToolContext,
        path: Annotated[str, "The file; relative paths begin in the working directory."],
        old_text: Annotated[str, "The text to replace, exactly as the file has it."],
        new_text: Annotated[str, "The text to put there."],
        replace_all: Annotated[bool, "Replace it wherever it stands, not only once."] = False,
    ) -> str:
        """Replace a text in a file by another; the person is shown the difference. The old text
        must stand in the file exactly once, with its indentation, unless replace_all is set. Read
        the file first. Line ends (LF or CR LF) are those of the file."""
        if not old_text:
            raise ToolError("old_text is empty. To make a file, use `file_write`.")
        if old_text == new_text:
            raise ToolError("old_text and new_text are the same; there is nothing to change.")
        async with held(partial(find_target, context.surroundings, path)) as hold:
            target = hold.opened
            edit = partial(_edit, old=old_text, new=new_text, everywhere=replace_all)
            try:
                change, count = await hold.run(edit)
            except NotFound as error:
                await context.permit(telling_act(target))  # the words tell what the file holds
                raise NotFound(f"{target.path!r} was not changed. {error}") from error
            await write(context, hold, change)
            times = "once" if count == 1 else f"{count:,} times"
            return f"Replaced {times} in {target.path!r}."

    return tool(file_edit, effect="write", asks_itself=True)


def _edit(target: Target, old: str, new: str, *, everywhere: bool) -> tuple[Change, int]:
    if target.before is None:
        raise ToolError(f"{target.path!r} does not exist. To make it, use `file_write`.")
    try:
        before = file_text(target.before)
    except ToolError as error:
        raise ToolError(f"{target.path!r} cannot be edited. {error}") from error
    encoded(new)  # must be possible
    if not before.is_utf8 and not new.isascii():
        raise ToolError(
            f"{target.path!r} is not in UTF-8, so only letters of ASCII can be put into it."
        )
    if before.has_crlf:
        old, new = _with_crlf(old), _with_crlf(new)
    after, count = replaced(
        before.text, old, new, everywhere=everywhere, most_characters=MOST_BYTES
    )
    return _change(target, before, after), count


def _change(target: Target, before: FileText, after: str) -> Change:
    return Change.between(target.path, before.text, after, before.encoded(after))


def _with_crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")

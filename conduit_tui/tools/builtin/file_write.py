"""Writing a whole text file."""

from functools import partial
from typing import Annotated

from conduit_tui.core.amounts import short_size
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.file_kind import kind_of
from conduit_tui.tools.file_text import encoded, file_text
from conduit_tui.tools.holding import held
from conduit_tui.tools.schema import tool
from conduit_tui.tools.target import Target, find_target
from conduit_tui.tools.tool import Tool, ToolContext
from conduit_tui.tools.writing import Change, telling_act, write


def file_write() -> Tool:
    """Return the tool."""

    async def file_write(
        context: ToolContext,
        path: Annotated[str, "The file; relative paths begin in the working directory."],
        content: Annotated[str, "All that the file shall hold, as UTF-8."],
    ) -> str:
        """Make a text file, or replace all that one holds; the person is shown the difference.
        Missing directories are made in the working directory. To change parts of a file, use
        `file_edit`."""
        async with held(partial(find_target, context.surroundings, path)) as hold:
            target = hold.opened
            data = encoded(content)
            if data == target.before:
                await context.permit(telling_act(target))
                return f"{target.path!r} holds exactly that already; nothing was written."
            change = await hold.run(partial(_change, content=content, data=data))
            await write(context, hold, change)
            verb = "Made" if target.before is None else "Wrote"
            return f"{verb} {target.path!r}: {_lines(content)}, {short_size(len(data))}."

    return tool(file_write, effect="write", asks_itself=True)


def _change(target: Target, content: str, data: bytes) -> Change:
    if target.before is None:
        return Change.between(target.path, None, content, data)
    if kind := kind_of(target.before):
        size = short_size(len(target.before))
        words = f"What it holds now, {size}, is {kind}; that is not shown below."
        return Change.between(target.path, "", content, data, words)
    try:
        before = file_text(target.before)
    except ToolError as error:
        return Change.between(target.path, "", content, data, f"{error} That is not shown below.")
    warnings: list[str] = []
    if before.has_crlf and "\r\n" not in content:
        warnings.append("Its lines end with CR LF now; they will end with LF.")
    if before.encoding != "utf-8":
        warnings.append(f"It is in {before.encoding.upper()} now; it will be in UTF-8.")
    return Change.between(target.path, before.text, content, data, *warnings)


def _lines(content: str) -> str:
    count = content.count("\n") + (not content.endswith("\n") and bool(content))
    return f"{count:,} line" if count == 1 else f"{count:,} lines"

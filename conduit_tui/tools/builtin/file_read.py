"""Reading lines of a text file."""

from functools import partial
from typing import Annotated

from pydantic import Field

from conduit_tui.core.amounts import short_size
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.excerpts import MOST_SCANNED_BYTES, Excerpt, NoText, read_excerpt
from conduit_tui.tools.file_acts import read_act
from conduit_tui.tools.holding import held
from conduit_tui.tools.jail import Opened, open_file
from conduit_tui.tools.path_words import in_words
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext


def file_read() -> Tool:
    """Return the tool."""

    async def file_read(
        context: ToolContext,
        path: Annotated[str, "The file; relative paths begin in the working directory."],
        first_line: Annotated[int, "The first line to read, counted from 1.", Field(ge=1)] = 1,
        last_line: Annotated[
            int | None, "The last line to read; left out: as much as fits.", Field(ge=1)
        ] = None,
    ) -> str:
        """Read a text file, or some lines of it. The first line of the result tells which lines
        follow and how many there are; what follows is the text as it is, without line numbers.
        Directories are listed by `ls`."""
        if last_line is not None and last_line < first_line:
            raise ToolError(f"last_line {last_line} is before first_line {first_line}.")
        async with held(partial(open_file, context.surroundings, path)) as hold:
            await context.permit(read_act("file_read", hold.opened))
            return await hold.run(lambda opened: _read(opened, first_line, last_line))

    return tool(file_read, effect="read", asks_itself=True)


def _read(opened: Opened, first: int, last: int | None) -> str:
    try:
        excerpt = read_excerpt(opened.fd, first, last)
    except NoText as error:
        raise _no_text(opened, error.kind) from error
    except OSError as error:
        raise in_words(opened.path, error) from error
    if excerpt.lines:
        return "\n".join((f"[{_heading(opened, excerpt)}]", *excerpt.lines, *_rest(excerpt, last)))
    if excerpt.total == 0:
        return f"[{opened.path!r} is empty.]"
    if excerpt.total is None:
        raise ToolError(f"Line {first:,} of {opened.path!r} is behind {_scanned()}.")
    raise ToolError(f"{opened.path!r} has {excerpt.total:,} lines; {first:,} is behind its end.")


def _heading(opened: Opened, excerpt: Excerpt) -> str:
    size = short_size(opened.size_bytes)
    total = f" of {excerpt.total:,}" if excerpt.total is not None else ""
    words = [f"{opened.path!r}, {size}: lines {excerpt.first:,} to {excerpt.last:,}{total}"]
    if excerpt.has_crlf:
        words.append("lines end with CR LF")
    if excerpt.last == excerpt.total and not excerpt.ends_with_break:
        words.append("no line break at the end")
    return "; ".join(words)


def _rest(excerpt: Excerpt, last: int | None) -> list[str]:
    """What is not here, and how to get it."""
    words: list[str] = []
    if excerpt.is_full or (last is None and excerpt.total is None):
        words.append(f"Read on with first_line={excerpt.last + 1}.")
    if excerpt.total is None:
        words.append(f"Only {_scanned()}.")
    return [f"[{' '.join(words)}]"] if words else []


def _scanned() -> str:
    return f"the first {MOST_SCANNED_BYTES >> 20} MB, all that is looked at"


def _no_text(opened: Opened, kind: str) -> ToolError:
    words = f"{opened.path!r} ({short_size(opened.size_bytes)}) is {kind}. Only text can be read."
    if kind.endswith("image"):
        words = f"{words} The person can attach an image to a message."
    return ToolError(words)

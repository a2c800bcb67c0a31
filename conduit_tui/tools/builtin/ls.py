"""Listing a directory."""

import heapq
import os
import stat
from collections.abc import Iterator
from functools import partial
from typing import Annotated

from conduit_tui.core.amounts import short_size
from conduit_tui.tools.file_acts import list_act
from conduit_tui.tools.holding import held
from conduit_tui.tools.jail import Opened, open_folder
from conduit_tui.tools.path_words import in_words
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext

MOST_LISTED = 1_000
MOST_COUNTED = 1_000_000


def ls() -> Tool:
    """Return the tool."""

    async def ls(
        context: ToolContext,
        path: Annotated[str, "The directory; left out: the working directory."] = ".",
    ) -> str:
        """List what is in a directory, hidden files too: a line for each, with the size of files,
        sorted by name. What is below its directories is found by `glob_files`."""
        async with held(partial(open_folder, context.surroundings, path)) as hold:
            await context.permit(list_act("ls", hold.opened))
            return await hold.run(_list)

    return tool(ls, effect="read", asks_itself=True)


def _list(opened: Opened) -> str:
    counted = _Counted()
    try:
        with os.scandir(opened.fd) as entries:
            names = heapq.nsmallest(MOST_LISTED, counted.names(entries))
    except OSError as error:
        raise in_words(opened.path, error) from error
    lines = [_line(opened.fd, name) for name in names]
    path = repr(opened.path)
    if not lines:
        return f"[{path} is empty.]"
    many = f"{counted.count:,}" if not counted.is_over else f"more than {MOST_COUNTED:,}"
    noun = "entry" if counted.count == 1 else "entries"
    rest = f"; the first {len(lines):,} follow" if counted.count > len(lines) else ""
    return "\n".join((f"[{path}: {many} {noun}{rest}]", *lines))


class _Counted:
    """Counts names as they go by."""

    def __init__(self) -> None:
        self.count = 0
        self.is_over = False

    def names(self, entries: Iterator[os.DirEntry[str]]) -> Iterator[str]:
        for entry in entries:
            if self.count == MOST_COUNTED:
                self.is_over = True
                return
            self.count += 1
            yield entry.name


def _line(folder: int, name: str) -> str:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return f"{'gone':>9}  {_shown(name)}"
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return f"{short_size(found.st_size):>9}  {_shown(name)}"
    if stat.S_ISDIR(mode):
        return f"{'dir':>9}  {_shown(name)}/"
    if stat.S_ISLNK(mode):
        return f"{'link':>9}  {_shown(name)} -> {_target(folder, name)}"
    kinds = ((stat.S_ISFIFO, "FIFO"), (stat.S_ISSOCK, "socket"))
    kind = next((word for fits, word in kinds if fits(mode)), "device")
    return f"{kind:>9}  {_shown(name)}"


def _target(folder: int, name: str) -> str:
    try:
        return _shown(os.readlink(name, dir_fd=folder))
    except OSError:
        return "?"


def _shown(name: str) -> str:
    """A name on one line; one with control characters is quoted."""
    return name if name.isprintable() else repr(name)

"""Finds files by a glob, as git sees the tree."""

from typing import Annotated

from pydantic import Field

from conduit_tui.tools.schema import tool
from conduit_tui.tools.search.below import search_below
from conduit_tui.tools.search.job import Job
from conduit_tui.tools.tool import Tool, ToolContext

_MOST = 1_000


def glob_files(seconds: float = 20.0) -> Tool:
    """Return the tool; a search that takes longer than `seconds` ends with what it has."""

    async def glob_files(
        context: ToolContext,
        pattern: Annotated[
            str,
            "A glob, relative to `path`: `*` and `?` within a name, `**` for any folders, `[a-z]`, "
            "`{a,b}`. `**/*.py` finds Python files at any depth, `*.py` those right in the folder.",
        ],
        path: Annotated[str, "The folder to look in; the working directory when left out."] = ".",
        most: Annotated[int, "How many paths to list.", Field(ge=1, le=_MOST)] = _MOST,
    ) -> str:
        """List files by a glob, sorted. What .gitignore excludes is left out; hidden files are
        files like any other. Links are not followed.
        """
        job = Job("glob", pattern, most=most, seconds=seconds)
        return await search_below(context, path, job)

    return tool(glob_files, effect="read", asks_itself=True, time_limit_seconds=seconds + 10)

"""Finds lines by a regular expression, in files as git sees the tree."""

from typing import Annotated

from pydantic import Field

from conduit_tui.tools.schema import tool
from conduit_tui.tools.search.below import search_below
from conduit_tui.tools.search.job import Job
from conduit_tui.tools.tool import Tool, ToolContext


def grep_files(seconds: float = 20.0) -> Tool:
    """Return the tool; a search that takes longer than `seconds` ends with what it has."""

    async def grep_files(
        context: ToolContext,
        pattern: Annotated[
            str,
            "A regular expression of RE2 (no lookaround, no back-references), looked for in each "
            "line.",
        ],
        path: Annotated[str, "The folder to look in; the working directory when left out."] = ".",
        glob: Annotated[
            str | None,
            "Look only in files that fit, such as `*.py`, at any depth, or `src/**/*.{ts,tsx}`.",
        ] = None,
        ignore_case: Annotated[bool, "Whether letters match in either case."] = False,
        literal: Annotated[bool, "Look for the pattern as it is, not as an expression."] = False,
        context_lines: Annotated[
            int, "Lines to show around each one that matches.", Field(ge=0, le=20)
        ] = 0,
        most: Annotated[int, "How many matching lines to show.", Field(ge=1, le=1_000)] = 200,
    ) -> str:
        """Search the text of files, and list lines as `path:number: text`. Left out are what
        .gitignore excludes, binary and very large files, and those that usually hold secrets.
        """
        job = Job(
            "grep",
            pattern,
            glob=glob or "",
            ignore_case=ignore_case,
            is_literal=literal,
            context_lines=context_lines,
            most=most,
            seconds=seconds,
        )
        return await search_below(context, path, job)

    return tool(grep_files, effect="read", asks_itself=True, time_limit_seconds=seconds + 10)

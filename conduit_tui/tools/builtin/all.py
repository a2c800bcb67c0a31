"""All tools that come with the program, brought in when a model is first told of them."""

from collections.abc import Mapping, Sequence

from conduit_tui.tools.tool import Tool

NAMES: tuple[str, ...] = (
    *("current_time", "file_read", "ls", "glob_files", "grep_files"),
    *("file_write", "file_edit", "run_shell", "fetch_url", "web_search"),
)
"""What `builtin_tools` brings, in the order they are listed."""

OFF = frozenset(("run_shell",))
"""Those that are off where nobody chose."""

USUAL = tuple(name for name in NAMES if name not in OFF)


def builtin_tools(
    environ: Mapping[str, str], _taken: Sequence[str], _notices: list[str]
) -> list[Tool]:
    """Return all of them. Only now are they, and pydantic and httpx with them, imported."""
    from conduit_tui.tools.builtin.current_time import current_time
    from conduit_tui.tools.builtin.fetch_url import fetch_url
    from conduit_tui.tools.builtin.file_edit import file_edit
    from conduit_tui.tools.builtin.file_read import file_read
    from conduit_tui.tools.builtin.file_write import file_write
    from conduit_tui.tools.builtin.glob_files import glob_files
    from conduit_tui.tools.builtin.grep_files import grep_files
    from conduit_tui.tools.builtin.ls import ls
    from conduit_tui.tools.builtin.run_shell import shell_tool
    from conduit_tui.tools.builtin.web_search import web_search

    return [
        *(current_time(), file_read(), ls(), glob_files(), grep_files()),
        *(file_write(), file_edit(), shell_tool(), fetch_url(), web_search(environ)),
    ]

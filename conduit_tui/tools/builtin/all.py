"""All tools that come with the program, brought in when a model is first told of them."""

from collections.abc import Sequence

from conduit_tui.tools.tool import Tool

NAMES: tuple[str, ...] = ("glob_files", "grep_files", "current_time")
"""What `builtin_tools` brings, in the order they are listed."""

OFF = frozenset[str](("run_shell",))
"""Those that are off where nobody chose."""

USUAL = tuple(name for name in NAMES if name not in OFF)


def builtin_tools(_taken: Sequence[str], _notices: list[str]) -> list[Tool]:
    """Return all of them. Only now are they, and pydantic with them, imported."""
    from conduit_tui.tools.builtin.current_time import current_time
    from conduit_tui.tools.builtin.glob_files import glob_files
    from conduit_tui.tools.builtin.grep_files import grep_files

    return [glob_files(), grep_files(), current_time()]

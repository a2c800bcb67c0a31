"""All tools that come with the program, brought in when a model is first told of them."""

from collections.abc import Sequence

from conduit_tui.tools.tool import Tool

NAMES: tuple[str, ...] = ("file_read", "ls", "file_write", "file_edit", "current_time")
"""What `builtin_tools` brings, in the order they are listed."""

OFF = frozenset[str](("run_shell",))
"""Those that are off where nobody chose."""

USUAL = tuple(name for name in NAMES if name not in OFF)


def builtin_tools(_taken: Sequence[str], _notices: list[str]) -> list[Tool]:
    """Return all of them. Only now are they, and pydantic with them, imported."""
    from conduit_tui.tools.builtin.current_time import current_time
    from conduit_tui.tools.builtin.file_edit import file_edit
    from conduit_tui.tools.builtin.file_read import file_read
    from conduit_tui.tools.builtin.file_write import file_write
    from conduit_tui.tools.builtin.ls import ls

    return [file_read(), ls(), file_write(), file_edit(), current_time()]

"""The change of a file's bytes as a diff, also where they are no text. For a thread."""

from conduit_tui.core.amounts import short_size
from conduit_tui.core.errors import ToolError
from conduit_tui.tools.diffs import unified_diff
from conduit_tui.tools.file_text import file_text


def change_text(path: str, before: bytes | None, after: bytes) -> str:
    """Return a unified diff; of a file that was or is no text, words that say so."""
    try:
        old = None if before is None else file_text(before).text
        return unified_diff(old, file_text(after).text, path)
    except ToolError as error:
        was = "no file" if before is None else short_size(len(before))
        return f"{error} It was {was}, and became {short_size(len(after))}."

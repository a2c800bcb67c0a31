"""Attachments in words, for every wire: text files as they are, and what cannot be sent by name."""

import re
from pathlib import PurePath

from conduit_tui.core.message import Attachment

_TEXT_TYPES = re.compile(
    r"application/(?:.*\+)?(?:json|xml|yaml|x-yaml|toml|javascript|sql|x-sh|x-ndjson)"
)


def text_of(part: Attachment) -> str | None:
    """Return a text file under its name, in a fence that its own fences cannot close.

    None for a file that is no text.
    """
    if not part.is_text and not _TEXT_TYPES.fullmatch(part.media_type):
        return None
    text = part.as_text()
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{part.name}:\n{fence}{PurePath(part.name).suffix[1:]}\n{text.rstrip()}\n{fence}"


def left_out(part: Attachment, why: str = "it cannot be sent here") -> str:
    """Return words that stand for a file, so that the model knows there was one."""
    return f"(The file {part.name!r}, {part.media_type}, was left out: {why}.)"

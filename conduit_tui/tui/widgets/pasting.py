"""What pasted text becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment


MOST_CHARACTERS = 2_000
MOST_LINES = 25
MOST_EDITED = 50_000
MOST_EDITED_ON_A_LINE = 5_000
"""Characters the text area edits without a pause: it wraps and draws a line as a whole."""


def normal_breaks(text: str) -> str:
    """Return text with line feeds for line breaks; terminals paste carriage returns."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_large(text: str) -> bool:
    """Whether a text would drown what is typed around it."""
    return len(text) > MOST_CHARACTERS or text.rstrip("\n").count("\n") >= MOST_LINES


def is_too_long_to_edit(text: str) -> bool:
    """Whether the text area would be slow with a text."""
    if len(text) > MOST_EDITED:
        return True
    return len(text) > MOST_EDITED_ON_A_LINE and any(
        len(line) > MOST_EDITED_ON_A_LINE for line in text.split("\n")
    )


def editable_start(text: str) -> str:
    """As much of a text as the text area is quick with."""
    return text[:MOST_EDITED_ON_A_LINE] if is_too_long_to_edit(text) else text


def text_attachment(text: str, name: str, others: Sequence[Attachment]) -> Attachment:
    """Return text as an attachment whose name no other has: pasted text, pasted text 2."""
    taken = {part.name for part in others}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    from conduit_tui.core.message import Attachment

    return Attachment("text/plain", text.encode("utf-8", errors="replace"), free)

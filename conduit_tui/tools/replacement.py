"""One text put in the place of another, where that is found exactly; else, where it nearly is."""

import time
from difflib import SequenceMatcher

from conduit_tui.core.amounts import short_size
from conduit_tui.core.errors import ToolError

MOST_SECONDS = 0.3
"""Of looking for what is nearly the text."""

_MOST_OF_LINE = 200
_MOST_SHOWN = 12
_NEAR = 0.6
_MOST_PLACES = 8


class NotFound(ToolError):
    """The old text is not in the file, or not once. The words tell what the file holds."""


def replaced(
    text: str, old: str, new: str, *, everywhere: bool, most_characters: int
) -> tuple[str, int]:
    """Replace what stands in a text once, or `everywhere`; return the text, and how often it was.

    Raises NotFound with the nearest lines, or with the lines it stands on if there are several, and
    ToolError if more than `most_characters` would come of it: a text can grow a hundred thousand
    times by itself.
    For a thread.
    """
    count = text.count(old)
    if count == 0:
        raise NotFound(f"The old text is not there. {_hint(text, old)}")
    if count > 1 and not everywhere:
        raise NotFound(
            f"The old text is there {count:,} times, on lines {_places(text, old)}. Give more of "
            "what is around it, or set replace_all."
        )
    if len(text) + count * (len(new) - len(old)) > most_characters:
        raise ToolError(
            f"The old text is there {count:,} times, and a file of more than "
            f"{short_size(most_characters)} is not written at once."
        )
    return text.replace(old, new), count


def _places(text: str, old: str) -> str:
    at, numbers = text.find(old), list[str]()
    while at >= 0 and len(numbers) < _MOST_PLACES:
        numbers.append(f"{text.count(chr(10), 0, at) + 1}")
        at = text.find(old, at + len(old))
    return ", ".join(numbers) + (", …" if at >= 0 else "")


def _hint(text: str, old: str) -> str:
    """Words about what is most like it."""
    lines = text.split("\n")
    wanted = [line.strip() for line in old.strip("\n").split("\n")]
    stripped = [line.strip() for line in lines]
    at = _find_lines(stripped, wanted)
    if at is not None:
        why = "Lines that differ from it in white space only"
    else:
        at = _nearest(stripped, next((line for line in wanted if line), ""))
        why = "The nearest lines"
    if at is None:
        return "Nothing in the file is like it; read the file again."
    last = min(len(lines), at + min(len(wanted), _MOST_SHOWN))
    shown = "\n".join(line[:_MOST_OF_LINE] for line in lines[at:last])
    return f"{why} are {at + 1} to {last}:\n{shown}"


def _find_lines(lines: list[str], wanted: list[str]) -> int | None:
    if not any(wanted):
        return None
    end = time.monotonic() + MOST_SECONDS
    for at, line in enumerate(lines):
        if line == wanted[0] and lines[at : at + len(wanted)] == wanted:
            return at
        if time.monotonic() > end:
            break
    return None


def _nearest(lines: list[str], wanted: str) -> int | None:
    if not wanted:
        return None
    matcher: SequenceMatcher[str] = SequenceMatcher(
        None, "", wanted[:_MOST_OF_LINE], autojunk=False
    )
    end = time.monotonic() + MOST_SECONDS
    best, best_at = _NEAR, None
    for at, line in enumerate(lines):
        if time.monotonic() > end:
            break
        matcher.set_seq1(line[:_MOST_OF_LINE])
        if matcher.real_quick_ratio() <= best or matcher.quick_ratio() <= best:
            continue
        if (ratio := matcher.ratio()) > best:
            best, best_at = ratio, at
    return best_at

"""JSON values as text: indented for a person, compact for a program, open while they grow."""

import json

from conduit_tui.core.clean import clean
from conduit_tui.core.json import Json


def indented(value: Json) -> str:
    """A value over several lines, its letters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def unfinished(value: Json) -> str:
    """The beginning of a value that still grows, without what closes it.

    When the value has grown, its text begins with this one, so that what is drawn stays.
    """
    text = indented(value)
    end = len(text)
    while end and text[end - 1] in '"]} \n':
        end -= 1
    return text[:end]


def as_block(value: Json, *, is_whole: bool = True) -> str:
    """A value as a Markdown block of code, which is left open while the value grows."""
    return f"```json\n{indented(value)}\n```" if is_whole else f"```json\n{unfinished(value)}"


def compact(value: Json, encoding: str = "utf-8") -> str:
    """A value on one line; what a terminal would obey, or the encoding lacks, is escaped."""
    text = _harmless(value, None)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def printable(value: Json) -> str:
    """A value over several lines; what a terminal would obey is escaped, not replaced."""
    return _harmless(value, 2)


def _harmless(value: Json, indent: int | None) -> str:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return text if clean(text) == text else json.dumps(value, indent=indent)

"""The first words of a text on one line, without the marks of Markdown that only dress them."""

import re

from conduit_tui.core.clean import clean_line

LONGEST_WORDS = 300
"""Characters that are looked at, so that a long text costs no more than a short one."""

_LEAD = re.compile(r"^[ >]*(?:#{1,6} +)?", re.MULTILINE)
_FENCE = re.compile(r"^ *(?:```|~~~).*$", re.MULTILINE)
_RULE = re.compile(r"^[ |:=*_-]{3,}$", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)]) +(?=\S)")
_LINK = re.compile(r"!?\[([^\[\]]{1,200})\]\([^()\s]*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*~`])(\*{1,3}|~~|`+)(?![\s*~`])(.{1,200}?)(?<![\s*~`])\1(?![\w*~`])"
)
_STRONG = re.compile(
    r"(?<![0-9A-Za-z_*])(\*{2,3})(?=[^\s*])(.{1,200}?)(?<=[^\s*])\1(?![0-9A-Za-z_*])"
)
"""Also beside letters that are not ASCII: scripts without blanks have no other place for it."""
_UNDERLINED = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1(?!\w)")


def first_words(text: str, *, is_markdown: bool = False) -> str:
    """Return the beginning of a text as one clean line; with `is_markdown` as it reads drawn.

    What is nothing but marks stays as it is.
    """
    begun = text.lstrip()[:LONGEST_WORDS]
    if is_markdown:
        begun = undressed(begun).strip() or begun
    return " ".join(clean_line(begun.replace("\n", " ")).split())


def undressed(text: str) -> str:
    """A short text without the marks of Markdown that only dress it; roughly, and fast."""
    for pattern in (_FENCE, _RULE, _LEAD):
        text = pattern.sub("", text)
    text = _ITEM.sub("", text, count=1)
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _UNDERLINED.sub(r"\2", text)

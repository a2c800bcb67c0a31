"""How a fence at the margin begins and ends, and what it says of its code."""

import re

OPENER = re.compile(r"^(?:`{3,}+[^`\n]*+|~{3,}+[^\n]*+)\n", re.MULTILINE)
"""A whole line that opens a fence at the margin; what it has passed over it does not try again.

Outside of a fence such a line ends whatever is above it, so it is always at the top level;
indented ones may belong to a list and are left to the parser.
"""


def closer_of(opener: str) -> re.Pattern[str]:
    """Return the pattern of a line that closes the fence which `opener` began."""
    size = len(opener) - len(opener.lstrip(opener[0]))
    return re.compile(rf"^ {{0,3}}{opener[0]}{{{size},}}[ \t]*$", re.MULTILINE)


def info_of(opener: str) -> str:
    """Return what stands behind the signs of an opening line."""
    return opener.lstrip(opener[0])


def fence_language(info: str) -> str:
    """The language a fence names, in words that fit above the block."""
    words = info.split(maxsplit=1)
    return words[0].strip("{}.").lower() if words else ""

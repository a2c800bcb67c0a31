"""The blocks of code of a text: what is in them, as it was written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conduit_tui.core.clean import clean
from conduit_tui.tui.markdown.fence_syntax import OPENER, closer_of, info_of

LONGEST_MARKDOWN = 200_000
"""Characters of a text that are drawn as Markdown; what follows them is drawn as it is."""

_INDENTED = re.compile(r"^[ \t>*+\-\d.)]*(?: {4}|\t)", re.MULTILINE)
"""A line that may be indented code, also behind the signs of quotes and list items."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Bare code: no fence, nothing of the list or quote it stood in, one final newline at most.

    `language` is what its fence names, or nothing; `name` is that of a file, if it is one. In a
    drawing it begins on the logical line `line` and takes `size` of them, its label included.
    """

    language: str
    code: str
    line: int = 0
    size: int = 0
    name: str = ""

    @property
    def line_count(self) -> int:
        """How many lines of code there are."""
        return self.code.count("\n") + (not self.code.endswith("\n") and bool(self.code))


def has_fence(source: str) -> bool:
    """Whether there are signs of a fence: what makes a person's words Markdown."""
    return "```" in source or "~~~" in source


def may_have_code(source: str) -> bool:
    """Whether it is worth looking for blocks; some hundred times as fast as looking."""
    if has_fence(source):
        return True
    return ("    " in source or "\t" in source) and _INDENTED.search(source) is not None


def open_fence(source: str) -> str:
    """Return the signs that a fence at the margin still waits for at the end, or nothing."""
    text, at = clean(source), 0
    while opener := OPENER.search(text if text.endswith("\n") else text + "\n", at):
        closer = closer_of(opener[0]).search(text, opener.end())
        if closer is None:
            return opener[0][: len(opener[0]) - len(info_of(opener[0]))]
        at = closer.end()
    return ""


def bare(code: str) -> str:
    """Return code with one final newline at most."""
    return code.rstrip("\n") + "\n" if code.endswith("\n\n") else code


def joined(
    before: Sequence[CodeBlock], more: Sequence[CodeBlock], *, carries_on: bool
) -> list[CodeBlock]:
    """Return blocks and those below them, of which the first may be the rest of the last above."""
    if not (carries_on and before and more):
        return [*before, *more]
    last, first = before[-1], more[0]
    size = first.line + first.size - last.line
    return [*before[:-1], replace(last, code=last.code + first.code, size=size), *more[1:]]

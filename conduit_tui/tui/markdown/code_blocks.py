"""The blocks of code of a text: what is in them, as it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conduit_tui.core.clean import clean
from conduit_tui.tui.markdown.blocks import is_too_deep, list_items, split_blocks
from conduit_tui.tui.markdown.fence_syntax import OPENER, closer_of, fence_language, info_of
from conduit_tui.tui.markdown.parser import parse_blocks

LONGEST_MARKDOWN = 200_000
"""Characters of a text up to which it is drawn as Markdown; a longer one is drawn as it is."""

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


def code_blocks(source: str) -> tuple[CodeBlock, ...]:
    """Return the blocks of a whole Markdown text without drawing it, the same as if it were."""
    if len(source) > LONGEST_MARKDOWN or not may_have_code(source):
        return ()
    return tuple(_blocks(clean(source)))


def may_have_code(source: str) -> bool:
    """Whether it is worth looking for blocks; some hundred times as fast as looking."""
    if "```" in source or "~~~" in source:
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


def _blocks(text: str) -> Iterator[CodeBlock]:
    at = 0
    while opener := OPENER.search(text, at):
        yield from _parsed_blocks(text[at : opener.start()])
        closer = closer_of(opener[0]).search(text, opener.end())
        end = closer.start() if closer else len(text)
        yield CodeBlock(fence_language(info_of(opener[0])), bare(text[opener.end() : end]))
        if closer is None:
            return
        at = closer.end() + 1
    yield from _parsed_blocks(text[at:])


def _parsed_blocks(text: str) -> Iterator[CodeBlock]:
    for block in split_blocks(parse_blocks(text)) if may_have_code(text) else ():
        for piece in list_items(block) or [block]:
            if is_too_deep(piece):
                continue  # it is drawn as it was written
            for token in piece:
                if token.type in ("fence", "code_block"):
                    yield CodeBlock(fence_language(token.info), bare(token.content))

"""The Markdown grammar of a chat, in two steps: blocks first, the text inside them when drawn.

It is GitHub's, with two departures. Text in angle brackets stays text, there is no HTML here.
Reference definitions are not collected: what stands far below could otherwise change what was
already drawn above, and a reply that streams would end up different from one that did not.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_INLINE = 16_000
"""Characters of one paragraph that are searched for emphasis and links; longer ones stay plain."""

MOST_UNCLOSED = 100
"""Opening brackets without a closing one; from more on, text is not searched for links."""

DEEPEST = 30
"""Levels of nesting that are parsed; the parser drops the text below them (see blocks.py)."""


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    return parser.disable(["reference", "html_block", "html_inline", "inline", "text_join"])


def parse_blocks(source: str) -> "Sequence[Token]":
    """Return the block tokens of a source; their inline tokens are not parsed yet."""
    return _parser().parse(source)


def parse_inline(text: str) -> "Sequence[Token] | None":
    """Return the inline tokens of a block's text, or None if that would take too long."""
    if len(text) > LONGEST_INLINE or text.count("[") - text.count("]") > MOST_UNCLOSED:
        return None
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(text, parser, {}, tokens)
    return tokens

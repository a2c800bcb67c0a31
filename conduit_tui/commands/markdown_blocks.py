"""Cuts Markdown that still arrives into blocks that cannot change any more, and an open tail."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

# What Rich would drop without a trace: raw HTML, link definitions, and the address of an image.
_DROPPED = ("html_block", "html_inline", "reference", "image")


def parse(source: str) -> list[Token]:
    """Return the tokens of a text, with everything in it that could be lost kept as text."""
    return _parser().parse(source)


class OpenMarkdown:
    """Takes text as it arrives. All top-level blocks but the last are final."""

    def __init__(self) -> None:
        self.tail = ""
        self._blocks = _parser()
        self._blocks.core.ruler.enableOnly(["normalize", "block"])  # inline text costs most

    def feed(self, text: str) -> str:
        """Return the source of the blocks that became final, maybe none."""
        self.tail += text
        if "\n" not in text:  # a block ends only where a line does
            return ""
        lines = self.tail.splitlines(keepends=True)
        cut = self._line_of_last_block()
        final, self.tail = "".join(lines[:cut]), "".join(lines[cut:])
        return final

    def finish(self) -> str:
        """Return what is left."""
        rest, self.tail = self.tail, ""
        return rest

    def _line_of_last_block(self) -> int:
        line = 0
        for token in self._blocks.parse(self.tail):
            if token.level == 0 and token.nesting >= 0 and token.map is not None:
                line = token.map[0]
        return line


def _parser() -> MarkdownIt:
    return MarkdownIt().enable(["strikethrough", "table"]).disable(list(_DROPPED))

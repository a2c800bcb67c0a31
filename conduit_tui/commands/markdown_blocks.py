"""Cuts Markdown that still arrives into blocks that cannot change any more, and an open tail."""

from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# What Rich would drop without a trace: raw HTML, link definitions, and the address of an image.
_DROPPED = ("html_block", "html_inline", "reference", "image")


def parse(source: str) -> list[Token]:
    """Return the tokens of a text, with everything in it that could be lost kept as text."""
    return _parser().parse(source)


def parse_blocks(source: str) -> list[Token]:
    """Return the tokens of a text's blocks, without looking at what is inside a line."""
    return _block_parser().parse(source)


class OpenMarkdown:
    """Takes text as it arrives. All top-level blocks but the last are final."""

    def __init__(self) -> None:
        self.tail = ""
        self._parser = _block_parser()

    def feed(self, text: str) -> list[str]:
        """Return the sources of the blocks that became final, maybe none."""
        self.tail += text
        if "\n" not in text:  # a block ends only where a line does
            return []
        *final, self.tail = self._blocks_of_tail()
        return final

    def finish(self) -> list[str]:
        """Return the blocks that are left."""
        rest, self.tail = self._blocks_of_tail(), ""
        return rest

    def _blocks_of_tail(self) -> list[str]:
        starts = [
            token.map[0]
            for token in self._parser.parse(self.tail)
            if token.level == 0 and token.nesting >= 0 and token.map is not None
        ]
        lines = self.tail.split("\n")  # as the parser counts them, which str.splitlines does not
        lines[:-1] = [f"{line}\n" for line in lines[:-1]]
        cuts = [0, *starts[1:], len(lines)]
        return ["".join(lines[begin:end]) for begin, end in pairwise(cuts)]


def _block_parser() -> MarkdownIt:
    parser = _parser()
    parser.core.ruler.enableOnly(["normalize", "block"])  # inline text costs most
    return parser


def _parser() -> MarkdownIt:
    return MarkdownIt().enable(["strikethrough", "table"]).disable(list(_DROPPED))

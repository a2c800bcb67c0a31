"""One top-level block of Markdown, from its tokens to its rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from conduit_tui.tui.markdown.blocks import is_blank, is_too_deep, list_items, source_lines
from conduit_tui.tui.markdown.code import fence_rows
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.fence_syntax import fence_language
from conduit_tui.tui.markdown.inline import inline_lines
from conduit_tui.tui.markdown.levels import Levels
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, row_of
from conduit_tui.tui.markdown.table import read_table, table_lines
from conduit_tui.tui.markdown.wrap import cut, wrap_spans

if TYPE_CHECKING:
    from markdown_it.token import Token

_WIDEST_CHARACTER = 2
_SPACED = {"fence", "code_block", "heading_open", "table_open", "hr"}
"""Blocks with air around them even if the source has none."""


class Layout:
    """Draws blocks below each other. `lines` are those of the source the tokens' maps speak of.

    `previous` is the kind of the block above, `blank_before` whether the source has an empty line
    between it and the first of `lines`. `number` is what the next item of a list that was already
    begun is counted as, `next_number` what would come after the last list drawn. `line` is the
    first logical line that is free. The first `carried` of the lines only open again what was
    open where the source was cut (carry.py) and are not drawn; `columns` are the widths of a table
    that goes on there.
    """

    def __init__(
        self,
        width: int,
        palette: Palette,
        *,
        line: int = 0,
        previous: str = "",
        blank_before: bool = False,
        number: int | None = None,
        carried: int = 0,
        columns: Sequence[int] | None = None,
    ) -> None:
        self.width = max(1, width)
        self.palette = palette
        self.line = line
        self.previous = previous
        self.number = number
        self.next_number: int | None = None
        self.columns = columns
        self.rows: list[Row] = []
        self.blocks: list[CodeBlock] = []
        self.carries_on = False
        self._levels = Levels(self.width, palette)
        self._blank_before = blank_before
        self._carried = carried
        self._checked = -1

    def draw(self, tokens: "Sequence[Token]", lines: Sequence[str]) -> None:
        """Draw one top-level block."""
        items = list_items(tokens)
        if not items:
            self._draw(tokens, lines)
            return
        self._draw(tokens[:1], lines)
        for item in items:
            self._draw(item, lines)
        self._draw(tokens[-1:], lines)

    def _draw(self, tokens: "Sequence[Token]", lines: Sequence[str]) -> None:
        if is_too_deep(tokens):
            self._draw_source(tokens, lines)
            return
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type in _DRAWN:
                self._space_before(token, lines)
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(tokens[index:end])
                index = end
            else:
                self._draw_token(token, tokens[index - 1] if index else None)
            index += 1

    def _draw_source(self, tokens: "Sequence[Token]", lines: Sequence[str]) -> None:
        """Draw what is nested beyond sense as it was written."""
        self._space_before(tokens[0], lines)
        if self._levels.is_in_list:
            self._levels.skip_item()
        for line in source_lines(tokens, lines):
            self._emit([(line.expandtabs(4), self.palette.text)])

    def _draw_token(self, token: "Token", before: "Token | None") -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self.next_number = self._levels.close_list()
            case "list_item_open":
                self._levels.open_item(is_carried=self._is_carried(token))
            case "blockquote_open":
                self._levels.open_quote(is_carried=self._is_carried(token))
            case "list_item_close" | "blockquote_close":
                self._close_level()
            case "inline":
                self._inline(token, before)
            case "fence" | "code_block":
                self._code(token)
            case "hr":
                self._emit([("─" * min(self._levels.room, self.width), self.palette.muted)])
            case _:
                pass

    # -- structure ---------------------------------------------------------------------------

    def _space_before(self, token: "Token", lines: Sequence[str]) -> None:
        first = token.map[0] if token.map else 0
        if first == self._checked:
            return  # the first block in a list item or quote
        self._checked = first
        if first < self._carried:
            return
        after_blank = is_blank(lines[first - 1]) if first > self._carried else self._blank_before
        has_air = not self._levels and (token.type in _SPACED or self.previous in _SPACED)
        if self.previous and (after_blank or has_air):
            self._blank()
        self.previous = token.type

    def space_before_fence(self) -> None:
        """Leave the air that a top-level block of code has above it."""
        if self.previous:
            self._blank()

    def _open_list(self, token: "Token") -> None:
        is_ordered = token.type == "ordered_list_open"
        start = int(token.attrs.get("start", 1)) if is_ordered else 0
        if self.number is not None and not self._levels:
            start, self.number = self.number, None
        self._levels.open_list(start, is_ordered=is_ordered)

    def _close_level(self) -> None:
        if self._levels.has_marker:
            self._emit([])  # an item without any text still shows its marker
        self._levels.close()

    def _is_carried(self, token: "Token") -> bool:
        return token.map is not None and token.map[0] < self._carried

    # -- rows --------------------------------------------------------------------------------

    def _emit(self, fragments: list[Fragment]) -> None:
        text = "".join(piece for piece, _ in fragments)
        prefix = self._levels.prefix()
        room = self.width - sum(len(decoration) for decoration, _ in prefix)
        if room < _WIDEST_CHARACTER:
            prefix, room = (), self.width
        spans = wrap_spans(text, min(room, self._levels.room))
        for (start, _), pieces in zip(spans, cut(fragments, spans), strict=True):
            self.rows.append(row_of(pieces, self.line, start, prefix))
            prefix = self._levels.rest()
        self.line += 1

    def _blank(self) -> None:
        self.rows.append(row_of([], self.line, 0, self._levels.rest()))
        self.line += 1

    # -- blocks ------------------------------------------------------------------------------

    def _inline(self, token: "Token", before: "Token | None") -> None:
        text = token.content
        if self._is_carried(token):
            text = text.partition("\n")[2]
            if not text:
                return
        is_heading = before is not None and before.type == "heading_open"
        base = self._heading(before.tag) if before and is_heading else self.palette.text
        if self._levels.has_marker and text[:4] in _TASKS:
            self._levels.set_task(is_done=text[:4] != "[ ] ")
            text = text[4:]
        for fragments in inline_lines(text, base, self.palette):
            self._emit(fragments)

    def _heading(self, tag: str) -> Style:
        match tag:
            case "h1":
                return self.palette.heading + Style(underline=True)
            case "h2":
                return self.palette.heading
            case "h3":
                return self.palette.text + Style(bold=True)
            case _:
                return self.palette.text + Style(bold=True, italic=True)

    def _code(self, token: "Token") -> None:
        code = token.content
        language = fence_language(token.info) if token.type == "fence" else ""
        if self._is_carried(token):
            language = ""
            if token.type == "code_block":
                code = code.partition("\n")[2]
            if not code:
                return
            self.carries_on = not self.blocks
        if self._levels.is_crowded:
            self._emit([])  # in a narrow view the marker has a row of its own
        rows = fence_rows(code, language, self.line, self._levels.room, self.palette)
        self.rows += [self._decorated(row) for row in rows] if self._levels else rows
        size = rows[-1].line + 1 - self.line
        self.blocks.append(CodeBlock(language, code, self.line, size))
        self.line += size

    def _decorated(self, row: Row) -> Row:
        before = row_of([], prefix=self._levels.prefix())
        return Row(
            lambda: (*before.segments, *row.segments),
            row.line,
            row.start,
            before.indent + row.indent,
            row.length,
            row.text,
        )

    def _table(self, tokens: "Sequence[Token]") -> None:
        before = (self.columns or []) if self._is_carried(tokens[0]) else None
        room = self._levels.room
        found, self.columns = table_lines(read_table(tokens), room, self.palette, before)
        for fragments in found:
            self._emit(fragments)


_DRAWN = {
    "paragraph_open",
    "bullet_list_open",
    "ordered_list_open",
    "list_item_open",
    "blockquote_open",
    *_SPACED,
}
_TASKS = {"[ ] ", "[x] ", "[X] "}

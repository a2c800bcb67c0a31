"""One message as rows: a value of the message, the width, the theme and what is folded.

It knows no screen. Drawing the same message again costs only what has changed: a part that
streams keeps its finished blocks, a part that is finished is drawn once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from rich.style import Style

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import FixedRows, Fragment, row_of
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_header import header_row
from conduit_tui.tui.widgets.neighbours import Around
from conduit_tui.tui.widgets.row_chunks import Chunk, Key, RowChunks
from conduit_tui.tui.widgets.row_heights import (
    LONG_ROWS,
    LONG_SHOWN_ROWS,
    PASTE_ROWS,
    SHOWN_ROWS,
    TextSize,
)

_BLANK = FixedRows([row_of([])])
FENCES = ("```", "~~~")
"""What makes a person's words Markdown."""

_SHOW_LESS = "▴ show less"
_TEXT_LINES = {"call", "file", "source"}  # single lines that are text of the message

_HEADER, _WAITING, ERROR, _NOTE, _END = (
    (-1, word) for word in ("header", "waiting", "error", "note", "end")
)

Folds: TypeAlias = Mapping[int, bool]
"""Which parts of a message, by index, a person has opened or closed."""

_Shown: TypeAlias = Text | Thinking | ToolCall | ToolResult | Attachment | Structured | Unknown


class MessageView(RowChunks):
    """The rows of one entry. The first is its header, the last is empty."""

    def __init__(self, width: int, palette: Palette) -> None:
        super().__init__()
        self._width = max(1, width)
        self._palette = palette
        self._bodies: dict[Key, StreamingMarkdown | PlainRows] = {}
        self._panels: dict[Key, tuple[str, FixedRows]] = {}
        self._steady_rows: dict[Key, FixedRows] = {}
        self._words: dict[int, tuple[int, int]] = {}
        self._until: float | None = None
        self._cut: dict[int, str] = {}
        self.folds: dict[int, bool] = {}  # what opens and closes, and whether it is open

    @property
    def cut_parts(self) -> tuple[int, ...]:
        """Long texts of which only the beginning is drawn."""
        return tuple(self._cut)

    def markdown_text(self, part: int) -> str | None:
        """How the Markdown of a part reads as it is drawn, line by line; None without it."""
        body = self._whole_body(part)
        return body.text if isinstance(body, StreamingMarkdown) else None

    def blocks(self) -> list[CodeBlock]:
        """The blocks of code and the text files that are drawn; lines count through the message."""
        return [
            replace(block, line=block.line + line)
            for chunk, line in zip(self._chunks, self._lines, strict=True)
            for block in _blocks_of(chunk)
        ]

    def all_blocks(self) -> list[CodeBlock]:
        """The blocks as `blocks` gives them, and those of which a long text shows nothing."""
        blocks: list[CodeBlock] = []
        for chunk in self._chunks:
            part, kind = chunk.key
            body = self._whole_body(part) if kind == "text" and part in self._cut else None
            blocks += body.blocks if isinstance(body, StreamingMarkdown) else _blocks_of(chunk)
        return blocks

    def _whole_body(self, part: int) -> StreamingMarkdown | PlainRows | None:
        """The drawing of a whole text; one that is cut is drawn for that."""
        if part in self._cut:
            self._until = None
            self._markdown(part, self._cut[part], is_growing=False)
        return self._bodies.get((part, "text"))

    @property
    def is_whole(self) -> bool:
        """Whether all text is drawn, though parts of it may be folded away."""
        return not self._cut and not self.is_behind

    @property
    def is_behind(self) -> bool:
        """Whether there was no time for all that is shown of the message."""
        return any(
            chunk.rows.is_behind
            for chunk in self._chunks
            if isinstance(chunk.rows, StreamingMarkdown | PlainRows)
        )

    def update(
        self, entry: Entry, folds: Folds, around: Around, until: float | None = None
    ) -> None:
        """Bring the rows up to date. `folds` says which parts the person opened or closed.

        At the time `until` of `perf_counter` drawing stops; call it again to go on.
        """
        self._until = until
        self.folds, self._cut = {}, {}
        header = FixedRows([header_row(entry, self._width, self._palette)])
        self._lay(
            (
                Chunk(_HEADER, self._steady(_HEADER, header)),
                *self._body(entry, folds, around),
                *self._words_below(entry),
                Chunk(_END, _BLANK),
            )
        )

    def _steady(self, key: Key, rows: FixedRows) -> FixedRows:
        """Return the rows of the last time if they look the same: those are not painted again."""
        old = self._steady_rows.get(key)
        if old is not None and old.same_as(rows):
            return old
        self._steady_rows[key] = rows
        return rows

    def _line(self, index: int, kind: str, fragments: list[Fragment], fold: int | None) -> Chunk:
        rows = self._steady((index, kind), parts.one_row(fragments, self._width))
        return Chunk((index, kind), rows, fold=fold, is_text=kind in _TEXT_LINES)

    def _body(self, entry: Entry, folds: Folds, around: Around) -> Iterator[Chunk]:
        shown = entry.parts()
        if entry.message.role == "tool":
            yield from self._results(entry.message.tool_results, folds, around)
            return
        if entry.is_live and not shown:
            waiting = FixedRows([row_of([("…", self._palette.muted)])])
            yield Chunk(_WAITING, self._steady(_WAITING, waiting))
        before: type[Part] | None = None
        number = 0
        for index, part in enumerate(shown):
            if isinstance(part, Citation):
                number += 1
                chunks = [self._citation(index, number, part)]
            else:
                is_growing = entry.is_live and index == len(shown) - 1
                is_typed = entry.message.role != "assistant"
                chunks = list(self._part(index, part, is_growing, is_typed, folds, around))
            if chunks and before and before is not type(part) and Text in (before, type(part)):
                yield Chunk((index, "gap"), _BLANK)
            yield from chunks
            before = type(part) if chunks else before

    def _part(
        self,
        index: int,
        part: _Shown,
        is_growing: bool,
        is_typed: bool,
        folds: Folds,
        around: Around,
    ) -> Iterator[Chunk]:
        is_open = folds.get(index, False)
        match part:
            case Text(text):
                if is_typed:
                    yield from self._typed(index, text, is_open)
                elif text.strip():
                    choice = folds.get(index)
                    yield from self._answer(index, text, is_growing, choice, around.is_past)
            case Thinking(text):
                yield from self._thinking(index, text, is_growing, folds.get(index))
            case ToolCall():
                yield from self._call(index, part, is_open, around.results.get(part.call_id))
            case ToolResult():
                yield self._panel(index, "result", part.output)
            case Attachment():
                yield from self._attachment(index, part, is_open)
            case Structured() | Unknown():
                yield self._panel(index, "json", parts.value_text(part))
            case _:
                assert_never(part)

    def _answer(
        self, index: int, text: str, is_growing: bool, choice: bool | None, is_past: bool
    ) -> Iterator[Chunk]:
        rows = TextSize.of(text).rows(self._width)
        if rows <= LONG_ROWS:
            yield self._markdown(index, text, is_growing)
            return
        is_open = self.folds[index] = not is_past if choice is None else choice
        if is_open:
            yield self._markdown(index, text, is_growing)
            if is_past:
                yield self._more(index, _SHOW_LESS)
            return
        # Only the beginning is drawn: a fold must cost no more than what it shows.
        self._cut[index] = text
        head = parts.first_lines(text, LONG_SHOWN_ROWS, self._width)
        shown = self._markdown(index, head, is_growing=False, body="head")
        shown.limit = LONG_SHOWN_ROWS
        yield shown
        left = parts.round_number(rows - LONG_SHOWN_ROWS)
        yield self._more(index, f"… about {left:,} more lines")

    def _markdown(self, index: int, text: str, is_growing: bool, body: str = "text") -> Chunk:
        rows = self._bodies.get((index, body))
        if not isinstance(rows, StreamingMarkdown):
            rows = self._bodies[index, body] = StreamingMarkdown(self._width, self._palette)
        rows.update(text, final=not is_growing, until=self._until)
        return Chunk((index, "text"), rows, is_text=True)

    def _plain(self, index: int, kind: str, text: str, style: Style) -> PlainRows:
        body = self._bodies.get((index, kind))
        if not isinstance(body, PlainRows):
            body = self._bodies[index, kind] = PlainRows(self._width, style)
        body.update(text, until=self._until)
        return body

    def _typed(self, index: int, text: str, is_open: bool) -> Iterator[Chunk]:
        """The user's words as they were typed; only fences make them Markdown."""
        text = text.rstrip()
        if not text:
            return
        if any(fence in text for fence in FENCES):
            shown = self._markdown(index, text, is_growing=False)
        else:
            rows = self._plain(index, "typed", text, self._palette.text)
            shown = Chunk((index, "typed"), rows, is_text=True)
        rows = shown.rows
        if len(rows) <= PASTE_ROWS:
            yield shown
            return
        self.folds[index] = is_open
        shown.limit = None if is_open else SHOWN_ROWS
        yield shown
        words = _SHOW_LESS if is_open else f"… {len(rows) - SHOWN_ROWS:,} more lines"
        yield self._more(index, words)

    def _more(self, index: int, words: str) -> Chunk:
        return self._line(index, "more", [(words, self._palette.accent)], index)

    def _thinking(
        self, index: int, text: str, is_growing: bool, choice: bool | None
    ) -> Iterator[Chunk]:
        if not text.strip():
            return
        is_open = self.folds[index] = is_growing if choice is None else choice
        count = None if is_growing else self._count_words(index, text)
        line = parts.thought_line(count, is_open, self._palette)
        yield self._line(index, "thought", line, index)
        if is_open:
            rows = self._plain(index, "thinking", text.rstrip(), self._palette.muted)
            yield Chunk((index, "thinking"), rows, is_text=True)

    def _count_words(self, index: int, text: str) -> int:
        known = self._words.get(index)
        if known is None or known[0] != len(text):
            known = self._words[index] = (len(text), parts.count_words(text))
        return known[1]

    def _call(
        self, index: int, call: ToolCall, is_open: bool, result: ToolResult | None
    ) -> Iterator[Chunk]:
        self.folds[index] = is_open
        line = parts.call_line(call, None if is_open else result, self._palette)
        yield self._line(index, "call", line, index)
        if is_open:
            yield self._panel(index, "json", parts.call_text(call))
            if result is not None:
                yield self._panel(index, "result", result.output)

    def _results(
        self, results: Sequence[ToolResult], folds: Folds, around: Around
    ) -> Iterator[Chunk]:
        is_open = self.folds[0] = folds.get(0, False)
        line = parts.results_line(results, around.names, is_open, self._palette)
        yield self._line(0, "results", line, 0)
        if is_open:
            for index, result in enumerate(results):
                yield self._panel(index, "result", result.output)

    def _attachment(self, index: int, part: Attachment, is_open: bool) -> Iterator[Chunk]:
        if part.is_text:
            self.folds[index] = is_open
        line = parts.attachment_line(part, is_open, self._palette)
        chunk = self._line(index, "file", line, index if part.is_text else None)
        yield replace(chunk, file=part)
        if is_open and part.is_text:
            yield self._panel(index, "content", part.as_text())

    def _citation(self, index: int, number: int, part: Citation) -> Chunk:
        return self._line(index, "source", parts.citation_line(number, part, self._palette), None)

    def _panel(self, index: int, kind: str, text: str) -> Chunk:
        known = self._panels.get((index, kind))
        if known is None or known[0] != text:
            language = "json" if kind == "json" else ""
            rows = parts.panel(text, language, self._width, self._palette)
            known = self._panels[index, kind] = (text, rows)
        return Chunk((index, kind), known[1], is_text=True)

    def _words_below(self, entry: Entry) -> Iterator[Chunk]:
        message = entry.message
        has_failed = message.status == "error" and not entry.is_live
        if message.error and not entry.is_live:  # also what cut a reply short
            style = self._palette.error if has_failed else self._palette.warning
            rows = parts.text_rows(message.error, self._width, style)
            yield Chunk(ERROR, self._steady(ERROR, FixedRows(rows)), is_text=True)
        if entry.note:
            style = self._palette.muted if message.error or has_failed else self._palette.warning
            rows = parts.text_rows(entry.note, self._width, style)
            yield Chunk(_NOTE, self._steady(_NOTE, FixedRows(rows)))


def _blocks_of(chunk: Chunk) -> list[CodeBlock]:
    if isinstance(chunk.rows, StreamingMarkdown):
        return chunk.rows.blocks
    if chunk.file is None or not chunk.file.is_text:
        return []
    return [CodeBlock("", chunk.file.as_text(), 0, 1, chunk.file.name)]

"""One message as rows: a value of the message, the width, the theme and what is folded.

It knows no screen. Drawing the same message again costs only what has changed: a part that
streams keeps its finished blocks, a part that is finished is drawn once.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

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
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import FixedRows, Row, RowSource, row_of
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_header import header_row

PASTE_ROWS = 20
"""Rows of the user's words from which on they fold."""

SHOWN_ROWS = 6
_BLANK = FixedRows([row_of([])])
_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Around:
    """What a message is shown with from its neighbours: results by call id, names by call id."""

    results: Mapping[str, ToolResult] = field(default_factory=dict[str, ToolResult])
    names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class _Chunk:
    rows: RowSource
    fold: int | None = None  # the part that a click or a key on it opens and closes
    limit: int | None = None  # how many of the rows are shown

    def __len__(self) -> int:
        return len(self.rows) if self.limit is None else min(self.limit, len(self.rows))


class MessageView:
    """The rows of one entry. The first is its header, the last is empty.

    Logical lines are counted through the whole message, so that a selection keeps its place
    while the message grows.
    """

    def __init__(self, width: int, palette: Palette) -> None:
        self._width = max(1, width)
        self._palette = palette
        self._bodies: dict[tuple[int, str], StreamingMarkdown | PlainRows] = {}
        self._panels: dict[tuple[int, str], FixedRows] = {}
        self._chunks: list[_Chunk] = []
        self._ends: list[int] = []
        self._lines: list[int] = []
        self.folds: tuple[int, ...] = ()

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, index: int) -> Row:
        chunk, offset = self._find(index)
        return self._chunks[chunk].rows[offset]

    def line_at(self, index: int) -> int:
        """The logical line, counted through the message, that a row belongs to."""
        chunk, offset = self._find(index)
        return self._lines[chunk] + self._chunks[chunk].rows[offset].line

    def fold_at(self, index: int) -> int | None:
        """The part that is opened or closed on a row, if any."""
        return self._chunks[self._find(index)[0]].fold

    def update(self, entry: Entry, folds: Mapping[int, bool], around: Around) -> None:
        """Bring the rows up to date. `folds` says which parts the person opened or closed."""
        self._chunks = [_Chunk(FixedRows([header_row(entry, self._width, self._palette)]))]
        self._chunks += self._body(entry, folds, around)
        self._chunks += self._words_below(entry)
        self._chunks.append(_Chunk(_BLANK))
        self._ends, self._lines = [], []
        end = line = 0
        for chunk in self._chunks:
            self._lines.append(line)
            end += len(chunk)
            line += chunk.rows.line_count
            self._ends.append(end)
        self.folds = tuple(dict.fromkeys(c.fold for c in self._chunks if c.fold is not None))

    def _find(self, index: int) -> tuple[int, int]:
        index = range(len(self))[index]
        chunk = bisect_right(self._ends, index)
        return chunk, index - (self._ends[chunk - 1] if chunk else 0)

    def _body(self, entry: Entry, folds: Mapping[int, bool], around: Around) -> Iterator[_Chunk]:
        shown = entry.parts()
        if entry.message.role == "tool":
            yield from self._results(entry, folds, around)
            return
        if entry.is_live and not shown:
            yield _Chunk(FixedRows([row_of([("…", self._palette.muted)])]))
        previous = ""
        for index, part in enumerate(shown):
            is_open = entry.is_live and index == len(shown) - 1
            chunks = list(self._part(index, part, is_open, entry, folds, around))
            if previous and chunks and "Text" in (previous, type(part).__name__):
                yield _Chunk(_BLANK)
            yield from chunks
            previous = type(part).__name__ if chunks else previous

    def _part(
        self,
        index: int,
        part: Part,
        is_growing: bool,
        entry: Entry,
        folds: Mapping[int, bool],
        around: Around,
    ) -> Iterator[_Chunk]:
        is_open = folds.get(index, False)
        match part:
            case Text(text):
                if entry.message.role == "assistant":
                    yield self._markdown(index, text, is_growing)
                elif text:
                    yield from self._typed(index, text, is_open)
            case Thinking(text):
                yield from self._thinking(index, text, is_growing, folds.get(index))
            case ToolCall():
                yield from self._call(index, part, is_open, around.results.get(part.call_id))
            case ToolResult():
                yield self._panel(index, "result", part.output)
            case Attachment():
                yield from self._attachment(index, part, is_open)
            case Citation():
                number = 1 + sum(isinstance(p, Citation) for p in entry.message.parts[:index])
                line = parts.citation_line(number, part, self._palette)
                yield _Chunk(parts.one_row(line, self._width))
            case Structured() | Unknown():
                yield self._panel(index, "json", parts.value_text(part))
            case _:
                assert_never(part)

    def _markdown(self, index: int, text: str, is_growing: bool) -> _Chunk:
        body = self._bodies.get((index, "text"))
        if not isinstance(body, StreamingMarkdown):
            body = self._bodies[index, "text"] = StreamingMarkdown(self._width, self._palette)
        body.update(text, final=not is_growing)
        return _Chunk(body)

    def _typed(self, index: int, text: str, is_open: bool) -> Iterator[_Chunk]:
        """The user's words as they were typed; only fences make them Markdown."""
        text = text.rstrip("\n")
        if any(fence in text for fence in _FENCES):
            rows: RowSource = self._markdown(index, text, is_growing=False).rows
        else:
            rows = self._plain(index, text)
        if len(rows) <= PASTE_ROWS:
            yield _Chunk(rows)
            return
        yield _Chunk(rows, limit=None if is_open else SHOWN_ROWS)
        words = f"… {len(rows) - SHOWN_ROWS:,} more lines" if not is_open else "▴ fold"
        line = [(words, self._palette.muted + self._palette.accent)]
        yield _Chunk(parts.one_row(line, self._width), fold=index)

    def _plain(self, index: int, text: str) -> RowSource:
        body = self._bodies.get((index, "plain"))
        if not isinstance(body, PlainRows):
            body = self._bodies[index, "plain"] = PlainRows(self._width, self._palette.text)
            body.update(text)
        return body

    def _thinking(
        self, index: int, text: str, is_growing: bool, choice: bool | None
    ) -> Iterator[_Chunk]:
        if not text.strip():
            return
        is_open = is_growing if choice is None else choice
        if not is_growing:
            line = parts.thought_line(text, is_open, self._palette)
            yield _Chunk(parts.one_row(line, self._width), fold=index)
        if is_open:
            body = self._bodies.get((index, "thinking"))
            if not isinstance(body, PlainRows):
                body = self._bodies[index, "thinking"] = PlainRows(self._width, self._palette.muted)
            body.update(text)
            yield _Chunk(body)

    def _call(
        self, index: int, call: ToolCall, is_open: bool, result: ToolResult | None
    ) -> Iterator[_Chunk]:
        line = parts.call_line(call, None if is_open else result, self._palette)
        yield _Chunk(parts.one_row(line, self._width), fold=index)
        if is_open:
            yield self._panel(index, "json", parts.call_text(call))
            if result is not None:
                yield self._panel(index, "result", result.output)

    def _results(self, entry: Entry, folds: Mapping[int, bool], around: Around) -> Iterator[_Chunk]:
        results = entry.message.tool_results
        is_open = folds.get(0, False)
        names = dict(around.names)
        line = parts.results_line(results, names, is_open, self._palette)
        yield _Chunk(parts.one_row(line, self._width), fold=0)
        if is_open:
            for index, result in enumerate(results):
                yield self._panel(index, "result", result.output)

    def _attachment(self, index: int, part: Attachment, is_open: bool) -> Iterator[_Chunk]:
        line = parts.attachment_line(part, is_open, self._palette)
        rows = parts.one_row(line, self._width)
        yield _Chunk(rows, fold=index if part.is_text else None)
        if is_open and part.is_text:
            yield self._panel(index, "file", part.as_text())

    def _panel(self, index: int, kind: str, text: str) -> _Chunk:
        rows = self._panels.get((index, kind))
        if rows is None:
            language = "json" if kind == "json" else ""
            rows = parts.panel(text, language, self._width, self._palette)
            self._panels[index, kind] = rows
        return _Chunk(rows)

    def _words_below(self, entry: Entry) -> Iterator[_Chunk]:
        message = entry.message
        if message.status == "error" and message.error and not entry.is_live:
            rows = parts.text_rows(message.error, self._width, self._palette.error)
            yield _Chunk(FixedRows(rows))
        if entry.note:
            style = self._palette.muted if message.status == "error" else self._palette.warning
            yield _Chunk(FixedRows(parts.text_rows(entry.note, self._width, style)))

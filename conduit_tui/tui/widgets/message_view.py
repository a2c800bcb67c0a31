"""One message as rows: a value of the message, the width, the theme and what is folded.

It knows no screen. Drawing the same message again costs only what has changed: a part that
streams keeps its finished blocks, a part that is finished is drawn once.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import FixedRows, Fragment, Row, RowSource, row_of
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_header import header_row
from conduit_tui.tui.widgets.row_heights import PASTE_ROWS, SHOWN_ROWS

_BLANK = FixedRows([row_of([])])
_HEADER, _WAITING, _ERROR, _NOTE = ((-1, word) for word in ("header", "waiting", "error", "note"))
_FENCES = ("```", "~~~")


Folds: TypeAlias = Mapping[int, bool]
"""Which parts of a message, by index, a person has opened or closed."""

_Shown: TypeAlias = Text | Thinking | ToolCall | ToolResult | Attachment | Structured | Unknown


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
        self._panels: dict[tuple[int, str], tuple[str, FixedRows]] = {}
        self._steady_rows: dict[tuple[int, str], FixedRows] = {}
        self._words: dict[int, tuple[int, int]] = {}
        self._until: float | None = None
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

    @property
    def is_behind(self) -> bool:
        """Whether there was no time for all of the message."""
        return any(body.is_behind for body in self._bodies.values())

    def update(
        self, entry: Entry, folds: Folds, around: Around, until: float | None = None
    ) -> None:
        """Bring the rows up to date. `folds` says which parts the person opened or closed.

        At the time `until` of `perf_counter` drawing stops; call it again to go on.
        """
        self._until = until
        header = FixedRows([header_row(entry, self._width, self._palette)])
        self._chunks = [_Chunk(self._steady(_HEADER, header))]
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

    def _steady(self, key: tuple[int, str], rows: FixedRows) -> FixedRows:
        """Return the rows of the last time if they look the same: those are not painted again."""
        old = self._steady_rows.get(key)
        if old is not None and old.same_as(rows):
            return old
        self._steady_rows[key] = rows
        return rows

    def _line(self, index: int, kind: str, fragments: list[Fragment], fold: int | None) -> _Chunk:
        rows = self._steady((index, kind), parts.one_row(fragments, self._width))
        return _Chunk(rows, fold=fold)

    def _body(self, entry: Entry, folds: Folds, around: Around) -> Iterator[_Chunk]:
        shown = entry.parts()
        if entry.message.role == "tool":
            yield from self._results(entry.message.tool_results, folds, around)
            return
        if entry.is_live and not shown:
            waiting = FixedRows([row_of([("…", self._palette.muted)])])
            yield _Chunk(self._steady(_WAITING, waiting))
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
                yield _Chunk(_BLANK)
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
    ) -> Iterator[_Chunk]:
        is_open = folds.get(index, False)
        match part:
            case Text(text):
                if is_typed:
                    yield from self._typed(index, text, is_open)
                elif text.strip():
                    yield self._markdown(index, text, is_growing)
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

    def _markdown(self, index: int, text: str, is_growing: bool) -> _Chunk:
        body = self._bodies.get((index, "text"))
        if not isinstance(body, StreamingMarkdown):
            body = self._bodies[index, "text"] = StreamingMarkdown(self._width, self._palette)
        body.update(text, final=not is_growing, until=self._until)
        return _Chunk(body)

    def _plain(self, index: int, kind: str, text: str, style: Style) -> PlainRows:
        body = self._bodies.get((index, kind))
        if not isinstance(body, PlainRows):
            body = self._bodies[index, kind] = PlainRows(self._width, style)
        body.update(text, until=self._until)
        return body

    def _typed(self, index: int, text: str, is_open: bool) -> Iterator[_Chunk]:
        """The user's words as they were typed; only fences make them Markdown."""
        text = text.rstrip()
        if not text:
            return
        rows: RowSource
        if any(fence in text for fence in _FENCES):
            rows = self._markdown(index, text, is_growing=False).rows
        else:
            rows = self._plain(index, "typed", text, self._palette.text)
        if len(rows) <= PASTE_ROWS:
            yield _Chunk(rows)
            return
        yield _Chunk(rows, limit=None if is_open else SHOWN_ROWS)
        words = "▴ show less" if is_open else f"… {len(rows) - SHOWN_ROWS:,} more lines"
        yield self._line(index, "more", [(words, self._palette.accent)], index)

    def _thinking(
        self, index: int, text: str, is_growing: bool, choice: bool | None
    ) -> Iterator[_Chunk]:
        if not text.strip():
            return
        is_open = is_growing if choice is None else choice
        if not is_growing:
            line = parts.thought_line(self._count_words(index, text), is_open, self._palette)
            yield self._line(index, "thought", line, index)
        if is_open:
            yield _Chunk(self._plain(index, "thinking", text.rstrip(), self._palette.muted))

    def _count_words(self, index: int, text: str) -> int:
        known = self._words.get(index)
        if known is None or known[0] != len(text):
            known = self._words[index] = (len(text), parts.count_words(text))
        return known[1]

    def _call(
        self, index: int, call: ToolCall, is_open: bool, result: ToolResult | None
    ) -> Iterator[_Chunk]:
        line = parts.call_line(call, None if is_open else result, self._palette)
        yield self._line(index, "call", line, index)
        if is_open:
            yield self._panel(index, "json", parts.call_text(call))
            if result is not None:
                yield self._panel(index, "result", result.output)

    def _results(
        self, results: Sequence[ToolResult], folds: Folds, around: Around
    ) -> Iterator[_Chunk]:
        is_open = folds.get(0, False)
        line = parts.results_line(results, around.names, is_open, self._palette)
        yield self._line(0, "results", line, 0)
        if is_open:
            for index, result in enumerate(results):
                yield self._panel(index, "result", result.output)

    def _attachment(self, index: int, part: Attachment, is_open: bool) -> Iterator[_Chunk]:
        line = parts.attachment_line(part, is_open, self._palette)
        yield self._line(index, "file", line, index if part.is_text else None)
        if is_open and part.is_text:
            yield self._panel(index, "content", part.as_text())

    def _citation(self, index: int, number: int, part: Citation) -> _Chunk:
        return self._line(index, "source", parts.citation_line(number, part, self._palette), None)

    def _panel(self, index: int, kind: str, text: str) -> _Chunk:
        known = self._panels.get((index, kind))
        if known is None or known[0] != text:
            language = "json" if kind == "json" else ""
            rows = parts.panel(text, language, self._width, self._palette)
            known = self._panels[index, kind] = (text, rows)
        return _Chunk(known[1])

    def _words_below(self, entry: Entry) -> Iterator[_Chunk]:
        message = entry.message
        has_failed = message.status == "error" and not entry.is_live
        if message.error and not entry.is_live:  # also what cut a reply short
            style = self._palette.error if has_failed else self._palette.warning
            rows = parts.text_rows(message.error, self._width, style)
            yield _Chunk(self._steady(_ERROR, FixedRows(rows)))
        if entry.note:
            style = self._palette.muted if message.error or has_failed else self._palette.warning
            rows = parts.text_rows(entry.note, self._width, style)
            yield _Chunk(self._steady(_NOTE, FixedRows(rows)))

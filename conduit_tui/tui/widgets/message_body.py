"""The parts of a message, one below the other, and what opens and closes among them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TypeAlias, assert_never

from conduit_tui.core.clean import clean_line
from conduit_tui.core.conversation import Fate
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
from conduit_tui.tui.markdown.code_blocks import has_fence
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import BLANK, FixedRows, Fragment, row_of
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.call_lines import call_line, error_rows, result_of_fate
from conduit_tui.tui.widgets.call_state import CallState
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fold_choices import Folds
from conduit_tui.tui.widgets.neighbours import Around
from conduit_tui.tui.widgets.part_rows import PartRows
from conduit_tui.tui.widgets.question_rows import question_chunks
from conduit_tui.tui.widgets.row_chunks import Chunk
from conduit_tui.tui.widgets.row_heights import (
    LONG_ROWS,
    LONG_SHOWN_ROWS,
    PASTE_ROWS,
    SHOWN_ROWS,
    TextSize,
)

_SHOW_LESS = "▴ show less"
_TEXT_LINES = {"call", "file", "kept", "source"}  # single lines that are text of the message
_WAITING = (-1, "waiting")
_WORDS = {Text, Structured}
"""What an answer is made of: an empty row sets it apart from everything else."""

_Shown: TypeAlias = Text | Thinking | ToolResult | Attachment | Structured | Unknown

LONGEST_AT_ONCE = 300_000
"""Characters of a text that may be drawn without a pause."""


class MessageBody:
    """Lays the parts of a message between its header and the words below.

    `folds` tells what opens and closes, and whether it is open; `cut` has the long texts of which
    only the beginning is drawn.
    """

    def __init__(self, width: int, palette: Palette, rows: PartRows) -> None:
        self.folds: dict[int, bool] = {}
        self.cut: dict[int, str] = {}
        self._width, self._palette = width, palette
        self._rows = rows

    def whole_markdown(self, part: int) -> StreamingMarkdown | None:
        """Return the drawing of a whole text; one that is cut is drawn for that, if it may be."""
        if part in self.cut:
            if len(self.cut[part]) > LONGEST_AT_ONCE:
                return None
            self._rows.until = None
            return self._rows.markdown((part, "text"), self.cut[part], is_growing=False)
        return self._rows.drawn_markdown((part, "text"))

    def chunks(self, entry: Entry, folds: Folds, around: Around) -> Iterator[Chunk]:
        """Yield the body from top to bottom. `folds` says what the person opened or closed."""
        self.folds, self.cut = {}, {}
        shown = entry.parts()
        if entry.message.role == "tool":
            yield from self._results(entry.message.tool_results, folds, around)
            return
        calls = count()
        if entry.is_live and not shown:
            waiting = FixedRows([row_of([("…", self._palette.muted)])])
            yield Chunk(_WAITING, self._rows.steady(_WAITING, waiting))
        before: type[Part] | None = None
        number = 0
        ends_asking = False
        for index, part in enumerate(shown):
            if isinstance(part, Citation):
                number += 1
                chunks = [self._citation(index, number, part)]
            elif isinstance(part, ToolCall):
                state, result = entry.calls.get(next(calls)), around.results.get(index)
                chunks = list(self._call(index, part, folds, state, result, entry.fate))
            else:
                is_growing = entry.is_live and index == len(shown) - 1
                is_growing = is_growing or (entry.is_live and isinstance(part, Structured))
                is_typed = entry.message.role != "assistant"
                chunks = list(self._part(index, part, is_growing, is_typed, folds, around))
            is_other = before not in (None, type(part)) and _WORDS & {before, type(part)}
            if chunks and (is_other or ends_asking):
                yield Chunk((index, "gap"), BLANK)
            yield from chunks
            before = type(part) if chunks else before
            ends_asking = any(chunk.hits for chunk in chunks[-1:])

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
            case ToolResult():
                yield self._panel(index, "result", part.output)
            case Attachment():
                yield from self._attachment(index, part, is_open)
            case Unknown(provider_data=data) if data is not None:
                self.folds[index] = is_open
                yield self._line(
                    index, "kept", parts.kept_line(part, is_open, self._palette), index
                )
                if is_open:
                    yield self._panel(index, "json", parts.value_text(part))
            case Structured(value=value):
                source = self._rows.value_source(index, value, is_growing=is_growing)
                choice = folds.get(index)
                yield from self._answer(index, source, is_growing, choice, around.is_past)
            case Unknown():
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
        self.cut[index] = text
        head = parts.first_lines(text, LONG_SHOWN_ROWS, self._width)
        shown = self._markdown(index, head, is_growing=False, body="head")
        shown.limit = LONG_SHOWN_ROWS
        yield shown
        left = parts.round_number(rows - LONG_SHOWN_ROWS)
        yield self._more(index, f"… about {left:,} more lines")

    def _markdown(self, index: int, text: str, is_growing: bool, body: str = "text") -> Chunk:
        rows = self._rows.markdown((index, body), text, is_growing=is_growing)
        return Chunk((index, "text"), rows, is_text=True)

    def _typed(self, index: int, text: str, is_open: bool) -> Iterator[Chunk]:
        """The user's words as they were typed; only fences make them Markdown."""
        text = text.rstrip()
        if not text:
            return
        if has_fence(text):
            shown = self._markdown(index, text, is_growing=False)
        else:
            rows = self._rows.plain((index, "typed"), text, self._palette.text)
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
        count = None if is_growing else self._rows.count_words(index, text)
        line = parts.thought_line(count, is_open, self._palette)
        yield self._line(index, "thought", line, index)
        if is_open:
            rows = self._rows.plain((index, "thinking"), text.rstrip(), self._palette.muted)
            yield Chunk((index, "thinking"), rows, is_text=True)

    def _call(
        self,
        index: int,
        call: ToolCall,
        folds: Folds,
        state: CallState | None,
        result: ToolResult | None,
        fate: Fate,
    ) -> Iterator[Chunk]:
        is_open = self.folds[index] = folds.get(index, False)
        if result is not None:
            state = None  # it is answered, also while its question is just being taken back
        elif state is not None:
            result = state.result
        else:
            result = result_of_fate(fate, call)
        line = call_line(
            call,
            self._rows.gist(index, call),
            state,
            result,
            self._width,
            self._palette,
            is_open=is_open,
        )
        yield self._line(index, "call", line, index)
        if state is not None and state.question is not None:
            asks = partial(question_chunks, index, state.question)
            make = partial(asks, self._width, self._palette, self._rows)
            yield from self._rows.question(index, state.question, make)
        elif is_open:
            yield self._panel(index, "json", parts.call_text(call))
            if result is not None:
                yield self._panel(index, "result", result.output)
        elif result is not None and (rows := error_rows(result, line, self._width, self._palette)):
            key = (index, "failed")
            yield Chunk(key, self._rows.steady(key, FixedRows(rows)), fold=index)

    def _results(
        self, results: Sequence[ToolResult], folds: Folds, around: Around
    ) -> Iterator[Chunk]:
        """What is opened below the header of a message of results, which is their line."""
        is_open = self.folds[0] = folds.get(0, False)
        if not is_open:
            return
        for index, result in enumerate(results):
            if len(results) > 1:
                name = around.names[index] if index < len(around.names) else ""
                words = clean_line(name) or f"result {index + 1}"
                yield self._line(index, "from", [(words, self._palette.muted)], None)
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
        language = "json" if kind == "json" else ""
        rows = self._rows.panel((index, kind), text, language)
        return Chunk((index, kind), rows, is_text=True)

    def _line(self, index: int, kind: str, fragments: list[Fragment], fold: int | None) -> Chunk:
        rows = self._rows.steady((index, kind), parts.one_row(fragments, self._width))
        return Chunk((index, kind), rows, fold=fold, is_text=kind in _TEXT_LINES)

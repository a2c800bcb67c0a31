"""One message as rows: a value of the message, the width, the theme and what is folded.

It knows no screen. Drawing the same message again costs only what has changed.
"""

from collections.abc import Iterator
from dataclasses import replace

from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import BLANK, FixedRows, Fragment
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fold_choices import Folds
from conduit_tui.tui.widgets.message_body import MessageBody
from conduit_tui.tui.widgets.message_header import header_row, note_row
from conduit_tui.tui.widgets.neighbours import Around
from conduit_tui.tui.widgets.part_rows import PartRows
from conduit_tui.tui.widgets.remarks import remark_rows
from conduit_tui.tui.widgets.row_chunks import Chunk, RowChunks

_HEADER, _PERSON, ERROR, _NOTE, _END = (
    (-1, word) for word in ("header", "person", "error", "note", "end")
)
_REMARKS = (-1, "remarks")


class MessageView(RowChunks):
    """The rows of one entry. The first is its header, the last is empty."""

    def __init__(self, width: int, palette: Palette) -> None:
        super().__init__()
        self._width = max(1, width)
        self._palette = palette
        self._rows = PartRows(self._width, palette)
        self._body = MessageBody(self._width, palette, self._rows)

    def update(
        self, entry: Entry, folds: Folds, around: Around, until: float | None = None
    ) -> None:
        """Bring the rows up to date. `folds` says which parts the person opened or closed.

        At the time `until` of `perf_counter` drawing stops; call it again to go on.
        """
        self._rows.until = until
        self._lay(
            (
                self._header(entry, folds, around),
                *self._note_of_person(entry),
                *self._remarks(entry),
                *self._body.chunks(entry, folds, around),
                *self._words_below(entry),
                Chunk(_END, BLANK),
            )
        )

    def _header(self, entry: Entry, folds: Folds, around: Around) -> Chunk:
        """The header; that of results says whose they are, and opens them."""
        message, fold = entry.message, None
        words: list[Fragment] = []
        if message.role == "tool":
            fold, is_open = 0, folds.get(0, False)
            words = parts.results_words(message.tool_results, around.names, is_open, self._palette)
        rows = FixedRows([header_row(entry, self._width, self._palette, words)])
        return Chunk(_HEADER, self._rows.steady(_HEADER, rows), fold=fold)

    def _note_of_person(self, entry: Entry) -> Iterator[Chunk]:
        row = note_row(entry, self._width, self._palette)
        if row is not None:
            yield Chunk(_PERSON, self._rows.steady(_PERSON, FixedRows([row])))

    def _remarks(self, entry: Entry) -> Iterator[Chunk]:
        if entry.remarks:
            rows = remark_rows(entry.remarks, self._width, self._palette)
            yield Chunk(_REMARKS, self._rows.steady(_REMARKS, FixedRows(rows)))

    def _words_below(self, entry: Entry) -> Iterator[Chunk]:
        message = entry.message
        has_failed = message.status == "error" and not entry.is_live
        if message.error and not entry.is_live:  # also what cut a reply short
            style = self._palette.error if has_failed else self._palette.warning
            rows = parts.text_rows(message.error, self._width, style)
            yield Chunk(ERROR, self._rows.steady(ERROR, FixedRows(rows)), is_text=True)
        if entry.note:
            is_quiet = entry.note_is_quiet or message.error or has_failed
            style = self._palette.muted if is_quiet else self._palette.warning
            rows = parts.text_rows(entry.note, self._width, style)
            yield Chunk(_NOTE, self._rows.steady(_NOTE, FixedRows(rows)))

    # -- what is asked of it -----------------------------------------------------------------

    @property
    def folds(self) -> Folds:
        """What opens and closes, and whether it is open."""
        return self._body.folds

    @property
    def cut_parts(self) -> tuple[int, ...]:
        """Long texts of which only the beginning is drawn."""
        return tuple(self._body.cut)

    @property
    def is_whole(self) -> bool:
        """Whether all text is drawn, though parts of it may be folded away."""
        return not self._body.cut and not self.is_behind

    def markdown_text(self, part: int) -> str | None:
        """How the Markdown of a part reads as it is drawn, line by line; None without it."""
        drawn = self._body.whole_markdown(part)
        return None if drawn is None else drawn.text

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
            is_cut = kind == "text" and part in self._body.cut
            whole = self._body.whole_markdown(part) if is_cut else None
            blocks += _blocks_of(chunk) if whole is None else whole.blocks
        return blocks


def _blocks_of(chunk: Chunk) -> list[CodeBlock]:
    if isinstance(chunk.rows, StreamingMarkdown):
        return chunk.rows.blocks
    if chunk.file is None or not chunk.file.is_text:
        return []
    return [CodeBlock("", chunk.file.as_text(), 0, 1, chunk.file.name)]

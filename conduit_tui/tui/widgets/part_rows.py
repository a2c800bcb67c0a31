"""Rows of the parts of one message, kept so that what looks the same is not drawn again.

A part that streams keeps its finished blocks, a part that is finished is drawn once.
"""

from collections.abc import Callable, Iterator

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.asked import asked_of
from conduit_tui.core.consent import Approval, Asked
from conduit_tui.core.json import Json
from conduit_tui.core.json_text import as_block
from conduit_tui.core.message import ToolCall
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.plain import PlainRows
from conduit_tui.tui.markdown.rows import FixedRows, Prefix
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.call_lines import call_gist
from conduit_tui.tui.widgets.call_state import Question
from conduit_tui.tui.widgets.row_chunks import Chunk, Key


class PartRows:
    """Rows by what they show. At the time `until` of `perf_counter` drawing stops."""

    def __init__(self, width: int, palette: Palette) -> None:
        self.until: float | None = None
        self._width, self._palette = width, palette
        self._markdown: dict[Key, StreamingMarkdown] = {}
        self._plain: dict[Key, PlainRows] = {}
        self._panels: dict[Key, tuple[str, FixedRows]] = {}
        self._steady: dict[Key, FixedRows] = {}
        self._values: dict[int, tuple[Json, bool, str]] = {}
        self._words: dict[int, tuple[int, int]] = {}
        self._asked: dict[str, Asked] = {}
        self._gists: dict[int, tuple[int, str]] = {}
        self._questions: dict[int, tuple[Question, list[Chunk]]] = {}

    def drawn_markdown(self, key: Key) -> StreamingMarkdown | None:
        """Return Markdown as it was drawn last, if it was."""
        return self._markdown.get(key)

    def markdown(self, key: Key, text: str, *, is_growing: bool) -> StreamingMarkdown:
        """Draw Markdown, on from where it was."""
        rows = self._markdown.get(key)
        if rows is None:
            rows = self._markdown[key] = StreamingMarkdown(self._width, self._palette)
        rows.update(text, final=not is_growing, until=self.until)
        return rows

    def value_source(self, index: int, value: Json, *, is_growing: bool) -> str:
        """Return a value as a block of code; one that is still the same is not written again."""
        known = self._values.get(index)
        if known is None or known[0] is not value or known[1] != is_growing:
            source = as_block(value, is_whole=not is_growing)
            known = self._values[index] = (value, is_growing, source)
        return known[2]

    def plain(self, key: Key, text: str, style: Style) -> PlainRows:
        """Draw text as it is, on from where it was."""
        rows = self._plain.get(key)
        if rows is None:
            rows = self._plain[key] = PlainRows(self._width, style)
        rows.update(text, until=self.until)
        return rows

    def bare(
        self,
        key: Key,
        text: str,
        style: Style,
        style_of: Callable[[str], Style] | None,
        prefix: Prefix,
        continued: Prefix,
    ) -> PlainRows:
        """Draw text that does not change, each row behind a prefix; a sign tells what goes on."""
        rows = self._plain.get(key)
        if rows is None:
            width = self._width - sum(cell_len(piece) for piece, _ in prefix)
            rows = PlainRows(width, style, style_of=style_of, prefix=prefix, continued=continued)
            self._plain[key] = rows
        rows.update(text, until=self.until)
        return rows

    def asked(self, approval: Approval) -> Asked:
        """Return the words of a question, which are made once."""
        if approval.asked is not None:
            return approval.asked
        if approval.id not in self._asked:
            self._asked[approval.id] = asked_of(approval.act, approval.call)
        return self._asked[approval.id]

    def question(
        self, index: int, question: Question, make: Callable[[], Iterator[Chunk]]
    ) -> list[Chunk]:
        """Return a question that is laid once, and on from where it was while it is behind."""
        known = self._questions.get(index)
        is_same = known is not None and known[0] == question
        if known is None or not is_same or any(chunk.rows.is_behind for chunk in known[1]):
            known = self._questions[index] = (question, list(make()))
        return known[1]

    def gist(self, index: int, call: ToolCall) -> str:
        """The arguments of a call in short."""
        known = self._gists.get(index)
        if known is None or known[0] != len(call.arguments):
            known = self._gists[index] = (len(call.arguments), call_gist(call))
        return known[1]

    def panel(self, key: Key, text: str, language: str) -> FixedRows:
        """Draw text on a ground of its own."""
        known = self._panels.get(key)
        if known is None or known[0] != text:
            rows = parts.panel(text, language, self._width, self._palette)
            known = self._panels[key] = (text, rows)
        return known[1]

    def steady(self, key: Key, rows: FixedRows) -> FixedRows:
        """Return the rows of the last time if they look the same: those are not painted again."""
        old = self._steady.get(key)
        if old is not None and old.same_as(rows):
            return old
        self._steady[key] = rows
        return rows

    def count_words(self, index: int, text: str) -> int:
        """Count the words of a part that is finished."""
        known = self._words.get(index)
        if known is None or known[0] != len(text):
            known = self._words[index] = (len(text), parts.count_words(text))
        return known[1]

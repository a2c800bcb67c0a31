"""A question about a tool call as rows below it, and where in them the answers stand."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.consent import Choice, ShownAs
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import FixedRows, Fragment, Prefix, Row, row_of
from conduit_tui.tui.markdown.wrap import cut, wrap_spans
from conduit_tui.tui.widgets.call_state import Question
from conduit_tui.tui.widgets.part_rows import PartRows
from conduit_tui.tui.widgets.question_words import (
    Answer,
    answers_to,
    may_last,
    title_of,
)
from conduit_tui.tui.widgets.row_chunks import Chunk, Hit

BAR = "┃ "
"""What stands before every row of a question."""

GOES_ON = "↳"
"""What stands before a row that goes on with a line, so that it is not taken for one of its own.

No line of a diff begins so, and a value that is wrapped does not look like the next argument.
"""

_BOLD = Style(bold=True)
_GAP = "  "
_SET_IN = "  "
_ROOMY = 20
"""Cells from which on there is room for setting things in."""

_GO_THERE = Answer("", "first, then a key below, or click one", None)
_LATER = Answer("Esc", "later", None)


def question_chunks(
    index: int, question: Question, width: int, palette: Palette, rows: PartRows
) -> Iterator[Chunk]:
    """Yield the question about the call that is part `index`: all of it, whatever its length."""
    approval = question.approval
    act, asked = approval.act, rows.asked(approval)
    bar: Prefix = ((BAR, palette.warning),)
    room = max(1, width - cell_len(BAR))

    def fixed(word: str, lines: Sequence[Sequence[Fragment]]) -> Chunk:
        key = (index, f"{word} {approval.id}")
        return Chunk(key, rows.steady(key, FixedRows(list(_wrapped(lines, room, bar)))))

    inner: Prefix = (*bar, (_SET_IN, palette.text)) if room > _ROOMY else bar

    def whole(word: str, text: str, style: Style, shown_as: ShownAs = "text") -> Chunk:
        key = (index, f"{word} {approval.id}")
        style_of = partial(_of_diff, palette=palette) if shown_as == "diff" else None
        sign = GOES_ON if shown_as == "diff" else f"{GOES_ON} "  # a diff has one cell for signs
        continued: Prefix = ((sign, palette.muted),) if room > _ROOMY else ()
        return Chunk(key, rows.bare(key, text, style, style_of, inner, continued))

    tool, wants = title_of(act)
    head: list[list[Fragment]] = [[(tool, palette.warning + _BOLD), (f" {wants}", palette.text)]]
    warnings = [line for words in asked.warnings for line in words.split("\n") if line]
    head += [[(f"! {line}", palette.warning)] for line in warnings]
    yield fixed("asks", head)
    if asked.subject:
        yield whole("subject", asked.subject, palette.text + _BOLD)
    if asked.preview:
        yield fixed("before", [[]])
        style = palette.code if act.shown_as == "shell" else palette.text
        yield whole("preview", asked.preview, style, act.shown_as)
    if asked.arguments:
        gap: list[list[Fragment]] = [[]] if asked.subject or asked.preview else []
        yield fixed("between", [*gap, [("the call:", palette.muted)]])
        yield whole("arguments", asked.arguments, palette.text)
    yield fixed("above", [[]])
    if not may_last(act):
        words = "This is asked every time, so a yes is for this once."
        yield fixed("once", [[(words, palette.muted)]])
    yield _answers(index, question, room, palette, rows, bar)


def _answers(
    index: int, question: Question, room: int, palette: Palette, rows: PartRows, bar: Prefix
) -> Chunk:
    """The way to the answers, unless the keys are there, then the answers, one below the other."""
    key = (index, f"answers {question.approval.id}")
    laid = _Laid(room, palette, bar, has_keys=question.has_keys)
    if question.key and not question.has_keys:
        laid.add(_GO_THERE._replace(key=question.key), is_urgent=True)
    for answer in answers_to(question.approval.act):
        laid.add(answer)
    if question.has_keys:
        laid.add(_LATER, is_beside=True)
    made = rows.steady(key, FixedRows(laid.rows()))
    hits = tuple(Hit(*place, question.approval.id, choice) for place, choice in laid.places)
    return Chunk(key, made, hits=hits)


class _Place(NamedTuple):
    row: int
    start: int
    end: int


class _Laid:
    """Puts answers below and beside each other; `places` tells in which cells each stands."""

    def __init__(self, room: int, palette: Palette, bar: Prefix, *, has_keys: bool) -> None:
        self._room, self._palette, self._bar = room, palette, bar
        self._key = palette.accent + Style(bold=True, reverse=has_keys)
        self._words = palette.text if has_keys else palette.muted
        self._edge = sum(cell_len(text) for text, _ in bar)
        self._lines: list[list[Fragment]] = [[]]
        self.places: list[tuple[_Place, Choice | None]] = []

    def rows(self) -> list[Row]:
        """The rows that were laid."""
        return [row_of(line, at, 0, self._bar) for at, line in enumerate(self._lines)]

    def add(self, answer: Answer, *, is_beside: bool = False, is_urgent: bool = False) -> None:
        """Put an answer below the last one, or behind it where there is room."""
        key, words = f" {answer.key} ", f" {answer.words}"
        size = cell_len(key) + cell_len(words)
        if is_beside and self._used() + len(_GAP) + size <= self._room:
            self._lines[-1].append((_GAP, self._palette.text))
        elif self._used():
            self._lines.append([])
        hang = cell_len(key) + 1 if self._room > _ROOMY else 0
        style = self._palette.warning if is_urgent else self._words
        whole: list[Fragment] = [(key, self._key), (words, style)]
        spans = _hanging(key + words, self._room - self._used(), hang)
        for number, pieces in enumerate(cut(whole, spans)):
            if number:
                self._lines.append([(" " * hang, style)] if hang else [])
            start = 0 if number else self._used()
            self._lines[-1] += pieces
            place = _Place(len(self._lines) - 1, self._edge + start, self._edge + self._used())
            self.places.append((place, answer.choice))

    def _used(self) -> int:
        return sum(cell_len(text) for text, _ in self._lines[-1])


def _hanging(text: str, room: int, hang: int) -> list[tuple[int, int]]:
    """Where text breaks whose rows after the first stand behind `hang` cells."""
    spans = wrap_spans(text, max(1, room))
    if not hang or len(spans) < 2:
        return spans
    start = spans[1][0]
    rest = wrap_spans(text[start:], max(1, room - hang))
    return [spans[0], *((start + begin, start + end) for begin, end in rest)]


def _wrapped(lines: Sequence[Sequence[Fragment]], room: int, bar: Prefix) -> Iterator[Row]:
    for number, line in enumerate(lines):
        words = "".join(text for text, _ in line)
        spans = wrap_spans(words, room)
        for (start, _), pieces in zip(spans, cut(line, spans), strict=True):
            yield row_of(pieces, number, start, bar)


def _of_diff(line: str, palette: Palette) -> Style:
    match line[:1]:
        case "+":
            return palette.success
        case "-":
            return palette.error
        case "@":
            return palette.muted
        case _:
            return palette.text

"""What of the path is selected, and its text: source for whole messages, bare code for code.

A place is a logical line and a character in it, so that it survives resizing and streaming.
Textual's offsets hold the line, counted within the message, and the message in one number.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textual.geometry import Offset
from textual.selection import Selection

from conduit_tui.core.clean import clean
from conduit_tui.core.message import Message
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.rows import Row
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.path_view import PathView

_LINE_BITS = 24
_LINE_MASK = (1 << _LINE_BITS) - 1
_WORD = re.compile(r"\w+|[^\w\s]+|\s+")
_END = 1 << 40


class _Place(NamedTuple):
    message: int
    line: int
    character: int


def line_key(message: int, line: int) -> int:
    """Return the number that stands for a line of a message of the path."""
    return message << _LINE_BITS | line


def selected_span(selection: Selection, key: int, row: Row) -> tuple[int, int] | None:
    """Return which characters of a row's text are selected, or None."""
    start, end = _ordered(selection)
    here = Offset(row.start, key)
    if (start and key < start.y) or (end and key > end.y):
        return None
    first = max(0, start.x - here.x) if start and start.y == key else 0
    last = min(row.length, end.x - here.x) if end and end.y == key else row.length
    if first >= last:
        return None
    return first, last


def selected_text(path: PathView, selection: Selection) -> str:
    """Return the selected text. Messages that are selected as a whole give their source."""
    first, last = _places(path, selection)
    pieces: list[str] = []
    for at in range(first.message, last.message + 1):
        start = (first.line, first.character) if at == first.message else (0, 0)
        end = (last.line, last.character) if at == last.message else (_END, _END)
        message = path.entries[at].message
        if start <= (1, 0) and at != last.message:
            pieces.append(source_of(message))
        else:
            view = path.view(at)
            if start <= (1, 0) and end >= _last_place(view):
                pieces.append(source_of(message))
            else:
                pieces.append(_shown_text(view, start, end))
    return "\n\n".join(piece for piece in pieces if piece)


def source_of(message: Message) -> str:
    """Return what copying a message gives: its text as it was written."""
    if message.role == "tool":
        return clean("\n".join(result.output for result in message.tool_results))
    return clean(message.text)


def span_of_word(view: MessageView, line: int, character: int) -> tuple[int, int]:
    """Return where the word around a character of a line begins and ends."""
    text = _line_text(view, line)
    for found in _WORD.finditer(text):
        if found.start() <= character < found.end():
            return found.span()
    return len(text), len(text)


def span_of_line(view: MessageView, line: int, _character: int) -> tuple[int, int]:
    """Return the span of a whole line."""
    return 0, len(_line_text(view, line))


def _ordered(selection: Selection) -> tuple[Offset | None, Offset | None]:
    start, end = selection
    if start and end and (end.y, end.x) < (start.y, start.x):
        return end, start
    return start, end


def _places(path: PathView, selection: Selection) -> tuple[_Place, _Place]:
    start, end = _ordered(selection)
    last = len(path.entries) - 1
    first_place = _place(start) if start else _Place(0, 0, 0)
    last_place = _place(end) if end else _Place(last, _END, _END)
    if last_place.message > last:
        last_place = _Place(last, _END, _END)
    return first_place, last_place


def _place(offset: Offset) -> _Place:
    return _Place(offset.y >> _LINE_BITS, offset.y & _LINE_MASK, offset.x)


def _shown_text(view: MessageView, start: tuple[int, int], end: tuple[int, int]) -> str:
    lines = _shown_lines(view, start, end)
    blocks = [block for block in view.blocks() if not block.name]
    for block in blocks:
        code = _code_lines(block)
        if _without_blanks(lines) == _without_blanks(_as_drawn(code)):
            return block.code  # all of it and nothing else
        if block.language:
            lines.pop(block.line, None)  # its label
        for number, drawn in _as_drawn(code).items():
            if lines.get(number, "").rstrip() == drawn:
                lines[number] = code[number]
    return "\n".join(line.rstrip() for line in lines.values()).strip("\n")


def _shown_lines(view: MessageView, start: tuple[int, int], end: tuple[int, int]) -> dict[int, str]:
    if start[0] == 0 and end[0] > 0:
        start = (1, 0)  # the header belongs to no text
    lines: dict[int, str] = {}
    for number, row in _rows_from(view, start[0]):
        if number > end[0]:
            break
        first = max(0, start[1] - row.start) if number == start[0] else 0
        last = max(0, end[1] - row.start) if number == end[0] else row.length
        text = lines.get(number, "")
        lines[number] = text + _gap(text, row, start, number) + row.text[first:last]
    return lines


def _code_lines(block: CodeBlock) -> dict[int, str]:
    """The lines of a block, with their tabs, by the logical lines on which they are drawn."""
    first = block.line + bool(block.language)
    return dict(enumerate(block.code.removesuffix("\n").split("\n"), first))


def _as_drawn(code: Mapping[int, str]) -> dict[int, str]:
    return {number: line.expandtabs(4).rstrip() for number, line in code.items()}


def _without_blanks(lines: Mapping[int, str]) -> dict[int, str]:
    return {number: line.rstrip() for number, line in lines.items() if line.strip()}


def _gap(text: str, row: Row, start: tuple[int, int], number: int) -> str:
    """The spaces at which a line was broken, which no row shows."""
    shown_from = start[1] if number == start[0] else 0
    missing = row.start - shown_from - len(text)
    return " " * missing if text and 0 < missing < 8 else ""


def _line_text(view: MessageView, line: int) -> str:
    return _shown_text(view, (line, 0), (line, _END))


def _last_place(view: MessageView) -> tuple[int, int]:
    for index in range(len(view) - 1, 0, -1):
        row = view[index]
        if row.length:
            return view.line_at(index), row.start + row.length
    return 0, 0


def _rows_from(view: MessageView, line: int) -> Iterator[tuple[int, Row]]:
    for index in range(view.row_of_line(line) if len(view) else 0, len(view)):
        yield view.line_at(index), view[index]

"""What a message shows when all of it is open, as text to search in: without drawing it.

The header, the lines that only open and close something, and notes are no text of a message.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, assert_never

from conduit_tui.core.clean import clean
from conduit_tui.core.json_text import as_block
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.tui.markdown.code_blocks import LONGEST_MARKDOWN, has_fence
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment
from conduit_tui.tui.widgets import message_parts as parts
from conduit_tui.tui.widgets.call_lines import call_gist, call_line
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_view import ERROR
from conduit_tui.tui.widgets.row_chunks import Key

_PIECE = 65_536  # characters from which on a text is parted, so that it is searched in steps
_PLAIN = Palette()


class Passage(NamedTuple):
    """Lines of a message that are drawn by one means.

    `key` is that of the rows in the message's view, and `line` the first one's number among
    them. `fold` is the part that is opened to see them if they are folded away.
    """

    key: Key
    fold: int
    line: int
    text: str


def passages(
    entry: Entry,
    results: Mapping[int, ToolResult],
    width: int,
    markdown: Callable[[int, str], str],
) -> Iterator[Passage]:
    """Yield a message's text from top to bottom.

    `markdown` tells how a part's text reads when it is drawn, given its index and source.
    """
    if entry.message.role == "tool":
        for index, result in enumerate(entry.message.tool_results):
            yield from _panel((index, "result"), 0, result.output)
        return
    number = 0
    for index, part in enumerate(entry.parts()):
        match part:
            case Text(text):
                yield from _words(index, text, entry.message.role != "assistant", markdown)
            case Thinking(text):
                if text.strip():
                    yield from _pieces((index, "thinking"), index, text.rstrip())
            case ToolCall():
                yield from _call(index, part, results.get(index), width)
            case ToolResult():
                yield from _panel((index, "result"), index, part.output)
            case Attachment():
                yield _row((index, "file"), parts.attachment_line(part, False, _PLAIN), width)
                if part.is_text:
                    yield from _panel((index, "content"), index, part.as_text())
            case Citation():
                number += 1
                yield _row((index, "source"), parts.citation_line(number, part, _PLAIN), width)
            case Unknown(provider_data=data) if data is not None:
                yield _row((index, "kept"), parts.kept_line(part, True, _PLAIN), width)
                yield from _panel((index, "json"), index, parts.value_text(part))
            case Structured():
                yield from _words(index, as_block(part.value), False, markdown)
            case Unknown():
                yield from _panel((index, "json"), index, parts.value_text(part))
            case _:
                assert_never(part)
    if entry.message.error and not entry.is_live:
        yield from _pieces(ERROR, ERROR[0], entry.message.error)


def place_in(found: Sequence[Passage], key: Key, line: int, column: int) -> tuple[int, int] | None:
    """Return which passage holds a character of a line, and where in its text; None without it."""
    for number, passage in enumerate(found):
        if passage.key == key and passage.line <= line:
            offset = 0
            for _ in range(line - passage.line):
                offset = passage.text.find("\n", offset) + 1
                if not offset:
                    break
            else:
                return number, offset + column
    return None


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return on which line of a text a character stands, and where in the line."""
    return text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1


def _words(
    index: int, text: str, is_typed: bool, markdown: Callable[[int, str], str]
) -> Iterator[Passage]:
    if is_typed:
        text = text.rstrip()
    if not text.strip():
        return
    if is_typed and not has_fence(text):
        yield from _pieces((index, "typed"), index, text)
        return
    key = (index, "text")
    drawn = markdown(index, text[:LONGEST_MARKDOWN])
    yield Passage(key, index, 0, drawn)
    if len(text) > LONGEST_MARKDOWN:
        yield from _pieces(key, index, text[LONGEST_MARKDOWN:], drawn.count("\n") + 1)


def _call(index: int, call: ToolCall, result: ToolResult | None, width: int) -> Iterator[Passage]:
    line = call_line(call, call_gist(call), None, None, width, _PLAIN, is_open=True)
    yield _row((index, "call"), line, width)
    yield from _panel((index, "json"), index, parts.call_text(call))
    if result is not None:
        yield from _panel((index, "result"), index, result.output)


def _row(key: Key, fragments: list[Fragment], width: int) -> Passage:
    return Passage(key, key[0], 0, parts.one_row(fragments, width)[0].text)


def _panel(key: Key, fold: int, text: str) -> Iterator[Passage]:
    return _pieces(key, fold, text[: parts.LONGEST_SHOWN])


def _pieces(key: Key, fold: int, text: str, line: int = 0) -> Iterator[Passage]:
    """Part a long text between lines; each piece is cleaned only when it is asked for."""
    start = 0
    while True:
        end = text.find("\n", start + _PIECE)
        piece = clean(text[start : end + 1] if end >= 0 else text[start:])
        piece = (piece[:-1] if end >= 0 else piece).expandtabs(4)
        yield Passage(key, fold, line, piece)
        if end < 0:
            return
        line += piece.count("\n") + 1
        start = end + 1

"""A tool call on one line: its name, the gist of its arguments, and how it stands or ended."""

import json
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import NOT_DONE, SAID_NO, is_denied
from conduit_tui.core.conversation import NO_RESULT, Fate
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall, ToolResult
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, row_of
from conduit_tui.tui.markdown.wrap import fit
from conduit_tui.tui.widgets.call_state import CallState
from conduit_tui.tui.widgets.message_parts import fold_mark, text_rows

BREAK = "⏎"
"""A line break in what stands on one line."""

FAILED = "✗"
MOST_ERROR_ROWS = 4
"""Rows of what went wrong that are shown without opening."""

_TELLING = ("path", "file_path", "file", "command", "url", "pattern", "query", "name")
_LONGEST_READ = 100_000
_LONGEST_GIST = 400
_LONGEST_WORDS = 4_000
_LONGEST_NAME = 64
_INDENT = "    "
_DENIED, _DENIED_BELOW = "you said no", "you said no:"
_FAILED_BELOW = "failed"  # the words follow below
_LOST, _LOST_SHORT = "lost: no result was kept", "lost"
_NEVER_RAN = "It did not run: the reply was cut short before its end."


def call_gist(call: ToolCall) -> str:
    """The arguments of a call in short, the most telling first: `path="notes.md", lines=2`."""
    arguments = call.arguments_object() if len(call.arguments) <= _LONGEST_READ else None
    if arguments is None:
        return _one_line(call.arguments)
    telling = [name for name in _TELLING if name in arguments]
    ordered = dict.fromkeys((*telling, *arguments))
    return _one_line(", ".join(f"{name}={_short(arguments[name])}" for name in ordered))


def call_line(
    call: ToolCall,
    gist: str,
    state: CallState | None,
    result: ToolResult | None,
    width: int,
    palette: Palette,
    *,
    is_open: bool = False,
) -> list[Fragment]:
    """`▸ ⚙ grep_files(pattern="def ") · 3 s`, or behind it what came of it: ` → 12 matches`.

    The arguments give way to how it stands, but keep half of the room.
    """
    name = fit(clean_line(call.name), _LONGEST_NAME)
    mark = f"{fold_mark(is_open)}⚙ "
    room = max(0, width - cell_len(mark) - cell_len(name) - 2)
    left = room - min(cell_len(gist), room // 2)
    tail = list(_tail(state, result, left, palette, is_open=is_open))
    taken = sum(cell_len(text) for text, _ in tail)
    gist = fit(gist, max(room - taken, room // 2))
    return [(mark, palette.accent), (name, palette.text), (f"({gist})", palette.muted), *tail]


def error_rows(
    result: ToolResult, line: Sequence[Fragment], width: int, palette: Palette
) -> list[Row]:
    """What went wrong, in rows below the line of a call, unless the line has room for it."""
    if not result.is_error or line[-1][0] not in (_FAILED_BELOW, _DENIED_BELOW):
        return []
    style = palette.warning if is_denied(result) else palette.error
    words = _reason(result) if is_denied(result) else result.output[:_LONGEST_WORDS].strip()
    rows: list[Row] = []
    for row in text_rows(words, max(1, width - len(_INDENT)), style):
        if len(rows) == MOST_ERROR_ROWS:
            rows.append(row_of([("…", style)], row.line, row.start, _prefix(palette)))
            break
        rows.append(row_of([(row.text, style)], row.line, row.start, _prefix(palette)))
    return rows


def result_of_fate(fate: Fate, call: ToolCall) -> ToolResult | None:
    """What stands for the result of a call that has none."""
    match fate:
        case "lost":
            return ToolResult(call.call_id, NO_RESULT, is_error=True)
        case "never_ran":
            return ToolResult(call.call_id, _NEVER_RAN, is_error=True)
        case "":
            return None


def gist_of_result(result: ToolResult) -> str:
    """The first line of a result."""
    return clean_line(result.output[:_LONGEST_GIST].strip().split("\n", 1)[0]) or "nothing"


def _reason(result: ToolResult) -> str:
    words = result.output[:_LONGEST_WORDS].removeprefix(SAID_NO).removesuffix(NOT_DONE)
    return words.strip(":. \n")


def _prefix(palette: Palette) -> tuple[Fragment]:
    return ((_INDENT, palette.text),)


def _tail(
    state: CallState | None,
    result: ToolResult | None,
    room: int,
    palette: Palette,
    *,
    is_open: bool,
) -> Iterator[Fragment]:
    if result is not None and is_denied(result):
        reason = clean_line(_reason(result))
        words = f"{_DENIED_BELOW} {reason}" if reason else _DENIED
        yield f" {FAILED} ", palette.warning
        yield words if not reason or cell_len(words) <= room - 3 else _DENIED_BELOW, palette.warning
    elif result is not None and result.output == NO_RESULT:
        yield f" {FAILED} ", palette.error
        yield _LOST if cell_len(_LOST) <= room - 3 else _LOST_SHORT, palette.error
    elif result is not None and result.is_error:
        gist = gist_of_result(result)
        fits = "\n" not in result.output.strip() and cell_len(gist) <= room - 3
        yield f" {FAILED} ", palette.error
        yield gist if fits else _FAILED_BELOW, palette.error
    elif result is not None:
        if not is_open:
            yield " → ", palette.muted
            yield gist_of_result(result), palette.muted
    elif state is not None and state.question is not None:
        yield " · asks", palette.warning
    elif state is not None:
        yield f" · {state.seconds} s" if state.seconds else " …", palette.muted


def _short(value: Json) -> str:
    if isinstance(value, str):
        return f'"{value[:_LONGEST_GIST]}"'
    return json.dumps(value, ensure_ascii=False)


def _one_line(text: str) -> str:
    text = text[:_LONGEST_GIST].strip().replace("\r\n", BREAK).replace("\n", BREAK)
    return clean_line(text)

"""How the parts of a message other than its words are shown on a line or opened."""

import json
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.amounts import short_size
from conduit_tui.core.clean import clean, clean_line
from conduit_tui.core.consent import is_denied
from conduit_tui.core.json import Json
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Structured,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.tui.markdown.code import code_rows
from conduit_tui.tui.markdown.links import safe_target, short_target
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import FixedRows, Fragment, Row, row_of
from conduit_tui.tui.markdown.wrap import cut, fit, wrap_spans
from conduit_tui.tui.widgets.chips import kind_words

_FULL_LINE = 80  # characters that a line of the source often has, however narrow the view is

LONGEST_SHOWN = 100_000
"""Characters of a result or a file that are shown when it is opened."""

MOST_SHOWN_LINES = 4_000
"""Lines of one that are shown."""


_LONGEST_SPLIT = 100_000


def count_words(text: str) -> int:
    """Return how many words a text has; of a very long one about how many."""
    if len(text) <= _LONGEST_SPLIT:
        return len(text.split())
    return text.count(" ") + text.count("\n") + 1


def text_rows(text: str, width: int, style: Style, line: int = 0) -> list[Row]:
    """Return wrapped rows of text as it is, cleaned."""
    rows: list[Row] = []
    for offset, words in enumerate(clean(text).expandtabs(4).split("\n")):
        spans = wrap_spans(words, width)
        for (start, _), pieces in zip(spans, cut([(words, style)], spans), strict=True):
            rows.append(row_of(pieces, line + offset, start))
    return rows


def one_row(fragments: list[Fragment], width: int) -> FixedRows:
    """Return a single row; its last fragment that does not fit is shortened."""
    shown: list[Fragment] = []
    for text, style in fragments:
        left = width - sum(cell_len(piece) for piece, _ in shown)
        if left <= 0:
            break
        shown.append((fit(text, left), style))
    return FixedRows([row_of(shown)])


def panel(text: str, language: str, width: int, palette: Palette) -> FixedRows:
    """Return text on the panel that blocks of code have."""
    kept = text[:LONGEST_SHOWN]
    if kept.count("\n") >= MOST_SHOWN_LINES:
        kept = "\n".join(kept.split("\n", MOST_SHOWN_LINES)[:-1])
    shown = clean(kept)
    if len(kept) < len(text):
        shown += f"\n… {len(text) - len(kept):,} more characters"
    return FixedRows(code_rows(shown.split("\n"), language, 0, width, palette))


def fold_mark(is_open: bool) -> str:
    """The sign before a line that can be opened or closed."""
    return "▾ " if is_open else "▸ "


def first_lines(text: str, rows: int, width: int) -> str:
    """The beginning of a Markdown source that is enough for some rows, at lines if it can be."""
    start = len(text) - len(text.lstrip("\n"))
    end = start + 2 * rows * max(width, _FULL_LINE)
    at = start
    for _ in range(3 * rows):  # more lines than rows: some are blank, and some show nothing
        at = text.find("\n", at) + 1
        if not at or at > end:
            return text[start:end]
    return text[start:at]


def round_number(count: int) -> int:
    """A count that is only estimated, in two digits: 1,234 becomes 1,200."""
    size = 10 ** max(0, len(str(count)) - 2)
    return max(1, round(count / size) * size)


def thought_line(count: int | None, is_open: bool, palette: Palette) -> list[Fragment]:
    """`▸ thought · 1,204 words`, or `▾ thinking` while the words are not counted yet."""
    if count is None:
        words = "thinking"
    else:
        words = "thought · 1 word" if count == 1 else f"thought · {count:,} words"
    return [(fold_mark(is_open), palette.accent), (words, palette.muted)]


def call_text(call: ToolCall) -> str:
    """The arguments of a call, indented where they are valid JSON."""
    arguments = call.arguments_object() if len(call.arguments) <= LONGEST_SHOWN else None
    if arguments is None:
        return call.arguments
    return json.dumps(arguments, indent=2, ensure_ascii=False)


def results_words(
    results: Sequence[ToolResult], names: Sequence[str], is_open: bool, palette: Palette
) -> list[Fragment]:
    """`▸ current_time, web_search · 1 failed`, or how many results there are."""
    count = len(results)
    words = ", ".join(dict.fromkeys(clean_line(name) for name in names if name))
    words = words or (f"{count} result" if count == 1 else f"{count} results")
    line: list[Fragment] = [(fold_mark(is_open), palette.accent), (words, palette.muted)]
    denied = sum(is_denied(result) for result in results)
    failed = sum(result.is_error for result in results) - denied
    ends = (denied, "denied", palette.warning), (failed, "failed", palette.error)
    for number, what, style in ends:
        if number:
            line.append((f" · {number} {what}" if count > 1 else f" · {what}", style))
    return line


def attachment_line(part: Attachment, is_open: bool, palette: Palette) -> list[Fragment]:
    """`▣ notes.md · 2.1 KB`, `▣ cat.png · PNG 800×600 · 1.2 MB`"""
    name = clean_line(part.name) or clean_line(part.media_type)
    sign = fold_mark(is_open) if part.is_text else ""
    kind, size = kind_words(part), short_size(len(part.data))
    return [
        (sign + "▣ ", palette.accent),
        (name, palette.text),
        (f" · {kind} · {size}" if kind else f" · {size}", palette.muted),
    ]


def citation_line(number: int, part: Citation, palette: Palette) -> list[Fragment]:
    """`[1] Title (example.com/page)`"""
    target = safe_target(part.url)
    shown = clean_line(short_target(part.url) if target else part.url)
    title = clean_line(part.title) or shown
    style = palette.link + Style(link=target) if target else palette.text
    line: list[Fragment] = [(f"[{number}] ", palette.muted), (title, style)]
    return line if title == shown else [*line, (f" ({shown})", palette.muted)]


def kept_line(part: Unknown, is_open: bool, palette: Palette) -> list[Fragment]:
    """`▸ web_search {"query": "Oslo"}`: what a vendor keeps here for itself, by its own word."""
    raw = part.raw if isinstance(part.raw, dict) else {}
    words = raw.get("name") or raw.get("type")
    line: list[Fragment] = [
        (fold_mark(is_open), palette.accent),
        (clean_line(words[:200]) if isinstance(words, str) else "kept", palette.muted),
    ]
    if shown := raw.get("input"):
        line.append((f" {clean_line(json.dumps(shown, ensure_ascii=False)[:400])}", palette.muted))
    return line


def value_text(part: Structured | Unknown) -> str:
    """A value that is no text, as JSON."""
    value: Json = part.value if isinstance(part, Structured) else part.raw
    return json.dumps(value, indent=2, ensure_ascii=False)

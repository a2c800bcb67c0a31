"""The line above a message: who, and on the right what it took."""

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import Message
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, row_of
from conduit_tui.tui.markdown.wrap import fit
from conduit_tui.tui.widgets.entry import Entry

_BOLD = Style(bold=True)
_STOPS = {
    "max_tokens": "cut at max tokens",
    "length": "cut at max tokens",
    "refusal": "refused",
    "content_filter": "filtered",
}


def header_row(entry: Entry, width: int, palette: Palette) -> Row:
    """Return the header; the details give way to the name where there is no room for both."""
    who = clean_line(speaker(entry.message)) or "model"
    style = speaker_style(entry.message, palette) + _BOLD
    details = _details(entry, palette)
    room = width - min(cell_len(who), max(8, width // 2)) - 2
    while details and _width(details) > room:
        details = details[1:]
    name = fit(who, max(1, width - (_width(details) + 2 if details else 0)))
    gap = width - cell_len(name) - _width(details)
    joined = _joined(details, palette)
    return row_of([(name, style), (" " * max(0, gap), palette.text), *joined])


def speaker(message: Message) -> str:
    """Who a message is from, in a word."""
    match message.role:
        case "user":
            return "you"
        case "assistant":
            return message.model or "model"
        case other:
            return other


def speaker_style(message: Message, palette: Palette) -> Style:
    """The colour of who a message is from."""
    match message.role:
        case "user":
            return palette.you
        case "assistant":
            return palette.model
        case _:
            return palette.tool


def early_end(message: Message) -> str:
    """The word for a message that did not end by itself, or nothing."""
    if message.status == "error":
        return "error"
    if message.status == "interrupted":
        return "interrupted"
    return _STOPS.get(message.stop or "", "")


def _details(entry: Entry, palette: Palette) -> list[Fragment]:
    message = entry.message
    found: list[Fragment] = []
    if entry.siblings > 1:
        found.append((f"{entry.position}/{entry.siblings}", palette.text))
    if not entry.is_live:
        if message.usage:
            found.append((f"{message.usage.output_tokens} tok", palette.muted))
        if message.cost_usd is not None:
            found.append((_money(float(message.cost_usd)), palette.muted))
        if message.duration_seconds is not None:
            found.append((_seconds(message.duration_seconds), palette.muted))
        if word := early_end(message):
            is_error = message.status == "error"
            found.append((word, palette.error if is_error else palette.warning))
    return found


def _joined(details: list[Fragment], palette: Palette) -> list[Fragment]:
    joined: list[Fragment] = []
    for index, detail in enumerate(details):
        if index:
            joined.append((" · ", palette.muted))
        joined.append(detail)
    return joined


def _width(details: list[Fragment]) -> int:
    return sum(cell_len(text) for text, _ in details) + 3 * max(0, len(details) - 1)


def _money(dollars: float) -> str:
    return f"${dollars:.3f}" if dollars >= 0.001 or not dollars else f"${dollars:.5f}"


def _seconds(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"

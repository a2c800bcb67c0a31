"""The line above a message: who, and on the right what it took."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from conduit_tui.core.age import age
from conduit_tui.core.amounts import mark, money, short_count, short_tokens
from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import PAUSED, Message
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Fragment, Row, row_of
from conduit_tui.tui.markdown.wrap import fit
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.fitting import short_seconds

LONGEST_STOP = 32
"""Cells of a vendor's own word for why it stopped."""

LARGE_CACHE_READ = 1000
"""Tokens read from a vendor's cache that are worth a word."""

LONGEST_LABEL = 20
"""Cells of a label."""

EMPTY = "empty answer"
STAR = "★"
NOTE = "note: "

LONGEST_SAMPLED = 40
"""Cells of what a reply was made with."""

_BOLD = Style(bold=True)
_GAP = "  "
_WHOLE_STOPS = {"end_turn", "stop"}
_ORDINARY_STOPS = {*_WHOLE_STOPS, "stop_sequence", "tool_calls", PAUSED}
_STOPS = {
    "max_tokens": "cut at max tokens",
    "length": "cut at max tokens",
    "model_context_window_exceeded": "context full",
    "refusal": "refused",
    "content_filter": "filtered",
}


class _Detail(NamedTuple):
    """Something that a message took; where there is no room, the greatest `rank` goes first."""

    rank: int
    text: str
    style: Style
    gap: str = " · "


def header_row(entry: Entry, width: int, palette: Palette, words: Sequence[Fragment] = ()) -> Row:
    """Return the header; the details give way to the name where there is no room for both.

    `words` stand behind the name, as far as there is room.
    """
    who = clean_line(speaker(entry.message)) or "model"
    style = speaker_style(entry.message, palette) + _BOLD
    details = list(_details(entry, palette))
    room = width - min(cell_len(who), max(8, width // 2)) - 2
    while details and _width(details) > room:
        details.remove(max(details, key=lambda each: each.rank))
    name = fit(who, max(1, width - (_width(details) + 2 if details else 0)))
    gap = width - cell_len(name) - _width(details)
    joined = _joined(details, palette)
    behind: list[Fragment] = [(_GAP, palette.text)] if words else []
    for text, look in words:
        left = gap - 1 - sum(cell_len(each) for each, _ in behind)
        behind.append((fit(text, max(0, left)), look))
    gap -= sum(cell_len(text) for text, _ in behind)
    return row_of([(name, style), *behind, (" " * max(0, gap), palette.text), *joined])


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
    """The word for a message that did not end by itself, or nothing.

    A vendor's word that is not known stands as it is: `stopped: recitation`.
    """
    if message.status != "complete":
        return message.status
    stop = message.stop or ""
    if not stop or stop in _ORDINARY_STOPS:
        return EMPTY if stop in _WHOLE_STOPS and message.is_empty else ""
    return _STOPS.get(stop) or f"stopped: {fit(clean_line(stop), LONGEST_STOP)}"


def _details(entry: Entry, palette: Palette) -> Iterator[_Detail]:
    """In the order they are shown."""
    message = entry.message
    yield from _marks(entry, palette)
    if entry.siblings > 1:
        yield _Detail(1, f"{entry.position}/{entry.siblings}", palette.text)
    if entry.is_live:
        return
    if message.is_by_hand:
        yield _Detail(2, "edited by you", palette.muted)
    if usage := message.usage:
        tokens = short_tokens(usage.output_tokens, is_estimated=usage.is_estimated)
        yield _Detail(2, f"{tokens} tok", palette.muted)
        if usage.reasoning_tokens:
            thinking = f"({short_count(usage.reasoning_tokens)} thinking)"
            yield _Detail(5, thinking, palette.muted, " ")
        if usage.cache_read_tokens >= LARGE_CACHE_READ:
            cached = f"{short_count(usage.cache_read_tokens)} cached"
            yield _Detail(6, cached, palette.muted)
    if message.replay_of is not None:
        yield _Detail(2, _replayed(message, message.replay_of), palette.muted)
    if entry.sampled:
        yield _Detail(7, fit(clean_line(entry.sampled), LONGEST_SAMPLED), palette.muted)
    if message.cost_usd is not None:
        is_estimated = usage is not None and usage.is_estimated
        cost = mark(money(message.cost_usd), is_estimated=is_estimated)
        yield _Detail(3, cost, palette.muted)
    if message.duration_seconds is not None and message.replay_of is None:
        yield _Detail(4, short_seconds(message.duration_seconds), palette.muted)
    if word := early_end(message):
        yield _Detail(0, word, _style_of_end(message, palette))


def _marks(entry: Entry, palette: Palette) -> Iterator[_Detail]:
    if entry.mark.starred_at is not None:
        yield _Detail(-1, STAR, palette.accent)
    if entry.mark.label:
        label = f"[{fit(clean_line(entry.mark.label), LONGEST_LABEL)}]"
        yield _Detail(1, label, palette.accent, " ")


def note_row(entry: Entry, width: int, palette: Palette) -> Row | None:
    """The beginning of the person's note on a message, on a line of its own; None without one."""
    lines = [line.strip() for line in entry.mark.note[:2_000].splitlines() if line.strip()]
    if not lines:
        return None
    first = clean_line(lines[0])
    more = " …" if len(lines) > 1 or len(entry.mark.note) > 2_000 else ""
    note = fit(first, max(1, width - len(NOTE) - len(more)))
    return row_of([(NOTE, palette.accent), (note + more, palette.muted)])


def _replayed(message: Message, recorded_at: datetime) -> str:
    """How old a reply was when it was given again; that does not change any more."""
    passed = age(recorded_at, message.created_at)
    return f"from the cache, {passed} old" if passed else "from the cache"


def _style_of_end(message: Message, palette: Palette) -> Style:
    if message.status == "error":
        return palette.error
    is_known = message.status != "complete" or message.stop in _STOPS
    return palette.warning if is_known else palette.muted


def _joined(details: list[_Detail], palette: Palette) -> list[Fragment]:
    joined: list[Fragment] = []
    for index, detail in enumerate(details):
        if index:
            joined.append((detail.gap, palette.muted))
        joined.append((detail.text, detail.style))
    return joined


def _width(details: list[_Detail]) -> int:
    return sum(
        cell_len(each.text) + (len(each.gap) if index else 0) for index, each in enumerate(details)
    )

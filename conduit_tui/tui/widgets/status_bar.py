"""The line at the bottom: mode, model, context, cost, activity, and what the next press does."""

from dataclasses import dataclass
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from conduit_tui.core.amounts import mark, money, short_count
from conduit_tui.core.clean import clean_line
from conduit_tui.tui.widgets.fitting import fit

METER_CELLS = 6
FULL_SHARE = 0.9
"""Share of the context window from which the meter warns."""
_MODE_COLOURS = {"INSERT": "$primary", "COMMAND": "$warning", "ANSWER": "$warning"}
ALWAYS_HINT = "F1 keys  Ctrl+P all"
GAP = "  "
LONGEST_MODEL = 32
LONGEST_PARAMS = 36


@dataclass(frozen=True, slots=True)
class StatusView:
    """What the status bar shows.

    `params` are settings not left to the provider ("temp 0.2 · search"). Counts and costs are None
    while unknown. `cost_usd` is that of the path, as far as prices are known: `cost_is_partial` if
    some are not. `activity` is a word or a few while something runs ("answering", "retrying in
    3 s"), and `streaming_elsewhere` counts the replies that come in out of sight; `hint` says what
    the next press does ("Esc normal"); `notice` is a lasting warning in a word or two ("not
    saved"). `found` is what was looked for in the transcript, and which match one
    is at ("/raft 3/17"). `shape` names the schema that answers have; `asks` says that tools
    wait for an answer, and how to give it.
    With `hint_is_news` the hint speaks of the next press alone, and counts give way to it.
    """

    mode: str = "INSERT"
    model: str = ""
    params: str = ""
    context_tokens: int | None = None
    context_window: int | None = None
    context_is_exact: bool = True
    cost_usd: Decimal | None = None
    cost_is_estimated: bool = False
    cost_is_partial: bool = False
    activity: str = ""
    tokens_per_second: float | None = None
    streaming_elsewhere: int = 0
    hint: str = ""
    hint_is_news: bool = False
    notice: str = ""
    found: str = ""
    shape: str = ""
    asks: str = ""


class StatusBar(Widget):
    """Shows a `StatusView`. It has no timer: the screen says when something changed."""

    DEFAULT_CSS = """
    StatusBar {
        height: 1;
        width: 1fr;
        background: $panel;
        color: $foreground;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = StatusView()

    def show(self, view: StatusView) -> None:
        """Show a view; nothing is painted if it is the one already there."""
        if view != self._view:
            self._view = view
            self.refresh()

    def render(self) -> Content:
        """The line, as wide as the bar."""
        return status_line(self._view, self.size.width)


def status_line(view: StatusView, width: int) -> Content:
    """Lay a view out in `width` cells: what does not fit is dropped, hints first, mode last.

    A long part that goes may leave room for shorter ones that went before it; they come back.
    """
    wanted = _left_parts(view)
    right = _right_parts(view)
    reserved = _cells(right[:-1]) + len(GAP) + 1 if view.hint_is_news and view.hint else 0
    left = _fitting(wanted, width - reserved, keep_first=2 if view.model else 1)
    while right and _cells(left) + _cells(right) + len(GAP) + 1 > width:
        right.pop()
    line = _joined(left)
    if right:
        gap = width - _cells(left) - _cells(right) - 1
        return Content.assemble(line, " " * gap, _joined(right), " ")
    plain = line.plain
    if cell_len(plain) <= width:
        return line
    mode = left[0][0]
    cut = fit(plain[len(mode) :], width - cell_len(mode))
    return Content.assemble((fit(mode, width), _mode_style(view)), cut)


_Part = tuple[str, str]


def _left_parts(view: StatusView) -> list[_Part]:
    parts: list[_Part] = [
        (f" {clean_line(view.mode)} ", _mode_style(view)),
        (fit(clean_line(view.model), LONGEST_MODEL), ""),
        (fit(clean_line(view.params), LONGEST_PARAMS), "$foreground-muted"),
        (_meter(view), _meter_style(view)),
        (_cost(view), "$foreground-muted"),
        (f"schema {clean_line(view.shape)}" if view.shape else "", "$foreground-muted"),
        (clean_line(view.found), "$text-accent"),
        (clean_line(view.notice), "$text-warning"),
        (_activity(view), "$text-accent"),
        (_elsewhere(view.streaming_elsewhere), "$text-accent"),
        (clean_line(view.asks), "bold $text-warning"),
    ]
    return [(text, style) for text, style in parts if text]


def _right_parts(view: StatusView) -> list[_Part]:
    """Hints, one for each key, the dearest first: the end is dropped when there is no room."""
    parts: list[_Part] = [(each, "$foreground") for each in clean_line(view.hint).split(GAP)]
    parts.append((ALWAYS_HINT, "$foreground-muted"))
    return [(text, style) for text, style in parts if text]


def context_meter(tokens: int | None, window: int | None, *, is_exact: bool = True) -> str:
    """`▰▰▱▱▱▱ 12.3k/200k`, or `12.3k tok` while the size of the window is unknown.

    A count that is not exact is marked: `~12.3k`.
    """
    if tokens is None:
        return ""
    count = mark(short_count(tokens), is_estimated=not is_exact)
    if not window:
        return f"{count} tok"
    share = min(1.0, tokens / window)
    filled = max(1 if tokens else 0, round(share * METER_CELLS))
    bar = "▰" * filled + "▱" * (METER_CELLS - filled)
    return f"{bar} {count}/{short_count(window)}"


def _meter(view: StatusView) -> str:
    return context_meter(view.context_tokens, view.context_window, is_exact=view.context_is_exact)


def _cost(view: StatusView) -> str:
    if view.cost_usd is None:
        return ""
    known = mark(money(view.cost_usd), is_estimated=view.cost_is_estimated)
    return f"{known} + ?" if view.cost_is_partial else known


def _activity(view: StatusView) -> str:
    words = clean_line(view.activity)
    if view.tokens_per_second is None:
        return words
    return f"{words} {view.tokens_per_second:.0f} tok/s".lstrip()


def _elsewhere(count: int) -> str:
    return f"{count} more {'streams' if count == 1 else 'stream'}" if count else ""


def _mode_style(view: StatusView) -> str:
    # Reversed, so that the terminal's own 16 colours, or none, still show a block.
    return f"bold reverse {_MODE_COLOURS.get(view.mode, '$secondary')}"


def _meter_style(view: StatusView) -> str:
    tokens, window = view.context_tokens, view.context_window
    if not tokens or not window or tokens < window * FULL_SHARE:
        return "$foreground-muted"
    return "bold $text-error" if tokens > window else "$text-warning"


def _fitting(wanted: list[_Part], width: int, keep_first: int) -> list[_Part]:
    left, gone = list(wanted), list[_Part]()
    while len(left) > keep_first and _cells(left) > width:
        gone.append(left.pop(_least_wanted(left)))
    for part in reversed(gone):
        more = [each for each in wanted if each in left or each is part]
        if _cells(more) <= width:
            left = more
    return left


def _least_wanted(left: list[_Part]) -> int:
    """Cost goes first, then params and the meter; activity and notices stay longest."""
    for index, (text, _) in enumerate(left[2:], 2):
        if text.startswith(("$", "~$", "<$", "~<$")):
            return index
    return 2 if len(left) > 2 else len(left) - 1


def _cells(parts: list[_Part]) -> int:
    return sum(cell_len(text) for text, _ in parts) + len(GAP) * max(0, len(parts) - 1)


def _joined(parts: list[_Part]) -> Content:
    line = Content.empty()
    for number, (text, style) in enumerate(parts):
        line = line.append(GAP if number else "").append(Content.styled(text, style))
    return line
